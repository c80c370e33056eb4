"""The blocks of a report: words and printed figures in reading order, before any file format.

The three renderers draw these and add nothing of substance, so a figure cannot differ between page, Word
and PDF.
"""

from dataclasses import asdict, dataclass
from typing import Any

from integration_hub.core.charts import Panel


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the first below the report's title."""

    text: str
    level: int


@dataclass(frozen=True)
class NumberedList:
    """Paragraphs that follow one another in the report's single run of numbers, from `start` on."""

    items: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Bullets:
    """Unnumbered items that belong to the paragraph before them."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """Words set apart from the text. Tone: plain, illustrative or warning."""

    title: str
    lines: tuple[str, ...]
    tone: str = "plain"


@dataclass(frozen=True)
class KeyValue:
    """Labels and their values, such as the head of a committee report. `label` says what the whole is."""

    label: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    boxed: bool = False


@dataclass(frozen=True)
class Column:
    """A table's column; `width` is its part of the whole in percent."""

    title: str
    width: int
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: its text, smaller lines below it, and, for a status, the key of its tone."""

    text: str
    details: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption and a header row; with `row_names` the first column names each row.

    `keep_together` asks for the whole table on one page; it is set only where that surely fits.
    """

    number: int
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = ()
    row_names: bool = False
    keep_together: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart in one or more pictures on one scale, and the table that gives the same figures."""

    number: int
    title: str
    description: str
    panels: tuple[Panel, ...]
    table: Table


Block = Heading | NumberedList | Bullets | Note | KeyValue | Table | Chart


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be drawn. `running` goes at the top of each page, `foot` at the bottom."""

    title: str
    made_for: str
    made_at: str
    running: str
    foot: str
    exempt: bool
    head: KeyValue
    blocks: tuple[Block, ...]


def kind_of(block: Block) -> str:
    """The block's name in templates and in the PDF's data: "heading", "numbered_list", …"""
    return {NumberedList: "numbered_list", KeyValue: "key_value"}.get(type(block), type(block).__name__.lower())


def as_data(document: Document) -> dict[str, Any]:
    """The document as plain lists and objects, each block with its `kind`, for JSON."""
    data = asdict(document)
    for block, entry in zip(document.blocks, data["blocks"], strict=True):
        entry["kind"] = kind_of(block)
    return data
