"""What is inside an .xlsx package, found out without building anything in memory: limits, danger, and lost values.

Standard library only. The reading child process imports this file by itself, before and outside the application, and
waits for every module that it imports.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, Final

MAXIMUM_PARTS: Final = 400
MAXIMUM_EXPANDED: Final = 80 * 1024 * 1024
MAXIMUM_PART_EXPANDED: Final = 60 * 1024 * 1024
# Sheets of like numbers shrink to a fiftieth; only a bomb shrinks to a two-hundredth.
MAXIMUM_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 1024 * 1024

MAXIMUM_ROWS: Final = 20_000
MAXIMUM_COLUMNS: Final = 256
MAXIMUM_CELLS: Final = 500_000
# Rows times columns up to the last cell in use: empty cells between cost memory too.
MAXIMUM_AREA: Final = 1_000_000
MAXIMUM_ELEMENTS: Final = 4_000_000
# A single tag or text longer than this makes the XML reader start again and again.
MAXIMUM_TOKEN: Final = 2 * 1024 * 1024

UNCALCULATED: Final = "uncalculated"

_CHUNK = 64 * 1024
# Rows as every spreadsheet program writes them, and texts kept for them: whole, numbered within the limits, without a
# formula and without an error. Nothing in them is looked for, so they need no parser, which is most of a file's cost.
_ROW = rb"""
    <row\ r="[0-9]{1,8}"(?:\ [A-Za-z0-9:]+="[^"<&]*")*+>
    (?>
        <c\ r="(?:[A-Z]|[A-H][A-Z]|I[A-V])(?:[1-9][0-9]{0,3}|1[0-9]{4})"(?:\ s="[0-9]+")?+
        (?:\ t="(?:s|n|b|str|inlineStr)")?+
        (?:/>|>(?:<v>[^<]*+</v>|<is><t(?:\ xml:space="preserve")?+>[^<]*+</t></is>)?+</c>)
    )*+
    </row>
"""
_TEXT = rb'<si><t(?:\ xml:space="preserve")?+>[^<]*+</t></si>'
_PLAIN = re.compile(rb"(?>" + _ROW + rb"|" + _TEXT + rb")++", re.VERBOSE)
_ENDS = (b"</row>", b"</si>")
_LETTERS = re.compile(r"[A-Z]{1,4}")
_SAVE_AGAIN = "Open it in your spreadsheet program, save it as .xlsx again and upload that."


class ScanRefused(Exception):
    """A package that must not reach a parser: `code` for programs, `message` for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Package:
    """What the scan found: worksheet parts by sheet name, and values that a parser would silently drop.

    `lost` maps a part to {(row, column) from 0: "#REF!" or UNCALCULATED}.
    """

    def __init__(self) -> None:
        self.sheet_parts: dict[str, str] = {}
        self.lost: dict[str, dict[tuple[int, int], str]] = {}


def scan(file: IO[bytes]) -> Package:
    """Check an .xlsx file from its zip directory to its last cell; raises ScanRefused. Reads in small pieces."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_directory(archive)
            return _scan_contents(archive)
    except zipfile.BadZipFile as problem:
        raise _damaged() from problem
    except (
        zlib.error,
        EOFError,
        struct.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as problem:
        raise _damaged() from problem


def check_directory(archive: zipfile.ZipFile, *, foreign_links: bool = False) -> None:
    """Refuse by what the zip's directory says, before anything is expanded."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MAXIMUM_PARTS:
        raise ScanRefused(
            "too_many_parts",
            f"The workbook is made of {len(parts):,} parts; at most {MAXIMUM_PARTS} are taken. "
            "Copy the sheet you need into a new workbook.",
        )
    if len({name.lower() for name in names}) != len(names) or any(map(_strays, names)):
        raise ScanRefused("part_names", f"The workbook's inner file names are not those of a workbook. {_SAVE_AGAIN}")
    if any(part.flag_bits & 0x1 for part in parts):
        raise ScanRefused("password", "The workbook is protected by a password. Remove the password and save it again.")
    _check_kind(names)
    _check_active_content(names, foreign_links=foreign_links)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise _damaged()
    if sum(part.file_size for part in parts) > MAXIMUM_EXPANDED:
        raise _expands()
    for part in parts:
        if part.file_size > MAXIMUM_PART_EXPANDED:
            raise _expands()
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MAXIMUM_RATIO * max(1, part.compress_size):
            raise ScanRefused(
                "compression",
                "The workbook is packed so tightly that it looks like an attack. "
                "Delete the empty rows and columns after your data, save it and upload it again.",
            )


def _strays(name: str) -> bool:
    """Whether an inner name leads out of the package or is ambiguous."""
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _check_kind(names: list[str]) -> None:
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise ScanRefused("binary_workbook", "This is a binary workbook (.xlsb). Save it as .xlsx and upload that.")
    if "content.xml" in names and "mimetype" in names:
        raise ScanRefused("open_document", "This is an OpenDocument file. Save it as .xlsx and upload that.")
    raise ScanRefused("not_workbook", "This is not a workbook. Upload an .xlsx or a .csv file.")


