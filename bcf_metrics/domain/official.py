"""What goes into the official workbook: each answer of a return as the cell takes it, at the place of the cell map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcf_metrics.domain import cell_map
from bcf_metrics.domain.cell_map import Found, MapEntry, Outlines, Target
from bcf_metrics.domain.completion import Entry, is_valid
from bcf_metrics.domain.shapes import parse_date, parse_decimal
from bcf_metrics.domain.templates import AMOUNTS, FieldType
from integration_hub.core.spreadsheets.patch import Value, Write
from integration_hub.core.spreadsheets.sheetxml import address_of
from integration_hub.core.states import FigureState, InWorkbook


@dataclass(frozen=True)
class LeftOut:
    """An answer that is not written, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Filling:
    """What is to be written, what is left as it is in the file, and what the map cannot place."""

    writes: tuple[Write, ...]
    left: tuple[LeftOut, ...]
    problems: tuple[str, ...]


def value_of(entry: Entry) -> Value:
    """An answer as a cell takes it: numbers and dates as such, nil as 0, a reason in words; None where there is none.

    What is missing stays as the empty file has it: the word would stand where the workbook asks for a number.
    """
    figure, answer = entry.figure, entry.answer
    if figure is not None:
        if figure.state == FigureState.MISSING:
            return None
        if figure.effect.in_workbook is InWorkbook.WORDS:
            return figure.words
        if figure.effect.in_workbook is InWorkbook.NIL:
            return 0
    if not answer:
        return None
    if entry.field.type in AMOUNTS and (number := parse_decimal(answer)) is not None:
        return number
    if entry.field.type is FieldType.DATE and is_valid(entry) and (day := parse_date(answer)) is not None:
        return day
    return entry.field.shown(answer)


def filling(entries: Sequence[MapEntry], outlines: Outlines, targets: Sequence[Target]) -> Filling:
    """What a map makes of a return in a workbook."""
    by_key = {target.key: target for target in targets}
    writes: list[Write] = []
    left: list[LeftOut] = []
    problems: list[str] = []
    for entry in entries:
        found = cell_map.find(outlines, entry)
        if found.problem or found.place is None:
            problems.append(found.problem)
            continue
        if entry.is_column:
            _column(found, outlines, cell_map.of_column(entry.target, targets), writes, left, problems)
            continue
        target = by_key.get(entry.target)
        if target is None or target.entry is None:
            left.append(LeftOut(entry.target, "the return has no such line"))
            continue
        _one(target.entry, found.entry.sheet, found.address, writes, left)
    return Filling(tuple(writes), tuple(left), tuple(problems))


def proof_of(patched: Any, left: Sequence[LeftOut]) -> dict[str, Any]:
    """The proof of a filling as plain data that JSON can hold."""
    return {
        "written": [
            {"sheet": cell.sheet, "cell": cell.address, "label": cell.label, "before": cell.before, "after": cell.after}
            for cell in patched.written
        ],
        "changed": [{"part": old.name, "before": old.sha256, "after": new.sha256} for old, new in patched.changed],
        "equal": [{"part": part.name, "sha256": part.sha256} for part in patched.equal],
        "dropped": list(patched.dropped),
        "left": [{"label": item.label, "why": item.why} for item in left],
    }


def _column(
    found: Found,
    outlines: Outlines,
    lines: Sequence[Target],
    writes: list[Write],
    left: list[LeftOut],
    problems: list[str],
) -> None:
    outline = cell_map.sheet_of(outlines, found.entry.sheet)
    for step, line in enumerate(lines):
        place = cell_map.moved_down(found, step)
        there = cell_map.in_the_way(outline, place) if outline else ""
        if there:
            problems.append(
                f"{outline.name if outline else ''}!{address_of(place)}: “{there}” stands where line {step + 1} of "
                f"{found.entry.label} would go. The workbook has too few lines."
            )
            return
        if line.entry:
            _one(line.entry, found.entry.sheet, address_of(place), writes, left)


def _one(entry: Entry, sheet: str, address: str, writes: list[Write], left: list[LeftOut]) -> None:
    value = value_of(entry)
    if value is None:
        left.append(LeftOut(entry.label, "no answer in the return"))
        return
    writes.append(Write(sheet, address, value, entry.label, percentage=entry.field.type is FieldType.PERCENT))


def outlines_of(data: Sequence[Mapping[str, Any]]) -> Outlines:
    """The sheets of a file as they were kept with it."""
    return {row["name"]: cell_map.outline_from_data(row) for row in data}
