"""A return taken away as a workbook and loaded back: the stamp in the file, and what the file would change.

The stamp is a hidden sheet. It says whose return the file is, and for each cell what the hub held and what was
written, as short digests: so a cell that somebody changed in the file is told from one that was changed on the hub
since, without a second copy of every answer. It keeps from mistakes, not from malice: whoever loads a file back may
type the same answers on the page.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from bcf_metrics.domain import answers
from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.cell_reading import plain, read
from bcf_metrics.domain.words import listed
from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets.reader import Sheet, Value, Workbook

SHEET = "Hub stamp"
NOTE = "The Hub reads this sheet when the workbook is loaded back. Leave it as it is."
FORM = "1"
FIRST_ROW = 9
HEADINGS = ("Path", "Key", "Field", "Sheet", "Cell", "Held", "Written", "Beside")

STALE, FIXED, MOVED, GONE, WRONG = "stale", "fixed", "moved", "gone", "wrong"
_CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>[1-9][0-9]{0,6})")


class StampRefused(HubError):
    """A workbook that cannot be loaded into the return as a whole."""

    code = "stamp_refused"
    http_status = 400


def mark(text: str) -> str:
    """A short digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Head:
    """Of which return the file is, and in which state."""

    form: str
    return_id: str
    template: str
    layout_version: str
    area_code: str
    area: str
    period: str
    version: str
    content: str


@dataclass(frozen=True)
class Marked:
    """One cell as it was written. `key` is "" where nothing is typed; `beside` are the labels that it stands by."""

    path: str
    key: str
    label: str
    sheet: str
    cell: str
    held: str
    written: str
    beside: tuple[tuple[str, str], ...]

    def as_row(self) -> list[str]:
        beside = " ".join(f"{cell}={digest}" for cell, digest in self.beside)
        return [self.path, self.key, self.label, self.sheet, self.cell, self.held, self.written, beside]


@dataclass(frozen=True)
class Stamp:
    """The hidden sheet of a file."""

    head: Head
    cells: tuple[Marked, ...]

    def rows(self) -> list[list[str]]:
        """The sheet, row by row: what it is, whose return, the checksum of it all, and a row for each cell."""
        named = [[field.name, getattr(self.head, field.name)] for field in fields(Head)]
        listed_cells = [marked.as_row() for marked in self.cells]
        return [[NOTE], *named, ["checksum", _checksum(named, listed_cells)], list(HEADINGS), *listed_cells]


@dataclass(frozen=True)
class Change:
    """An answer that the file changes; `seen` is what it is now, `code` what it becomes."""

    key: str
    label: str
    where: str
    before: str
    after: str
    seen: str
    code: str


@dataclass(frozen=True)
class Refused:
    """A cell of the file that is not taken, and why. `yours` is what the file has, `now` what the hub has."""

    kind: str
    key: str
    label: str
    where: str
    yours: str
    now: str
    message: str


@dataclass(frozen=True)
class Loaded:
    """What a file would do. Wrong cells stop the whole of it; the other refused ones are left as they are."""

    changes: tuple[Change, ...]
    refused: tuple[Refused, ...]

    @property
    def wrong(self) -> tuple[Refused, ...]:
        return tuple(row for row in self.refused if row.kind == WRONG)

    @property
    def left(self) -> tuple[Refused, ...]:
        return tuple(row for row in self.refused if row.kind != WRONG)


def read_stamp(book: Workbook) -> Stamp:
    """The stamp of an uploaded workbook; raises StampRefused."""
    sheet = book.sheet(SHEET)
    if sheet is None:
        raise StampRefused(
            "The workbook does not say which return it belongs to: it was not downloaded from the Hub, or its hidden "
            f"sheet “{SHEET}” was removed. Download the return as a workbook, and enter your answers there.",
            code="no_stamp",
        )
    rows = [[plain(value) for value in row] for row in sheet.values]
    names = [field.name for field in fields(Head)]
    first = len(names) + 3
    head = {row[0]: row[1] for row in rows[1 : first - 1] if len(row) > 1}
    listed_cells = [(row + [""] * len(HEADINGS))[: len(HEADINGS)] for row in rows[first:]]
    checksum = head.pop("checksum", "")
    given = [[name, head.get(name, "")] for name in names]
    if set(head) != set(names) or checksum != _checksum(given, listed_cells):
        raise StampRefused(
            f"The hidden sheet “{SHEET}” of the workbook was changed, so it cannot be told what you changed. Download "
            "the return again, and copy your answers into the new file.",
            code="stamp_changed",
        )
    if head["form"] != FORM:
        raise StampRefused(
            "The workbook was downloaded from another release of the Hub. Download the return again.",
            code="other_form",
        )
    return Stamp(Head(**head), tuple(_marked(row) for row in listed_cells))


def check_belongs(stamp: Head, wanted: Head) -> None:
    """Raise StampRefused for the file of another return, of another layout, or of a version."""
    if stamp.area_code != wanted.area_code:
        raise _other(f"The workbook is for {stamp.area}, and this return for {wanted.area}.", "other_area")
    if stamp.period != wanted.period:
        raise _other(f"The workbook is for {stamp.period}, and this return for {wanted.period}.", "other_period")
    if stamp.return_id != wanted.return_id:
        raise _other("The workbook is for another fund's return of the same quarter.", "other_return")
    if (stamp.template, stamp.layout_version) != (wanted.template, wanted.layout_version):
        raise _other(
            f"The workbook was made in the layout {_layout(stamp)}, and the return is now in {_layout(wanted)}.",
            "other_layout",
        )
    if stamp.version != "draft":
        raise _other(
            f"The workbook is version {stamp.version} of the return as it was sent for signature, and no draft.",
            "a_version",
        )