def _check_active_content(names: list[str], *, foreign_links: bool) -> None:
    for name in (name.lower() for name in names):
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise ScanRefused("macros", "The workbook contains macros. Save it as .xlsx without macros.")
        if not foreign_links and ("/externallinks/" in name or name == "xl/connections.xml"):
            raise ScanRefused(
                "external_links",
                "The workbook takes values from other files. Break the links (Data, Edit links) and save it again.",
            )
        if "/embeddings/" in name or "/activex/" in name or "/ctrlprops/" in name or name.endswith((".exe", ".ole")):
            raise ScanRefused(
                "embedded",
                "The workbook contains embedded objects or controls. Delete them and save it again.",
            )


def _scan_contents(archive: zipfile.ZipFile) -> Package:
    package = Package()
    relations: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []
    expanded = cells = 0
    for part in archive.infolist():
        with archive.open(part) as stream:
            piece = stream.read(_CHUNK)
            follower = _follower(part.filename, piece)
            while piece:
                expanded += len(piece)
                if expanded > MAXIMUM_EXPANDED:
                    raise _expands()
                follower.feed(piece)
                piece = stream.read(_CHUNK)
        if isinstance(follower, _OpaquePart):
            continue
        follower.finish()
        cells += follower.cells
        if cells > MAXIMUM_CELLS:
            raise _too_many_cells()
        if follower.lost:
            package.lost[part.filename] = follower.lost
        if part.filename == "xl/workbook.xml":
            sheets = follower.sheets
        elif part.filename == "xl/_rels/workbook.xml.rels":
            relations = follower.relations
    package.sheet_parts = {name: part_name(relations[key]) for name, key in sheets if key in relations}
    return package


def part_name(target: str) -> str:
    """The part that a relation of the workbook names."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _follower(name: str, beginning: bytes) -> _XmlPart | _OpaquePart:
    """How to read a part, by its content: a sheet may be stored under any name."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise ScanRefused("encoding", f"The workbook is written in an unusual encoding. {_SAVE_AGAIN}")
    is_xml = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    # Excel itself writes drawings of comments (.vml) whose tags do not match.
    return _XmlPart() if is_xml and not name.lower().endswith(".vml") else _OpaquePart()


class _OpaquePart:
    """Follows a picture or printer setting, and makes sure that it is no sheet in disguise."""

    _SIGNS = (b"sheetData", b"<!DOCTYPE", b"<!ENTITY")

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        text = self._tail + piece
        if any(sign in text for sign in self._SIGNS):
            raise _damaged()
        self._tail = text[-16:]


