"""What the files of a settlement have in common: how its tables are drawn, what has to be said of it, who answers."""

from collections.abc import Iterable
from decimal import Decimal

from integration_hub.core.dates import long_date
from integration_hub.core.documents.blocks import Cell, Column
from integration_hub.core.documents.blocks import Table as DocumentTable
from integration_hub.core.spreadsheets import writer
from pooled_budgets.models import Settlement
from pooled_budgets.presenters import settlement as words
from pooled_budgets.presenters.settlement import Table, Value
from pooled_budgets.selectors.settlement import approval_of

DRAFT = "Draft: nobody has approved this settlement yet."
ILLUSTRATIVE = "Illustrative: no document states these rules or figures."
BOLD = {"bold": True}


def remarks(found: Settlement, replaced_by: Settlement | None, file: str) -> tuple[str, ...]:
    """What has to be said before the first figure of a `file`: that it is a draft, that another took its place."""
    said = [] if approval_of(found) else [DRAFT]
    if replaced_by is not None:
        approval = approval_of(replaced_by)
        on = f" on {long_date(approval.on)}" if approval else ""
        said.append(f"Replaced: settlement {replaced_by.number} took its place{on}. This {file} holds no more.")
    if found.content["illustrative"]:
        said.append(ILLUSTRATIVE)
    if Decimal(found.content["account"]["unresolved"]):
        said.append(words.unresolved_words(found.content)[0])
    return tuple(said)


def answered_for(found: Settlement) -> tuple[tuple[str, str], ...]:
    """Who prepared and who approved a settlement, and what allowed it."""
    approval = approval_of(found)
    approved = "Not approved yet"
    if approval:
        approved = f"{approval.approved_by_name} for {approval.approved_for}, {long_date(approval.on)}"
    return (
        ("Prepared by", f"{found.prepared_by_name}, {long_date(found.prepared_at)}"),
        ("Approved by", approved),
        ("Allowed by", str(approval.authority) if approval else "Nothing yet"),
    )


def write_table(sheet: writer.SheetWriter, table: Table, row: int, *, caption: bool = True) -> int:
    """Write a table from a row on; the first row below it."""
    if caption:
        sheet.write_text(row, 0, table.caption, BOLD)
        row += 1
    sheet.write_header(row, table.columns)
    for cells in (*table.rows, *([table.total] if table.total else [])):
        row += 1
        style = BOLD if cells is table.total else {}
        for place, value in enumerate(cells):
            if isinstance(value, Decimal):
                sheet.write_money(row, place, value, style)
            else:
                sheet.write_text(row, place, value, style)
    return row + 1


def table_block(number: int, table: Table) -> DocumentTable:
    """A table as a block of a Word file; `number` is that of its caption."""
    rest = len(table.columns) - 1
    first = 46 if rest <= 2 else 25
    columns = tuple(
        Column(label, first if place == 0 else (100 - first) // rest, numeric=place in table.numeric)
        for place, label in enumerate(table.columns)
    )
    return DocumentTable(
        number=number,
        caption=table.caption,
        columns=columns,
        rows=tuple(_cells(row) for row in table.rows),
        total=_cells(table.total) if table.total else None,
        row_names=True,
    )


def _cells(row: Iterable[Value]) -> tuple[Cell, ...]:
    return tuple(Cell(value if isinstance(value, str) else words.amount_words(value)) for value in row)


def key_values(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Labels and texts as the rows of a block."""
    return tuple((label, (text,)) for label, text in rows)
