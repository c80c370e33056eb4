"""A workbook like the one that is sent out each quarter, of our own making: what must survive being filled in.

Formulas with kept values, locked and open cells, validations, conditional formats, merged blocks, a chart, a picture,
names, a hidden sheet and a list sheet. Labels and sheets differ on purpose from those of the Hub's own workbook.
"""

import base64
import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGNkaGBgYGBgoAUGABOsAIk5l5RAAAAAAElFTkSuQmCC"
)
SOURCES = ("NHS minimum contribution", "Disabled Facilities Grant", "Additional contributions")


def blank(*, cover: str = "1. Cover", area: str = "Health and Wellbeing Board", extra_rows: int = 0) -> bytes:
    """The empty file; `cover` and `area` rename a sheet and a label, as happens from quarter to quarter."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 10, 1)})  # noqa: DTZ001 - a workbook keeps no time zone
    open_cell = book.add_format({"bg_color": "#FFFFCC", "border": 1, "locked": False})
    money = book.add_format({"num_format": "£#,##0.00", "border": 1, "locked": False})
    day = book.add_format({"num_format": "dd/mm/yyyy", "border": 1, "locked": False})
    _cover(book, cover, area, open_cell, day)
    _income(book, money, open_cell)
    _spending(book, money, open_cell, extra_rows)
    _lists(book, cover)
    book.close()
    return out.getvalue()


def _cover(book: xlsxwriter.Workbook, name: str, area: str, open_cell: Format, day: Format) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string("A1", "Quarterly return")
    sheet.merge_range("A2:D2", "Please complete every yellow cell.", book.add_format({"bold": True}))
    for row, label in enumerate((area, "Quarter", "Completed by", "Date of completion"), start=3):
        sheet.write_string(row, 1, label)
        sheet.write_blank(row, 2, None, day if "Date" in label else open_cell)
    sheet.merge_range("C9:D9", "", open_cell)
    sheet.write_string("B9", "Comments")
    sheet.write_formula("E4", '=IF(C4="","Please complete","")', None, "Please complete")
    sheet.data_validation("C7", {"validate": "date", "criteria": ">", "value": 40000})
    sheet.conditional_format("C4:C7", {"type": "blanks", "format": book.add_format({"bg_color": "#FFC7CE"})})
    sheet.insert_image("G2", "crest.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.protect("", {"select_locked_cells": True})


def _income(book: xlsxwriter.Workbook, money: Format, open_cell: Format) -> None:
    sheet = book.add_worksheet("3. Income")
    sheet.write_row("B3", ["Source", "Planned", "Actual", "Difference"])
    for row, source in enumerate(SOURCES, start=3):
        sheet.write_string(row, 1, source)
        sheet.write_blank(row, 2, None, money)
        sheet.write_blank(row, 3, None, money)
        sheet.write_formula(row, 4, f"=D{row + 1}-C{row + 1}", None, 0)
    total = 4 + len(SOURCES)
    sheet.write_string(total - 1, 1, "Total")
    sheet.write_formula(total - 1, 2, f"=SUM(C4:C{total - 1})", None, 0)
    sheet.write_formula(total - 1, 3, f"=SUM(D4:D{total - 1})", None, 0)
    sheet.data_validation("C4:D6", {"validate": "decimal", "criteria": ">=", "value": 0})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "Planned", "categories": "='3. Income'!$B$4:$B$6", "values": "='3. Income'!$C$4:$C$6"})
    sheet.insert_chart("G3", chart)
    sheet.protect("", {})
    book.define_name("IncomeTotal", f"='3. Income'!$C${total}")


def _spending(book: xlsxwriter.Workbook, money: Format, open_cell: Format, extra: int) -> None:
    sheet = book.add_worksheet("4. Expenditure")
    headings: Sequence[str] = ("Scheme ID", "Scheme name", "Planned expenditure", "Actual expenditure", "Remaining")
    sheet.write_row("A5", headings)
    for row in range(5, 25 + extra):
        sheet.write_blank(row, 0, None, open_cell)
        sheet.write_blank(row, 1, None, open_cell)
        sheet.write_blank(row, 2, None, money)
        sheet.write_blank(row, 3, None, money)
        sheet.write_formula(row, 4, f"=C{row + 1}-D{row + 1}", None, 0)
    sheet.protect("", {})


def _lists(book: xlsxwriter.Workbook, cover: str) -> None:
    checks = book.add_worksheet("Checklist")
    checks.write_formula(
        "A1", f'=IF(\'{cover}\'!C4="","Incomplete Template","Complete Template")', None, "Incomplete Template"
    )
    lists = book.add_worksheet("Lists")
    lists.write_column("A1", ["Yes", "No"])
    lists.hide()
