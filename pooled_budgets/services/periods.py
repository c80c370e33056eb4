"""Locks on a fund's period: set when a return goes to its signatories, lifted when it comes back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from integration_hub.core import audit, reasons
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.models import Fund, PeriodLock
from pooled_budgets.services.locking import hold_fund

# Whoever moves a return along may lock and lift the period that it reports on.
_PERMISSIONS = (Permission.RETURN_PREPARE, Permission.RETURN_SIGN)


@service
def lock(*, fund: Fund, period: Period, reason: str, who_can_lift: str, by: User, at: datetime) -> PeriodLock:
    """Close a fund's period to changes; locking it again changes nothing and answers the lock in force.

    Raises reasons.ReasonMissing without a reason or without who can lift it.
    """
    held = hold_fund(fund.pk, by=by)
    partner = _acting_for(by, held)
    policies.check_period_of_fund(held, period)
    words = reasons.given(reason, ask="Say why the quarter is locked: whoever is refused a change reads it.")
    lifters = reasons.given(who_can_lift, ask="Say who can lift the lock: whoever is refused a change reads it.")

    in_force = _in_force(held, period)
    if in_force is not None:
        return in_force
    new = PeriodLock(
        fund=held,
        period=period,
        locked_at=at,
        locked_by_name=str(by),
        reason=words,
        who_can_lift=lifters,
    )
    new.save(force_insert=True)
    audit.record(
        "period.locked",
        target=held,
        by=by,
        at=at,
        partner=partner,
        after={"period": period.label, "who_can_lift": lifters},
        reason=words,
    )
    return new


@service
def lift(*, fund: Fund, period: Period, reason: str, by: User, at: datetime) -> PeriodLock | None:
    """Open a fund's period again; None where no lock was in force. Raises reasons.ReasonMissing without a reason."""
    held = hold_fund(fund.pk, by=by)
    partner = _acting_for(by, held)
    words = reasons.given(reason, ask="Say why the lock is lifted: what was signed may rest on it.")

    in_force = _in_force(held, period)
    if in_force is None:
        return None
    in_force.lifted_at, in_force.lifted_by_name = at, str(by)
    in_force.save(update_fields=["lifted_at", "lifted_by_name"])
    audit.record(
        "period.lock_lifted",
        target=held,
        by=by,
        at=at,
        partner=partner,
        before={"period": period.label, "reason": in_force.reason, "locked_by": in_force.locked_by_name},
        reason=words,
    )
    return in_force


def say_who_can_lift(fund: Fund, period: Period, words: str) -> None:
    """Write on the lock in force who can lift it from now on: for services that hold the fund."""
    PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).update(who_can_lift=words)


def _in_force(fund: Fund, period: Period) -> PeriodLock | None:
    return PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).first()


def _acting_for(by: User, fund: Fund) -> Organisation:
    """The party for which the person moves returns along; PermissionDenied for anybody else."""
    parties = [fund.owner, *fund.agreement.parties.order_by("name", "pk")]
    for permission in _PERMISSIONS:
        for party in parties:
            if permissions.can(by, permission, organisation=party):
                return party
    names = ", ".join(dict.fromkeys(str(party) for party in parties))
    raise PermissionDenied(f"Locking a period needs the right to prepare or sign off returns for {names}.")
