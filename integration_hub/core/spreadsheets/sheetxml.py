"""The XML of one worksheet, read and changed in place: only the bytes of the cells asked for are put anew.

Standard library only, and no tree is built: what is not written keeps its bytes, whatever wrote them. A part that
declares entities, or is written in a way that no spreadsheet program writes, is refused.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from integration_hub.core.spreadsheets.guard import SheetRefused

Place = tuple[int, int]
# Bytes from and to which something else is put.
Piece = tuple[int, int, bytes]

_ATTRIBUTES: Final = rb"""(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*+\s*+"""
_ATTRIBUTE: Final = re.compile(rb"""([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_USUAL: Final = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_ROOT: Final = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_ENTITY: Final = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|[a-z]+);")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
# XML has no way to hold these; a workbook writes them as _x0007_.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\ufffe\uffff]")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384


def place_of(address: str) -> Place | None:
    """(row, column) from 0 of "C9", or None for what is no address."""
    found = _REFERENCE.fullmatch(address.strip().upper())
    if not found:
        return None
    row, column = int(found[2]), _column_of(found[1].encode())
    return (row - 1, column) if row <= _LAST_ROW and column < _LAST_COLUMN else None


@lru_cache(maxsize=20_000)
def _column_of(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


@lru_cache(maxsize=20_000)
def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address_of(place: Place) -> str:
    return f"{_letters(place[1])}{place[0] + 1}"


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, corners included."""

    first: Place
    last: Place

    def __contains__(self, place: object) -> bool:
        return isinstance(place, tuple) and (
            self.first[0] <= place[0] <= self.last[0] and self.first[1] <= place[1] <= self.last[1]
        )


def area_of(reference: str) -> Area | None:
    """The rectangle of "B2:D4" or "B2"."""
    first, _, last = reference.partition(":")
    corners = place_of(first), place_of(last or first)
    return None if corners[0] is None or corners[1] is None else Area(corners[0], corners[1])


class CellXml(NamedTuple):
    """A cell as it stands in the part: where its bytes are, its kind, style and content."""

    place: Place
    start: int
    end: int
    kind: str
    style: str
    inner: bytes
    formula: bool


class RowXml(NamedTuple):
    """A row as it stands in the part; `inner_start` is -1 where it has no content."""

    number: int
    start: int
    end: int
    inner_start: int
    inner_end: int
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """The patterns of a part whose elements carry a prefix, or none."""

    prefix: bytes

    @cached_property
    def row(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@row(" + _ATTRIBUTES + rb")(/?)>")

    @cached_property
    def cell(self) -> re.Pattern[bytes]:
        """A cell: its address, style and kind where they stand as Excel writes them, else all its attributes."""
        usual = rb'\sr="([A-Z]{1,3})[0-9]{1,7}"(?:\ss="([0-9]+)")?(?:\st="([A-Za-z]+)")?(?=/?>)'
        return self._pattern(rb"<@c(?:" + usual + rb"|(" + _ATTRIBUTES + rb"))(?:/>|>(.*?)</@c\s*>)")

    @cached_property
    def data(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@sheetData" + _ATTRIBUTES + rb"(?:/>|>)")

    @cached_property
    def cached(self) -> re.Pattern[bytes]:
        """A formula, and the value that was kept for it."""
        formula = rb"<@f(?:" + _ATTRIBUTES + rb")(?:/>|>[^<]*+</@f\s*>)"
        return self._pattern(formula + rb"\s*+(<@v" + _ATTRIBUTES + rb"(?:/>|>[^<]*+</@v\s*>))")

    @cached_property
    def array(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@f(" + _ATTRIBUTES + rb")(?:/>|>)")

    @cached_property
    def merged(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@mergeCell(" + _ATTRIBUTES + rb")(?:/>|>)")

    @cached_property
    def column(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@col(" + _ATTRIBUTES + rb")(?:/>|>)")

    @cached_property
    def text(self) -> re.Pattern[bytes]:
        """A piece of text, or a phonetic reading, which is no part of it."""
        return self._pattern(rb"<@rPh\b.*?</@rPh\s*>|<@t" + _ATTRIBUTES + rb">([^<]*+)</@t\s*>")

    @cached_property
    def value(self) -> re.Pattern[bytes]:
        return self._pattern(rb"<@v" + _ATTRIBUTES + rb">([^<]*+)</@v\s*>")

    def tag(self, name: bytes) -> bytes:
        return self.prefix + name

    def _pattern(self, source: bytes) -> re.Pattern[bytes]:
        return re.compile(source.replace(b"@", re.escape(self.prefix)), re.DOTALL)


@lru_cache(maxsize=100)
def names(prefix: bytes) -> Names:
    return Names(prefix)


def check_plain(xml: bytes) -> None:
    """Refuse a part in another encoding, with declared entities, or with what hides text from a search for tags."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise SheetRefused("encoding", "The workbook is written in an unusual encoding. Save it as .xlsx again.")
    head = xml[:200].lower()
    if b"encoding=" in head and not re.search(rb"""encoding=["'](utf-8|us-ascii)["']""", head):
        raise SheetRefused("encoding", "The workbook is written in an unusual encoding. Save it as .xlsx again.")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise SheetRefused("doctype", "The workbook declares XML entities, which workbooks never do.")
    if b"<!" in xml or b"<?" in xml[5:]:
        raise SheetRefused("hidden_text", "The workbook has hidden remarks between its cells. Save it as .xlsx again.")


class SheetXml:
    """One worksheet part: its cells by address, and the changes asked for."""

    def __init__(self, xml: bytes) -> None:
        check_plain(xml)
        root = _ROOT.search(xml)
        if not root:
            raise SheetRefused("damaged", "A sheet of the workbook cannot be read. Save it as .xlsx again.")
        self._xml = xml
        self._names = names(root[1] + b":" if root[1] else b"")
        opening = self._names.data.search(xml)
        if not opening:
            raise SheetRefused("damaged", "A sheet of the workbook has no cells. Save it as .xlsx again.")
        self._opening = opening
        closed = opening.group().endswith(b"/>")
        closing = b"</" + self._names.tag(b"sheetData")
        self._end = opening.end() if closed else xml.find(closing, opening.end())
        if self._end < 0:
            raise SheetRefused("damaged", "A sheet of the workbook was cut off. Save it as .xlsx again.")

    @cached_property
    def rows(self) -> list[RowXml]:
        """The rows in their order; one without a number follows on the last."""
        found: list[RowXml] = []
        number, closing = -1, b"</" + self._names.tag(b"row")
        for match in self._names.row.finditer(self._xml, self._opening.end(), self._end):
            attributes = _attributes(match[1])
            number = int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else number + 1
            if match[2]:
                found.append(RowXml(number, match.start(), match.end(), -1, -1, attributes))
                continue
            inner_end = self._xml.find(closing, match.end(), self._end)
            if inner_end < 0:
                raise SheetRefused("damaged", "A sheet of the workbook was cut off. Save it as .xlsx again.")
            end = self._xml.index(b">", inner_end) + 1
            found.append(RowXml(number, match.start(), end, match.end(), inner_end, attributes))
        return found

    def cells(self, row: RowXml) -> list[CellXml]:
        """The cells of a row; one without an address follows on the last."""
        found: list[CellXml] = []
        column, formula = -1, b"<" + self._names.tag(b"f")
        if row.inner_start < 0:
            return found
        for match in self._names.cell.finditer(self._xml, row.inner_start, row.inner_end):
            letters, style, kind, others, inner = match.groups(b"")
            if letters:
                column, style_words, kind_words = _column_of(letters), style.decode(), kind.decode()
            else:
                attributes = _attributes(others)
                place = place_of(attributes.get("r", ""))
                column = place[1] if place else column + 1
                style_words, kind_words = attributes.get("s", ""), attributes.get("t", "")
            found.append(
                CellXml(
                    (row.number, column),
                    match.start(),
                    match.end(),
                    kind_words or "n",
                    style_words,
                    inner,
                    formula in inner,
                )
            )
        return found

    def every_cell(self) -> Iterator[CellXml]:
        for row in self.rows:
            yield from self.cells(row)

    @cached_property
    def merged(self) -> tuple[Area, ...]:
        """The blocks of cells made one."""
        found = (
            area_of(_attributes(match[1]).get("ref", "")) for match in self._names.merged.finditer(self._xml, self._end)
        )
        return tuple(area for area in found if area)

    @cached_property
    def arrays(self) -> tuple[Area, ...]:
        """The cells that one formula fills together."""
        found: list[Area] = []
        if b"array" not in self._xml and b"dataTable" not in self._xml:
            return ()
        for match in self._names.array.finditer(self._xml, self._opening.end(), self._end):
            attributes = _attributes(match[1])
            area = area_of(attributes.get("ref", ""))
            if area and attributes.get("t") in ("array", "dataTable"):
                found.append(area)
        return tuple(found)

    def style_of_empty(self, place: Place, row: RowXml | None) -> str:
        """The style that a cell gets which is not there yet: that of its row, else of its column."""
        if row and row.attributes.get("customFormat") in ("1", "true"):
            return row.attributes.get("s", "")
        return next((style for area, style in self._columns if area[0] <= place[1] <= area[1]), "")

    def text_of(self, cell: CellXml, shared: Mapping[int, str]) -> str:
        """What a cell holds, as text; a number as the digits in the file."""
        if cell.kind == "inlineStr":
            return text_in(cell.inner, self._names)
        value = self._names.value.search(cell.inner)
        if not value:
            return ""
        text = unescaped(value[1])
        if cell.kind == "s":
            return shared.get(int(text), "") if text.isdecimal() else ""
        if cell.kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return text

    def patched(self, writes: Mapping[Place, tuple[str, bytes]]) -> tuple[bytes, tuple[Place, ...]]:
        """The part with cells put anew, and the addresses of the formulas whose kept values went.

        A write is the kind of the cell and its inner XML without a prefix. No cell may hold a formula.
        """
        by_row: dict[int, list[Place]] = {}
        for place in sorted(writes):
            by_row.setdefault(place[0], []).append(place)
        pieces = self._kept_values()
        dropped = [self._place_at(start) for start, _, _ in pieces]
        for row in self.rows:
            if asked := by_row.pop(row.number, None):
                pieces += self._in_row(row, asked, writes)
        pieces += self._new_rows(by_row, writes)
        out, done = [], 0
        for start, end, new in sorted(pieces, key=lambda piece: piece[0]):
            out += [self._xml[done:start], new]
            done = end
        out.append(self._xml[done:])
        return b"".join(out), tuple(dropped)

    def _kept_values(self) -> list[Piece]:
        """The values kept for formulas, to be taken out."""
        found = self._names.cached.finditer(self._xml, self._opening.end(), self._end)
        return [(*match.span(1), b"") for match in found]

    def _place_at(self, offset: int) -> Place:
        """The address of the cell that a byte stands in."""
        tag = b"<" + self._names.tag(b"c")
        start = self._xml.rfind(tag, 0, offset)
        usual = _USUAL.match(self._xml, start + len(tag))
        if usual:
            return int(usual[2]) - 1, _column_of(usual[1])
        row = self.rows[bisect_right(self.rows, offset, key=lambda row: row.start) - 1]
        return next(cell.place for cell in self.cells(row) if cell.start == start)

    def _in_row(self, row: RowXml, asked: list[Place], writes: Mapping[Place, tuple[str, bytes]]) -> list[Piece]:
        """The changes in a row that is there."""
        if row.inner_start < 0:
            # A row of nothing but its own height or style.
            new = b"".join(self._cell(place, *writes[place], self.style_of_empty(place, row)) for place in asked)
            return [(row.end - 2, row.end, b">" + new + b"</" + self._names.tag(b"row") + b">")]
        pieces: list[Piece] = []
        cells = self.cells(row)
        there = {cell.place: cell for cell in cells}
        for place in asked:
            cell = there.get(place)
            if cell:
                pieces.append((cell.start, cell.end, self._cell(place, *writes[place], cell.style)))
                continue
            follower = next((cell.start for cell in cells if cell.place > place), row.inner_end)
            new = self._cell(place, *writes[place], self.style_of_empty(place, row))
            pieces.append((follower, follower, new))
        return pieces

    def _new_rows(self, by_row: Mapping[int, list[Place]], writes: Mapping[Place, tuple[str, bytes]]) -> list[Piece]:
        """Rows that are not there yet, each before the first that is further down."""
        closed = self._opening.group().endswith(b"/>")
        pieces: list[Piece] = []
        for number, asked in by_row.items():
            tag = self._names.tag(b"row")
            cells = b"".join(self._cell(place, *writes[place], self.style_of_empty(place, None)) for place in asked)
            before = next((row.start for row in self.rows if row.number > number), self._end)
            pieces.append((before, before, b'<%s r="%d">%s</%s>' % (tag, number + 1, cells, tag)))
        if closed and pieces:
            start, end, tag = self._end - 2, self._end, self._names.tag(b"sheetData")
            return [(start, end, b">" + b"".join(new for _, _, new in pieces) + b"</" + tag + b">")]
        return pieces

    @cached_property
    def _columns(self) -> list[tuple[tuple[int, int], str]]:
        found = []
        for match in self._names.column.finditer(self._xml, 0, self._opening.start()):
            attributes = _attributes(match[1])
            if attributes.get("style") and attributes.get("min", "").isdecimal():
                last = attributes.get("max", attributes["min"])
                found.append(((int(attributes["min"]) - 1, int(last) - 1), attributes["style"]))
        return found

    def _cell(self, place: Place, kind: str, inner: bytes, style: str) -> bytes:
        tag = self._names.tag(b"c")
        head = b'<%s r="%s"' % (tag, address_of(place).encode())
        if style:
            head += b' s="%s"' % style.encode()
        if not inner:
            return head + b"/>"
        if kind != "n":
            head += b' t="%s"' % kind.encode()
        prefix = self._names.prefix
        body = re.sub(rb"<(/?)(v|is|t)(?=[\s>])", rb"<\1" + prefix + rb"\2", inner) if prefix else inner
        return head + b">" + body + b"</" + tag + b">"


def elements(xml: bytes, name: bytes) -> list[dict[str, str]]:
    """The attributes of each element of a name, whatever its prefix."""
    opening = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?" + name + rb"(?=[\s/>])(" + _ATTRIBUTES + rb")/?>")
    return [_attributes(match[1]) for match in opening.finditer(xml)]


def inline_text(text: str) -> bytes:
    """The inside of a cell that holds text as text, whatever it begins with."""
    escaped = _ESCAPED.sub(lambda found: f"_x005F{found.group()}", text)
    escaped = _CONTROL.sub(lambda found: f"_x{ord(found.group()):04X}_", escaped)
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<is><t xml:space="preserve">{escaped}</t></is>'.encode()


def text_in(xml: bytes, known: Names) -> str:
    """The text of an inline or shared string, its runs put together."""
    return "".join(unescaped(match[1]) for match in known.text.finditer(xml) if match[1] is not None)


def unescaped(xml: bytes) -> str:
    """Text as it was before XML and the workbook escaped it."""
    text = xml.decode("utf-8", "replace")
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _entity(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] == "x" else int(name[1:])
        return chr(number) if number <= 0x10FFFF else ""
    return _NAMED.get(name, found.group())


def _attributes(text: bytes) -> dict[str, str]:
    return {
        match[1].decode(): unescaped(match[2] if match[2] is not None else match[3])
        for match in _ATTRIBUTE.finditer(text)
    }
