"""Workbooks out, through XlsxWriter: text stays text, money stays a number, and the same content gives the same bytes.

Rows and columns count from 0, as in XlsxWriter. What XlsxWriter would drop with a warning is a ValueError here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from integration_hub.core.money import NIL
from integration_hub.core.spreadsheets.texts import looks_like_formula

AUTHOR: Final = "Integration Hub"
LONGEST_TEXT: Final = 32_767
LARGEST_ENTRY: Final = Decimal("100000000.00")

MONEY_FORMAT: Final = '£#,##0.00;"\N{MINUS SIGN}"£#,##0.00'
DATE_FORMAT: Final = "d mmmm yyyy"

# Dark enough on its background for WCAG AA, and told by its border too where colour is not seen.
HEADER: Final[dict[str, Any]] = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "font_color": "#FFFFFF",
    "bg_color": "#1D3557",
    "border": 1,
}
TITLE: Final[dict[str, Any]] = {"bold": True, "font_size": 16}
INPUT: Final[dict[str, Any]] = {
    "bg_color": "#FFF8D6",
    "border": 1,
    "border_color": "#8A8A8A",
    "locked": False,
}
PREFILLED: Final[dict[str, Any]] = {"bg_color": "#E6EEF5", "border": 1, "border_color": "#8A8A8A"}
NOT_RELEVANT: Final[dict[str, Any]] = {"bg_color": "#D9D9D9", "font_color": "#404040", "italic": True}
WRAPPED: Final[dict[str, Any]] = {"text_wrap": True, "valign": "top"}


class _Sheet(Worksheet):
    """A sheet whose formulas are written as they are.

    XlsxWriter looks through each formula, the texts in it too, for some 120 names of functions that came after 2007,
    which is more than half of a large workbook's time and changes a text that has one of them before a bracket.
    Ours use none of those functions.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


