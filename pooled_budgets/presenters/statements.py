"""The settlement statement of one partner as a Word file and a workbook, from the frozen settlement alone.

It is what goes out with the invoices: what the partner was to contribute and what came in, its part of the over- or
underspend, and each invoice line. The lines say what the page says, to the penny.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from integration_hub.core.documents import word
from integration_hub.core.documents.blocks import Block, Document, Heading, KeyValue, Note
from integration_hub.core.money import pounds
from integration_hub.core.spreadsheets import writer
from pooled_budgets.models import Settlement
from pooled_budgets.presenters import settlement as words
from pooled_budgets.presenters import settlement_files as files
from pooled_budgets.presenters.settlement import PartnerStatement, Table
from pooled_budgets.selectors.settlement import approval_of

_FOOT = "Drawn from the frozen settlement. A partner accounts for its own share."


@dataclass(frozen=True)
class Statement:
    """A partner's statement ready to be drawn."""

    title: str
    partner: str
    is_draft: bool
    remarks: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    sentence: str
    tables: tuple[Table, ...]
    certificate: tuple[tuple[str, str], ...]
    made_for: str
    made_at: str


def statement(found: Settlement, key: str, replaced_by: Settlement | None = None) -> Statement | None:
    """The statement of the partner with that key; None where the settlement has no such partner. No query."""
    content = found.content
    row = next((row for row in content["partners"] if row["key"] == key), None)
    if row is None:
        return None
    of_partner: PartnerStatement = next(made for made in words.statements(content) if made.key == key)
    approval = approval_of(found)
    return Statement(
        title=f"Settlement statement for {of_partner.name}: {content['fund']} {content['year']}",
        partner=of_partner.name,
        is_draft=approval is None,
        remarks=files.remarks(found, replaced_by, "statement"),
        about=(("Fund", content["fund"]), *words.about(content)),
        sentence=of_partner.sentence,
        tables=(_contributions(content, key, of_partner.name), _shares(row, of_partner.name), of_partner.lines),
        certificate=(
            *files.answered_for(found),
            ("Settlement", f"Number {found.number}, SHA-256 {found.sha256}"),
        ),
        made_for=words.name_of(content, content["host"]),
        made_at=(approval.at if approval else found.prepared_at).isoformat(),
    )


def word_file(found: Statement) -> bytes:
    """The statement as .docx."""
    blocks: list[Block] = []
    if found.remarks:
        blocks.append(Note("Draft" if found.is_draft else "Note", found.remarks, tone="warning"))
    blocks.append(Note("In short", (found.sentence,)))
    number = 0
    for table in found.tables:
        if table.rows:
            number += 1
            blocks.append(files.table_block(number, table))
        else:
            blocks.append(Note(table.caption, ("None.",)))
    blocks += [Heading("Who answers for it", 1), KeyValue("Who answers for it", files.key_values(found.certificate))]
    return word.render(
        Document(
            title=f"{found.title}{' (draft)' if found.is_draft else ''}",
            made_for=found.made_for,
            made_at=found.made_at,
            running="Draft" if found.is_draft else "Settlement",
            foot=_FOOT,
            exempt=False,
            head=KeyValue("The settlement", files.key_values(found.about), boxed=True),
            blocks=tuple(blocks),
        )
    )


def workbook(found: Statement) -> bytes:
    """The statement as .xlsx: amounts are numbers."""
    book = writer.Book(title=found.title, created=datetime.fromisoformat(found.made_at))
    sheet = book.sheet("Settlement statement", widths=[52, 52, 24, 24, 24], freeze=(1, 0))
    sheet.write_text(0, 0, f"{found.title}{' (draft)' if found.is_draft else ''}", writer.TITLE)
    row = 1
    for remark in (*found.remarks, found.sentence):
        sheet.write_text(row, 0, remark, files.BOLD)
        row += 1
    for label, text in (*found.about, *found.certificate):
        sheet.write_text(row, 0, label)
        sheet.write_text(row, 1, text)
        row += 1
    for table in found.tables:
        row = files.write_table(sheet, table, row + 1)
        if not table.rows:
            sheet.write_text(row, 0, "None.")
            row += 1
    return book.finish()


def _contributions(content: Mapping[str, Any], key: str, name: str) -> Table:
    """What the partner was to put in, and what came in of it."""
    made = words.contributions_table(
        {**content, "contributions": [row for row in content["contributions"] if row["payer"] == key]}
    )
    without_payer = [(row[0], *row[2:]) for row in (*made.rows, made.total)]
    return Table(
        f"Contributions of {name}",
        ("Source", "Contribution", "Received", "Outstanding"),
        tuple(without_payer[:-1]),
        without_payer[-1] if made.rows else (),
        (1, 2, 3),
    )


def _shares(row: Mapping[str, Any], name: str) -> Table:
    """How what the partner pays or gets comes about."""
    lines = (
        ("Outstanding contribution", Decimal(row["outstanding"])),
        ("Share of overspend", Decimal(row["pays"])),
        ("By decision of the board", Decimal(row["decided"])),
        ("Share of underspend, to be received", -Decimal(row["receives"])),
    )
    net = Decimal(row["net"])
    says = f"Pays in all {pounds(net)}" if net > 0 else f"Gets in all {pounds(-net)}" if net < 0 else "In all"
    return Table(f"What {name} pays and gets", ("Line", "Amount"), lines, (says, net), (1,))
