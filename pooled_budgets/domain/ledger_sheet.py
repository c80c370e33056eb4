"""An extract of a ledger as a sheet: its rows, its control totals, and what is wrong with which cell."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from integration_hub.core import money
from integration_hub.core.dates import ENTER_PLAUSIBLE, MONTHS, is_plausible, long_date
from integration_hub.core.errors import Malformed
from integration_hub.core.money import NIL, MoneyError
from integration_hub.core.quarters import FinancialMonth, FinancialYear
from integration_hub.core.spreadsheets.reader import CellError, Sheet, Value, Workbook, text_of
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
_COLUMNS: Final = (CODE, PERIOD, DATE, AMOUNT, DESCRIPTION, REFERENCE)
# Headings, codes and periods come again in row after row.
_REMEMBERED: Final = 4096
_DAYS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%y")
_MONTH_NUMBERS: Final = {
    **{name.casefold(): number for number, name in enumerate((*MONTHS[3:], *MONTHS[:3]), start=1)},
    **{name[:3].casefold(): number for number, name in enumerate((*MONTHS[3:], *MONTHS[:3]), start=1)},
}


class ExtractRefused(Malformed):
    """A file that is no ledger extract: nothing of it is kept."""

    code = "extract_refused"


class Row(NamedTuple):
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
            # An amount that was read has two places, and its text has them too.
            str(self.amount),
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


class Portion(NamedTuple):
    """The rows of one code in one month: how many, what they add up to in pounds, and how many more are of 0.00."""

    code: str
    month: int
    rows: int
    amount: Decimal
    nil: int

    def as_list(self) -> list[Any]:
        return [self.code, self.month, self.rows, str(self.amount), self.nil]

    @classmethod
    def from_list(cls, kept: Sequence[Any]) -> "Portion":
        code, month, rows, amount, nil = kept
        return cls(code, month, rows, Decimal(amount), nil)


class Sum(NamedTuple):
    """So many rows, and what they add up to in pounds."""

    rows: int = 0
    amount: Decimal = NIL


@dataclass(frozen=True)
class Sorted:
    """The portions of an extract: those with a line, those whose code has none, and how many rows change nothing."""

    posted: tuple[tuple[Portion, Any], ...]
    parked: tuple[Portion, ...]
    nil: int

    def by_line(self) -> dict[Any, Sum]:
        return _summed((line, portion) for portion, line in self.posted)

    def by_code(self) -> dict[str, Sum]:
        """The codes without a line, in the order of the file."""
        return _summed((portion.code, portion) for portion in self.parked)

    @property
    def posted_sum(self) -> Sum:
        return _summed((None, portion) for portion, _ in self.posted).get(None, Sum())

    @property
    def parked_sum(self) -> Sum:
        return _summed((None, portion) for portion in self.parked).get(None, Sum())


def portions(rows: Iterable[Row]) -> tuple[Portion, ...]:
    """Rows by code, as it is written, and month, in the order of the file; 0.00 changes nothing and is only counted."""
    amounts: dict[tuple[str, int], list[Decimal]] = defaultdict(list)
    for row in rows:
        amounts[row.code, row.month].append(row.amount)
    found = []
    for (code, month), each in amounts.items():
        there = sum(map(bool, each))
        found.append(Portion(code, month, there, money.total(each), len(each) - there))
    return tuple(found)


def _summed(portions: Iterable[tuple[Any, Portion]]) -> dict[Any, Sum]:
    found: dict[Any, Sum] = defaultdict(Sum)
    for key, portion in portions:
        rows, amount = found[key]
        found[key] = Sum(rows + portion.rows, amount + portion.amount)
    return dict(found)


def read_extract(workbook: Workbook, *, year: FinancialYear) -> Extract:
    """Read the first sheet with the headings of an extract; raises ExtractRefused where there is none, or no row."""
    sheet, head = _sheet(workbook)
    reading = _Reading(sheet, _columns([text_of(value) for value in sheet.values[head]]), year)
    for number in range(head + 1, len(sheet.values)):
        reading.take(number)
    if not reading.rows and not reading.problems:
        raise ExtractRefused("The sheet has headings and no rows below them.", code="no_rows", field="file")
    return Extract(tuple(reading.rows), Controls(**reading.said), tuple(reading.problems))


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


def sort(portions: Iterable[Portion], lines: Mapping[str, Any]) -> Sorted:
    """Give each code its line, large and small letters alike; None, or no entry, is no line."""
    posted, parked, nil = [], [], 0
    for portion in portions:
        nil += portion.nil
        line = lines.get(portion.code.casefold())
        if not portion.rows:
            continue
        if line is None:
            parked.append(portion)
        else:
            posted.append((portion, line))
    return Sorted(tuple(posted), tuple(parked), nil)


def digest(rows: Iterable[Row]) -> str:
    """Of what the rows say, wherever they stand in the file: SHA-256 in hexadecimal."""
    said = hashlib.sha256()
    for row in rows:
        said.update(json.dumps(row.as_list()[1:]).encode())
    return said.hexdigest()


def fingerprint(lines: Mapping[str, Any]) -> str:
    """A digest of which code belongs to which line: SHA-256 in hexadecimal."""
    state = sorted((code, str(line)) for code, line in lines.items())
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _sheet(workbook: Workbook) -> tuple[Sheet, int]:
    for sheet in workbook.sheets:
        if sheet.hidden:
            continue
        for number, values in enumerate(sheet.values[:_LOOKED_AT]):
            found = {HEADINGS.get(_normal(text_of(value))) for value in values}
            if {CODE, AMOUNT} <= found:
                return sheet, number
    raise ExtractRefused(
        f"No sheet has the headings of a ledger extract. Expected, in any order: {EXPECTED}.",
        code="no_headings",
        field="file",
    )


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = HEADINGS.get(_normal(head))
        if name in found:
            raise ExtractRefused(
                f'Two columns are the {name}: "{heads[found[name]]}" and "{head}". Delete one of them.',
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


@lru_cache(_REMEMBERED)
def _normal(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold().rstrip(":.")


class _Reading:
    """The rows of one sheet as they are read: what was taken, what was refused, and the control totals at the end."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], year: FinancialYear) -> None:
        self.rows: list[Row] = []
        self.problems: list[Wrong] = []
        self.said: dict[str, Any] = {}
        self._sheet, self._columns, self._year = sheet, columns, year
        # A column that the sheet has not is read from the None behind each row.
        self._pick = itemgetter(*(columns.get(name, -1) for name in _COLUMNS))

    def take(self, number: int) -> None:
        """Read the row of this number, counted from 0."""
        code, period, day, amount, description, reference = picked = self._pick((*self._sheet.values[number], None))
        if picked == (None,) * len(_COLUMNS):
            return
        label = _normal(text_of(code))
        if label in TOTALS or label in COUNTS:
            self._control(number, label, amount)
            return
        before = len(self.problems)
        text = self._text(number, CODE, code, LONGEST_CODE)
        if not text and len(self.problems) == before:
            self._refuse(number, CODE, "The ledger code is missing.")
        when = self._when(number, period, day)
        pounds = self._amount(number, amount)
        words = self._text(number, DESCRIPTION, description, LONGEST_DESCRIPTION)
        mark = self._text(number, REFERENCE, reference, LONGEST_REFERENCE)
        if len(self.problems) == before and when is not None and pounds is not None:
            self.rows.append(Row(number + 1, text, *when, pounds, words or text, mark))

    def _refuse(self, number: int, column: str, message: str) -> None:
        place = self._columns.get(column, self._columns[CODE])
        cell = self._sheet.cell(number, place)
        self.problems.append(Wrong(cell.address.partition("!")[2], cell.text[:LONGEST_SHOWN], message))

    def _control(self, number: int, label: str, value: Value) -> None:
        """Note the control total that a row states."""
        amount = self._amount(number, value)
        if label in TOTALS:
            self.said["total"] = amount
        else:
            self.said["count"] = None if amount is None else int(amount)

    def _text(self, number: int, column: str, value: Value, longest: int) -> str:
        if isinstance(value, CellError):
            self._refuse(number, column, value.message)
            return ""
        text = " ".join(text_of(value).split())
        if len(text) > longest or "\x00" in text:
            self._refuse(number, column, f"There are more than {longest} characters, or one that cannot be kept.")
            return ""
        return text

    def _amount(self, number: int, value: Value) -> Decimal | None:
        if isinstance(value, CellError):
            self._refuse(number, AMOUNT, value.message)
            return None
        try:
            return money.from_cell(value, negative=True)
        except MoneyError as error:
            self._refuse(number, AMOUNT, error.message)
            return None

    def _when(self, number: int, period: Value, stated: Value) -> tuple[int, date] | None:
        """The month and the day of a row. Its period decides the month; a date alone decides both."""
        day = _day(stated)
        if stated is not None and day is None:
            self._refuse(number, DATE, "This is no date. Write it day first, such as 30/06/2014.")
            return None
        if day is not None and not is_plausible(day):
            self._refuse(number, DATE, ENTER_PLAUSIBLE)
            return None
        if period is not None:
            month = _month(text_of(period))
            if month is None:
                self._refuse(
                    number, PERIOD, "This is no period. Write 1 (April) to 12 (March), 13, or the month's name."
                )
                return None
            return month, day or _last_day(self._year, month)
        if day is None:
            self._refuse(number, DATE, "There is no period and no date.")
            return None
        if day not in self._year:
            self._refuse(
                number,
                DATE,
                f"{long_date(day)} is not in {self._year.label}. Leave the row out, or give it the period in which the "
                "ledger has it.",
            )
            return None
        return FinancialMonth.containing(day).number, day


@lru_cache(_REMEMBERED)
def _last_day(year: FinancialYear, month: int) -> date:
    return FinancialMonth(year, month).ends_on


@lru_cache(_REMEMBERED)
def _month(text: str) -> int | None:
    words = text.casefold().split()
    if not words:
        return None
    if words[0] in _MONTH_NUMBERS:
        return _MONTH_NUMBERS[words[0]]
    digits = words[-1].removeprefix("period").removeprefix("month").removeprefix("p").removeprefix("m")
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    return number if 1 <= number <= 13 else None


def _day(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = " ".join(text_of(value).split())
    for form in _DAYS:
        try:
            # No moment is meant, only a day: there is no time zone to lose.
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
