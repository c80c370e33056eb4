"""Uploaded workbooks and .csv files as plain cells, whatever the file does to the parser."""

import csv
import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property
from importlib.util import find_spec
from io import StringIO
from pathlib import Path, PurePath
from typing import IO, Any, Final, NamedTuple

from integration_hub.core.spreadsheets import guard, scan
from integration_hub.core.spreadsheets.guard import SheetRefused
from integration_hub.core.spreadsheets.texts import without_guard

SECONDS: Final = 20
LONGEST_TEXT: Final = 32_767

_CHILD = Path(__file__).with_name("child.py")
_PIECE = 64 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value: a formula's error such as "#REF!", or a formula that was never calculated."""

    code: str

    @property
    def message(self) -> str:
        if self.code == scan.UNCALCULATED:
            return "The formula has no result yet. Open the workbook in your spreadsheet program and save it."
        return f"The formula gives {self.code}. Correct it, or write the value."


Value = str | bool | Decimal | date | datetime | time | timedelta | CellError | None


class Cell(NamedTuple):
    """One cell; row and column count from 0. A number is a Decimal with the digits that the file holds."""

    sheet: str
    row: int
    column: int
    value: Value

    @property
    def address(self) -> str:
        """Where it stands, as people write it: Sheet1!C9."""
        return f"{self.sheet}!{scan.address(self.row, self.column)}"

    @property
    def text(self) -> str:
        """What stands in it, as text for a message: an error's code, a date as 2014-07-28, nothing as ""."""
        return text_of(self.value)


def text_of(value: Value) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.code if isinstance(value, CellError) else str(value)


@dataclass(frozen=True)
class Sheet:
    """A sheet from A1 to its last cell in use; every row is equally long.

    Who reads many rows takes the values, and makes a cell only of what is to be named.
    """

    name: str
    values: tuple[tuple[Value, ...], ...]
    hidden: bool = False

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            tuple(self.cell(row, column) for column in range(len(values))) for row, values in enumerate(self.values)
        )

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.name, row, column, self.values[row][column])


@dataclass(frozen=True)
class Workbook:
    """The worksheets of an upload in their order; a .csv file is one sheet, named after the file."""

    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of a name, large and small letters alike."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)


def read(file: IO[bytes], filename: str) -> Workbook:
    """Read an upload that may be hostile; raises SheetRefused. `file` needs read and seek, and is not closed."""
    kind = guard.check_container(file, filename)
    return _read_xlsx(file) if kind == guard.XLSX else _read_csv(file, filename)


def _read_xlsx(file: IO[bytes]) -> Workbook:
    """Hand the file to the child process, and take nothing but its JSON."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        file.seek(0)
        while piece := file.read(_PIECE):
            given.write(piece)
        given.seek(0)
        file.seek(0)
        _run_child(given, taken)
        taken.seek(0)
        return Workbook(tuple(_sheets(taken)))


def _run_child(given: IO[bytes], taken: IO[bytes]) -> None:
    """Run the child from one file to another; raises SheetRefused where it ends badly or not in time."""
    # The pipe ends when the child does, and so tells at once; waiting for a process with a limit means polling it.
    ended, alive = os.pipe()
    with (
        os.fdopen(ended, "rb") as signal,
        os.fdopen(alive, "wb") as write_end,
        selectors.DefaultSelector() as selector,
    ):
        # Isolated and without our environment: nothing of the application, no secret, reaches the parser.
        child = subprocess.Popen(  # noqa: S603 - our own file, and nothing of the upload in the arguments
            [sys.executable, "-I", "-S", str(_CHILD), _packages()],
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONUTF8": "1"},
            pass_fds=(alive,),
        )
        write_end.close()
        selector.register(signal, selectors.EVENT_READ)
        in_time = bool(selector.select(SECONDS))
        if not in_time:
            child.kill()
        child.wait()
    if not in_time or child.returncode != 0:
        logger.warning("The spreadsheet reader ended with %s.", child.returncode if in_time else "its time")
        raise _too_heavy()


@cache
def _packages() -> str:
    """The folder in which the parser is installed; it is not imported here."""
    found = find_spec("python_calamine")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("python-calamine is not installed.")
    return str(Path(found.origin).parents[1])


def _sheets(lines: IO[bytes]) -> Iterator[Sheet]:
    for line in lines:
        told = json.loads(line, parse_int=Decimal, parse_float=Decimal, parse_constant=Decimal)
        if "refused" in told:
            raise SheetRefused(*told["refused"])
        yield Sheet(told["name"], tuple(_row(cells) for cells in told["rows"]), hidden=told["hidden"])


def _row(cells: list[Any]) -> tuple[Value, ...]:
    """One row of the child's JSON as values; most rows hold nothing but texts and numbers."""
    return tuple(map(_value, cells)) if list in map(type, cells) else tuple(cells)