@dataclass(frozen=True)
class Box:
    """A rectangle of cells, corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Book:
    """A workbook in the making; `finish` gives its bytes. `created` is the content's own moment, never the clock's."""

    def __init__(self, *, title: str, created: datetime, subject: str = "") -> None:
        self._bytes = BytesIO()
        # Excel keeps no time zone: the document property takes the moment as it is told.
        moment = created.replace(tzinfo=None, microsecond=0)
        self.workbook = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_date_format": DATE_FORMAT,
            },
        )
        self.workbook.set_properties(
            {"title": title, "subject": subject, "author": AUTHOR, "company": "", "created": moment}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        *,
        widths: Sequence[float] = (),
        freeze: tuple[int, int] | None = None,
        protected: bool = False,
        landscape: bool = True,
        repeat_header: int | None = None,
    ) -> "SheetWriter":
        """Add a sheet: column widths in characters, rows and columns that stay in view, A4 one page wide.

        `protected` locks every cell whose style does not say `locked: False`; it has no password, since it guards
        against slips. `repeat_header` is the row printed on top of every page.
        """
        worksheet = self.workbook.add_worksheet(sheet_name(name, self._names), _Sheet)
        self._names.add(worksheet.get_name().casefold())
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width)
        if freeze:
            worksheet.freeze_panes(*freeze)
        if protected:
            worksheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        if landscape:
            worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        if repeat_header is not None:
            worksheet.repeat_rows(repeat_header)
        return SheetWriter(self, worksheet)

    def style(self, *parts: dict[str, Any]) -> Format:
        """The format of several styles laid over each other, the later ones winning; made once."""
        properties: dict[str, Any] = {}
        for part in parts:
            properties |= part
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def define_name(self, name: str, sheet: "SheetWriter", box: Box) -> None:
        """Give cells a name of the workbook, such as Cover_prepared_by."""
        first = _absolute(box.first_row, box.first_column)
        last = _absolute(box.last_row, box.last_column)
        where = first if first == last else f"{first}:{last}"
        quoted = sheet.name.replace("'", "''")
        _check(
            self.workbook.define_name(name, f"='{quoted}'!{where}"),
            f"The name {name} is not one Excel takes.",
        )

    def finish(self) -> bytes:
        """Close the workbook and give the .xlsx file."""
        self.workbook.close()
        return self._bytes.getvalue()


class SheetWriter:
    """One sheet; each `write_…` takes a row, a column, a value and any styles to lay over the kind's own."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self.book = book
        self.worksheet = worksheet

    @property
    def name(self) -> str:
        return str(self.worksheet.get_name())

    def write_text(self, row: int, column: int, text: str, *styles: dict[str, Any]) -> None:
        """Write text as text whatever it begins with; an empty one leaves a styled empty cell."""
        if not text:
            self.write_blank(row, column, *styles)
            return
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a cell holds at most {LONGEST_TEXT:,} characters, not {len(text):,}")
        # The prefix keeps Excel from making a formula of it when somebody edits the cell.
        prefix: dict[str, Any] = {"quote_prefix": True} if looks_like_formula(text) else {}
        self._done(self.worksheet.write_string(row, column, text, self.book.style(*styles, prefix)))

    def write_blank(self, row: int, column: int, *styles: dict[str, Any]) -> None:
        """Leave a cell empty but styled, such as one to be filled in."""
        self._done(self.worksheet.write_blank(row, column, None, self.book.style(*styles)))

    def write_money(self, row: int, column: int, amount: Decimal, *styles: dict[str, Any]) -> None:
        """Write pounds as a number with two decimals shown and a true minus below nil."""
        self.write_number(row, column, amount, {"num_format": MONEY_FORMAT}, *styles)

    def write_number(self, row: int, column: int, number: Decimal | int, *styles: dict[str, Any]) -> None:
        """Write a number exactly; ValueError for one that a spreadsheet cannot hold to its last digit."""
        self._done(self.worksheet.write_number(row, column, _exact_float(number), self.book.style(*styles)))

    def write_date(self, row: int, column: int, day: date, *styles: dict[str, Any]) -> None:
        """Write a date as a date, shown as 28 July 2014."""
        style = self.book.style({"num_format": DATE_FORMAT, "align": "left"}, *styles)
        self._done(self.worksheet.write_datetime(row, column, day, style))

    def write_formula(
        self, row: int, column: int, formula: str, value: str | Decimal | int | bool, *styles: dict[str, Any]
    ) -> None:
        """Write a formula of ours with its result, which previewers show and `reader` reads."""
        # A Decimal given as text would be stored as text, and the cell would sort and add up as nothing.
        result = _exact_float(value) if isinstance(value, Decimal) else value
        self._done(self.worksheet.write_formula(row, column, formula, self.book.style(*styles), result))

    def write_link(self, row: int, column: int, target: str, text: str, *styles: dict[str, Any]) -> None:
        """Write a link to a cell of this workbook, such as 'Cover'!C9."""
        style = self.book.style({"font_color": "#0563C1", "underline": 1}, *styles)
        self._done(self.worksheet.write_url(row, column, f"internal:{target}", style, text))

    def write_header(self, row: int, labels: Iterable[str], *, first_column: int = 0) -> None:
        """Write a row of column headings."""
        for number, label in enumerate(labels):
            self.write_text(row, first_column + number, label, HEADER)

    def allow_money(
        self,
        box: Box,
        *,
        minimum: Decimal | None = NIL,
        maximum: Decimal = LARGEST_ENTRY,
        title: str = "Amount",
    ) -> None:
        """Let cells take pounds from `minimum` (None: negative too) to `maximum`, with at most two decimals."""
        lowest = -maximum if minimum is None else minimum
        cell = _relative(box.first_row, box.first_column)
        # A rule of type "decimal" would take half pennies.
        rule = f"=AND(ISNUMBER({cell}),{cell}>={lowest:f},{cell}<={maximum:f},ROUND({cell},2)={cell})"
        message = f"Enter pounds and pence, from {lowest:,.2f} to {maximum:,.2f}, with at most two decimals."
        self._allow(box, {"validate": "custom", "value": rule}, title=title, message=message)

    def allow_number(self, box: Box, *, minimum: Decimal, maximum: Decimal, title: str = "Number") -> None:
        """Let cells take a number from `minimum` to `maximum`."""
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": float(minimum),
            "maximum": float(maximum),
        }
        self._allow(box, rule, title=title, message=f"Enter a number from {minimum:,f} to {maximum:,f}.")

    def allow_list(self, box: Box, choices: Sequence[str] | str, *, title: str = "Choose one") -> None:
        """Let cells take one of a few texts, or of the cells of a range given as "=Lists!$A$1:$A$20"."""
        if not isinstance(choices, str) and any("," in choice for choice in choices):
            raise ValueError("a choice with a comma must come from a range of cells")
        source = choices if isinstance(choices, str) else list(choices)
        self._allow(
            box,
            {"validate": "list", "source": source},
            title=title,
            message="Choose one of the entries of the list.",
        )

    def allow_date(self, box: Box, *, first: date, last: date, title: str = "Date") -> None:
        """Let cells take a date from `first` to `last`."""
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        message = f"Enter a date from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}."
        self._allow(box, rule, title=title, message=message)

    def allow_length(self, box: Box, *, maximum: int, title: str = "Text") -> None:
        """Let cells take text of at most `maximum` characters."""
        rule = {"validate": "length", "criteria": "<=", "value": maximum}
        self._allow(box, rule, title=title, message=f"Enter at most {maximum:,} characters.")

    def _allow(self, box: Box, rule: dict[str, Any], *, title: str, message: str) -> None:
        # Excel takes titles of 32 characters; what is longer would lose the rule.
        texts = {
            "input_title": title[:32],
            "input_message": message,
            "error_title": title[:32],
            "error_message": message,
        }
        place = (box.first_row, box.first_column, box.last_row, box.last_column)
        answer = self.worksheet.data_validation(*place, rule | texts)
        _check(answer, f"Excel does not take the rule {rule['validate']} with its list or message: too long.")

    def _done(self, answer: int) -> None:
        _check(answer, f"The cell is outside what sheet {self.name} can hold.")


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel takes for a sheet, from any text: 31 characters, none of []:*?/\\ and none of `taken` again."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)
    plain = " ".join(plain.split()).strip("'")[:31].rstrip("' ") or "Sheet"
    if plain.casefold() == "history":
        # Excel keeps this name for itself.
        plain = "History sheet"
    used = {one.casefold() for one in taken}
    candidate, number = plain, 1
    while candidate.casefold() in used:
        number += 1
        ending = f" ({number})"
        candidate = plain[: 31 - len(ending)] + ending
    return candidate


def _exact_float(number: Decimal | int) -> float:
    """A number as spreadsheets hold it; ValueError where its last digits would be lost."""
    held = float(number)
    if Decimal(repr(held)) != number:
        raise ValueError(f"a cell cannot hold {number} exactly")
    return held


def _relative(row: int, column: int) -> str:
    return str(xlsxwriter.utility.xl_rowcol_to_cell(row, column))


def _absolute(row: int, column: int) -> str:
    return str(xlsxwriter.utility.xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _check(answer: int | None, message: str) -> None:
    # XlsxWriter answers 0 for success, and a negative number where it left something out.
    if answer:
        raise ValueError(message)