def compare(stamp: Stamp, book: Workbook, cells: Sequence[Cell], *, on: date) -> Loaded:
    """What the file changes in a return with these cells, and what of it is not taken. Raises StampRefused."""
    sheets = {marked.sheet: _sheet(book, marked.sheet) for marked in stamp.cells}
    now = {cell.entry.path: cell for cell in cells}
    by_key = {cell.key: cell for cell in cells if cell.key}
    changes: list[Change] = []
    refused: list[Refused] = []
    for marked in stamp.cells:
        value = _value(sheets[marked.sheet], marked.cell)
        is_moved = any(mark(plain(_value(sheets[marked.sheet], at))) != seen for at, seen in marked.beside)
        if mark(plain(value)) == marked.written:
            # What stands beside another label than it was written by is somebody else's answer, changed or not.
            if is_moved and marked.key and plain(value):
                refused.append(_moved(marked, value))
        elif not marked.key:
            refused.append(_fixed(marked, value, now.get(marked.path)))
        elif is_moved:
            refused.append(_moved(marked, value))
        else:
            _take(marked, value, by_key.get(marked.key), changes, refused, on=on)
    return Loaded(tuple(changes), tuple(refused))


def head_of(content: Mapping[str, Any], *, return_id: str, digest: str) -> Head:
    """The head of the stamp that a file of this content has."""
    return Head(
        form=FORM,
        return_id=return_id,
        template=content["template"],
        layout_version=str(content.get("layout_version", 1)),
        area_code=content["area"]["ons_code"],
        area=content["area"]["name"],
        period=content["period"]["label"],
        version=str(content["version"] or "draft"),
        content=digest,
    )


def _take(
    marked: Marked, value: Value, cell: Cell | None, changes: list[Change], refused: list[Refused], *, on: date
) -> None:
    """Sort a typed cell that the file changed: a change, a stale cell, or a wrong one."""
    where, yours = f"{marked.sheet}!{marked.cell}", _short(plain(value))
    if cell is None:
        message = "The return has no such field any more: the fund's plan or its funding changed since the download."
        refused.append(Refused(GONE, marked.key, marked.label, where, yours, "", message))
        return
    code, problem = read(cell, value, on=on)
    if code == cell.code and not problem:
        return
    if mark(cell.code) != marked.held:
        refused.append(Refused(STALE, marked.key, marked.label, where, yours, _short(cell.shown), ""))
        return
    if problem:
        refused.append(Refused(WRONG, marked.key, marked.label, where, yours, _short(cell.shown), problem))
        return
    after = answers.words(cell.field, code)
    changes.append(Change(marked.key, marked.label, where, cell.shown, after, cell.code, code))


def _fixed(marked: Marked, value: Value, cell: Cell | None) -> Refused:
    source = cell.source if cell and cell.source else "filled in by the Hub"
    message = f"It is not typed in the return ({source}), and stays as it is."
    where, yours = f"{marked.sheet}!{marked.cell}", _short(plain(value))
    return Refused(FIXED, "", marked.label, where, yours, _short(cell.shown) if cell else "", message)


def _moved(marked: Marked, value: Value) -> Refused:
    beside = listed([cell for cell, _ in marked.beside])
    message = (
        f"The words beside it ({beside}) are not those that were downloaded, so it is not certain what this cell "
        "answers. Nothing of it is taken."
    )
    where = f"{marked.sheet}!{marked.cell}"
    return Refused(MOVED, marked.key, marked.label, where, _short(plain(value)), "", message)


def _other(words: str, code: str) -> StampRefused:
    return StampRefused(
        f"{words} Nothing of it was taken. Download this return, and enter your answers there.", code=code
    )


def _layout(head: Head) -> str:
    return f"{head.template}, version {head.layout_version}"


def _checksum(head: Iterable[Sequence[str]], cells: Iterable[Sequence[str]]) -> str:
    return mark("\n".join("\t".join(row) for row in [*head, *cells]))


def _marked(row: Sequence[str]) -> Marked:
    path, key, label, sheet, cell, held, written, beside = row
    pairs = (pair.partition("=") for pair in beside.split())
    return Marked(path, key, label, sheet, cell, held, written, tuple((at, digest) for at, _, digest in pairs))


def _sheet(book: Workbook, name: str) -> Sheet:
    found = book.sheet(name)
    if found is None:
        raise StampRefused(
            f"The sheet “{name}” is not in the workbook any more. Nothing was taken. Give the sheet its name back, or "
            "download the return again.",
            code="no_sheet",
        )
    return found


def _value(sheet: Sheet, cell: str) -> Value:
    """What stands in a cell, by its address; None beyond the last one in use."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    column = 0
    for letter in found["column"]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found["row"])
    if row > len(sheet.values) or column > len(sheet.values[row - 1]):
        return None
    return sheet.values[row - 1][column - 1]


def _short(text: str) -> str:
    return text if len(text) <= answers.LONGEST_SHOWN else f"{text[: answers.LONGEST_SHOWN]}…"


def stale_words(row: Refused, who: str, when: str) -> str:
    """Both values of a cell that was changed on both sides, and by whom."""
    saved = f"{who} saved {_quoted(row.now)} on {when}" if who else f"there is now {_quoted(row.now)}"
    return f"Changed here since the file was downloaded: {saved}; the file has {_quoted(row.yours)}."


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"


def keys(refused: Iterable[Refused]) -> Iterator[str]:
    """The keys of the cells that were changed on both sides."""
    return (row.key for row in refused if row.kind == STALE)
