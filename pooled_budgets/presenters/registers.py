"""The registers beside agreements as columns and files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from integration_hub.core.quarters import FinancialYear
from integration_hub.core.spreadsheets import texts, writer
from integration_hub.core.states import state_words

Cell = str | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """A column of a register, and how its value is read off a row."""

    label: str
    value: Callable[[Any], Cell]


def _amount(row: Any) -> Cell:
    """Never nought for an amount that is not known."""
    return row.amount if row.amount is not None else state_words(row.state).capitalize()


_SHARED = (
    Column("Value", _amount),
    Column("Owner", lambda row: str(row.owner)),
    Column("Agreement", lambda row: row.agreement.title),
    Column("Area", lambda row: row.agreement.area.name),
    Column("Note", lambda row: row.note),
    Column("Seen by", lambda row: "The parties" if row.released_at else "Its owner alone"),
)
ALIGNED = (
    Column("Service", lambda row: row.service),
    Column("Year", lambda row: FinancialYear(row.financial_year).label),
    Column("Review date", lambda row: row.review_on or "Not stated"),
    Column("Candidate for pooling", lambda row: "Yes" if row.candidate else "No"),
    *_SHARED,
)
CONTRACTS = (
    Column("Service", lambda row: row.service),
    Column("Provider", lambda row: row.provider),
    Column("Scheme", lambda row: str(row.scheme) if row.scheme else "None"),
    Column("First day", lambda row: row.starts_on or "Not stated"),
    Column("Last day", lambda row: row.ends_on or "Not stated"),
    Column("How it was procured", lambda row: row.route_words),
    *_SHARED,
)


def cells(columns: Iterable[Column], row: Any) -> list[Cell]:
    return [column.value(row) for column in columns]


def csv_file(columns: tuple[Column, ...], rows: Iterable[Any]) -> bytes:
    return texts.csv_bytes([[column.label for column in columns], *(cells(columns, row) for row in rows)])


def workbook(title: str, columns: tuple[Column, ...], rows: Iterable[Any], *, on: date) -> bytes:
    """The register as an .xlsx file: text stays text, amounts are numbers, and a day is a date."""
    book = writer.Book(title=title, created=datetime(on.year, on.month, on.day, tzinfo=UTC))
    sheet = book.sheet(title, widths=[24] * len(columns), freeze=(1, 1), repeat_header=0)
    sheet.write_header(0, [column.label for column in columns])
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(cells(columns, row)):
            if isinstance(value, Decimal):
                sheet.write_money(number, place, value)
            elif isinstance(value, date):
                sheet.write_date(number, place, value)
            else:
                sheet.write_text(number, place, value or "", writer.WRAPPED)
    return book.finish()
