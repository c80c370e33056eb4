"""An extract of a ledger as a sheet: its rows, its control totals, and what is wrong with which cell."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from integration_hub.core import money
from integration_hub.core.dates import MONTHS, long_date
from integration_hub.core.errors import Malformed
from integration_hub.core.money import NIL, MoneyError
from integration_hub.core.quarters import FinancialMonth, FinancialYear
from integration_hub.core.spreadsheets.reader import Cell, CellError, Sheet, Workbook
from pooled_budgets.domain.words import count, listed

CODE, PERIOD, DATE, AMOUNT, DESCRIPTION, REFERENCE = "code", "period", "date", "amount", "description", "reference"
HEADINGS: Final[dict[str, str]] = {
    "ledger code": CODE,
    "code": CODE,
    "account code": CODE,
    "account": CODE,
    "cost centre": CODE,
    "cost code": CODE,
    "period": PERIOD,
    "month": PERIOD,
    "accounting period": PERIOD,
    "date": DATE,
    "posting date": DATE,
    "transaction date": DATE,
    "ledger date": DATE,
    "amount": AMOUNT,
    "net amount": AMOUNT,
    "net": AMOUNT,
    "value": AMOUNT,
    "description": DESCRIPTION,
    "narrative": DESCRIPTION,
    "details": DESCRIPTION,
    "reference": REFERENCE,
    "ref": REFERENCE,
    "document": REFERENCE,
    "journal": REFERENCE,
    "invoice": REFERENCE,
}
EXPECTED: Final = "Ledger code, Period or Date, Amount, Description, Reference (may be left out)"
TOTALS: Final = frozenset({"total", "control total", "sum", "control sum"})
COUNTS: Final = frozenset({"count", "control count", "number of rows", "rows"})
LONGEST_CODE, LONGEST_DESCRIPTION, LONGEST_REFERENCE = 60, 300, 60
# How many refused cells are kept and shown; the number of all is told.
SHOWN: Final = 100
LONGEST_SHOWN: Final = 80
_LOOKED_AT: Final = 30
_DAYS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%y")
_MONTH_NUMBERS: Final = {
    **{name.casefold(): number for number, name in enumerate((*MONTHS[3:], *MONTHS[:3]), start=1)},
    **{name[:3].casefold(): number for number, name in enumerate((*MONTHS[3:], *MONTHS[:3]), start=1)},
}


class ExtractRefused(Malformed):
    """A file that is no ledger extract: nothing of it is kept."""

    code = "extract_refused"


@dataclass(frozen=True)
class Row:
    """One row of the extract; `month` is 1 (April) to 12, or 13 for adjustments, `at` its day; pounds."""

    number: int
    code: str
    month: int
    at: date
    amount: Decimal
    description: str
    reference: str

    def as_list(self) -> list[Any]:
        return [
            self.number,
            self.code,
            self.month,
            self.at.isoformat(),
            money.as_plain(self.amount),
            self.description,
            self.reference,
        ]

    @classmethod
    def from_list(cls, kept: Sequence[Any]) -> "Row":
        number, code, month, at, amount, description, reference = kept
        return cls(number, code, month, date.fromisoformat(at), Decimal(amount), description, reference)


@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be taken, by its address; "" for the file as a whole."""

    cell: str
    value: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"cell": self.cell, "value": self.value, "message": self.message}


@dataclass(frozen=True)
class Controls:
    """How many rows there should be and what they should add up to, as a person or the file says; None: not said."""

    count: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Extract:
    """What a sheet says: its rows in order, the control totals at its end, and every cell that cannot be taken."""

    rows: tuple[Row, ...]
    controls: Controls
    problems: tuple[Wrong, ...]

    @property
    def total(self) -> Decimal:
        return money.total(row.amount for row in self.rows)


@dataclass(frozen=True)
class Sum:
    """So many rows, and what they add up to in pounds."""

    rows: int = 0
    amount: Decimal = NIL

    def __add__(self, row: Row) -> "Sum":
        return Sum(self.rows + 1, self.amount + row.amount)


