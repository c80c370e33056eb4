"""A scheme plan as a sheet: its headings, what is wrong with which cell, and whether its columns tie to their totals.

The cells are kept as they were read, so that a refused one can be corrected and everything checked again, and what
was printed is still known afterwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, Self

from integration_hub.core import money
from integration_hub.core.errors import Malformed
from integration_hub.core.money import NIL, MoneyError
from integration_hub.core.quarters import FinancialYear, PeriodError, Quarter
from integration_hub.core.spreadsheets.reader import Cell, CellError, Sheet, Workbook
from integration_hub.core.spreadsheets.texts import looks_like_formula
from integration_hub.core.states import AmountState
from pooled_budgets.domain import figures
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.words import listed

MAXIMUM_SCHEMES: Final = 500
LONGEST_NUMBER: Final = 20
LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 2_000
LONGEST_SHOWN: Final = 120

NUMBER, NAME, BUDGET, OUTTURN, NOTE = "number", "name", "budget", "outturn", "note"
REQUIRED: Final = (NUMBER, NAME, BUDGET)
LABELS: Final = {
    NUMBER: "Scheme no.",
    NAME: "Scheme",
    BUDGET: "Budget",
    OUTTURN: "Projected outturn at quarter 1",
    NOTE: "Notes",
}
EXPECTED_HEADINGS: Final = (
    "Scheme no., Scheme, Budget, Projected outturn at quarter 1 (may be left out), Notes (may be left out)"
)
_HEADINGS: Final = {
    "scheme no": NUMBER,
    "scheme number": NUMBER,
    "no": NUMBER,
    "number": NUMBER,
    "scheme": NAME,
    "scheme name": NAME,
    "name": NAME,
    "budget": BUDGET,
    "notes": NOTE,
    "note": NOTE,
    "comments": NOTE,
}
_OUTTURN = re.compile(
    r"(?:projected |forecast )?(?:out-?turn|forecast)(?: at| for|,)?(?: the)?(?: end of)?"
    r"(?: (?:quarter|qtr|q) ?(?P<quarter>[1-4]))?(?:,? (?P<year>[0-9]{4} ?[/-] ?[0-9]{2,4}))?"
)
_ABOUT: Final = {"financial year": "year", "year": "year", "area": "area", "fund": "fund"}
_AMOUNT_STATES: Final = {
    "to be confirmed": AmountState.TO_BE_CONFIRMED,
    "tbc": AmountState.TO_BE_CONFIRMED,
    "not stated": AmountState.NOT_STATED,
}
_TOTAL = re.compile(r"(?:grand |sub-?)?totals?(?: .*)?")


class PlanRefused(Malformed):
    """The sheet as a whole cannot be taken; `problems` names the cells where one can be named."""

    def __init__(self, code: str, message: str, *, cell: Cell | None = None, expected: str = "") -> None:
        problem = {
            "field": "file",
            "code": code,
            "message": message,
            "sheet": cell.sheet if cell else "",
            "cell": _reference(cell) if cell else "",
            "value": _shown(cell.text) if cell else "",
            "expected": expected,
        }
        super().__init__(message, code=code, field="file", problems=[problem])


@dataclass(frozen=True)
class SheetCell:
    """One cell as it was read. `printed` is what the sheet had where a person has corrected it."""

    ref: str
    kind: str
    value: str
    printed: str | None = None

    @property
    def is_empty(self) -> bool:
        return self.kind == "empty"


@dataclass(frozen=True)
class SheetRow:
    """The cells of one row by column."""

    cells: Mapping[str, SheetCell]

    def text(self, column: str) -> str:
        cell = self.cells.get(column)
        return cell.value if cell else ""


@dataclass(frozen=True)
class PlanSheet:
    """The rows of a plan, its total row where it has one, and the quarter of its outturn column where it has one."""

    sheet: str
    quarter: int | None
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    total: SheetRow | None

    def as_rows(self) -> list[dict[str, Any]]:
        """For keeping as JSON."""
        head = {"kind": "head", "sheet": self.sheet, "quarter": self.quarter, "columns": list(self.columns)}
        kept: list[dict[str, Any]] = [head, *({"kind": "scheme", "cells": _plain_cells(row)} for row in self.rows)]
        return [*kept, {"kind": "total", "cells": _plain_cells(self.total)}] if self.total else kept

    @classmethod
    def from_rows(cls, kept: Sequence[Mapping[str, Any]]) -> Self:
        head = kept[0]
        rows: dict[str, list[SheetRow]] = {"scheme": [], "total": []}
        for row in kept[1:]:
            rows[row["kind"]].append(SheetRow({name: SheetCell(**cell) for name, cell in row["cells"].items()}))
        return cls(
            sheet=head["sheet"],
            quarter=head["quarter"],
            columns=tuple(head["columns"]),
            rows=tuple(rows["scheme"]),
            total=rows["total"][0] if rows["total"] else None,
        )

    def corrected(self, corrections: Mapping[str, str]) -> "PlanSheet":
        """The sheet with other values in some cells, by reference ("D13"); what was printed there is kept."""
        return replace(
            self,
            rows=tuple(_corrected(row, corrections) for row in self.rows),
            total=_corrected(self.total, corrections) if self.total else None,
        )


@dataclass(frozen=True)
class PlanScheme:
    """One scheme as the sheet has it, pounds; `outturn` is None where the sheet has none, or where it was refused."""

    number: str
    name: str
    budget: Decimal | None
    budget_state: str
    outturn: Figure | None
    note: str | None
    as_printed: str = ""


# The problem of an upload that waited when another partner came to keep the fund.
KEEPER_CHANGED = "keeper_changed"


@dataclass(frozen=True)
class Problem:
    """Why a cell is refused. `suggestion` is a value that would tie the column to its printed total, as plain text."""

    code: str
    message: str
    sheet: str = ""
    cell: str = ""
    column: str = ""
    row_name: str = ""
    value: str = ""
    expected: str = ""
    suggestion: str = ""
    suggestion_words: str = ""

    @property
    def address(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else ""

    @property
    def is_correctable(self) -> bool:
        return bool(self.cell)


@dataclass(frozen=True)
class Control:
    """A column set against the total that the sheet prints, in pounds; `printed` is None where it prints none."""

    column: str
    added: Decimal
    printed: Decimal | None
    is_readable: bool

    @property
    def difference(self) -> Decimal | None:
        """The printed total less what the cells add up to; None while a cell or the total is unread."""
        if self.printed is None or not self.is_readable:
            return None
        return self.printed - self.added

    @property
    def ties(self) -> bool:
        return self.difference == 0


@dataclass(frozen=True)
class Checked:
    """A sheet after its check: what could be read, what is refused, and how the columns tie."""

    schemes: tuple[PlanScheme, ...]
    problems: tuple[Problem, ...]
    controls: tuple[Control, ...]

    @property
    def is_clean(self) -> bool:
        return not self.problems


@dataclass
class _Column:
    """A column of amounts while it is read: amounts of the cells, None for a refused one."""

    name: str
    amounts: list[Decimal | None] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def read_plan(workbook: Workbook, *, fund: str, area: str, year: FinancialYear) -> PlanSheet:
    """Find the plan in an upload and see that it is this fund's; raises PlanRefused."""
    sheet, head = _plan_sheet(workbook)
    _check_about(sheet, head, fund=fund, area=area, year=year)
    columns, quarter = _columns(sheet.rows[head], year)
    rows, total = _rows(sheet, head, columns)
    if not rows:
        raise PlanRefused(
            "empty", f'Sheet "{sheet.name}" has headings and no schemes below them. Fill it in and upload it again.'
        )
    if len(rows) > MAXIMUM_SCHEMES:
        raise PlanRefused(
            "too_many_rows",
            f'Sheet "{sheet.name}" has {len(rows):,} schemes; a plan has at most {MAXIMUM_SCHEMES}. Delete the '
            "rows that are no schemes.",
        )
    return PlanSheet(sheet.name, quarter, tuple(columns.values()), tuple(rows), total)


