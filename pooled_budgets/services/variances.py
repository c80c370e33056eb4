"""The threshold of a fund's variances, and explanations that follow each other and are never changed."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from integration_hub.core import audit, money
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.models import Forecast, Fund, VarianceExplanation, VarianceThreshold
from pooled_budgets.selectors import positions, variances
from pooled_budgets.services.locking import hold_fund


@service
def set_threshold(
    *, fund: Fund, pounds: Decimal | None, percent: Decimal | None, by: User, at: datetime
) -> VarianceThreshold:
    """Say from which variance on an explanation is asked for, in pounds, in per cent of the budget, or both."""
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    if pounds is None and percent is None:
        raise Malformed("Enter an amount in pounds, a per cent of the budget, or both.", field="pounds")
    before = variances.threshold_of(held)
    threshold, _ = VarianceThreshold.objects.update_or_create(
        fund=held, defaults={"pounds": pounds, "percent": percent}
    )
    after = variances.threshold_of(held)
    audit.record(
        "variance.threshold_set",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before={"threshold": before.words if before else None},
        after={"threshold": after.words if after else None},
    )
    return threshold


@service
def explain(
    *, fund: Fund, scheme_id: UUID, period: Period, seen: Decimal, text: str, by: User, at: datetime
) -> VarianceExplanation:
    """Explain a scheme's variance at a quarter; `seen` is the variance that the person was shown, in pounds.

    Raises ChangedMeanwhile where it is another one by now, NothingToExplain where there is none.
    """
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    policies.check_period_of_fund(held, period)
    words = text.strip()
    if not words:
        raise Malformed("Write why the outturn differs from the budget.", field="text")
    lines = positions.position(held, period, by).lines
    line = next((line for line in lines if line.scheme_id == scheme_id), None)
    forecast = Forecast.objects.of_keeper().filter(scheme=scheme_id, scheme__fund=held, period=period).last()
    if line is None or forecast is None or line.variance is None:
        raise policies.NothingToExplain(f"There is no variance to explain at {period.label}: enter the outturn first.")
    if line.variance != seen:
        raise ChangedMeanwhile(
            f"The variance of scheme {line.number} is {money.signed(line.variance)} by now; you were shown "
            f"{money.signed(seen)}. Nothing was saved. Look at it again and explain it as it is."
        )
    explanation = VarianceExplanation(forecast=forecast, variance=line.variance, text=words, author=by, at=at)
    explanation.save(force_insert=True)
    audit.record(
        "variance.explained",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={
            "scheme": line.number,
            "period": period.label,
            "variance": money.as_plain(line.variance),
            "text": words,
        },
    )
    return explanation
