"""An amount of a year in parts: instalments by due date, and a profile by month, the whole to the penny."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final

from integration_hub.core.money import NIL, PENNY, MoneyError, as_plain, pounds, total

MONTHS: Final = 12


@dataclass(frozen=True)
class Instalment:
    """What is due on a day, in pounds."""

    number: int
    due_on: date
    amount: Decimal


def instalments(amount: Decimal, due: Sequence[date]) -> list[Instalment]:
    """Equal parts, each cut to the penny, the odd pennies in the last. Raises ValueError for days out of order."""
    if not due or any(later <= earlier for earlier, later in itertools.pairwise(due)):
        raise ValueError("Give at least one due date, each later than the one before.")
    part = (amount / len(due)).quantize(PENNY, ROUND_DOWN)
    amounts = [part] * (len(due) - 1)
    amounts.append(amount - total(amounts))
    return [Instalment(number, on, each) for number, (on, each) in enumerate(zip(due, amounts, strict=True), 1)]


def even(amount: Decimal) -> list[Decimal]:
    """A year's amount in twelve equal months from April, the odd pennies in March."""
    part = (amount / MONTHS).quantize(PENNY, ROUND_DOWN)
    return [part] * (MONTHS - 1) + [amount - part * (MONTHS - 1)]


def by_percentages(amount: Decimal, percentages: Sequence[Decimal]) -> list[Decimal]:
    """A year's amount by percentages of the months from April, the odd pennies in the last month that has any.

    Raises MoneyError unless there are twelve percentages of 0 or more that add up to exactly 100.
    """
    if len(percentages) != MONTHS:
        raise MoneyError("months", f"Give {MONTHS} percentages, April to March; there are {len(percentages)}.")
    if any(each < 0 for each in percentages):
        raise MoneyError("negative", "A percentage is below nil.")
    whole = sum(Fraction(each) for each in percentages)
    if whole != 100:
        raise MoneyError("percentages", f"The percentages add up to {float(whole):g}; they have to add up to 100.")
    exact = [Fraction(amount) * Fraction(each) / 100 for each in percentages]
    # Towards nil, so that no month has more than its percentage and the rest has the sign of the whole.
    months = [Decimal(int(each * 100)) * PENNY if each else NIL for each in exact]
    last = max(place for place, each in enumerate(percentages) if each)
    months[last] += amount - total(months)
    return months


def check_manual(amount: Decimal, months: Sequence[Decimal]) -> None:
    """Raise MoneyError, with the difference, unless twelve months typed in are the year's amount to the penny."""
    if len(months) != MONTHS:
        raise MoneyError("months", f"Give {MONTHS} amounts, April to March; there are {len(months)}.")
    difference = total(months) - amount
    if difference:
        way = "over" if difference > 0 else "under"
        raise MoneyError(
            "total",
            f"The months add up to {pounds(total(months))}, {pounds(abs(difference))} {way} the year's "
            f"{pounds(amount)}. Change a month, or the year's amount.",
            as_plain(difference),
        )