def check(plan: PlanSheet) -> Checked:
    """Read every cell, and name each that cannot be taken with what was expected."""
    problems: list[Problem] = []
    schemes: list[PlanScheme] = []
    budgets, outturns = _Column(BUDGET), _Column(OUTTURN)
    places: dict[str, str] = {}
    for row in plan.rows:
        number = _number(plan, row, places, problems)
        name = _text(plan, row, NAME, LONGEST_NAME, problems)
        budget, state = _budget(plan, row, budgets, problems)
        outturn = _outturn(plan, row, outturns, problems)
        note = _text(plan, row, NOTE, LONGEST_NOTE, problems) if NOTE in plan.columns else None
        printed = row.cells[OUTTURN].printed if OUTTURN in row.cells else None
        schemes.append(PlanScheme(number, name, budget, state, outturn, note, as_printed=printed or ""))
    controls = tuple(_control(plan, column, problems) for column in (budgets, outturns) if column.name in plan.columns)
    return Checked(tuple(schemes), tuple(_in_order(problems)), controls)


def outturn_label(quarter: int) -> str:
    """The heading of the outturn column."""
    return f"Projected outturn at quarter {quarter}"


# Finding the plan


def _plan_sheet(workbook: Workbook) -> tuple[Sheet, int]:
    visible = [sheet for sheet in workbook.sheets if not sheet.hidden]
    found = [(sheet, row) for sheet in visible if (row := _heading_row(sheet)) is not None]
    if len(found) > 1:
        names = listed([f'"{sheet.name}"' for sheet, _ in found])
        raise PlanRefused(
            "sheets", f"Sheets {names} both look like a scheme plan. Leave only one of them in the workbook."
        )
    if not found:
        if not any(cell.value is not None for sheet in visible for row in sheet.rows for cell in row):
            raise PlanRefused("empty", "The sheet is empty. Fill it in and upload it again.")
        raise PlanRefused(
            "headings",
            "No row with the headings of a scheme plan was found. Download the template and copy your figures into it.",
            cell=next(
                (cell for sheet in visible for row in sheet.rows for cell in row if cell.value is not None), None
            ),
            expected=EXPECTED_HEADINGS,
        )
    return found[0]