@dataclass(frozen=True)
class Sorted:
    """The rows of an extract: those with a line, those whose code has none, and those of 0.00, which change nothing."""

    posted: tuple[tuple[Row, Any], ...]
    parked: tuple[Row, ...]
    nil: tuple[Row, ...]

    def by_line(self) -> dict[Any, Sum]:
        found: dict[Any, Sum] = defaultdict(Sum)
        for row, line in self.posted:
            found[line] += row
        return dict(found)

    def by_code(self) -> dict[str, Sum]:
        """The codes without a line, in the order of the file."""
        found: dict[str, Sum] = defaultdict(Sum)
        for row in self.parked:
            found[row.code] += row
        return dict(found)


def read_extract(workbook: Workbook, *, year: FinancialYear) -> Extract:
    """Read the first sheet with the headings of an extract; raises ExtractRefused where there is none, or no row."""
    sheet, head = _sheet(workbook)
    columns = _columns(sheet.rows[head])
    rows: list[Row] = []
    problems: list[Wrong] = []
    said: dict[str, Any] = {}
    for cells in sheet.rows[head + 1 :]:
        named = {name: cells[place] for name, place in columns.items()}
        if all(cell.value is None for cell in named.values()):
            continue
        if control := _control(named, problems):
            said |= control
            continue
        row = _row(named, year, problems)
        if row is not None:
            rows.append(row)
    if not rows and not problems:
        raise ExtractRefused("The sheet has headings and no rows below them.", code="no_rows", field="file")
    return Extract(tuple(rows), Controls(**said), tuple(problems))


def compare(extract: Extract, stated: Controls) -> list[Wrong]:
    """Whether the rows are those that were meant: each control total that a person or the file says must hold."""
    found = []
    for controls, who in ((stated, "You stated"), (extract.controls, "The file states")):
        if extract.problems:
            # What cannot be read cannot be added up either: first the cells, then the totals.
            break
        rows = len(extract.rows)
        if controls.count is not None and controls.count != rows:
            wanted, there = count(controls.count, "row", "rows"), count(rows, "row", "rows")
            found.append(Wrong("", "", f"{who} {wanted}; the file has {there}."))
        if controls.total is not None and controls.total != extract.total:
            found.append(
                Wrong(
                    "",
                    "",
                    f"{who} a total of {money.pounds(controls.total)}; the rows add up to "
                    f"{money.pounds(extract.total)}, a difference of {money.signed(extract.total - controls.total)}.",
                )
            )
    if not _is_controlled(stated, extract.controls):
        found.append(
            Wrong(
                "",
                "",
                "Neither you nor the file says how many rows there are and what they add up to. State both as the "
                "ledger's own report gives them, and upload the file again.",
            )
        )
    return found


def _is_controlled(stated: Controls, file: Controls) -> bool:
    return (stated.count is not None or file.count is not None) and (stated.total is not None or file.total is not None)


def sort(rows: Iterable[Row], lines: Mapping[str, Any]) -> Sorted:
    """Give each row its line by its code, large and small letters alike; None, or no entry, is no line."""
    posted, parked, nil = [], [], []
    for row in rows:
        line = lines.get(row.code.casefold())
        if row.amount == 0:
            nil.append(row)
        elif line is None:
            parked.append(row)
        else:
            posted.append((row, line))
    return Sorted(tuple(posted), tuple(parked), tuple(nil))


def fingerprint(lines: Mapping[str, Any]) -> str:
    """A digest of which code belongs to which line: SHA-256 in hexadecimal."""
    state = sorted((code, str(line)) for code, line in lines.items())
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _sheet(workbook: Workbook) -> tuple[Sheet, int]:
    for sheet in workbook.sheets:
        if sheet.hidden:
            continue
        for number, cells in enumerate(sheet.rows[:_LOOKED_AT]):
            found = {HEADINGS.get(_normal(cell.text)) for cell in cells}
            if {CODE, AMOUNT} <= found:
                return sheet, number
    raise ExtractRefused(
        f"No sheet has the headings of a ledger extract. Expected, in any order: {EXPECTED}.",
        code="no_headings",
        field="file",
    )


