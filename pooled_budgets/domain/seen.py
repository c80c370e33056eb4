"""Two people on one form: what each saw, wants and finds, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Clash:
    """A field that two people changed to different values, in words."""

    field: str
    seen: str
    now: str
    wanted: str


def wanted_changes(
    *, now: Mapping[str, str], seen: Mapping[str, str], wanted: Mapping[str, str]
) -> tuple[set[str], list[Clash]]:
    """The fields to change, and those that somebody else changed meanwhile to something else.

    A field of which nothing was seen is taken as wanted: whoever sends it so (the API) looked at nothing.
    """
    changes, clashes = set(), []
    for name, value in wanted.items():
        before = seen.get(name, now[name])
        if value in (before, now[name]):
            continue
        if now[name] != before:
            clashes.append(Clash(name, before, now[name], value))
        else:
            changes.add(name)
    return changes, clashes
