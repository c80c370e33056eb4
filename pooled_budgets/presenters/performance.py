"""Payment for performance as the page shows it: admissions with commas, pounds, or why there is nothing to show."""

from dataclasses import dataclass
from decimal import Decimal

from integration_hub.core import money
from pooled_budgets.selectors.performance import Recorded

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class QuarterRow:
    """One quarter in words."""

    number: int
    baseline: str
    planned_to_date: str
    counted: str
    reduction_to_date: str
    earned_to_date: str
    paid: str


def terms(found: Recorded) -> str:
    """What is paid for at most: "£1,686,680.00: 1,132 admissions fewer, £1,490.00 each"."""
    worked = found.worked_out()
    each = money.pounds(found.pay.unit)
    return f"{money.pounds(worked.fund)}: {worked.planned_reduction:,} admissions fewer, {each} each"


def rows(found: Recorded) -> list[QuarterRow]:
    """The four quarters in order."""
    return [
        QuarterRow(
            number=quarter.number,
            baseline=f"{quarter.baseline:,}",
            planned_to_date=f"{quarter.planned_reduction_to_date:,}",
            counted=row.state_words if row.actual is None else f"{row.actual:,}",
            reduction_to_date=NOT_KNOWN if quarter.reduction_to_date is None else f"{quarter.reduction_to_date:,}",
            earned_to_date=_pounds(quarter.earned_to_date),
            paid=_pounds(quarter.paid),
        )
        for row, quarter in zip(found.quarters, found.worked_out().quarters, strict=True)
    ]


def _pounds(amount: Decimal | None) -> str:
    return NOT_KNOWN if amount is None else money.pounds(amount)
