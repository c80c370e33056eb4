"""The register as it ships: councils and integrated care boards with their areas and codes, and footprints.

councils.csv   the 153 upper-tier authorities; codes of a published list of July 2025. Its names of areas are printed as
               they stand there; the councils' own names are general knowledge.
icbs.csv       the 42 integrated care boards of July 2022; codes of a published table, names general knowledge.
reissued_codes.csv   ONS codes that were given anew; that they were is published, the days are general knowledge.
footprints.yaml      what published papers say of the geographies of planning.
"""

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

DATA: Final = Path(__file__).parent.parent / "data"
FILES: Final = ("councils.csv", "icbs.csv", "reissued_codes.csv", "footprints.yaml")

# Lists that others made of the official registers. Nobody has compared them with those, so no code of them is checked.
COUNCIL_LIST: Final = (
    "Local authority names and codes (mySociety), July 2025. To be compared with the official register before it is "
    "relied on"
)
ICB_TABLE: Final = (
    "Published table of ODS and ONS codes of integrated care boards, 2023. To be compared with the official register "
    "before it is relied on"
)
REISSUED: Final = (
    "Re-issue published by ONS; the day is general knowledge. To be compared with the official register before it is "
    "relied on"
)
ICBS_BEGAN: Final = date(2022, 7, 1)


@dataclass(frozen=True)
class ShippedCode:
    """A code with the days on which it is right, as far as they are known."""

    scheme: str
    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    checked: bool = False
    source: str = ""


@dataclass(frozen=True)
class ShippedBody:
    """A council or integrated care board with its area."""

    key: str
    name: str
    kind: str
    area: str
    valid_from: date | None
    codes: tuple[ShippedCode, ...]
    note: str = ""

    @property
    def area_codes(self) -> tuple[ShippedCode, ...]:
        """The codes that are the area's too, the one of today last."""
        return tuple(code for code in self.codes if code.scheme == "ons")

    @property
    def ons_code(self) -> str:
        return self.area_codes[-1].code


@dataclass(frozen=True)
class ShippedPlace:
    """Where a footprint lies, and until when."""

    parent: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class ShippedFootprint:
    """A footprint with the ONS codes of its areas."""

    key: str
    kind: str
    name: str
    note: str
    source: str
    until: date | None
    areas: tuple[str, ...]
    within: tuple[ShippedPlace, ...]


def digest() -> str:
    """What changes when any of the files does."""
    content = hashlib.sha256()
    for name in FILES:
        content.update((DATA / name).read_bytes())
    return content.hexdigest()


@cache
def councils() -> list[ShippedBody]:
    """The 153 upper-tier authorities."""
    return [
        ShippedBody(
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            area=row["area"],
            valid_from=_day(row["since"]),
            codes=(
                *_ons_codes(row["ons"], since=_day(row["code_since"]), source=COUNCIL_LIST),
                *(
                    ShippedCode(scheme, row[scheme], valid_from=_day(row["since"]), source=COUNCIL_LIST)
                    for scheme in ("mhclg", "register")
                    if row[scheme]
                ),
            ),
        )
        for row in _rows("councils.csv")
    ]


@cache
def icbs() -> list[ShippedBody]:
    """The 42 integrated care boards with which July 2022 began."""
    return [
        ShippedBody(
            key=row["key"],
            name=row["name"],
            kind="icb",
            area=row["area"],
            valid_from=ICBS_BEGAN,
            codes=(
                ShippedCode("ods", row["ods"], valid_from=ICBS_BEGAN, source=ICB_TABLE),
                *_ons_codes(row["ons"], since=ICBS_BEGAN, source=ICB_TABLE),
            ),
            note=row["note"],
        )
        for row in _rows("icbs.csv")
    ]


@cache
def footprints() -> list[ShippedFootprint]:
    """The footprints of published papers, each after those in which it lies."""
    data: dict[str, Any] = yaml.safe_load((DATA / "footprints.yaml").read_text(encoding="utf-8"))
    return [
        ShippedFootprint(
            key=row["key"],
            kind=row["kind"],
            name=row["name"],
            note=row.get("note", ""),
            source=row.get("source", data["paper"]),
            until=row.get("until"),
            areas=tuple(row["areas"]),
            within=tuple(
                ShippedPlace(place["parent"], place.get("since"), place.get("until")) for place in row.get("within", [])
            ),
        )
        for row in data["footprints"]
    ]


def _ons_codes(printed: str, *, since: date | None, source: str) -> tuple[ShippedCode, ...]:
    """The ONS codes that a body has had, in order. `printed` is the one in the list, old or new."""
    for row in _rows("reissued_codes.csv"):
        if printed in (row["old"], row["new"]):
            day = date.fromisoformat(row["reissued_on"])
            return (
                ShippedCode("ons", row["old"], since, date.fromordinal(day.toordinal() - 1), source=REISSUED),
                ShippedCode("ons", row["new"], day, source=REISSUED),
            )
    return (ShippedCode("ons", printed, since, source=source),)


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
