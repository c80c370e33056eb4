"""A return beside last quarter's, cell by cell: what changed, by how many pounds, and what cannot be compared.

Rows of tables are matched by what they are about (a scheme's number, a metric's code), never by their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bcf_metrics.domain.answers import Cell, split
from bcf_metrics.domain.progress import PERCENT
from bcf_metrics.domain.templates import FieldType

# What a row of each table is known by in the content.
IDENTITY = {"conditions": "number", "income": "source", "expenditure": "scheme_no", "metrics": "code"}
NOT_ASKED_BEFORE = "Not comparable: last quarter's layout did not ask for it"
NOT_ASKED_NOW = "Not comparable: this quarter's layout does not ask for it"
NEW_ROW = "New this quarter"
GONE = "Not in this quarter's return"
OTHER_KIND = "Not comparable: it was another kind of answer last quarter"
# Columns whose numbers count in the metric's unit.
IN_UNIT = frozenset({"target_words", "progress_words", "value"})


@dataclass(frozen=True)
class Side:
    """One of the two returns: its cells, its content, and the words of its quarter."""

    label: str
    cells: Sequence[Cell]
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One cell that differs or cannot be compared. `pounds` is now less then, where both are amounts of money."""

    sheet: str
    label: str
    before: str
    after: str
    pounds: Decimal | None = None
    # Why the two cannot be compared, or why one of them is not there; "" where they are compared.
    note: str = ""

    @property
    def is_comparable(self) -> bool:
        return not self.note


@dataclass(frozen=True)
class Comparison:
    """The cells that differ and those that cannot be compared; `same` counts the others."""

    rows: tuple[Row, ...]
    same: int

    @property
    def different(self) -> list[Row]:
        return [row for row in self.rows if row.is_comparable]

    @property
    def not_comparable(self) -> list[Row]:
        return [row for row in self.rows if not row.is_comparable]


def between(before: Side, after: Side) -> Comparison:
    """Each cell of `after` beside that of `before`, then what is not there any more. Order of the later layout."""
    was = {identity(cell, before.content): cell for cell in before.cells}
    asked_then = {_field(cell) for cell in before.cells} | _tables(before)
    asked_now = {_field(cell) for cell in after.cells} | _tables(after)
    rows, same = [], 0
    for cell in after.cells:
        key = identity(cell, after.content)
        former = was.pop(key, None)
        if former is None:
            note = NEW_ROW if _is_asked(cell, asked_then) else NOT_ASKED_BEFORE
            if cell.shown or note == NOT_ASKED_BEFORE:
                rows.append(Row(cell.entry.tab.title, cell.entry.label, "", cell.shown, note=note))
            continue
        note = _why_not(former, cell, before.content, after.content)
        if note:
            rows.append(Row(cell.entry.tab.title, cell.entry.label, former.shown, cell.shown, note=note))
        elif former.shown == cell.shown:
            same += 1
        else:
            pounds = _pounds(former, cell)
            rows.append(Row(cell.entry.tab.title, cell.entry.label, former.shown, cell.shown, pounds))
    for cell in was.values():
        note = GONE if _is_asked(cell, asked_now) else NOT_ASKED_NOW
        if cell.shown or note == NOT_ASKED_NOW:
            rows.append(Row(cell.entry.tab.title, cell.entry.label, cell.shown, "", note=note))
    return Comparison(tuple(rows), same)


def identity(cell: Cell, content: Mapping[str, Any]) -> str:
    """What a cell is about, whatever its place: "expenditure.7.actual"."""
    table, bracket, rest = cell.entry.path.partition("[")
    if not bracket:
        return table
    index, _, column = rest.partition("].")
    return f"{table}.{content[table][int(index)][IDENTITY[table]]}.{column}"


def _field(cell: Cell) -> str:
    """The question, whichever row of a table it is asked in."""
    table, bracket, rest = cell.entry.path.partition("[")
    return f"{table}[].{rest.partition('].')[2]}" if bracket else table


def _tables(side: Side) -> set[str]:
    """A table without rows asks for nothing, and is no other layout."""
    return {f"{table}[]" for table in IDENTITY if not side.content[table]}


def _is_asked(cell: Cell, asked: set[str]) -> bool:
    field = _field(cell)
    return field in asked or f"{field.partition('[]')[0]}[]" in asked


def _why_not(was: Cell, now: Cell, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Why two cells about the same thing cannot be compared; "" where they can."""
    if _kind(was) != _kind(now):
        return OTHER_KIND
    if now.entry.path.startswith("metrics[") and now.field.code in IN_UNIT:
        before, after = (_unit(cell, content) for cell, content in ((was, old), (now, new)))
        if before and after and before != after:
            return f"Not comparable: another unit, {after} instead of {before}"
    return ""


def _kind(cell: Cell) -> str:
    """Texts long and short are one kind; so are the two kinds of choice."""
    kind = cell.field.type
    if kind is FieldType.MONEY or kind is FieldType.DATE:
        return kind.value
    return "number" if cell.is_amount else "words"


def _unit(cell: Cell, content: Mapping[str, Any]) -> str:
    index = int(cell.entry.path.partition("[")[2].partition("]")[0])
    unit: str = content["metrics"][index].get("unit", "")
    return "per cent" if unit == PERCENT else unit


def _pounds(was: Cell, now: Cell) -> Decimal | None:
    """How many pounds more; None where either is no amount, or there is none for a reason."""
    if now.field.type is not FieldType.MONEY:
        return None
    before, after = split(was.code)[0], split(now.code)[0]
    return None if before is None or after is None else Decimal(after) - Decimal(before)
