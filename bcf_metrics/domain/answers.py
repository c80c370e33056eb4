"""An answer of the return as text, the one form in which it is kept, compared and carried by the page.

Text and choices stand as they are, dates as "2014-07-28", amounts as "1300000.00" or as the reason why there is none:
"nil", "not_yet_available:2014-09-30". Nothing answered is "".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bcf_metrics.domain.completion import Entry, cell_length
from bcf_metrics.domain.shapes import parse_date
from bcf_metrics.domain.templates import AMOUNTS, Field, FieldType
from bcf_metrics.domain.words import exact
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible, long_date
from integration_hub.core.states import EFFECTS, AmountState, FigureState

_POUNDS = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
LONGEST_KEY = 60
# How much of an answer a list of changes shows.
LONGEST_SHOWN = 200
# Why an amount of the return may be empty. What is simply not entered yet is left blank, and the checklist says so.
FORECAST_REASONS = (
    FigureState.NIL,
    FigureState.NOT_APPLICABLE,
    AmountState.TO_BE_CONFIRMED,
    AmountState.NOT_STATED,
)
ACTUAL_REASONS = (
    FigureState.NIL,
    FigureState.NOT_APPLICABLE,
    FigureState.NOT_YET_AVAILABLE,
    FigureState.SUPPRESSED,
    AmountState.NOT_STATED,
)


@dataclass(frozen=True)
class Wanted:
    """An answer as somebody wants it, by its key; `seen` is what the person was shown, None does not look."""

    key: str
    value: str
    seen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """An entry of the return with where its answer comes from.

    `key` is the name that its answer is kept under, "" where it is not typed in the return; then `source` says where
    it comes from. `code` is the answer as it stands.
    """

    entry: Entry
    key: str
    source: str
    code: str

    @property
    def is_typed(self) -> bool:
        return bool(self.key)

    @property
    def field(self) -> Field:
        return self.entry.field

    @property
    def is_amount(self) -> bool:
        return self.field.type in AMOUNTS

    @property
    def reasons(self) -> tuple[FigureState | AmountState, ...]:
        """Why an amount here may be empty; none where a number is asked for."""
        if not self.field.state:
            return ()
        return ACTUAL_REASONS if self.field.until else FORECAST_REASONS

    @property
    def shown(self) -> str:
        """The answer in words."""
        return words(self.field, self.code)


def name_of(key: str) -> str:
    """An answer's key as the name of an input: letters, digits, - _ ~ only, and no two keys alike."""
    return re.sub(r"[^A-Za-z0-9_]", lambda found: "-" if found[0] == "." else f"~{ord(found[0]):x}~", key)


def split(code: str) -> tuple[str | None, str, str | None]:
    """An amount's code as (pounds or None, state, date or None)."""
    if not code:
        return None, FigureState.MISSING, None
    state, _, until = code.partition(":")
    if state in EFFECTS:
        return None, state, until or None
    return code, FigureState.STATED, None


def of_amount(amount: Decimal | None, state: str, until: date | None = None) -> str:
    """The code of an amount; one that is missing is no answer."""
    if amount is not None and state == FigureState.STATED:
        return f"{amount:.2f}"
    if state == FigureState.MISSING:
        return ""
    return f"{state}:{until.isoformat()}" if until else str(state)


def problem(cell: Cell, code: str, *, on: date) -> str:
    """Why an answer cannot be kept in a cell; nothing where it can, and no answer always can."""
    field = cell.field
    if not code:
        return ""
    if cell.is_amount:
        return _amount_problem(cell, code, on=on)
    if field.type is FieldType.DATE:
        day = parse_date(code)
        if day is None or not is_plausible(day):
            return ENTER_PLAUSIBLE
        return ""
    if field.choices:
        return "" if code in dict(field.choices) else "Choose one of the answers."
    if cell_length(code) > field.max_length:
        return f"There are {cell_length(code):,} characters. Shorten it to {field.max_length:,} or fewer."
    if field.format == "email" and not _is_email(code):
        return "Enter an e-mail address, such as name@council.gov.uk."
    return ""


def words(field: Field, code: str) -> str:
    """An answer as a page prints it; nothing for no answer."""
    if field.type in AMOUNTS:
        amount, state, until = split(code)
        if amount is not None:
            pounds = f"{Decimal(amount):,.2f}" if field.type is FieldType.MONEY else exact(Decimal(amount))
            return f"£{pounds}" if field.type is FieldType.MONEY else pounds
        if not code:
            return ""
        return f"{EFFECTS[state].words} until {long_date(date.fromisoformat(until))}" if until else EFFECTS[state].words
    if field.type is FieldType.DATE:
        day = parse_date(code)
        return long_date(day) if day else code
    return field.shown(code)


def code_of(entry: Entry, row: Mapping[str, Any] | None) -> str:
    """The answer of an entry as it stands in a content; `row` is its row of a table."""
    if entry.field.state and row is not None:
        amount = row[entry.field.code]
        state = row.get(entry.field.state) or (FigureState.MISSING if amount is None else FigureState.STATED)
        if state == FigureState.MISSING:
            return ""
        if state == FigureState.STATED:
            return str(amount)
        until = row.get(entry.field.until) if entry.field.until else None
        return f"{state}:{until}" if until else str(state)
    return entry.answer or ""


def _amount_problem(cell: Cell, code: str, *, on: date) -> str:
    amount, state, until = split(code)
    if amount is None:
        if state not in cell.reasons:
            return "Choose one of the reasons, or enter an amount."
        if (state == FigureState.NOT_YET_AVAILABLE) is not bool(until):
            return "Enter the date until which the amount is not available."
        if until and date.fromisoformat(until) <= on:
            day = long_date(date.fromisoformat(until))
            return f"{day} is not in the future. Enter the day on which the amount will be there, or the amount itself."
        return ""
    is_money = cell.field.type is FieldType.MONEY
    if not (_POUNDS if is_money else _NUMBER).fullmatch(amount):
        return "Enter an amount of 0.00 or more, with pence." if is_money else "Enter a number of 0 or more."
    limit = cell.field.limit
    if limit is not None and Decimal(amount) > limit:
        return f"{words(cell.field, amount)} is above the return's limit of {words(cell.field, str(limit))}."
    return ""


def _is_email(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and host) and "@" not in host and not set(text) & set(" \t\n")
