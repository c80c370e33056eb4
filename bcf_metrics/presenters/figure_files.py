"""The file of a quarter's metric figures: made with what stands, and what it is read against."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from bcf_metrics.domain import figure_sheet
from bcf_metrics.domain.figure_sheet import About, Known
from bcf_metrics.domain.progress import Basis
from bcf_metrics.models import QuarterlyReturn
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.series import multiplier_of
from integration_hub.core.spreadsheets.texts import csv_bytes, download_name
from integration_hub.core.spreadsheets.writer import HEADER, INPUT, PREFILLED, TITLE, WRAPPED, Book

WIDTHS = (14.0, 48.0, 24.0, 14.0, 14.0, 24.0, 50.0, 40.0, 12.0)
TYPED = range(3, 8)


@dataclass(frozen=True)
class FigureFile:
    """A file with the name that it is saved under."""

    filename: str
    content: bytes


def about(quarterly_return: QuarterlyReturn) -> About:
    return About(quarterly_return.fund.agreement.area.name, quarterly_return.fund.name, quarterly_return.period.label)


def known(rows: Sequence[FigureRow]) -> list[Known]:
    """The metrics as a file of figures is read against them."""
    return [
        Known(
            key=row.key,
            code=row.code,
            name=row.indicator,
            unit=row.plan.unit,
            places=row.plan.metric.precision,
            multiplier=multiplier_of(row.plan),
            value_period=usual_period(row),
            entered=row.entered,
        )
        for row in rows
    ]


def usual_period(row: FigureRow) -> str:
    """A target for one stated period is compared with a figure for the same."""
    return row.plan.target_period if row.plan.basis == Basis.SAME_PERIOD else ""


def template(quarterly_return: QuarterlyReturn, rows: Sequence[FigureRow], *, kind: str) -> FigureFile:
    """The sheet with the figures as they stand, as "xlsx" or "csv"."""
    told = about(quarterly_return)
    sheet = figure_sheet.template(told, known(rows))
    name = download_name(f"Metric figures {told.area} {told.period}", kind)
    return FigureFile(name, csv_bytes(sheet) if kind == "csv" else _workbook(told, sheet))


def _workbook(told: About, sheet: Sequence[Sequence[str | Decimal]]) -> bytes:
    book = Book(title=f"{figure_sheet.TITLE}: {told.area}, {told.period}", created=timezone.now(), subject=told.fund)
    header = list(sheet).index(list(figure_sheet.HEADINGS))
    page = book.sheet(figure_sheet.TITLE, widths=WIDTHS, protected=True, freeze=(header + 1, 2), repeat_header=header)
    for number, row in enumerate(sheet):
        for column, value in enumerate(row):
            style = {} if number < header else INPUT if column in TYPED else PREFILLED
            style = TITLE if number == 0 else HEADER if number == header else style | WRAPPED
            if isinstance(value, Decimal):
                page.write_number(number, column, value, {"num_format": "#,##0.####"}, style)
            else:
                page.write_text(number, column, value, style)
    return book.finish()
