"""Postings to budget lines: made one at a time, and taken back by a reversal, never changed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from integration_hub.core import audit, money, reasons
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible
from integration_hub.core.errors import Malformed
from integration_hub.core.models import Period
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.models import Fund, SchemeLine, Transaction
from pooled_budgets.services.locking import hold_fund


@service
def post(
    *,
    fund: Fund,
    line_id: UUID,
    month: Period,
    amount: Decimal,
    description: str,
    kind: str = Transaction.ACTUAL,
    reference: str = "",
    true_on: date | None = None,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> Transaction:
    """Post an amount in pounds (below nil for income) to a line in a month; whoever sees the fund sees it at once.

    `once` is the mark of the form. Raises PeriodLocked where the month is closed, NotYetBegun where it
    has not come, SentTwice where the form has posted already.
    """
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    new_id = claim(Transaction, once, sender=by.pk, what="The posting")
    policies.check_period_of_fund(held, month)
    policies.check_begun([month], at=at)
    policies.check_months_open(held, [month], by=by, at=at)
    if true_on is not None and not is_plausible(true_on):
        raise Malformed(ENTER_PLAUSIBLE, field="true_on")
    if amount == 0:
        raise Malformed("A posting of 0.00 changes nothing. Enter the amount that was spent.", field="amount")

    posting = Transaction(
        id=new_id,
        fund=held,
        line=line_of(held, line_id),
        period=month,
        kind=kind,
        amount=amount,
        description=description,
        reference=reference,
        at=true_on or month.ends_on,
        owner=held.owner,
        released_at=at,
        entered_by=by,
        entered_at=at,
    )
    posting.save(force_insert=True)
    audit.record("posting.made", target=posting, by=by, at=at, partner=held.owner, after=_told(posting))
    return posting


@service
def reverse(*, transaction_id: UUID, reason: str, month: Period | None = None, by: User, at: datetime) -> Transaction:
    """Take a posting back by one of the opposite amount, in its own month or, where that is closed, in another.

    Raises AlreadyReversed, PeriodLocked, and reasons.ReasonMissing without a reason.
    """
    fund_id = Transaction.objects.visible_to(by).filter(pk=transaction_id).values_list("fund", flat=True).first()
    if fund_id is None:
        raise Http404("There is no such posting.")
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    posting = Transaction.objects.select_related("period", "line__scheme").get(pk=transaction_id)
    policies.check_not_reversed(posting)
    words = reasons.given(reason, ask="Say why the posting is reversed: whoever reads the ledger asks.")
    into = month or posting.period
    policies.check_period_of_fund(held, into)
    if into.number < posting.period.number:
        raise Malformed(
            f"The posting is in {posting.period.label}. It is taken back in that month or a later one.", field="month"
        )
    policies.check_begun([into], at=at)
    policies.check_months_open(held, [into], by=by, at=at)

    reversal = Transaction(
        fund=held,
        line=posting.line,
        period=into,
        kind=posting.kind,
        amount=-posting.amount,
        description=posting.description,
        reference=posting.reference,
        at=into.ends_on,
        reverses=posting,
        reason=words[:300],
        owner=held.owner,
        released_at=at,
        entered_by=by,
        entered_at=at,
    )
    reversal.save(force_insert=True)
    audit.record(
        "posting.reversed",
        target=posting,
        by=by,
        at=at,
        partner=held.owner,
        before=_told(posting),
        after={"reversal": str(reversal.pk), "month": into.label},
        reason=words,
    )
    return reversal


def line_of(held: Fund, line_id: UUID) -> SchemeLine:
    """A budget line of the fund; raises Malformed for any other."""
    line = SchemeLine.objects.filter(pk=line_id, scheme__fund=held).select_related("scheme").first()
    if line is None:
        raise Malformed("The fund's plan has no such line. Choose one of its lines.", field="line")
    return line


def _told(posting: Transaction) -> dict[str, object]:
    return {
        "scheme": posting.line.scheme.number,
        "line": posting.line.position,
        "month": posting.period.label,
        "kind": posting.kind,
        "amount": money.as_plain(posting.amount),
        "description": posting.description,
    }
