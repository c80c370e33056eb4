"""What a token of the API may be limited to: reading, or reading and writing, everywhere or in some areas."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

READ, WRITE = "read", "write"


@dataclass(frozen=True)
class Area:
    """Resources that belong together, as people and programs call them."""

    name: str
    words: str


# By the app that serves the resources; each app of the API stands here once.
AREAS: dict[str, Area] = {
    "partners": Area("register", "Organisations, areas and the audit log"),
    "governance": Area("boards", "Boards and meetings"),
    "pooled_budgets": Area("funds", "Agreements, funds, schemes and forecasts"),
    "bcf_metrics": Area("returns", "Metrics and returns"),
    "reports": Area("reports", "Reports"),
}
WORDS = {area.name: area.words for area in AREAS.values()}
KNOWN = sorted({READ, WRITE, *(f"{name}:{act}" for name in WORDS for act in (READ, WRITE))})


def scopes(*, writes: bool, areas: Iterable[str] = ()) -> tuple[str, ...]:
    """The scopes of a token: ("read",) everywhere, ("funds:read", "funds:write") for writing in one area alone."""
    acts = (READ, WRITE) if writes else (READ,)
    chosen = list(areas)
    return tuple(f"{name}:{act}" for name in chosen for act in acts) if chosen else acts


def permits(held: Collection[str], act: str, *, area: str | None) -> bool:
    """Whether a token with these scopes may read or write in an area; None for what belongs to none."""
    if act in held:
        return True
    return f"{area}:{act}" in held if area else any(scope.endswith(f":{act}") for scope in held)


def words(held: Collection[str]) -> str:
    """What a token may do, for a page: "Reads and writes, only in: Reports"."""
    found = "Reads and writes" if any(scope.endswith(WRITE) for scope in held) else "Reads"
    names = [known for name, known in WORDS.items() if any(scope.startswith(f"{name}:") for scope in held)]
    return f"{found}, only in: {'; '.join(names)}" if names else found
