"""A report as HTML: a fragment for our own page, and a whole file that stands alone when saved to disk."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from integration_hub.core.documents.blocks import Block, Cell, Chart, Document, Table, kind_of
from integration_hub.core.documents.palette import TONES

STYLE_SHEET: Final = Path(__file__).resolve().parents[1] / "static" / "reports" / "document.css"


def fragment(document: Document) -> SafeString:
    """The report below its title, its headings starting at h2, for a page that loads `reports/document.css`.

    It holds no script, no style element and no style attribute. Its ids all begin with "report-".
    """
    return render_to_string("reports/document/document.html", _context(document))


def standalone(document: Document) -> bytes:
    """The whole report as one HTML file in UTF-8, with its style inside."""
    page = render_to_string("reports/document/standalone.html", {**_context(document), "style": _style()})
    return page.encode()


def _context(document: Document) -> dict[str, Any]:
    return {"document": document, "entries": [_entry(block) for block in document.blocks]}


def _entry(block: Block) -> dict[str, Any]:
    entry: dict[str, Any] = {"block": block, "template": f"reports/document/{kind_of(block)}.html"}
    if isinstance(block, Chart):
        # Safe: drawn by our own chart module, which escapes every word that it is given.
        entry["drawings"] = [mark_safe(panel.svg) for panel in block.panels]  # noqa: S308
    table = block.table if isinstance(block, Chart) else block
    if isinstance(table, Table):
        entry["table"] = table
        entry["rows"] = [_cells(table, row, named=table.row_names) for row in table.rows]
        entry["total"] = _cells(table, table.total, named=True) if table.total else None
    return entry


def _cells(table: Table, row: tuple[Cell, ...], *, named: bool) -> list[dict[str, Any]]:
    return [
        {
            "text": cell.text,
            "details": cell.details,
            "tone": TONES.get(cell.tone),
            "tone_name": cell.tone,
            "numeric": column.numeric,
            "names_row": named and position == 0,
        }
        for position, (cell, column) in enumerate(zip(row, table.columns, strict=True))
    ]


@cache
def _style() -> SafeString:
    # Safe: our own file, with nothing of any report in it.
    return mark_safe(STYLE_SHEET.read_text(encoding="utf-8"))  # noqa: S308