def _heading_row(sheet: Sheet) -> int | None:
    """The first row with two headings that we know."""
    for number, row in enumerate(sheet.rows):
        if sum(_heading(cell.text) is not None for cell in row) >= 2:
            return number
    return None


def _heading(text: str) -> str | None:
    words = _normal(text)
    return _HEADINGS.get(words) or (OUTTURN if words and _OUTTURN.fullmatch(words) else None)


def _normal(text: str) -> str:
    return " ".join(re.sub(r"\(?£\)?|\(?in pounds\)?|[.:*]", " ", text.casefold()).split())


def _check_about(sheet: Sheet, head: int, *, fund: str, area: str, year: FinancialYear) -> None:
    """Refuse a sheet of another year, area or fund, and one that does not say."""
    about = _about(sheet, head)
    expected = {"year": year.label, "area": area, "fund": fund}
    for key, label in (("year", "Financial year"), ("area", "Area")):
        if key not in about:
            raise PlanRefused(
                f"no_{key}",
                f'The sheet does not say which {label.lower()} it is for. Write "{label}" above the headings and '
                f'"{expected[key]}" in the cell beside it, or use the template.',
                expected=expected[key],
            )
    try:
        said = FinancialYear.parse(about["year"].text)
    except PeriodError as error:
        raise PlanRefused("year", error.message, cell=about["year"], expected=year.label) from error
    if said != year:
        raise PlanRefused(
            "other_year",
            f"The sheet is for {said.label}, and this fund is for {year.label}. Open the fund of {said.label}, or "
            f"upload the plan of {year.label}.",
            cell=about["year"],
            expected=year.label,
        )
    for key, kind in (("area", "the area"), ("fund", "the fund")):
        if key in about and _normal(about[key].text) != _normal(expected[key]):
            raise PlanRefused(
                f"other_{key}",
                f'The sheet is for {kind} "{_shown(about[key].text)}", and this is {kind} "{expected[key]}". Upload it '
                "at the fund that it belongs to.",
                cell=about[key],
                expected=expected[key],
            )


def _about(sheet: Sheet, head: int) -> dict[str, Cell]:
    """What stands beside "Financial year", "Area" and "Fund" above the headings."""
    found: dict[str, Cell] = {}
    for row in sheet.rows[:head]:
        for place, cell in enumerate(row):
            key = _ABOUT.get(_normal(cell.text))
            beside = next((other for other in row[place + 1 :] if other.value is not None), None)
            if key and beside is not None and key not in found:
                found[key] = beside
    return found


