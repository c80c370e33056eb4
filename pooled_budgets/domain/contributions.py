"""Where a contribution stands: what is due, what came in, what is late; and its instalments when the amount changes.

Worked example: £9,416,667.00 in four instalments is £2,354,166.75 each. After one receipt of £2,354,166.75, on the day
after the second is due, £2,354,166.75 are late since that day and £7,062,500.25 are outstanding in all.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from integration_hub.core.money import PENNY, MoneyError, parse_pounds, pounds, total
from integration_hub.core.quarters import FinancialMonth, FinancialYear
from pooled_budgets.domain.figures import read_day
from pooled_budgets.domain.instalments import MONTHS, Instalment, instalments

QUARTERLY, MONTHLY, OWN = "quarterly", "monthly", "own"
AT_MOST: Final = 60
_ROW = re.compile(r"(?P<day>.+?)(?:[\t;|]|\s{2,}|\s+(?=£))(?P<amount>£?\s*[0-9][0-9,. ]*)")


@dataclass(frozen=True)
class Standing:
    """A contribution on a day, in pounds; `outstanding` is None without an amount, and below nil if overpaid."""

    amount: Decimal | None
    received: Decimal
    outstanding: Decimal | None
    due: Decimal
    late: Decimal
    late_since: date | None
    next_due: Instalment | None
    # What the instalments add up to beyond the amount; None where there are none or the amount is not stated.
    untied: Decimal | None


def standing(amount: Decimal | None, parts: Sequence[Instalment], received: Decimal, *, on: date) -> Standing:
    """What is due by a day (an instalment is late from the day after), what is late, and what comes next."""
    ordered = sorted(parts, key=lambda part: part.due_on)
    due = [part for part in ordered if part.due_on < on]
    so_far, late_since = Decimal(0), None
    for part in due:
        so_far += part.amount
        if so_far > received and late_since is None:
            late_since = part.due_on
    return Standing(
        amount=amount,
        received=received,
        outstanding=None if amount is None else amount - received,
        due=total(part.amount for part in due),
        late=max(total(part.amount for part in due) - received, Decimal("0.00")),
        late_since=late_since,
        next_due=next((part for part in ordered if part.due_on >= on), None),
        untied=total(part.amount for part in ordered) - amount if ordered and amount is not None else None,
    )


def respread(parts: Sequence[Instalment], amount: Decimal, *, effective_on: date) -> list[Instalment]:
    """The instalments of a changed amount: those due before the day stay, the others share what is left evenly.

    Raises MoneyError where nothing is left to be shared out: the partners then have to make a schedule themselves.
    """
    kept = [part for part in parts if part.due_on < effective_on]
    later = [part for part in parts if part.due_on >= effective_on]
    left = amount - total(part.amount for part in kept)
    if not later or left < 0:
        raise MoneyError(
            "instalments",
            f"The instalments due before the change add up to {pounds(total(part.amount for part in kept))}, so the "
            "later ones cannot make up the new amount. Make a new schedule.",
        )
    shared = instalments(left, [part.due_on for part in later])
    return [*kept, *(replace(new, number=old.number) for new, old in zip(shared, later, strict=True))]


def remaining(parts: Sequence[Instalment], amount: Decimal, *, on: date) -> list[Instalment]:
    """The instalments of whoever paid until a day, for its part of the amount: those due before the day, in order.

    What they exceed its part by is taken off the last ones; what they lack falls due on the day.
    """
    found: list[Instalment] = []
    left = amount
    for part in sorted(parts, key=lambda part: part.due_on):
        each = min(part.amount, left)
        if part.due_on < on and each:
            found.append(replace(part, number=len(found) + 1, amount=each))
            left -= each
    if left:
        found.append(Instalment(len(found) + 1, on, left))
    return found


def taken_over(parts: Sequence[Instalment], amount: Decimal, *, on: date) -> list[Instalment]:
    """The instalments of whoever pays from a day on: the amount shared by those due on and after the day.

    Each in proportion to what was due then, cut to the penny, the odd pennies in the last. Where nothing was due any
    more the whole falls due on the day.
    """
    later = sorted((part for part in parts if part.due_on >= on and part.amount), key=lambda part: part.due_on)
    if not later:
        return [Instalment(1, on, amount)] if amount else []
    whole = total(part.amount for part in later)
    amounts = [Decimal(int(Fraction(amount) * Fraction(part.amount) / Fraction(whole) * 100)) * PENNY for part in later]
    amounts[-1] += amount - total(amounts)
    return [
        Instalment(number, part.due_on, each) for number, (part, each) in enumerate(zip(later, amounts, strict=True), 1)
    ]


def days_of(year: FinancialYear, pattern: str) -> list[date]:
    """The first day of each quarter or month of a year."""
    if pattern == QUARTERLY:
        return [quarter.starts_on for quarter in year.quarters]
    return [FinancialMonth(year, number).starts_on for number in range(1, MONTHS + 1)]


def read_schedule(text: str, amount: Decimal) -> list[Instalment]:
    """Read due dates, one a line; after each an amount, or none for equal parts with the odd pennies in the last.

    Raises MoneyError, naming the line, for what cannot be read, and with the difference where amounts do not tie.
    """
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    if not rows or len(rows) > AT_MOST:
        raise MoneyError("dates", f"Write from 1 to {AT_MOST} due dates, one a line.")
    read = [_row(row, number) for number, row in enumerate(rows, start=1)]
    days = [day for day, _ in read]
    for number, (earlier, later) in enumerate(itertools.pairwise(days), start=2):
        if later <= earlier:
            raise MoneyError("dates", f"Line {number}: the date is not later than the one before.")
    stated = [each for _, each in read if each is not None]
    if not stated:
        return instalments(amount, days)
    if len(stated) < len(rows):
        raise MoneyError("amounts", "Write an amount on every line, or on none for equal parts.")
    difference = total(stated) - amount
    if difference:
        way = "over" if difference > 0 else "under"
        raise MoneyError(
            "total",
            f"The instalments add up to {pounds(total(stated))}, {pounds(abs(difference))} {way} the contribution of "
            f"{pounds(amount)}. Change an instalment.",
        )
    return [Instalment(number, day, each) for number, (day, each) in enumerate(zip(days, stated, strict=True), start=1)]


def _row(row: str, number: int) -> tuple[date, Decimal | None]:
    found = _ROW.fullmatch(row)
    day_text, amount_text = (found["day"], found["amount"]) if found else (row, None)
    try:
        day = read_day(" ".join(day_text.split()))
        return day, None if amount_text is None else parse_pounds(amount_text)
    except MoneyError as error:
        raise MoneyError(error.code, f"Line {number}: {error.message}") from error
