"""Money moved between schemes: prepared by one person, approved or rejected by another, both sides at once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from governance.domain.authority import Matter, Named
from governance.models import Decision, Delegation
from governance.services import authority
from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain import virement as rules
from pooled_budgets.models import Fund, SchemeLine, Virement, VirementSide
from pooled_budgets.models.virement import APPROVED, PREPARED, REJECTED
from pooled_budgets.selectors import periods
from pooled_budgets.selectors import virements as selectors
from pooled_budgets.services.locking import hold_fund

ASK_WHY = "Say why the money moves: it stands beside the virement."
ASK_WHY_REJECTED = "Say why it is rejected, so that whoever prepared it knows what to do."


class VirementRefused(HubError):
    """The money cannot move as the plan stands."""

    code = "virement_refused"


class VirementDecided(HubError):
    """It was approved or rejected already."""

    code = "virement_decided"


class OwnVirement(HubError):
    """Whoever prepared a virement never decides on it, whatever roles they hold."""

    code = "own_virement"


@service
def prepare(
    *,
    fund_id: UUID | str,
    from_line: UUID | str,
    to_line: UUID | str,
    amount: Decimal,
    recurrent: bool = False,
    reason: str,
    effective_on: date,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> Virement:
    """Propose that an amount in pounds moves from a day of the fund's year on. No budget changes yet.

    `once` is the mark of the form: raises SentTwice where the form has proposed it already.
    """
    fund = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.VIREMENT_PREPARE, organisation=fund.owner)
    new_id = claim(Virement, once, sender=by.pk, what="The virement")
    why = reasons.given(reason, ask=ASK_WHY)
    source, target = _lines(fund, from_line, to_line)
    _check(fund, source, target, amount, effective_on, by=by, at=at)
    virement = Virement(
        id=new_id,
        fund=fund,
        owner=fund.owner,
        released_at=at,
        number=(fund.virements.aggregate(last=Max("number"))["last"] or 0) + 1,
        from_line=source,
        to_line=target,
        amount=amount,
        recurrent=recurrent,
        reason=why,
        effective_on=effective_on,
        prepared_by=by,
        prepared_at=at,
    )
    virement.save(force_insert=True)
    audit.record(
        "virement.prepared",
        target=virement,
        by=by,
        partner=fund.owner,
        at=at,
        after={
            "from": selectors.line_words(source),
            "to": selectors.line_words(target),
            "amount": amount,
            "recurrent": recurrent,
            "effective_on": effective_on,
        },
        reason=why,
    )
    return virement


@service
def approve(*, virement_id: UUID | str, named: Named, by: User, at: datetime) -> Virement:
    """Move the money: both lines change together, or nothing does. `named` is the authority that allows it."""
    virement, fund = _held(virement_id, by=by)
    partner = permissions.acting_for(by, Permission.VIREMENT_APPROVE, among=selectors.parties_of(fund))
    _check_open(virement, by)
    source, target = _lines(fund, virement.from_line_id, virement.to_line_id)
    _check(fund, source, target, virement.amount, virement.effective_on, by=by, at=at)
    today = timezone.localdate(at)
    allowed_by = authority.require(
        named=named,
        matter=Matter.VIREMENT,
        amount=virement.amount,
        on=today,
        parties=selectors.parties_of(fund),
        by=by,
    )
    before = {"from": source.budget, "to": target.budget}
    _move(source, target, virement.amount)
    virement.status = APPROVED
    virement.decision = allowed_by if isinstance(allowed_by, Decision) else None
    virement.delegation = allowed_by if isinstance(allowed_by, Delegation) else None
    virement.decided_by, virement.decided_at, virement.decided_on = by, at, today
    virement.save(update_fields=["status", "decision", "delegation", "decided_by", "decided_at", "decided_on"])
    VirementSide.objects.bulk_create(
        [
            VirementSide(virement=virement, line=source, amount=-virement.amount),
            VirementSide(virement=virement, line=target, amount=virement.amount),
        ]
    )
    audit.record(
        "virement.approved",
        target=virement,
        by=by,
        partner=partner,
        at=at,
        before=before,
        after={"from": source.budget, "to": target.budget, "allowed_by": str(allowed_by)},
    )
    return virement


@service
def reject(*, virement_id: UUID | str, reason: str, by: User, at: datetime) -> Virement:
    """Refuse a virement for good, with the reason; no budget changes."""
    virement, fund = _held(virement_id, by=by)
    partner = permissions.acting_for(by, Permission.VIREMENT_APPROVE, among=selectors.parties_of(fund))
    why = reasons.given(reason, ask=ASK_WHY_REJECTED)
    _check_open(virement, by)
    virement.status, virement.rejected_because = REJECTED, why
    virement.decided_by, virement.decided_at, virement.decided_on = by, at, timezone.localdate(at)
    virement.save(update_fields=["status", "rejected_because", "decided_by", "decided_at", "decided_on"])
    audit.record(
        "virement.rejected",
        target=virement,
        by=by,
        partner=partner,
        at=at,
        before={"status": PREPARED},
        after={"status": REJECTED},
        reason=why,
    )
    return virement


def _held(virement_id: Any, *, by: User) -> tuple[Virement, Fund]:
    """The virement and its fund, both locked, the fund first as everywhere; Http404 where the person may not know."""
    fund_id = selectors.virements(by).filter(pk=virement_id).values_list("fund", flat=True).first()
    if fund_id is None:
        raise Http404("There is no such virement.")
    fund = hold_fund(fund_id, by=by)
    return selectors.virements(by).select_for_update(of=("self",), no_key=True).get(pk=virement_id), fund


def _check_open(virement: Virement, by: User) -> None:
    if virement.decided_by is not None and virement.decided_on is not None:
        raise VirementDecided(
            f"{virement} was {virement.status} by {virement.decided_by} on {long_date(virement.decided_on)}. To change "
            "the budgets again, prepare another virement."
        )
    if virement.prepared_by_id == by.pk:
        raise OwnVirement(
            f"You prepared {virement}, so another person has to approve or reject it. Nothing was changed.",
            who_can_lift="Another finance officer or approver of the partners to the agreement",
        )


def _lines(fund: Fund, from_line: Any, to_line: Any) -> tuple[SchemeLine, SchemeLine]:
    held = selectors.locked_lines(fund, [from_line, to_line])
    by_key = {str(key): line for key, line in held.items()}
    for key, field in ((from_line, "from_line"), (to_line, "to_line")):
        if str(key) not in by_key:
            raise VirementRefused("Choose a line of this fund.", code="not_of_this_fund", field=field)
    return by_key[str(from_line)], by_key[str(to_line)]


def _check(
    fund: Fund, source: SchemeLine, target: SchemeLine, amount: Decimal, effective_on: date, *, by: User, at: datetime
) -> None:
    if not fund.year.starts_on <= effective_on <= fund.year.ends_on:
        raise VirementRefused(
            f"Enter a day of {fund.year.label}, from {long_date(fund.year.starts_on)} to "
            f"{long_date(fund.year.ends_on)}.",
            code="other_year",
            field="effective_on",
        )
    quarter = periods.quarters(fund).filter(starts_on__lte=effective_on, ends_on__gte=effective_on).first()
    if quarter is not None:
        policies.check_period_open(fund, quarter)
    month = periods.months(fund).filter(starts_on__lte=effective_on, ends_on__gte=effective_on, number__lte=12).first()
    if month is not None:
        policies.check_months_open(fund, [month], by=by, at=at)
    leaving = selectors.as_rule(source, spent=selectors.spent_on(source))
    found = rules.obstacle(leaving, selectors.as_rule(target), amount)
    if found is not None:
        raise VirementRefused(f"{found.message} Nothing was changed.", code=found.code, field=found.field)


def _move(source: SchemeLine, target: SchemeLine, amount: Decimal) -> None:
    budgets = {line: line.budget for line in (source, target) if line.budget is not None}
    for line, budget in rules.moved(budgets, [(source, target, amount)]).items():
        line.budget = budget
        line.save(update_fields=["budget"])