def _columns(heads: Sequence[Cell], year: FinancialYear) -> tuple[dict[int, str], int | None]:
    """Which column holds what, and the quarter that the outturn heading names; raises PlanRefused."""
    columns: dict[int, str] = {}
    quarter = None
    for cell in heads:
        if cell.value is None:
            continue
        name = _heading(cell.text)
        if name is None:
            raise PlanRefused(
                "headings",
                f'The heading "{_shown(cell.text)}" in {cell.address} is not one of a scheme plan. Delete the column '
                "or correct its heading.",
                cell=cell,
                expected=EXPECTED_HEADINGS,
            )
        if name in columns.values():
            raise PlanRefused(
                "headings",
                f'The heading "{_shown(cell.text)}" in {cell.address} is there twice. Leave one column of each kind.',
                cell=cell,
                expected=EXPECTED_HEADINGS,
            )
        if name == OUTTURN:
            quarter = _quarter(cell, year)
        columns[cell.column] = name
    missing = [LABELS[name] for name in REQUIRED if name not in columns.values()]
    if missing:
        raise PlanRefused(
            "headings",
            f"The heading {listed(missing)} is missing in row {heads[0].row + 1}. Use the headings of the template.",
            cell=heads[0],
            expected=EXPECTED_HEADINGS,
        )
    return columns, quarter


def _quarter(cell: Cell, year: FinancialYear) -> int:
    found = _OUTTURN.fullmatch(_normal(cell.text))
    if found is None or not found["quarter"]:
        raise PlanRefused(
            "quarter",
            f'The heading "{_shown(cell.text)}" in {cell.address} does not say at which quarter. Write it as '
            f'"{outturn_label(1)}".',
            cell=cell,
            expected=outturn_label(1),
        )
    if found["year"]:
        try:
            said = Quarter(FinancialYear.parse(found["year"]), int(found["quarter"]))
        except PeriodError as error:
            raise PlanRefused("quarter", error.message, cell=cell, expected=year.label) from error
        if said.year != year:
            raise PlanRefused(
                "other_year",
                f"The heading in {cell.address} is for {said.label}, and this fund is for {year.label}.",
                cell=cell,
                expected=year.label,
            )
    return int(found["quarter"])


def _rows(sheet: Sheet, head: int, columns: Mapping[int, str]) -> tuple[list[SheetRow], SheetRow | None]:
    rows: list[SheetRow] = []
    total: SheetRow | None = None
    for cells in sheet.rows[head + 1 :]:
        stray = next((cell for cell in cells if cell.value is not None and cell.column not in columns), None)
        row = SheetRow({columns[cell.column]: _sheet_cell(cell) for cell in cells if cell.column in columns})
        has_amount = any(not row.cells[name].is_empty for name in (BUDGET, OUTTURN) if name in row.cells)
        if total is not None:
            if has_amount:
                where = row.cells[BUDGET].ref
                raise PlanRefused(
                    "below_total",
                    f"There are amounts below the total, in the row of {where}. Move them above it, or delete them.",
                    cell=next(cell for cell in cells if columns.get(cell.column) == BUDGET),
                    expected="nothing below the total row but remarks",
                )
            continue
        if stray is not None:
            raise PlanRefused(
                "headings",
                f'{stray.address} holds "{_shown(stray.text)}" in a column without a heading. Give the column a '
                "heading of the template, or delete it.",
                cell=stray,
                expected=EXPECTED_HEADINGS,
            )
        if all(cell.is_empty for cell in row.cells.values()):
            continue
        if _is_total(row):
            total = row
        else:
            rows.append(row)
    return rows, total


def _is_total(row: SheetRow) -> bool:
    first = row.text(NUMBER) or row.text(NAME)
    return _TOTAL.fullmatch(_normal(first)) is not None


def _sheet_cell(cell: Cell) -> SheetCell:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        kind = "empty"
    elif isinstance(value, str):
        kind = "text"
    elif isinstance(value, bool):
        kind = "bool"
    elif isinstance(value, Decimal):
        kind = "number"
    elif isinstance(value, CellError):
        kind = "error"
    else:
        kind = "date"
    text = value.message if isinstance(value, CellError) else cell.text
    return SheetCell(_reference(cell), kind, "" if kind == "empty" else text)


def _reference(cell: Cell) -> str:
    return cell.address.rpartition("!")[2]


def _plain_cells(row: SheetRow) -> dict[str, dict[str, Any]]:
    return {
        name: {"ref": cell.ref, "kind": cell.kind, "value": cell.value, "printed": cell.printed}
        for name, cell in row.cells.items()
    }


