"""The scheme plan as a file: the template to fill in, and the shipped example as its paper printed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from integration_hub.core import emptyfigures
from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.spreadsheets import texts, writer
from integration_hub.core.spreadsheets.writer import Book, Box, SheetWriter
from pooled_budgets.domain.plan_sheet import BUDGET, LABELS, NAME, NOTE, NUMBER, outturn_label
from pooled_budgets.domain.position import PositionLine

SHEET: Final = "Scheme plan"
EMPTY_ROWS: Final = 40
_EXAMPLE: Final = Path(__file__).parent.parent / "data" / "plan_example.yaml"
_ABOUT_ROW: Final = 1
_HEADING_ROW: Final = 6
_BOLD: Final = {"bold": True}
_REMARK: Final = {"italic": True, "font_color": "#404040"}
_WIDTHS: Final = (14, 52, 20, 26, 48)
_HOW: Final = (
    "One row for each scheme. Budgets and outturns in pounds and pence. An outturn may be left empty, or be: nil, "
    "not applicable, suppressed, missing, not yet available until a date. The total row is optional: it is checked."
)


@dataclass(frozen=True)
class PlanRow:
    """A row of the file: amounts as Decimal pounds, or as the text that stands in the cell."""

    number: str
    name: str
    budget: Decimal | str | None
    outturn: Decimal | str | None
    note: str


@dataclass(frozen=True)
class PlanFile:
    """What a file says: whose plan of which year it is, its rows, and its total row where it has one."""

    area: str
    fund: str
    quarter: Quarter
    rows: tuple[PlanRow, ...]
    total: tuple[Decimal, Decimal] | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        return (
            LABELS[NUMBER],
            LABELS[NAME],
            f"{LABELS[BUDGET]} (£)",
            f"{outturn_label(self.quarter.number)} (£)",
            LABELS[NOTE],
        )

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        rows = (("Fund", self.fund), ("Area", self.area), ("Financial year", self.quarter.year.label))
        return tuple(row for row in rows if row[1])


def template(*, fund: str, area: str, quarter: Quarter, lines: Sequence[PositionLine]) -> PlanFile:
    """The fund's plan as it stands, to be filled in or changed."""
    rows = tuple(PlanRow(line.number, line.name, _budget(line), _outturn(line), line.note) for line in lines)
    return PlanFile(area, fund, quarter, rows)


@cache
def example() -> PlanFile:
    """The shipped example: Southwark's plan of 2014/15 as printed, its unreadable outturn included."""
    kept = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    rows = tuple(
        PlanRow(row["number"], row["name"], _printed(row["budget"]), _printed(row["outturn"]), row.get("note", ""))
        for row in kept["schemes"]
    )
    quarter = Quarter(FinancialYear.parse(kept["financial_year"]), kept["quarter"])
    total = Decimal(kept["total"]["budget"]), Decimal(kept["total"]["outturn"])
    return PlanFile(kept["area"], "", quarter, rows, total)


def is_example_for(area: str, year: FinancialYear) -> bool:
    """Whether the shipped example is the plan of this area and year."""
    return (example().area, example().quarter.year) == (area, year)


def workbook(plan: PlanFile) -> bytes:
    """The plan as an .xlsx file; the same plan gives the same bytes."""
    created = datetime.combine(plan.quarter.year.starts_on, time(12), tzinfo=UTC)
    book = Book(title=f"Scheme plan, {plan.area} {plan.quarter.year.label}", created=created)
    sheet = book.sheet(SHEET, widths=_WIDTHS, freeze=(_HEADING_ROW + 1, 2), repeat_header=_HEADING_ROW)
    sheet.write_text(0, 0, f"Scheme plan {plan.quarter.year.label}", writer.TITLE)
    for number, (label, value) in enumerate(plan.about):
        sheet.write_text(_ABOUT_ROW + number, 0, label, _BOLD)
        sheet.write_text(_ABOUT_ROW + number, 1, value)
    sheet.write_text(_HEADING_ROW - 1, 0, _HOW, _REMARK)
    sheet.write_header(_HEADING_ROW, plan.headings)
    for number, row in enumerate(plan.rows, start=_HEADING_ROW + 1):
        _write_row(sheet, number, row)
    _write_end(sheet, plan)
    return book.finish()


def csv_file(plan: PlanFile) -> bytes:
    """The plan as a .csv file."""
    total = [("Total", "", *plan.total, "")] if plan.total else []
    rows = [(row.number, row.name, row.budget, row.outturn, row.note) for row in plan.rows]
    return texts.csv_bytes([*plan.about, (), plan.headings, *rows, *total])


def download_name(plan: PlanFile, suffix: str) -> str:
    return texts.download_name(f"Scheme plan {plan.area} {plan.quarter.year.label}", suffix)


def _write_row(sheet: SheetWriter, number: int, row: PlanRow) -> None:
    sheet.write_text(number, 0, row.number, writer.INPUT)
    sheet.write_text(number, 1, row.name, writer.INPUT, writer.WRAPPED)
    for column, amount in ((2, row.budget), (3, row.outturn)):
        _write_amount(sheet, number, column, amount)
    sheet.write_text(number, 4, row.note, writer.INPUT, writer.WRAPPED)


def _write_amount(sheet: SheetWriter, row: int, column: int, amount: Decimal | str | None) -> None:
    if isinstance(amount, Decimal):
        sheet.write_money(row, column, amount, writer.INPUT)
    elif amount:
        sheet.write_text(row, column, amount, writer.INPUT, {"align": "right"})
    else:
        sheet.write_blank(row, column, {"num_format": writer.MONEY_FORMAT}, writer.INPUT)


def _write_end(sheet: SheetWriter, plan: PlanFile) -> None:
    """Room for more schemes in a template; the printed total in a plan that has one."""
    first = _HEADING_ROW + 1 + len(plan.rows)
    if plan.total:
        sheet.write_text(first, 0, "Total", _BOLD)
        for column, amount in enumerate(plan.total, start=2):
            sheet.write_money(first, column, amount, _BOLD)
        return
    for number in range(first, first + EMPTY_ROWS):
        _write_row(sheet, number, PlanRow("", "", None, None, ""))
    last = first + EMPTY_ROWS
    sheet.write_text(last, 0, "Total", _BOLD)
    sheet.write_text(last, 1, "Optional: the printed total, to check the column against", _REMARK)
    for column in (2, 3):
        sheet.write_blank(last, column, {"num_format": writer.MONEY_FORMAT}, writer.INPUT)
    sheet.allow_money(Box(_HEADING_ROW + 1, 2, last, 2), title="Budget")
    sheet.allow_length(Box(_HEADING_ROW + 1, 1, last - 1, 1), maximum=200, title="Scheme")


def _budget(line: PositionLine) -> Decimal | str | None:
    return line.budget if line.budget is not None else emptyfigures.words(line.budget_state)


def _outturn(line: PositionLine) -> Decimal | str | None:
    if not line.is_recorded:
        return None
    if line.outturn is not None and line.outturn_state == "stated":
        return line.outturn
    return emptyfigures.words(line.outturn_state, until=line.available_on)


def _printed(value: int | str) -> Decimal | str:
    return Decimal(value) if isinstance(value, int) else value
