"""Projected outturns quarter by quarter beside what was posted, and the explanations of their variances."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, Sum, When
from django.utils import timezone

from integration_hub.core.models import Period
from integration_hub.core.prepared import prepared
from partners.models import User, prepared_for
from partners.models.inheritance import in_the_place_of
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
    found: list[VarianceThreshold] = _thresholds(fund=fund.pk)
    return Threshold(found[0].pounds, found[0].percent) if found else None


@prepared
def _thresholds(*, fund: UUID) -> QuerySet[VarianceThreshold]:
    return VarianceThreshold.objects.filter(fund=fund)


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
    rows = _projected(user, fund=fund.pk, owner=fund.owner_id, area=fund.agreement.area_id)
    return {
        (scheme, period): Figure(amount, state, available_on) for scheme, period, amount, state, available_on in rows
    }


@prepared_for
def _projected(user: User, *, fund: UUID, owner: UUID, area: UUID) -> QuerySet[Forecast, Any]:
    # Who keeps the fund is given: a plan that finds it for any fund goes through every agreement of the country.
    return (
        Forecast.objects.visible_to(user)
        .filter(in_the_place_of("owner", holder=owner, area=area), scheme__fund=fund, period__kind=Period.QUARTER)
        .order_by(Case(When(owner=owner, then=1), default=0))
        .values_list("scheme", "period", "amount", "state", "available_on")
    )


def quarters_with_drafts(fund: Fund, user: User) -> set[Any]:
    """The quarters (ids) of which the person reads a figure that is not released. One query."""
    rows = Forecast.objects.visible_to(user).filter(scheme__fund=fund, released_at__isnull=True)
    return set(rows.order_by().values_list("period", flat=True).distinct())


def _posted(fund: Fund, period: Period, user: User) -> dict[Any, Decimal]:
    """What was posted to each scheme by the end of the quarter; adjustments belong to the last."""
    return dict(_posted_by(user, fund=fund.pk, day=period.ends_on))


@prepared_for
def _posted_by(user: User, *, fund: UUID, day: date) -> QuerySet[Transaction, Any]:
    return (
        Transaction.objects.visible_to(user)
        .filter(fund=fund, period__ends_on__lte=day)
        .order_by()
        .values_list("line__scheme")
        .annotate(sum=Sum("amount"))
    )


def _explanations(fund: Fund, period: Period, user: User) -> dict[Any, list[Explanation]]:
    """The explanations of each scheme at the quarter, oldest first."""
    found: dict[Any, list[Explanation]] = {}
    for row in _given(user, fund=fund.pk, period=period.pk):
        given = Explanation(row.text, str(row.author), timezone.localdate(row.at), row.variance)
        found.setdefault(row.forecast.scheme_id, []).append(given)
    return found


@prepared_for
def _given(user: User, *, fund: UUID, period: UUID) -> QuerySet[VarianceExplanation]:
    return (
        VarianceExplanation.objects.visible_to(user)
        .filter(forecast__scheme__fund=fund, forecast__period=period)
        .select_related("forecast", "author")
        .order_by("at", "recorded_at")
    )


def scheme_of(rows: list[OutturnRow], scheme: UUID) -> OutturnRow | None:
    """The row of one scheme."""
    return next((row for row in rows if row.line.scheme_id == scheme), None)