def _corrected(row: SheetRow, corrections: Mapping[str, str]) -> SheetRow:
    return SheetRow({name: _corrected_cell(cell, corrections) for name, cell in row.cells.items()})


def _corrected_cell(cell: SheetCell, corrections: Mapping[str, str]) -> SheetCell:
    if cell.ref not in corrections:
        return cell
    text = corrections[cell.ref].strip()
    if text == cell.value.strip():
        return cell
    printed = cell.value if cell.printed is None else cell.printed
    return SheetCell(cell.ref, "text" if text else "empty", text, printed)


# Reading the cells


def _number(plan: PlanSheet, row: SheetRow, places: dict[str, str], problems: list[Problem]) -> str:
    cell = row.cells[NUMBER]
    text = cell.value
    if cell.kind == "number":
        # Excel makes 1.0 of 1; 1.1 stays as it is.
        number = Decimal(text)
        text = f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number:f}"
    number_text = _checked_text(plan, row, NUMBER, replace(cell, value=text), LONGEST_NUMBER, problems)
    if number_text and number_text in places:
        problems.append(
            _problem(
                plan,
                row,
                NUMBER,
                "duplicate",
                f"Scheme number {number_text} stands in {places[number_text]} already. Give each scheme a number "
                "of its own.",
                "a number that no other scheme of the sheet has",
            )
        )
    places.setdefault(number_text, cell.ref)
    return number_text


def _text(plan: PlanSheet, row: SheetRow, column: str, longest: int, problems: list[Problem]) -> str:
    cell = row.cells.get(column)
    if cell is None or (cell.is_empty and column == NOTE):
        return ""
    return _checked_text(plan, row, column, cell, longest, problems)


def _checked_text(
    plan: PlanSheet, row: SheetRow, column: str, cell: SheetCell, longest: int, problems: list[Problem]
) -> str:
    text = " ".join(cell.value.split())
    label = {NUMBER: "number", NAME: "name", NOTE: "note"}[column]
    expected = f"text of at most {longest:,} characters"
    if cell.kind == "error":
        problems.append(_problem(plan, row, column, "error", cell.value, expected))
    elif cell.kind in ("date", "bool"):
        kind = "a date" if cell.kind == "date" else "TRUE or FALSE"
        problems.append(
            _problem(
                plan,
                row,
                column,
                cell.kind,
                f"The cell holds {kind}, not the scheme's {label}. Write it as text.",
                expected,
            )
        )
    elif not text:
        problems.append(
            _problem(
                plan, row, column, "empty", f"The scheme's {label} is missing. Write it, or delete the row.", expected
            )
        )
    elif text.startswith("=") or (column != NOTE and looks_like_formula(text)):
        problems.append(
            _problem(
                plan,
                row,
                column,
                "formula",
                f'The {label} begins with "{text[0]}", which a spreadsheet program would run as a formula. Write it '
                "without.",
                f"text that does not begin with {text[0]}",
            )
        )
    elif len(text) > longest:
        problems.append(
            _problem(plan, row, column, "too_long", f"The {label} has {len(text):,} characters. Shorten it.", expected)
        )
    return text


def _budget(plan: PlanSheet, row: SheetRow, column: _Column, problems: list[Problem]) -> tuple[Decimal | None, str]:
    state = _AMOUNT_STATES.get(_normal(row.text(BUDGET)))
    if state is not None:
        column.amounts.append(NIL)
        return None, state
    expected = "pounds and pence, 0.00 or more; or: to be confirmed, not stated"
    amount = _money(plan, row, BUDGET, column, problems, expected, negative=False)
    return amount, AmountState.STATED


def _outturn(plan: PlanSheet, row: SheetRow, column: _Column, problems: list[Problem]) -> Figure | None:
    cell = row.cells.get(OUTTURN)
    if cell is None or (cell.is_empty and cell.printed is None):
        return None
    if cell.kind == "text":
        try:
            figure = figures.read(cell.value)
        except MoneyError as error:
            _refuse(plan, row, column, problems, error, figures.EXPECTED)
            return None
        column.amounts.append(figure.amount or NIL)
        return figure
    amount = _money(plan, row, OUTTURN, column, problems, figures.EXPECTED, negative=True)
    return None if amount is None else Figure.stated(amount)


