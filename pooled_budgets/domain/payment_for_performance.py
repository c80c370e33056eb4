"""Payment for performance of 2015-16: part of the fund was released on the fall in non-elective admissions.

Quarter by quarter and cumulatively, without claw-back; what is not released stays with the NHS partner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from integration_hub.core.money import NIL, total

# The one year in which part of the fund was paid for performance: 2015/16.
YEAR: Final = 2015
# Pounds for an admission in the national scheme; an agreement may state another.
NATIONAL_UNIT: Final = Decimal("1490.00")


@dataclass(frozen=True)
class QuarterPaid:
    """One quarter: admissions, and pounds. What depends on an admission count that is missing is None."""

    number: int
    baseline: int
    planned_reduction_to_date: int
    actual: int | None
    reduction_to_date: int | None
    earned_to_date: Decimal | None
    paid: Decimal | None


@dataclass(frozen=True)
class Performance:
    """The year: the fund, what was released so far and what stays with the NHS partner so far, in pounds."""

    fund: Decimal
    quarters: tuple[QuarterPaid, ...]

    @property
    def planned_reduction(self) -> int:
        """Admissions fewer over the year, as planned."""
        return self.quarters[-1].planned_reduction_to_date if self.quarters else 0

    @property
    def released(self) -> Decimal:
        return total(quarter.paid for quarter in self.quarters if quarter.paid is not None)

    @property
    def retained(self) -> Decimal:
        return self.fund - self.released

    @property
    def is_complete(self) -> bool:
        return all(quarter.paid is not None for quarter in self.quarters)


def performance(
    baseline: Sequence[int],
    planned_reduction: Sequence[int],
    actual: Sequence[int | None],
    *,
    unit: Decimal = NATIONAL_UNIT,
    capped_at_plan_to_date: bool = True,
) -> Performance:
    """What is released each quarter. Admissions by quarter in; a missing count leaves later quarters open too.

    Raises ValueError for series of different lengths or a planned reduction below nil.
    """
    if not len(baseline) == len(planned_reduction) == len(actual):
        raise ValueError("Baseline, planned reduction and actual need the same quarters.")
    if any(count < 0 for count in planned_reduction):
        raise ValueError("A planned reduction is 0 or more.")
    over_the_year = sum(planned_reduction)
    quarters: list[QuarterPaid] = []
    planned_to_date, reduced, paid = 0, 0, NIL
    known = True
    for number, (before, planned, counted) in enumerate(zip(baseline, planned_reduction, actual, strict=True), 1):
        planned_to_date += planned
        if counted is None or not known:
            known = False
            quarters.append(QuarterPaid(number, before, planned_to_date, counted, None, None, None))
            continue
        reduced += before - counted
        ceiling = min(planned_to_date, over_the_year) if capped_at_plan_to_date else over_the_year
        earned = max(0, min(reduced, ceiling)) * unit
        due = max(NIL, earned - paid)
        paid += due
        quarters.append(QuarterPaid(number, before, planned_to_date, counted, reduced, earned, due))
    return Performance(fund=over_the_year * unit, quarters=tuple(quarters))
