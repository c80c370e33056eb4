"""Projected outturns quarter by quarter beside what was posted, and the explanations of their variances."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.position import PositionLine
from pooled_budgets.domain.variances import Explanation, Threshold
from pooled_budgets.models import Forecast, Fund, Transaction, VarianceExplanation, VarianceThreshold
from pooled_budgets.selectors import positions


@dataclass(frozen=True)
class OutturnRow:
    """A scheme at a quarter: what was projected at each quarter, what was posted by then, and what explains it."""

    line: PositionLine
    projected: tuple[Figure, ...]
    posted: Decimal | None
    is_above: bool
    explanation: Explanation | None
    age: int
    earlier: int

    @property
    def is_stale(self) -> bool:
        variance = self.line.variance
        return self.explanation is not None and variance is not None and self.explanation.is_stale(variance)

    @property
    def needs_words(self) -> bool:
        """Above the threshold, and nobody has explained it as it is now."""
        return self.is_above and (self.explanation is None or self.is_stale)


def threshold_of(fund: Fund) -> Threshold | None:
    """From which variance on the fund asks for an explanation; None where nobody has said. One query."""
    found = VarianceThreshold.objects.filter(fund=fund).first()
    return Threshold(found.pounds, found.percent) if found else None


def outturns(
    fund: Fund, period: Period, quarters: list[Period], user: User, threshold: Threshold | None
) -> list[OutturnRow]:
    """Each scheme of the fund at a quarter. Five queries whatever their number."""
    today = timezone.localdate()
    standing = projected(fund, user)
    posted = _posted(fund, period, user)
    explained = _explanations(fund, period, user)
    absent = {quarter.pk: Figure.absent(quarter.ends_on, today) for quarter in quarters}
    rows = []
    for line in positions.position(fund, period, user).lines:
        given = explained.get(line.scheme_id, [])
        latest = given[-1] if given else None
        rows.append(
            OutturnRow(
                line=line,
                projected=tuple(standing.get((line.scheme_id, quarter.pk), absent[quarter.pk]) for quarter in quarters),
                posted=posted.get(line.scheme_id),
                is_above=_is_above(line, threshold),
                explanation=latest,
                age=latest.age(today) if latest else 0,
                earlier=max(len(given) - 1, 0),
            )
        )
    return rows


def _is_above(line: PositionLine, threshold: Threshold | None) -> bool:
    if threshold is None or line.variance is None or line.budget is None:
        return False
    return threshold.is_above(line.variance, line.budget)


def projected(fund: Fund, user: User) -> dict[tuple[Any, Any], Figure]:
    """What stands at each quarter; a successor's own figure comes after its predecessor's."""
    rows = Forecast.objects.visible_to(user).of_keeper().filter(scheme__fund=fund, period__kind=Period.QUARTER)
    return {
        (row.scheme_id, row.period_id): Figure(row.amount, row.state, row.available_on)
        for row in rows.only("scheme", "period", "amount", "state", "available_on")
    }


def _posted(fund: Fund, period: Period, user: User) -> dict[Any, Decimal]:
    """What was posted to each scheme by the end of the quarter; adjustments belong to the last."""
    rows = (
        Transaction.objects.visible_to(user)
        .filter(fund=fund, period__ends_on__lte=period.ends_on)
        .order_by()
        .values_list("line__scheme")
        .annotate(sum=Sum("amount"))
    )
    return dict(rows)


def _explanations(fund: Fund, period: Period, user: User) -> dict[Any, list[Explanation]]:
    """The explanations of each scheme at the quarter, oldest first."""
    rows = (
        VarianceExplanation.objects.visible_to(user)
        .filter(forecast__scheme__fund=fund, forecast__period=period)
        .select_related("forecast", "author")
        .order_by("at", "recorded_at")
    )
    found: dict[Any, list[Explanation]] = {}
    for row in rows:
        given = Explanation(row.text, str(row.author), timezone.localdate(row.at), row.variance)
        found.setdefault(row.forecast.scheme_id, []).append(given)
    return found


def scheme_of(rows: list[OutturnRow], scheme: UUID) -> OutturnRow | None:
    """The row of one scheme."""
    return next((row for row in rows if row.line.scheme_id == scheme), None)
