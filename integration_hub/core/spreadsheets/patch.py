"""A workbook of somebody else's filled in place: cells are written, and nothing else of the file changes.

Changed are the parts of the sheets written, where formulas lose the values kept for them, and in the workbook part
the mark that all is to be worked out anew when it is opened. Every other part stays byte for byte; the result
proves it. Nothing of the file is run, and no formula is read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from integration_hub.core.spreadsheets import scan
from integration_hub.core.spreadsheets.guard import SheetRefused
from integration_hub.core.spreadsheets.package import Package, Part, damaged
from integration_hub.core.spreadsheets.sheetxml import (
    Area,
    CellXml,
    Place,
    SheetXml,
    address_of,
    check_plain,
    elements,
    inline_text,
    names,
    place_of,
    text_in,
)

LONGEST_TEXT: Final = 32_767
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
# Formats of dates that every workbook has without naming them.
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_BUILT_IN_PERCENT: Final = frozenset({9, 10})

Value = str | bool | int | Decimal | date | None


@dataclass(frozen=True)
class Write:
    """A value for a cell. `label` says what it is, for the list of what was written; None empties the cell.

    A number that is a `percentage` counts in hundredths: a cell shown as a percentage takes 0.85 for 85.
    """

    sheet: str
    address: str
    value: Value
    label: str = ""
    percentage: bool = False


@dataclass(frozen=True)
class Written:
    """A cell that was written: where, what it is, and its content before and after."""

    sheet: str
    address: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Refused:
    """A cell that was not written, and why."""

    sheet: str
    address: str
    label: str
    code: str
    message: str


@dataclass(frozen=True)
class Patched:
    """The workbook filled in, with the proof: each cell written, and what became of each part.

    `dropped` has the addresses ("Income!D9") of the formulas whose kept values went, `equal` the parts that are byte
    for byte as they were, `changed` the parts that are not, each with its SHA-256 before and after.
    """

    content: bytes
    written: tuple[Written, ...]
    changed: tuple[tuple[Part, Part], ...]
    equal: tuple[Part, ...]
    dropped: tuple[str, ...]


class CellsRefused(SheetRefused):
    """Cells that may not be written; nothing was."""

    def __init__(self, problems: Sequence[Refused]) -> None:
        listed = " ".join(problem.message for problem in problems[:5])
        more = f" And {len(problems) - 5} more." if len(problems) > 5 else ""
        super().__init__("cells_refused", f"Nothing was written. {listed}{more}")
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Seen:
    """A cell as a person sees it: its text, whether a formula stands in it, and the block that it belongs to."""

    text: str
    formula: bool


@dataclass(frozen=True)
class Outline:
    """What stands on one sheet, by place; a block of merged cells counts as its first."""

    name: str
    cells: Mapping[Place, Seen]
    merged: tuple[Area, ...]
    arrays: tuple[Area, ...]

    def block(self, place: Place) -> Area:
        """The block of merged cells that a place is in, or the place alone."""
        return next((area for area in self.merged if place in area), Area(place, place))


class Workbook:
    """A workbook to be read and filled. Raises SheetRefused for what is none, locked, damaged or packed too tightly."""

    def __init__(self, content: bytes) -> None:
        self._package = Package(content)
        self._sheets: dict[str, SheetXml] = {}

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """The name of each worksheet with its part, in the order of the workbook."""
        found = {}
        relations = {values.get("Id", ""): values for values in elements(self._plain(_RELATIONS), rb"Relationship")}
        for values in elements(self._plain(_WORKBOOK), rb"sheet"):
            key = next((value for name, value in values.items() if name.rpartition(":")[2] == "id"), "")
            relation = relations.get(key, {})
            if relation.get("Type", "").endswith("/worksheet"):
                found[values.get("name", "")] = scan.part_name(relation.get("Target", ""))
        return found

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._package.parts

    def outline(self, name: str) -> Outline:
        """What stands on a sheet."""
        sheet = self._sheet(name)
        cells = {}
        for cell in sheet.every_cell():
            text = sheet.text_of(cell, self._strings)
            if text or cell.formula:
                cells[cell.place] = Seen(text, cell.formula)
        return Outline(name, cells, sheet.merged, sheet.arrays)

    def fill(self, writes: Iterable[Write]) -> Patched:
        """Write cells, all or none; raises CellsRefused with each that may not be written."""
        by_sheet: dict[str, list[Write]] = {}
        problems: list[Refused] = []
        known = {name.casefold(): name for name in self.sheets}
        for write in writes:
            name = known.get(write.sheet.casefold())
            if name is None:
                problems.append(_refused(write, "no_sheet", "the workbook has no sheet of this name"))
            else:
                by_sheet.setdefault(name, []).append(write)
        new, written, dropped = {}, [], []
        for name, asked in by_sheet.items():
            filled = self._filled(name, asked, problems)
            new[self.sheets[name]], cells, gone = filled
            written += cells
            dropped += [f"{name}!{address_of(place)}" for place in gone]
        if problems:
            raise CellsRefused(problems)
        workbook = self._package.read(_WORKBOOK)
        new[_WORKBOOK] = _recalculated(workbook)
        new = {part: xml for part, xml in new.items() if xml != self._package.read(part)}
        content = self._package.with_parts(new)
        changed, equal = self._proof(content, new)
        return Patched(content, tuple(written), changed, equal, tuple(dropped))

    def _filled(
        self, name: str, asked: Sequence[Write], problems: list[Refused]
    ) -> tuple[bytes, list[Written], tuple[Place, ...]]:
        """The part of one sheet with its cells put anew; what may not be written is added to the problems."""
        sheet = self._sheet(name)
        wanted: dict[Place, Write] = {}
        for write in asked:
            place = place_of(write.address)
            if place is None:
                problems.append(_refused(write, "no_address", "this is no address of a cell"))
            elif place in wanted:
                problems.append(_refused(write, "twice", "two values were given for this cell"))
            else:
                wanted[place] = write
        rows = {place[0] for place in wanted}
        there = {cell.place: cell for row in sheet.rows if row.number in rows for cell in sheet.cells(row)}
        by_number = {row.number: row for row in sheet.rows if row.number in rows}
        new, cells = {}, []
        for place, write in wanted.items():
            cell = there.get(place)
            why = _obstacle(sheet, place, cell)
            if why:
                problems.append(_refused(write, *why))
                continue
            style = cell.style if cell else sheet.style_of_empty(place, by_number.get(place[0]))
            try:
                kind, inner, after = self._encoded(write, self._format(style))
            except ValueError as problem:
                problems.append(_refused(write, "value", str(problem)))
                continue
            new[place] = (kind, inner)
            before = sheet.text_of(cell, self._strings) if cell else ""
            cells.append(Written(name, address_of(place), write.label, before, after))
        xml, dropped = sheet.patched(new)
        return xml, cells, dropped

    def _encoded(self, write: Write, shown_as: str) -> tuple[str, bytes, str]:
        """Kind, inner XML and words of a value for a cell of a format."""
        value = write.value
        if value is None:
            return "n", b"", ""
        if isinstance(value, bool):
            return "b", b"<v>%d</v>" % value, "TRUE" if value else "FALSE"
        if isinstance(value, date):
            if shown_as == "date":
                days = (value - self._first_day).days
                return "n", b"<v>%d</v>" % days, value.isoformat()
            # A number would be shown where the cell is not made for dates.
            value = f"{value:%d/%m/%Y}"
        if isinstance(value, (int, Decimal)):
            number = Decimal(value) / 100 if write.percentage and shown_as == "percent" else Decimal(value)
            text = f"{number.normalize() if number else Decimal(0):f}"
            if Decimal(repr(float(number))) != number:
                raise ValueError(f"a cell cannot hold {text} to its last digit")
            return "n", f"<v>{text}</v>".encode(), text
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"a cell holds at most {LONGEST_TEXT:,} characters, not {len(value):,}")
        return ("inlineStr", inline_text(value), value) if value else ("n", b"", "")

    def _format(self, style: str) -> str:
        """Whether a style shows a date, a percentage, or anything else."""
        return self._formats[int(style)] if style.isdecimal() and int(style) < len(self._formats) else ""

    @cached_property
    def _formats(self) -> list[str]:
        if _STYLES not in self._package.names:
            return []
        styles = self._plain(_STYLES)
        own = {values.get("numFmtId", ""): values.get("formatCode", "") for values in elements(styles, rb"numFmt")}
        block = re.search(rb"<(?:[\w.-]+:)?cellXfs\b.*?</(?:[\w.-]+:)?cellXfs\s*>", styles, re.DOTALL)
        return [
            _kind_of(values.get("numFmtId", "0"), own) for values in elements(block.group() if block else b"", rb"xf")
        ]

    @cached_property
    def _first_day(self) -> date:
        """The day that a workbook counts from: some made on old Macintosh computers count from 1904."""
        for values in elements(self._plain(_WORKBOOK), rb"workbookPr"):
            if values.get("date1904") in ("1", "true"):
                return date(1904, 1, 1)
        return date(1899, 12, 30)

    @cached_property
    def _strings(self) -> Mapping[int, str]:
        if _STRINGS not in self._package.names:
            return {}
        xml = self._plain(_STRINGS)
        root = re.search(rb"<(?:([\w.-]+):)?sst[\s>/]", xml)
        known = names(root[1] + b":" if root and root[1] else b"")
        tag = re.escape(known.tag(b"si"))
        items = re.finditer(rb"<" + tag + rb"(?:\s*/>|\s*>(.*?)</" + tag + rb"\s*>)", xml, re.DOTALL)
        return {number: text_in(match[1] or b"", known) for number, match in enumerate(items)}

    def _sheet(self, name: str) -> SheetXml:
        if name not in self._sheets:
            self._sheets[name] = SheetXml(self._package.read(self.sheets[name]))
        return self._sheets[name]

    def _plain(self, part: str) -> bytes:
        xml = self._package.read(part)
        check_plain(xml)
        return xml

    def _proof(
        self, content: bytes, new: Mapping[str, bytes]
    ) -> tuple[tuple[tuple[Part, Part], ...], tuple[Part, ...]]:
        """Every part of the file made, held against the file as it was: read again from its bytes."""
        made = Package(content)
        if made.names != self._package.names:
            raise damaged()
        after = {part.name: part for part in made.parts if part.name in new}
        changed, equal = [], []
        for part in self._package.parts:
            if part.name in new:
                changed.append((part, after[part.name]))
            elif made.packed(part.name) == self._package.packed(part.name):
                equal.append(part)
            else:
                raise damaged()
        return tuple(changed), tuple(equal)


def _obstacle(sheet: SheetXml, place: Place, cell: CellXml | None) -> tuple[str, str] | None:
    """Why a cell may not be written."""
    if cell and cell.formula:
        return "formula", "a formula stands in this cell, which the workbook works out for itself"
    if any(place in area for area in sheet.arrays):
        return "formula", "a formula of the workbook fills this cell together with others"
    block = next((area for area in sheet.merged if place in area), None)
    if block and place != block.first:
        return "merged", f"this cell is part of a merged block; its text stands in {address_of(block.first)}"
    return None


def _refused(write: Write, code: str, why: str) -> Refused:
    where = f"{write.sheet}!{write.address}"
    words = f"{where} ({write.label}): {why}." if write.label else f"{where}: {why}."
    return Refused(write.sheet, write.address, write.label, code, words)


def _recalculated(workbook: bytes) -> bytes:
    """The workbook part with the mark that every formula is worked out when the file is opened."""
    check_plain(workbook)
    there = re.search(rb"<(?:[\w.-]+:)?calcPr\b[^>]*?/?>", workbook)
    if there:
        tag = there.group()
        marked = re.sub(rb"""\sfullCalcOnLoad\s*=\s*["'][^"']*["']""", b"", tag)
        if marked != tag and re.search(rb"""fullCalcOnLoad\s*=\s*["'](1|true)["']""", tag):
            return workbook
        cut = len(marked) - (2 if marked.endswith(b"/>") else 1)
        marked = marked[:cut].rstrip() + b' fullCalcOnLoad="1"' + marked[cut:]
        return workbook[: there.start()] + marked + workbook[there.end() :]
    # The order of these is laid down: it follows the names, or what stands before them.
    for name in (rb"definedNames", rb"externalReferences", rb"functionGroups", rb"sheets"):
        end = re.search(rb"</((?:[\w.-]+:)?)" + name + rb"\s*>", workbook)
        if end:
            mark = b"<" + end[1] + b'calcPr fullCalcOnLoad="1"/>'
            return workbook[: end.end()] + mark + workbook[end.end() :]
    raise damaged()


def _kind_of(number: str, own: Mapping[str, str]) -> str:
    code = own.get(number)
    if code is None:
        known = int(number) if number.isdecimal() else 0
        return "date" if known in _BUILT_IN_DATES else "percent" if known in _BUILT_IN_PERCENT else ""
    # Words between quotes, colours and escaped signs are no part of what the format counts in.
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code.casefold())
    if "%" in bare:
        return "percent"
    return "date" if re.search(r"[dmy]", bare) and bare.strip() != "general" else ""
