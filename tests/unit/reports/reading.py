"""Reads our documents back, each as what a person with a screen reader gets: text by its place in the structure.

White space is taken out of every text, since each format breaks its lines elsewhere.
"""

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import docx
import pikepdf
from docx.oxml.ns import qn

from integration_hub.core.documents.blocks import Bullets, Cell, Chart, Document, Heading, KeyValue, NumberedList, Table
from integration_hub.core.documents.palette import TONES

Tables = list[list[list[str]]]
VOID = {"br", "meta", "link", "img", "hr"}


@dataclass
class Read:
    """What was found in one document, in reading order."""

    headings: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    tables: Tables = field(default_factory=list)
    everything: str = ""


def squeeze(text: str) -> str:
    """The text without white space and without the shapes that stand beside a status."""
    for tone in TONES.values():
        text = text.removeprefix(tone.symbol)
    return "".join(text.split())


def amounts(text: str) -> list[str]:
    """Every amount of money and percentage in a text, sorted, each as often as it stands there."""
    return sorted(re.findall(r"[+\N{MINUS SIGN}]?£[\d,]+(?:\.\d\d)?|\d+(?:\.\d+)?%", text))


def of_blocks(document: Document) -> Read:
    """What each format ought to hold."""
    read = Read()
    for block in (document.head, *document.blocks):
        if isinstance(block, Heading):
            read.headings.append(squeeze(block.text))
        elif isinstance(block, NumberedList):
            assert block.start == len(read.numbered) + 1
            read.numbered += [squeeze(item) for item in block.items]
        elif isinstance(block, Bullets):
            read.bullets += [squeeze(item) for item in block.items]
        elif isinstance(block, KeyValue):
            read.pairs += [(squeeze(label), squeeze("".join(values))) for label, values in block.rows]
        if isinstance(block, Chart):
            for position in range(len(block.panels)):
                again = " (continued)" if position else ""
                read.captions.append(squeeze(f"Figure {block.number}: {block.title}{again}"))
        table = block.table if isinstance(block, Chart) else block
        if isinstance(table, Table):
            read.captions.append(squeeze(f"Table {table.number}: {table.caption}"))
            read.tables.append(_table_of_blocks(table))
    return read


def _table_of_blocks(table: Table) -> list[list[str]]:
    rows = [*table.rows, *([table.total] if table.total else [])]
    return [[squeeze(column.title) for column in table.columns], *([_cell(cell) for cell in row] for row in rows)]


def _cell(cell: Cell) -> str:
    return squeeze(cell.text + "".join(cell.details))


# Word


def of_word(content: bytes) -> Read:
    """Read a .docx file by its styles."""
    word = docx.Document(io.BytesIO(content))
    read = Read()
    texts = []
    for paragraph in word.paragraphs:
        text = "".join(node.text or "" for node in paragraph._p.iter(qn("w:t")))
        texts.append(text)
        style = paragraph.style.name if paragraph.style is not None else ""
        if style in ("Heading 1", "Heading 2"):
            read.headings.append(squeeze(text))
        elif style == "Report Paragraph":
            read.numbered.append(squeeze(text))
        elif style == "List Bullet":
            read.bullets.append(squeeze(text))
        elif style == "Caption":
            read.captions.append(squeeze(text))
    for table in word.tables:
        rows = [[squeeze(cell.text) for cell in row.cells] for row in table.rows]
        texts += [cell.text for row in table.rows for cell in row.cells]
        if table.style is not None and table.style.name == "Report Table":
            read.tables.append(rows)
        else:
            read.pairs += [(label, value) for label, value in rows]
    read.everything = " ".join(texts)
    return read


# HTML


@dataclass
class Element:
    """One element with its children, text among them."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def every(self, *names: str) -> list["Element"]:
        """All elements below with one of the names, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child.name in names:
                    found.append(child)
                found += child.every(*names)
        return found


class _TreeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def html_tree(markup: str) -> Element:
    """Parse markup strictly: every element that is opened is closed, in its turn."""
    reader = _TreeReader()
    reader.feed(markup)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[element.name for element in reader.open[1:]]}"
    return reader.open[0]