class _XmlPart:
    """Follows one XML part tag by tag, keeping counts and the few values it was asked to find.

    Every part is read as if it were a sheet: parsers go by the tags, not by the name of the part or of its root.
    """

    def __init__(self) -> None:
        self.cells = 0
        self.lost: dict[tuple[int, int], str] = {}
        self.sheets: list[tuple[str, str]] = []
        self.relations: dict[str, str] = {}
        self._elements = self._rows = self._fed = 0
        self._kept = b""
        self._row = self._column = -1
        self._cell: tuple[int, int] | None = None
        self._type = ""
        self._formula = self._value = False
        self._value_text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.EntityDeclHandler = self._refuse_doctype
        self._parser.XmlDeclHandler = self._check_encoding
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._begin_formula,
            "v": self._begin_value,
            "sheet": self._begin_sheet,
            "Relationship": self._begin_relation,
        }

    def feed(self, piece: bytes) -> None:
        """Follow the next piece; plain rows are counted, and only what stands between them is parsed."""
        text = self._kept + piece
        end = max(text.rfind(mark) + len(mark) if mark in text else 0 for mark in _ENDS)
        # What follows the last row may be the beginning of the next, to be seen whole; nothing longer is kept.
        complete, self._kept = (text[:end], text[end:]) if len(text) - end < _CHUNK else (text, b"")
        done = 0
        for plain in _PLAIN.finditer(complete):
            self._follow(complete[done : plain.start()])
            self._count(plain.group())
            done = plain.end()
        self._follow(complete[done:])

    def finish(self) -> None:
        self._follow(self._kept)
        self._parse(b"", final=True)
        self._end_cell()

    def _count(self, rows: bytes) -> None:
        """Take in what plain rows and texts add to the numbers that are bounded."""
        self._end_cell()
        there, cells = rows.count(b"<row "), rows.count(b"<c ")
        self._rows += there
        self.cells += cells
        self._elements += there + 3 * cells + 2 * rows.count(b"<si>")
        self._check_counts()
        if there:
            # A row or cell without a number of its own follows on the last.
            last = rows.rindex(b'<row r="') + len(b'<row r="')
            self._row, self._column = int(rows[last : rows.index(b'"', last)]) - 1, -1

    def _check_counts(self) -> None:
        if self._rows > MAXIMUM_ROWS:
            raise _too_many_rows()
        if self.cells > MAXIMUM_CELLS or self._elements > MAXIMUM_ELEMENTS:
            raise _too_many_cells()

    def _follow(self, piece: bytes) -> None:
        if not piece:
            return
        self._fed += len(piece)
        self._parse(piece, final=False)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAXIMUM_TOKEN:
            raise _damaged()

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as problem:
            raise _damaged() from problem

    def _refuse_doctype(self, *_: object) -> None:
        raise ScanRefused("doctype", f"The workbook declares XML entities, which workbooks never do. {_SAVE_AGAIN}")

    def _check_encoding(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            raise ScanRefused("encoding", f"The workbook is written in an unusual encoding. {_SAVE_AGAIN}")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAXIMUM_ELEMENTS:
            raise _too_many_cells()
        start = self._starts.get(name) or self._starts.get(name.rpartition(":")[2])
        if start:
            start(attributes)

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        key = next((value for label, value in attributes.items() if label.rpartition(":")[2] == "id"), "")
        self.sheets.append((attributes.get("name", ""), key))

    def _begin_relation(self, attributes: dict[str, str]) -> None:
        self.relations[attributes.get("Id", "")] = attributes.get("Target", "")

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self._rows += 1
        self._check_counts()
        # A row may be numbered far down as long as no cell stands in it: some programs end every sheet so.
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 9 else self._row + 1
        self._column = -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self.cells += 1
        self._check_counts()
        reference = attributes.get("r")
        if reference is None:
            row, column = self._row, self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            digits = reference[len(letters) :]
            if letters not in _COLUMNS and not _LETTERS.fullmatch(letters):
                raise _damaged()
            if not 0 < len(digits) < 9:
                raise _damaged()
            column = _COLUMNS.get(letters, MAXIMUM_COLUMNS)
            row = int(digits) - 1
        if row >= MAXIMUM_ROWS or column >= MAXIMUM_COLUMNS:
            raise ScanRefused(
                "outside",
                f"Cell {reference or address(row, column)} is in use, outside the {MAXIMUM_ROWS:,} rows and "
                f"{MAXIMUM_COLUMNS} columns that are taken. Delete the rows below and the columns to the right of your "
                "data, formats too, and save it again.",
            )
        self._cell = (max(row, 0), column)
        self._column = column
        self._type = attributes.get("t", "")

    def _begin_formula(self, attributes: dict[str, str]) -> None:
        self._formula = True

    def _begin_value(self, attributes: dict[str, str]) -> None:
        self._value = True
        if self._cell is not None and (self._formula or self._type == "e"):
            self._parser.CharacterDataHandler = self._value_text.append
            self._parser.EndElementHandler = self._end_value

    def _end_value(self, name: str) -> None:
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None

    def _end_cell(self) -> None:
        """Note what a parser would give as an empty cell though something stands there."""
        if self._cell is not None:
            if self._type == "e":
                self.lost[self._cell] = "".join(self._value_text)[:20] or "#ERROR"
            elif self._formula and not self._value_text and not (self._value and self._type == "str"):
                self.lost[self._cell] = UNCALCULATED
        self._cell = None
        self._formula = self._value = False
        self._value_text.clear()


def column_letters(number: int) -> str:
    """The letters of a column: 1 is A, 16384 is XFD."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell within its sheet, from row and column counted from 0: (8, 2) is C9."""
    return f"{column_letters(column + 1)}{row + 1}"


# Looked up for every cell of every upload.
_COLUMNS: Final = {column_letters(number + 1): number for number in range(MAXIMUM_COLUMNS)}


def _damaged() -> ScanRefused:
    return ScanRefused("damaged", f"The workbook is damaged or was cut off on its way. {_SAVE_AGAIN}")


def _expands() -> ScanRefused:
    return ScanRefused(
        "expands",
        f"The workbook holds more than {MAXIMUM_EXPANDED // 1024 // 1024} MB when unpacked. "
        "Copy the sheet you need into a new workbook.",
    )


def far_cell(row: int, column: int) -> ScanRefused:
    """The refusal of a sheet whose last cell stands so far out that the empty cells before it are too many."""
    return ScanRefused(
        "outside",
        f"The last cell in use is {address(row, column)}, far from the rest. Delete the rows below and the columns to "
        "the right of your data and save it again.",
    )


def _too_many_rows() -> ScanRefused:
    return ScanRefused(
        "too_many_rows",
        f"A sheet has more than {MAXIMUM_ROWS:,} rows. Delete the empty rows after your data, or upload the data in "
        "several files.",
    )


def _too_many_cells() -> ScanRefused:
    return ScanRefused(
        "too_many_cells",
        f"The workbook has more than {MAXIMUM_CELLS:,} cells. Copy the sheet you need into a new workbook.",
    )
