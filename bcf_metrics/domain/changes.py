"""What differs between two versions of a return, cell by cell, and which signatures that leaves standing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.signatories import Signatory
from bcf_metrics.domain.words import listed

# Parts of the content that no cell shows and that belong to no sheet: a change in one concerns every signature.
WHOLE = ("totals", "balances", "discrepancies", "organisations", "fund", "area", "justifications", "layout_version")
EVERYWHERE = ""


@dataclass(frozen=True)
class Difference:
    """One cell that differs, in words; `tab` is the code of its sheet, "" for what belongs to every sheet."""

    tab: str
    sheet: str
    label: str
    before: str
    after: str


def between(
    before: Sequence[Cell], after: Sequence[Cell], old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[Difference]:
    """Each cell that differs, in the order of the later version, those that are gone last; then what no cell shows."""
    was = {cell.entry.path: cell for cell in before}
    found = []
    for cell in after:
        former = was.pop(cell.entry.path, None)
        if former is None or (former.shown, former.entry.label) != (cell.shown, cell.entry.label):
            found.append(_difference(cell, former.shown if former else "", cell.shown))
    found += [_difference(cell, cell.shown, "") for cell in was.values()]
    titles = listed([key.replace("_", " ") for key in WHOLE if old.get(key) != new.get(key)])
    if titles:
        found.append(Difference(EVERYWHERE, "The whole return", titles, "as before", "changed"))
    return found


def sheets(differences: Iterable[Difference]) -> list[str]:
    """The titles of the sheets that differ, each once."""
    return list(dict.fromkeys(difference.sheet for difference in differences))


def why_it_falls(
    signatory: Signatory | None, person: str, differences: Iterable[Difference], preparers: Collection[str]
) -> str:
    """Why a signature does not stand for the next version; "" where it does.

    `signatory` is the capacity as the next version asks for it, None where it does not; `preparers` are ids of people.
    """
    if signatory is None:
        return "The return does not ask for this signature any more"
    if person in preparers:
        return "Whoever signed has entered something in the return since"
    touched = [row for row in differences if row.tab == EVERYWHERE or signatory.vouches_for(row.tab)]
    return f"Changed since: {listed(sheets(touched))}" if touched else ""


def _difference(cell: Cell, before: str, after: str) -> Difference:
    return Difference(cell.entry.tab.code, cell.entry.tab.title, cell.entry.label, before, after)
