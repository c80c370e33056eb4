"""Months closed softly, closed hard, and reopened; each closing keeps the month exactly as it stood."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain import closed_month
from pooled_budgets.models import ClosedMonth, Fund, PeriodLock
from pooled_budgets.selectors import grid, ledger, months
from pooled_budgets.services.locking import hold_fund

LONGEST_SOFTLY = timedelta(days=365)
ASK = "Say why the month is closed: whoever is refused a change reads it."


@service
def close_softly(
    *, fund: Fund, month: Period, may_edit: UUID, until: date, reason: str, by: User, at: datetime
) -> PeriodLock:
    """Close a month to all but one finance officer of the keeper, until a day. Raises MonthClosed, Malformed."""
    held = _held(fund, month, by=by)
    words = reasons.given(reason, ask=ASK)
    _check_open(held, month)
    named = months.finance_people(held).filter(pk=may_edit).first()
    if named is None:
        raise Malformed(f"Choose a finance officer of {held.owner}.", field="may_edit")
    if until < timezone.localdate(at):
        raise Malformed(f"{long_date(until)} is over. Choose a day from today on.", field="until")
    if until > timezone.localdate(at) + LONGEST_SOFTLY:
        raise Malformed("A soft closing lasts a year at most. Choose an earlier day.", field="until")
    lock = PeriodLock(
        fund=held,
        period=month,
        kind=PeriodLock.SOFT,
        may_edit=named,
        until=until,
        locked_at=at,
        locked_by_name=str(by),
        reason=words[:300],
        who_can_lift=f"a finance officer or approver of {held.owner}, by reopening the month",
    )
    lock.save(force_insert=True)
    audit.record(
        "month.closed_softly",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={"month": month.label, "may_edit": str(named), "until": until.isoformat()},
        reason=words,
    )
    return lock


@service
def close(*, fund: Fund, month: Period, reason: str, by: User, at: datetime) -> ClosedMonth:
    """Close a month to everybody, and keep it as it stands; a soft closing ends with it. Raises MonthClosed."""
    held = _held(fund, month, by=by)
    words = reasons.given(reason, ask=ASK)
    policies.check_begun([month], at=at)
    _check_open(held, month, kinds=(PeriodLock.HARD,))
    kept = _keep(held, month, by=by, at=at)
    PeriodLock.objects.filter(fund=held, period=month, lifted_at__isnull=True).update(
        lifted_at=at, lifted_by_name=str(by)
    )
    PeriodLock(
        fund=held,
        period=month,
        kind=PeriodLock.HARD,
        locked_at=at,
        locked_by_name=str(by),
        reason=words[:300],
        who_can_lift=f"an approver of {held.owner}, by reopening the month",
    ).save(force_insert=True)
    audit.record(
        "month.closed",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={"month": month.label, "closing": kept.number, "sha256": kept.sha256},
        reason=words,
    )
    return kept


@service
def reopen(*, fund: Fund, month: Period, reason: str, by: User, at: datetime) -> PeriodLock:
    """Open a closed month again: a soft closing by those who close, a hard one by an approver of the keeper alone.

    What was kept of it stays; closing it again keeps another. Raises MonthOpen, PeriodLocked under a locked quarter.
    """
    held = hold_fund(fund.pk, by=by)
    lock = PeriodLock.objects.filter(fund=held, period=month, lifted_at__isnull=True).first()
    _require_to_reopen(held, lock, by)
    policies.check_period_of_fund(held, month)
    words = reasons.given(reason, ask="Say why the month is reopened: reports may rest on it.")
    if lock is None:
        raise policies.MonthOpen(f"{month.label} of {held.name} is open.")
    policies.check_quarter_open(held, month)

    lock.lifted_at, lock.lifted_by_name = at, str(by)
    lock.save(update_fields=["lifted_at", "lifted_by_name"])
    audit.record(
        "month.reopened",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before={"month": month.label, "kind": lock.kind, "reason": lock.reason, "closed_by": lock.locked_by_name},
        reason=words,
    )
    return lock


def _held(fund: Fund, month: Period, *, by: User) -> Fund:
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    policies.check_period_of_fund(held, month)
    if month.kind != Period.MONTH:
        raise Malformed(f"{month.label} is no month: quarters are locked by their returns.", field="month")
    return held


def _check_open(held: Fund, month: Period, *, kinds: tuple[str, ...] = (PeriodLock.SOFT, PeriodLock.HARD)) -> None:
    lock = (
        PeriodLock.objects.filter(fund=held, period=month, kind__in=kinds, lifted_at__isnull=True)
        .select_related("period", "may_edit")
        .first()
    )
    if lock is not None:
        raise policies.MonthClosed(policies.lock_words(lock, held), who_can_lift=lock.who_can_lift)


def _require_to_reopen(held: Fund, lock: PeriodLock | None, by: User) -> None:
    """An approver may always; a finance officer may where the closing is soft."""
    if permissions.can(by, Permission.RETURN_SIGN, organisation=held.owner):
        return
    if lock is not None and lock.kind == PeriodLock.HARD:
        raise PermissionDenied(
            f"Reopening a closed month needs the role of approver in {held.owner}, which you do not hold."
        )
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)


def _keep(held: Fund, month: Period, *, by: User, at: datetime) -> ClosedMonth:
    """The month as it stands: read by nobody but the keeper's people where a draft is in it."""
    found = grid.grid(held, by, on=timezone.localdate(at))
    content = closed_month.freeze(
        found.lines,
        ledger.by_line_and_month(held, by),
        month=month.number,
        about={"fund": str(held), "keeper": str(held.owner), "label": month.label},
    )
    earlier = ClosedMonth.objects.filter(fund=held, period=month).aggregate(last=Max("number"))["last"]
    kept = ClosedMonth(
        fund=held,
        period=month,
        number=(earlier or 0) + 1,
        content=content,
        sha256=closed_month.digest(content),
        closed_at=at,
        closed_by_name=str(by),
        owner=held.owner,
        released_at=None if found.drafts else at,
    )
    kept.save(force_insert=True)
    return kept