def _money(
    plan: PlanSheet,
    row: SheetRow,
    name: str,
    column: _Column,
    problems: list[Problem],
    expected: str,
    *,
    negative: bool,
) -> Decimal | None:
    try:
        amount = _amount(row.cells[name], negative=negative)
    except MoneyError as error:
        _refuse(plan, row, column, problems, error, expected)
        return None
    column.amounts.append(amount)
    return amount


def _refuse(
    plan: PlanSheet, row: SheetRow, column: _Column, problems: list[Problem], error: MoneyError, expected: str
) -> None:
    column.amounts.append(None)
    column.refused.append(len(problems))
    problems.append(_problem(plan, row, column.name, error.code, error.message, expected))


def _amount(cell: SheetCell, *, negative: bool) -> Decimal:
    if cell.kind == "error":
        raise MoneyError("error", cell.value, cell.value)
    if cell.kind == "number":
        return money.from_cell(Decimal(cell.value), negative=negative)
    if cell.kind == "bool":
        return money.from_cell(cell.value == "True", negative=negative)
    if cell.kind == "date":
        raise MoneyError(
            "date", f"The cell holds a date or time ({cell.value}), not an amount. Format it as a number.", cell.value
        )
    return money.parse_pounds(cell.value, negative=negative)


def _control(plan: PlanSheet, column: _Column, problems: list[Problem]) -> Control:
    """Set the column against the sheet's total: suggest the one unread cell, or refuse a total that does not tie."""
    cell = plan.total.cells.get(column.name) if plan.total else None
    added = money.total([amount for amount in column.amounts if amount is not None])
    readable = None not in column.amounts
    if plan.total is None or cell is None or cell.is_empty:
        return Control(column.name, added, None, readable)
    try:
        printed = _amount(cell, negative=column.name == OUTTURN)
    except MoneyError as error:
        problems.append(
            _problem(
                plan, plan.total, column.name, error.code, error.message, f"the column's total: {money.pounds(added)}"
            )
        )
        return Control(column.name, added, None, readable)
    if len(column.refused) == 1:
        _suggest(problems, column, printed)
    control = Control(column.name, added, printed, readable)
    if control.difference:
        more = "more" if control.difference > 0 else "less"
        problems.append(
            _problem(
                plan,
                plan.total,
                column.name,
                "total",
                f"The column adds up to {money.pounds(added)}, and the total in the sheet is {money.pounds(printed)}: "
                f"{money.pounds(abs(control.difference))} {more}. Find the wrong amount and upload the corrected "
                "sheet, or correct the total here.",
                f"the column's total: {money.pounds(added)}",
            )
        )
    return control


def _suggest(problems: list[Problem], column: _Column, printed: Decimal) -> None:
    missing = money.suggest_for_total(column.amounts, printed)
    if missing is None:
        return
    place = column.refused[0]
    problems[place] = replace(
        problems[place],
        suggestion=f"{missing:,.2f}",
        suggestion_words=(
            f"{money.pounds(missing)} would make the column tie to its printed total of {money.pounds(printed)}."
        ),
    )


def _problem(plan: PlanSheet, row: SheetRow, column: str, code: str, message: str, expected: str) -> Problem:
    cell = row.cells[column]
    label = outturn_label(plan.quarter) if column == OUTTURN and plan.quarter else LABELS[column]
    name = " ".join((row.text(NAME) or row.text(NUMBER)).split())
    number = _number_words(row.cells[NUMBER])
    whose = "Total" if row is plan.total else f"Scheme {number}: {name}" if number else name
    # A formula's error was kept as its explanation; the reader of the refusal wants what stands in the cell.
    value = "" if cell.kind == "error" else cell.value
    return Problem(
        code=code,
        message=message,
        sheet=plan.sheet,
        cell=cell.ref,
        column=label,
        row_name=_shown(whose),
        value=_shown(value),
        expected=expected,
    )


def _number_words(cell: SheetCell) -> str:
    return cell.value.removesuffix(".0") if cell.kind == "number" else _shown(cell.value)


def _shown(text: str) -> str:
    clean = "".join(character if character.isprintable() else " " for character in text).strip()
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[:LONGEST_SHOWN]}…"


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Down the sheet, row by row."""

    def place(problem: Problem) -> tuple[int, int, str]:
        letters = problem.cell.rstrip("0123456789")
        return int(problem.cell[len(letters) :]), len(letters), letters

    return sorted(problems, key=place)
