"""Commitments: what is promised to suppliers and not yet spent."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from integration_hub.core import audit, money, reasons
from integration_hub.core.errors import Malformed
from integration_hub.core.models import Period
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.words import moment
from pooled_budgets.models import Commitment, Fund
from pooled_budgets.services.locking import hold_fund
from pooled_budgets.services.postings import line_of


@service
def record(
    *,
    fund: Fund,
    line_id: UUID,
    supplier: str,
    open_value: Decimal,
    due: Period,
    description: str = "",
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> Commitment:
    """Note what is promised, in pounds, and the month in which it falls due. It changes no actual and no forecast.

    `once` is the mark of the form: raises SentTwice where the form has noted it already.
    """
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    new_id = claim(Commitment, once, sender=by.pk, what="The commitment")
    policies.check_period_of_fund(held, due)
    if open_value <= 0:
        raise Malformed("A commitment is more than 0.00. Enter what is still to be paid.", field="open_value")
    commitment = Commitment(
        id=new_id,
        line=line_of(held, line_id),
        supplier=supplier,
        description=description,
        open_value=open_value,
        due=due,
        owner=held.owner,
        released_at=at,
        entered_by=by,
        entered_at=at,
    )
    commitment.save(force_insert=True)
    audit.record("commitment.recorded", target=commitment, by=by, at=at, partner=held.owner, after=_told(commitment))
    return commitment


@service
def close(*, commitment_id: UUID, reason: str, by: User, at: datetime) -> Commitment:
    """Close a commitment that was paid or fell away; raises CommitmentClosed, reasons.ReasonMissing."""
    found = Commitment.objects.visible_to(by).filter(pk=commitment_id)
    fund_id = found.values_list("line__scheme__fund", flat=True).first()
    if fund_id is None:
        raise Http404("There is no such commitment.")
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    commitment = Commitment.objects.select_related("line__scheme", "due").get(pk=commitment_id)
    if commitment.closed_at is not None:
        raise policies.CommitmentClosed(
            f"{commitment.closed_by_name} closed this commitment on {moment(commitment.closed_at)}: "
            f"{commitment.closed_because}"
        )
    words = reasons.given(reason, ask="Say why it is closed: paid with which posting, or why it fell away.")
    commitment.closed_at, commitment.closed_by_name, commitment.closed_because = at, str(by), words[:300]
    commitment.save(update_fields=["closed_at", "closed_by_name", "closed_because"])
    audit.record(
        "commitment.closed",
        target=commitment,
        by=by,
        at=at,
        partner=held.owner,
        before=_told(commitment),
        reason=words,
    )
    return commitment


def _told(commitment: Commitment) -> dict[str, object]:
    return {
        "scheme": commitment.line.scheme.number,
        "supplier": commitment.supplier,
        "open_value": money.as_plain(commitment.open_value),
        "due": commitment.due.label,
    }
