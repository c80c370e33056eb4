"""Where each answer of a return goes in the official workbook: beside a label, so that a moved label moves its answer.

An entry of the map names what is written ("answers.email", "income[NHS minimum].plan"), the sheet, the label, and how
many cells to the right of it or below it the answer goes. "expenditure[*].plan" is a whole column: the first line goes
beside the label, the second a row further down, and so on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from bcf_metrics.domain.completion import Entry
from bcf_metrics.domain.completion import entries as entries_of
from bcf_metrics.domain.rules import NEVER
from bcf_metrics.domain.shapes import parse_decimal
from bcf_metrics.domain.templates import Field, FieldType, Table, Template
from integration_hub.core.spreadsheets.patch import Outline, Seen
from integration_hub.core.spreadsheets.sheetxml import Area, Place, address_of

# What tells one line of a table from the others, whatever its place in the order.
IDENTITIES = {"conditions": "number", "income": "source", "expenditure": "scheme_no", "metrics": "code"}
EVERY = "*"
# The table whose lines a workbook leaves for the area to list.
LISTED = "expenditure["
FURTHEST = 200
# Of each metric, beside what its sheet shows: the numbers that an official file asks for by themselves.
NUMBERS = tuple(
    Field(code=code, label=label, type=FieldType.NUMBER, required=NEVER, checked=False, limit=Decimal(10**10))
    for code, label in (("value", "Figure as a number"), ("numerator", "Numerator"), ("denominator", "Denominator"))
)
_PLACEHOLDER = re.compile(r"<.*>|\[.*\]|-|please (?:select|choose|enter).*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class MapEntry:
    """One line of the map. `nth` tells labels of the same words apart, in reading order."""

    target: str
    sheet: str
    label: str
    nth: int = 1
    right: int = 1
    down: int = 0

    @property
    def is_column(self) -> bool:
        return f"[{EVERY}]" in self.target

    @property
    def position(self) -> str:
        """In words: "1 to the right of “Area”, number 2 of these"."""
        right = f"{self.right} to the right" if self.right else ""
        below = f"{self.down} below" if self.down else "" if right else "in the place of"
        steps = f"{right} and {below}" if right and below else below or f"{right} of"
        words = f"{steps} “{self.label}”"
        return f"{words}, number {self.nth} of these" if self.nth > 1 else words


@dataclass(frozen=True)
class Target:
    """Something that a return has to say: its key, what it is called, and the return's entry for it."""

    key: str
    words: str
    section: str
    entry: Entry | None = None


@dataclass(frozen=True)
class Found:
    """Where an entry of the map leads in a workbook; `problem` says why it leads nowhere."""

    entry: MapEntry
    place: Place | None
    there: Seen | None = None
    problem: str = ""

    @property
    def address(self) -> str:
        return address_of(self.place) if self.place else ""


@dataclass(frozen=True)
class Difference:
    """What is otherwise than in the last file: a label that moved, came or went, or a whole sheet."""

    kind: str
    sheet: str
    label: str
    before: str
    after: str
    used: bool


Outlines = Mapping[str, Outline]


def targets(template: Template, content: Mapping[str, Any]) -> list[Target]:
    """All that the return has to say, in the order of its template, whole columns before their lines."""
    found: list[Target] = []
    columns: set[str] = set()
    tables = {table.rows: table for table in template.tables()}
    for entry in entries_of(template, content):
        rows, bracket, rest = entry.path.partition("[")
        if not bracket:
            found.append(Target(entry.path, entry.label, entry.tab.title, entry))
            continue
        index, _, column = rest.partition("].")
        table = tables[rows]
        whole = f"{rows}[{EVERY}].{column}"
        if whole not in columns:
            columns.add(whole)
            found.append(Target(whole, f"{table.label}: {entry.field.label}, every line", entry.tab.title))
        key = f"{rows}[{_identity(table, content[rows][int(index)])}].{column}"
        found.append(Target(key, entry.label, entry.tab.title, entry))
    return [*found, *_numbers(template, content)]


