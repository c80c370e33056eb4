"""The official workbook in words: where its map leads, what differs from last time, what was proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bcf_metrics.domain import cell_map
from bcf_metrics.domain.cell_map import Difference, Found, MapEntry, Target
from bcf_metrics.models import OfficialFilling
from bcf_metrics.selectors.official import Standing

TONES = {"moved": "info", "gone": "attention", "added": "neutral", "sheet gone": "attention", "sheet added": "neutral"}
WORKBOOK_PART = "xl/workbook.xml"


@dataclass(frozen=True)
class MapRow:
    """A line of the map as the page shows it."""

    entry: MapEntry
    words: str
    found: Found

    @property
    def stands_there(self) -> str:
        there = self.found.there
        return there.text if there and there.text else ""


@dataclass(frozen=True)
class DifferenceRow:
    difference: Difference
    tone: str

    @property
    def words(self) -> str:
        """“Area” moved from B4 to B5."""
        row = self.difference
        if row.kind.startswith("sheet"):
            return f"Sheet “{row.sheet}” is {'no longer there' if row.kind == 'sheet gone' else 'new'}"
        where = {"moved": f"moved from {row.before} to {row.after}", "gone": f"was at {row.before}"}
        return f"“{row.label}” {where.get(row.kind, f'is new at {row.after}')}"


@dataclass(frozen=True)
class ChangedPart:
    """A part that is not as it was, with the reason why."""

    part: str
    before: str
    after: str
    why: str


def map_rows(standing: Standing, targets: Sequence[Target]) -> list[MapRow]:
    words = {target.key: target.words for target in targets}
    return [
        MapRow(entry, words.get(entry.target, f"{entry.target} (not in this return)"), found)
        for entry in standing.entries
        for found in [cell_map.find(standing.outlines, entry)]
    ]


def difference_rows(found: Sequence[Difference]) -> list[DifferenceRow]:
    return [DifferenceRow(difference, TONES[difference.kind]) for difference in found]


def made_from(filling: OfficialFilling) -> str:
    return f"Version {filling.version}" if filling.version else "The draft as it stood then"


def changed_parts(proof: dict[str, Any]) -> list[ChangedPart]:
    return [
        ChangedPart(
            row["part"],
            row["before"],
            row["after"],
            "the mark that formulas are worked out when the file is opened (fullCalcOnLoad)"
            if row["part"] == WORKBOOK_PART
            else "the cells written, and the values that were kept for formulas",
        )
        for row in proof["changed"]
    ]
