"""Waivers: an approver lets a check of one metric ask for nothing until a day, or ends that earlier."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bcf_metrics.domain.checks import WAIVABLE
from bcf_metrics.models import MetricFigure, MetricPlan, MetricWaiver
from bcf_metrics.selectors import figures
from bcf_metrics.selectors.checks import in_force
from bcf_metrics.selectors.returns import history_of
from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain.words import moment
from pooled_budgets.services.locking import hold_fund

# A waiver is for a while: it is given anew, with its reason, for longer.
LONGEST = timedelta(days=366)


class AlreadyWaived(HubError):
    """The check is waived on that day already."""

    code = "already_waived"


class WaiverOver(HubError):
    """The waiver was ended, or has expired."""

    code = "waiver_over"


@service
def give(*, plan_id: UUID, check: str, until: date | None, reason: str, by: User, at: datetime) -> MetricWaiver:
    """Waive a check of a metric until a day. An approver of the partner that enters the metric's figures does that.

    Nobody does it for figures that they entered. Raises PermissionDenied, Malformed, AlreadyWaived.
    """
    found = get_object_or_404(figures.plans_visible_to(by), pk=plan_id)
    hold_fund(found.fund_id, by=by)
    plan = get_object_or_404(figures.plans_visible_to(by), pk=plan_id)
    permissions.require(by, Permission.RETURN_SIGN, organisation=plan.owner)
    _require_another(plan, by)
    today = timezone.localdate(at)
    last = _last_day(check, until, today)
    why = reasons.given(reason, ask="Say why the check is waived.")
    standing = MetricWaiver.objects.filter(in_force(today), plan=plan, code=check).select_related("given_by").first()
    if standing is not None:
        raise AlreadyWaived(
            f"{standing.check_words}: {standing.given_by} waived it on {moment(standing.given_at)} until "
            f"{long_date(standing.until)}. End that waiver first.",
            who_can_lift=f"an approver of {plan.owner}, by ending it",
        )
    waiver = MetricWaiver.objects.create(
        plan=plan,
        owner=plan.owner,
        released_at=at,
        code=check,
        reason=why,
        until=last,
        given_on=today,
        given_by=by,
        given_at=at,
    )
    audit.record(
        "metric_check.waived",
        target=plan,
        by=by,
        at=at,
        partner=plan.owner,
        reason=waiver.reason,
        after={"check": waiver.check_words, "until": waiver.until.isoformat()},
    )
    return waiver


@service
def end(*, waiver_id: UUID, reason: str, by: User, at: datetime) -> MetricWaiver:
    """End a waiver before its day; from now on the check asks again. Raises PermissionDenied, Malformed, WaiverOver."""
    found = get_object_or_404(MetricWaiver.objects.visible_to(by).select_related("plan"), pk=waiver_id)
    hold_fund(found.plan.fund_id, by=by)
    waiver = get_object_or_404(
        MetricWaiver.objects.visible_to(by).select_related("plan__owner", "given_by", "ended_by"), pk=waiver_id
    )
    plan = waiver.plan
    permissions.require(by, Permission.RETURN_SIGN, organisation=plan.owner)
    if waiver.ended_at is not None:
        raise WaiverOver(f"{waiver.ended_by} ended it on {moment(waiver.ended_at)}.")
    if waiver.until < timezone.localdate(at):
        raise WaiverOver(f"It was given until {long_date(waiver.until)}, and is over.")
    why = reasons.given(reason, ask="Say why the waiver is ended.")
    waiver.ended_by, waiver.ended_at, waiver.ended_reason = by, at, why
    waiver.save()
    audit.record(
        "metric_check.waiver_ended",
        target=plan,
        by=by,
        at=at,
        partner=plan.owner,
        reason=waiver.ended_reason,
        before={"check": waiver.check_words, "until": waiver.until.isoformat()},
    )
    return waiver


def _require_another(plan: MetricPlan, by: User) -> None:
    """Nobody waives a check of what they entered."""
    if history_of(MetricFigure).filter(plan=plan.pk, entered_by=by.pk).exists():
        raise PermissionDenied(
            f"You entered figures of {plan.name}, so another approver of {plan.owner} has to waive its checks, "
            "whatever other roles you hold."
        )


def _last_day(check: str, until: date | None, today: date) -> date:
    if check not in set(WAIVABLE):
        raise _malformed("check", "unknown_check", "Choose one of the checks.")
    if until is None or not today <= until <= today + LONGEST:
        raise _malformed(
            "until",
            "date_out_of_range",
            f"Enter the last day of the waiver, from {long_date(today)} to {long_date(today + LONGEST)}.",
        )
    return until


def _malformed(field: str, code: str, message: str) -> Malformed:
    return Malformed(f"{message} Nothing was saved.", problems=[{"field": field, "code": code, "message": message}])
