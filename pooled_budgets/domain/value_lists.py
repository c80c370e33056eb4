"""The lists that ship: funding streams and the values of scheme lines by financial year (data/value_lists/*.yaml)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from pooled_budgets.domain.ring_fences import RING_FENCES

DATA: Final = Path(__file__).parent.parent / "data" / "value_lists"

AREA, COMMISSIONER, PROVIDER, NEW, IMPACT, OBJECTIVE, TYPE, SUB_TYPE, UNIT = (
    "area_of_spend",
    "commissioner",
    "provider",
    "new_or_existing",
    "impact",
    "objective",
    "scheme_type",
    "sub_type",
    "output_unit",
)
KINDS: Final = {
    TYPE: "Scheme type",
    SUB_TYPE: "Sub-type",
    OBJECTIVE: "Primary objective",
    UNIT: "Unit of outputs",
    AREA: "Area of spend",
    COMMISSIONER: "Commissioner",
    PROVIDER: "Provider",
    NEW: "New or existing scheme",
    IMPACT: "Impact on a metric",
}
PLAIN: Final = (AREA, COMMISSIONER, PROVIDER, NEW, IMPACT, OBJECTIVE)
PAYERS: Final = {"nhs": "NHS", "local_authority": "Local authority"}


@dataclass(frozen=True)
class ShippedStream:
    """A funding stream of one year: who puts it in, and what it is kept apart as."""

    financial_year: int
    key: str
    name: str
    payer: str
    ring_fence: str
    source: str
    checked: bool


@dataclass(frozen=True)
class ShippedValue:
    """A value of a list in one year. A sub-type and a unit have the scheme type that they belong to as `parent`."""

    financial_year: int
    kind: str
    parent: str
    name: str
    position: int
    source: str
    checked: bool

    @property
    def key(self) -> str:
        """What the row is known by for good, whatever a person makes of its name."""
        return hashlib.sha256(f"{self.kind}|{self.parent}|{self.name}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Shipped:
    """Everything that ships, of all years."""

    streams: tuple[ShippedStream, ...]
    values: tuple[ShippedValue, ...]


@cache
def shipped() -> Shipped:
    """Read every file; raises ValueError, naming the file, for one that contradicts itself."""
    streams: list[ShippedStream] = []
    values: list[ShippedValue] = []
    for path in sorted(DATA.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for year in data["financial_years"]:
            streams += _streams(data, year, path.name)
            values += _values(data, year, path.name)
    return Shipped(tuple(streams), tuple(values))


def _streams(data: Mapping[str, Any], year: int, file: str) -> list[ShippedStream]:
    found = [
        ShippedStream(year, **row, source=data["source"], checked=data["checked"]) for row in data.get("streams", [])
    ]
    wrong = [row.key for row in found if row.ring_fence not in RING_FENCES or row.payer not in PAYERS]
    if wrong:
        raise ValueError(f"{file}: {', '.join(wrong)} has a payer or ring-fence that is not known.")
    return found


def _values(data: Mapping[str, Any], year: int, file: str) -> list[ShippedValue]:
    rows = [(kind, "", name) for kind in PLAIN for name in data.get("lists", {}).get(kind, [])]
    for row in data.get("scheme_types", []):
        rows.append((TYPE, "", row["name"]))
        rows += [(SUB_TYPE, row["name"], name) for name in row.get("sub_types", [])]
        rows += [(UNIT, row["name"], row["output_unit"])] if "output_unit" in row else []
    if len(set(rows)) < len(rows):
        raise ValueError(f"{file}: a value stands in its list twice.")
    return [
        ShippedValue(year, kind, parent, name, position, data["source"], data["checked"])
        for position, (kind, parent, name) in enumerate(rows, start=1)
    ]