def _numbers(template: Template, content: Mapping[str, Any]) -> Iterator[Target]:
    """Figure, numerator and denominator of each metric, which stand in no cell of the return's own sheets."""
    for tab in template.asked(content["period"]["financial_year"]):
        for table in tab.fields:
            if not isinstance(table, Table) or table.rows != "metrics":
                continue
            for field in NUMBERS:
                yield Target(f"metrics[{EVERY}].{field.code}", f"{table.label}: {field.label}, every line", tab.title)
                for index, row in enumerate(content["metrics"]):
                    entry = Entry(
                        path=f"metrics[{index}].{field.code}",
                        tab=tab,
                        field=field,
                        label=f"{row['indicator']}: {field.label}",
                        answer=row.get(field.code),
                        figure=None,
                        names={},
                    )
                    yield Target(f"metrics[{_identity(table, row)}].{field.code}", entry.label, tab.title, entry)


def columns_of(template: Template) -> list[Target]:
    """The whole columns, for a return that has no lines yet."""
    return [
        Target(f"{table.rows}[{EVERY}].{column.code}", f"{table.label}: {column.label}, every line", tab.title)
        for tab in template.tabs
        for table in tab.fields
        if isinstance(table, Table)
        for column in (*table.columns, *(NUMBERS if table.rows == "metrics" else ()))
    ]


def of_column(key: str, found: Iterable[Target]) -> list[Target]:
    """The lines of a whole column, in their order."""
    rows, _, rest = key.partition(f"[{EVERY}].")
    return [
        target
        for target in found
        if target.entry and target.key.startswith(f"{rows}[") and target.key.endswith(f"].{rest}")
    ]


def find(outlines: Outlines, entry: MapEntry) -> Found:
    """The cell that an entry of the map leads to."""
    outline = sheet_of(outlines, entry.sheet)
    if outline is None:
        return Found(entry, None, problem=f"The workbook has no sheet “{entry.sheet}”.")
    labels = [place for place, words in _labels(outline) if words == plain(entry.label)]
    if len(labels) < entry.nth:
        many = f"only {len(labels)} times" if labels else "not"
        return Found(entry, None, problem=f"“{entry.label}” stands {many} on sheet “{outline.name}”.")
    block = outline.block(labels[entry.nth - 1])
    place = (
        block.last[0] + entry.down if entry.down else block.first[0],
        block.last[1] + entry.right if entry.right else block.first[1],
    )
    there = outline.cells.get(place)
    problem = ""
    if (there and there.formula) or any(place in area for area in outline.arrays):
        problem = f"{address_of(place)} holds a formula of the workbook."
    elif outline.block(place).first != place:
        problem = f"{address_of(place)} is inside a merged block, which begins at "
        problem += f"{address_of(outline.block(place).first)}."
    return Found(entry, place, there, problem)


def in_the_way(outline: Outline, place: Place) -> str:
    """Text that stands where a further line of a column would go; an invitation to choose is none."""
    there = outline.cells.get(place)
    if there is None or there.formula or _PLACEHOLDER.fullmatch(there.text.strip()):
        return ""
    return there.text.strip()


def propose(outlines: Outlines, found: Sequence[Target]) -> list[MapEntry]:
    """Places for what has a label of the very same words that stands once in the workbook."""
    where: dict[str, list[tuple[str, str]]] = {}
    for outline in outlines.values():
        for place, words in _labels(outline):
            where.setdefault(words, []).append((outline.name, outline.cells[place].text.strip()))
    proposed: list[MapEntry] = []
    taken: set[tuple[str, str]] = set()
    for target in found:
        is_column = f"[{EVERY}]" in target.key
        if not is_column and (target.entry is None or "[" in target.key):
            continue
        if is_column and not target.key.startswith(LISTED):
            # Sources, conditions and metrics have labels of their own in the workbook, in an order of their own.
            continue
        words = target.words.partition(": ")[2].rpartition(",")[0] if is_column else target.words
        places = where.get(plain(words), [])
        if len(places) != 1:
            continue
        sheet, label = places[0]
        steps = {"right": 0, "down": 1} if is_column else {"right": 1, "down": 0}
        entry = MapEntry(target.key, sheet, label, 1, **steps)
        leads = find(outlines, entry)
        if is_column and leads.place and in_the_way(outlines[sheet], leads.place):
            # A heading over lines that have their own labels.
            continue
        if not leads.problem and (sheet, leads.address) not in taken:
            taken.add((sheet, leads.address))
            proposed.append(entry)
    # One heading alone that matches may be that of another list.
    sheets = [entry.sheet for entry in proposed if entry.is_column]
    return [entry for entry in proposed if not entry.is_column or sheets.count(entry.sheet) > 1]