def of_html(markup: str) -> Read:
    """Read a report's page by its elements."""
    tree = html_tree(markup)
    read = Read(everything=" ".join(child.text() for child in _without_drawings(tree)))
    read.headings = [squeeze(heading.text()) for heading in tree.every("h2", "h3")]
    for listing in tree.every("ol"):
        assert listing.attributes["start"] == str(len(read.numbered) + 1)
        read.numbered += [squeeze(item.text()) for item in listing.every("li")]
    read.bullets = [squeeze(item.text()) for listing in tree.every("ul") for item in listing.every("li")]
    labels, values = tree.every("dt"), tree.every("dd")
    read.pairs = [(squeeze(a.text()), squeeze(b.text())) for a, b in zip(labels, values, strict=True)]
    read.captions = [squeeze(caption.text()) for caption in tree.every("caption", "figcaption")]
    read.tables = [
        [[_html_cell(cell) for cell in row.every("th", "td")] for row in table.every("tr")]
        for table in tree.every("table")
    ]
    return read


def _html_cell(cell: Element) -> str:
    return squeeze(squeeze(cell.text()))


def _without_drawings(tree: Element) -> list[Element]:
    """The elements that hold words of the report itself: the drawing repeats the table's."""
    for element in tree.every("figure"):
        element.children = [
            child for child in element.children if not (isinstance(child, Element) and child.name == "svg")
        ]
    return [tree]


# PDF


@dataclass
class Tag:
    """One element of a PDF's structure, with its text in reading order."""

    name: str
    alternative: str
    scope: str
    children: list["Tag | str"] = field(default_factory=list)

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def every(self, *names: str) -> list["Tag"]:
        """All tags below with one of the names, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Tag):
                if child.name in names:
                    found.append(child)
                found += child.every(*names)
        return found


def pdf_tree(content: bytes) -> Tag:
    """A PDF's structure tree with the text that each element marks."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        texts = {page.objgen: _marked_texts(page) for page in pdf.pages}
        return _tag(pdf.Root.StructTreeRoot, texts, None)


def of_pdf(content: bytes) -> Read:
    """Read a PDF by its tags alone, as assistive technology does."""
    tree = pdf_tree(content)
    read = Read(everything=tree.text())
    read.headings = [squeeze(tag.text()) for tag in tree.every("H1", "H2", "H3")]
    for item in tree.every("LI"):
        (label,), (body,) = item.every("Lbl"), item.every("LBody")
        if squeeze(label.text())[:-1].isdigit():
            assert squeeze(label.text()) == f"{len(read.numbered) + 1}."
            read.numbered.append(squeeze(body.text()))
        else:
            read.bullets.append(squeeze(body.text()))
    for grid in tree.every("Div"):
        cells = [squeeze(cell.text()) for cell in grid.children if isinstance(cell, Tag) and cell.name == "Div"]
        read.pairs += list(zip(cells[::2], cells[1::2], strict=True))
    read.captions = [squeeze(tag.text()) for tag in tree.every("Caption")]
    read.tables = [
        [[squeeze(squeeze(cell.text())) for cell in row.every("TH", "TD")] for row in table.every("TR")]
        for table in tree.every("Table")
    ]
    return read


def _tag(node: Any, texts: dict[tuple[int, int], dict[int, str]], page: Any) -> Tag:
    page = node.get("/Pg", page)
    tag = Tag(str(node.get("/S", "/Root"))[1:], str(node.get("/Alt", "")), _scope(node))
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, int):
            tag.children.append(texts[page.objgen].get(child, ""))
        elif child.get("/Type") == "/MCR":
            tag.children.append(texts[child.get("/Pg", page).objgen].get(int(child.MCID), ""))
        elif "/S" in child:
            tag.children.append(_tag(child, texts, page))
    return tag


def _scope(node: Any) -> str:
    attributes = node.get("/A", [])
    for attribute in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(attribute, pikepdf.Dictionary) and "/Scope" in attribute:
            return str(attribute.Scope)[1:]
    return ""


def _marked_texts(page: pikepdf.Page) -> dict[int, str]:
    """The text of each marked content id on a page, decoded by the fonts' own tables."""
    fonts = {name: _character_map(font) for name, font in page.resources.get("/Font", {}).items()}
    found: dict[int, str] = {}
    stack: list[int | None] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            known = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
            stack.append(int(properties.MCID) if known else None)
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            current = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            owner = next((mark for mark in reversed(stack) if mark is not None), None)
            if owner is not None:
                found[owner] = found.get(owner, "") + _decode(operands[0], current)
    return found


def _decode(shown: Any, characters: dict[int, str]) -> str:
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    words = ""
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            codes = bytes(piece)
            words += "".join(
                characters[int.from_bytes(codes[start : start + 2], "big")] for start in range(0, len(codes), 2)
            )
    return words


def _character_map(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("latin-1")
    characters: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            characters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for section in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            for offset in range(int(last, 16) - int(first, 16) + 1):
                character = bytes.fromhex(text).decode("utf-16-be")
                characters[int(first, 16) + offset] = character[:-1] + chr(ord(character[-1]) + offset)
    return characters