def _value(plain: Any) -> Value:
    if not isinstance(plain, list):
        return plain
    kind, text = plain
    match kind:
        case "d":
            return date.fromisoformat(text)
        case "dt":
            return datetime.fromisoformat(text)
        case "t":
            return time.fromisoformat(text)
        case "td":
            return timedelta(seconds=float(text))
    return CellError(text)


def _read_csv(file: IO[bytes], filename: str) -> Workbook:
    """Read text with commas, semicolons or tabs between its cells; every cell is text, an empty one None."""
    text = _decode(file)
    name = PurePath(filename).stem[:31] or "CSV"
    rows: list[list[str]] = []
    width = cells = 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            rows.append(row)
            width, cells = max(width, len(row)), cells + len(row)
            _check_csv_size(rows, width)
    except csv.Error as problem:
        # A mark that is not closed makes one long cell of all that follows, so the reader cannot tell them apart.
        long = f", or a cell has more than {csv.field_size_limit():,} characters" if "limit" in str(problem) else ""
        raise SheetRefused(
            "csv_quotes",
            f"The file cannot be read near line {reader.line_num}: a quotation mark is opened and not closed, or "
            f"stands inside a cell{long}. Save it as .csv again from your spreadsheet program.",
        ) from problem
    # Short rows are filled up, so one long row must not multiply them.
    if len(rows) * width > scan.MAXIMUM_CELLS:
        raise SheetRefused(
            "too_many_cells",
            f"The file has more than {scan.MAXIMUM_CELLS:,} cells. Upload it in several files.",
        )
    filled = tuple(
        tuple(without_guard(row[column]) or None if column < len(row) else None for column in range(width))
        for row in rows
    )
    return Workbook((Sheet(name, filled),))


def _check_csv_size(rows: list[list[str]], width: int) -> None:
    if len(rows) > scan.MAXIMUM_ROWS:
        raise SheetRefused(
            "too_many_rows", f"The file has more than {scan.MAXIMUM_ROWS:,} rows. Upload it in several files."
        )
    if width > scan.MAXIMUM_COLUMNS:
        raise SheetRefused(
            "outside",
            f"Row {len(rows)} has more than {scan.MAXIMUM_COLUMNS} columns. Delete those not needed.",
        )
    if any(len(cell) > LONGEST_TEXT for cell in rows[-1]):
        raise SheetRefused(
            "long_text",
            f"Row {len(rows)} has a cell of more than {LONGEST_TEXT:,} characters. Shorten it; a quotation mark that "
            "is opened and not closed also causes this.",
        )


def _decode(file: IO[bytes]) -> str:
    """The text of a .csv file: UTF-8 or UTF-16 if it says so or is so, else what Excel in Britain writes."""
    file.seek(0)
    raw = file.read(guard.MAXIMUM_BYTES + 1)
    file.seek(0)
    try:
        text = raw.decode("utf-16") if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else _decode_bytes(raw)
    except UnicodeDecodeError as problem:
        raise SheetRefused(
            "encoding", "The file's characters cannot be read. Save it as CSV UTF-8 and upload that."
        ) from problem
    if "\0" in text:
        raise SheetRefused("not_text", "The file is not text with commas. Save your data as .csv or .xlsx again.")
    return text


def _decode_bytes(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _delimiter(text: str) -> str:
    """The mark that the first line with any of them uses most; a comma where none stands."""
    for line in text[:_PIECE].splitlines():
        counts = {mark: line.count(mark) for mark in (",", ";", "\t")}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","


def _too_heavy() -> SheetRefused:
    return SheetRefused(
        "too_heavy",
        "The workbook takes too long or too much memory to read. Copy the sheet you need into a new workbook.",
    )