def differences(before: Outlines, after: Outlines, used: Iterable[MapEntry]) -> list[Difference]:
    """What changed between two files of the same kind: those that the map uses first."""
    labels = {(entry.sheet.casefold(), plain(entry.label)) for entry in used}
    found = []
    for name in before:
        if sheet_of(after, name) is None:
            is_used = any(sheet == name.casefold() for sheet, _ in labels)
            found.append(Difference("sheet gone", name, "", "", "", is_used))
    for name, outline in after.items():
        old = sheet_of(before, name)
        if old is None:
            found.append(Difference("sheet added", name, "", "", "", False))
        else:
            found += _label_differences(old, outline, labels)
    return sorted(found, key=lambda difference: not difference.used)


def sheet_of(outlines: Outlines, name: str) -> Outline | None:
    return next((outline for known, outline in outlines.items() if known.casefold() == name.casefold()), None)


def changed(entries: Sequence[MapEntry], entry: MapEntry | None, *, replaces: str) -> list[MapEntry]:
    """The map with the entry of one target put anew, added or, for None, taken out."""
    kept = [known for known in entries if known.target != replaces]
    place = next((number for number, known in enumerate(entries) if known.target == replaces), len(entries))
    if entry is not None:
        kept = [known for known in kept if known.target != entry.target]
        kept.insert(min(place, len(kept)), entry)
    return kept


def to_data(entries: Iterable[MapEntry]) -> list[dict[str, Any]]:
    """The map as plain data that JSON can hold."""
    return [asdict(entry) for entry in entries]


def from_data(data: Iterable[Mapping[str, Any]]) -> list[MapEntry]:
    return [MapEntry(**row) for row in data]


def outline_to_data(outline: Outline) -> dict[str, Any]:
    """What stands on a sheet, as plain data."""
    return {
        "name": outline.name,
        "cells": [[*place, seen.text, seen.formula] for place, seen in outline.cells.items()],
        "merged": [[*area.first, *area.last] for area in outline.merged],
        "arrays": [[*area.first, *area.last] for area in outline.arrays],
    }


def outline_from_data(data: Mapping[str, Any]) -> Outline:
    return Outline(
        data["name"],
        {(row, column): Seen(text, formula) for row, column, text, formula in data["cells"]},
        tuple(_area(corners) for corners in data["merged"]),
        tuple(_area(corners) for corners in data["arrays"]),
    )


def moved_down(found: Found, steps: int) -> Place:
    """The cell of a further line of a column."""
    row, column = found.place or (0, 0)
    return row + steps, column


def plain(label: str) -> str:
    """A label as it is compared: without capitals, marks at its end and spaces too many."""
    return " ".join(label.casefold().split()).rstrip(" :*?.")


def _labels(outline: Outline) -> list[tuple[Place, str]]:
    """The texts of a sheet in reading order, but for formulas and numbers."""
    return [
        (place, plain(seen.text))
        for place, seen in sorted(outline.cells.items())
        if not seen.formula and parse_decimal(seen.text) is None and plain(seen.text)
    ]


def _label_differences(old: Outline, new: Outline, used: set[tuple[str, str]]) -> Iterator[Difference]:
    before, after = _by_words(old), _by_words(new)
    for words in dict.fromkeys([*before, *after]):
        was, now = before.get(words, []), after.get(words, [])
        is_used = (old.name.casefold(), words) in used
        for number in range(max(len(was), len(now))):
            first = was[number] if number < len(was) else None
            second = now[number] if number < len(now) else None
            if first == second:
                continue
            kind = "moved" if first and second else "gone" if first else "added"
            text = (new.cells[second] if second else old.cells[first]).text  # type: ignore[index]  # one of them is there
            before_at, after_at = (address_of(place) if place else "" for place in (first, second))
            yield Difference(kind, new.name, text.strip(), before_at, after_at, is_used)


def _by_words(outline: Outline) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place, words in _labels(outline):
        found.setdefault(words, []).append(place)
    return found


def _identity(table: Table, row: Mapping[str, Any]) -> str:
    return str(row.get(IDENTITIES.get(table.rows, table.row_label), ""))


def _area(corners: Sequence[int]) -> Area:
    return Area((corners[0], corners[1]), (corners[2], corners[3]))