def _columns(heads: Sequence[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(heads):
        name = HEADINGS.get(_normal(cell.text))
        if name in found:
            raise ExtractRefused(
                f'Two columns are the {name}: "{heads[found[name]].text}" and "{cell.text}". Delete one of them.',
                code="column_twice",
                field="file",
            )
        if name is not None:
            found[name] = place
    missing = [name for name in (DESCRIPTION,) if name not in found]
    if PERIOD not in found and DATE not in found:
        missing.insert(0, "period or date")
    if missing:
        raise ExtractRefused(
            f"The sheet has no column for {listed(missing)}. Expected: {EXPECTED}.", code="no_column", field="file"
        )
    return found


def _normal(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold().rstrip(":.")


def _control(named: Mapping[str, Cell], problems: list[Wrong]) -> dict[str, Any]:
    """The control total that a row states, as a keyword of Controls; {} for any other row."""
    label = _normal(named[CODE].text)
    if label not in TOTALS | COUNTS:
        return {}
    cell = named[AMOUNT]
    try:
        amount = money.from_cell(cell.value, negative=True)
    except MoneyError as error:
        problems.append(_wrong(cell, error.message))
        return {"total": None} if label in TOTALS else {"count": None}
    return {"total": amount} if label in TOTALS else {"count": int(amount)}


def _row(named: Mapping[str, Cell], year: FinancialYear, problems: list[Wrong]) -> Row | None:
    before = len(problems)
    code = _text(named[CODE], LONGEST_CODE, problems)
    if not code and len(problems) == before:
        problems.append(_wrong(named[CODE], "The ledger code is missing."))
    when = _when(named, year, problems)
    amount = _amount(named[AMOUNT], problems)
    description = _text(named[DESCRIPTION], LONGEST_DESCRIPTION, problems)
    reference = _text(named[REFERENCE], LONGEST_REFERENCE, problems) if REFERENCE in named else ""
    if len(problems) > before or when is None or amount is None:
        return None
    month, at = when
    return Row(named[CODE].row + 1, code, month, at, amount, description or code, reference)


def _text(cell: Cell, longest: int, problems: list[Wrong]) -> str:
    if isinstance(cell.value, CellError):
        problems.append(_wrong(cell, cell.value.message))
        return ""
    text = " ".join(cell.text.split())
    if len(text) > longest or "\x00" in text:
        problems.append(_wrong(cell, f"There are more than {longest} characters, or one that cannot be kept."))
        return ""
    return text


def _amount(cell: Cell, problems: list[Wrong]) -> Decimal | None:
    if isinstance(cell.value, CellError):
        problems.append(_wrong(cell, cell.value.message))
        return None
    try:
        return money.from_cell(cell.value, negative=True)
    except MoneyError as error:
        problems.append(_wrong(cell, error.message))
        return None


def _when(named: Mapping[str, Cell], year: FinancialYear, problems: list[Wrong]) -> tuple[int, date] | None:
    """The month and the day of a row. Its period decides the month; a date alone decides both."""
    day = None
    if DATE in named and named[DATE].value is not None:
        day = _day(named[DATE])
        if day is None:
            problems.append(_wrong(named[DATE], "This is no date. Write it day first, such as 30/06/2014."))
            return None
    if PERIOD in named and named[PERIOD].value is not None:
        month = _month(named[PERIOD].text)
        if month is None:
            problems.append(
                _wrong(named[PERIOD], "This is no period. Write 1 (April) to 12 (March), 13, or the month's name.")
            )
            return None
        return month, day or FinancialMonth(year, month).ends_on
    if day is None:
        problems.append(_wrong(named.get(DATE, named[CODE]), "There is no period and no date."))
        return None
    if day not in year:
        problems.append(
            _wrong(
                named[DATE],
                f"{long_date(day)} is not in {year.label}. Leave the row out, or give it the period in which the "
                "ledger has it.",
            )
        )
        return None
    return FinancialMonth.containing(day).number, day


def _month(text: str) -> int | None:
    words = text.casefold().split()
    if not words:
        return None
    if words[0] in _MONTH_NUMBERS:
        return _MONTH_NUMBERS[words[0]]
    digits = words[-1].removeprefix("period").removeprefix("month").removeprefix("p").removeprefix("m")
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    return number if 1 <= number <= 13 else None


def _day(cell: Cell) -> date | None:
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    text = " ".join(cell.text.split())
    for form in _DAYS:
        try:
            # No moment is meant, only a day: there is no time zone to lose.
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _wrong(cell: Cell, message: str) -> Wrong:
    return Wrong(cell.address.partition("!")[2], cell.text[:LONGEST_SHOWN], message)
