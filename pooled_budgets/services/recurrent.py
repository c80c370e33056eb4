"""Answering the recurrent virements of the year before: nothing of them moves this year's budgets by itself."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from integration_hub.core import audit, reasons
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Fund, RecurrentAnswer, Virement
from pooled_budgets.selectors import recurrent as selectors
from pooled_budgets.services import virements
from pooled_budgets.services.locking import hold_fund

ASK_WHY_LEFT = "Say why this year's budgets stay as they are: it stands beside the virement."


class AlreadyAnswered(HubError):
    """Somebody answered it already, or it is no recurrent virement of the year before."""

    code = "recurrent_answered"


@service
def carry(
    *,
    fund_id: UUID | str,
    virement_id: UUID | str,
    from_line: UUID | str,
    to_line: UUID | str,
    amount: Decimal,
    reason: str,
    by: User,
    at: datetime,
) -> RecurrentAnswer:
    """Prepare the virement of this year that goes on with one of the year before, from the first day of the year.

    Another person approves it within an authority, as any other. Raises AlreadyAnswered, VirementRefused.
    """
    fund, found = _held(fund_id, virement_id, by=by)
    made = virements.prepare(
        fund_id=fund.pk,
        from_line=from_line,
        to_line=to_line,
        amount=amount,
        recurrent=True,
        reason=reason,
        effective_on=fund.year.starts_on,
        by=by,
        at=at,
    )
    return _answer(fund, found, made, made.reason, by=by, at=at)


@service
def leave(*, fund_id: UUID | str, virement_id: UUID | str, reason: str, by: User, at: datetime) -> RecurrentAnswer:
    """Leave this year's budgets as they are, with the reason. Raises AlreadyAnswered."""
    fund, found = _held(fund_id, virement_id, by=by)
    return _answer(fund, found, None, reasons.given(reason, ask=ASK_WHY_LEFT), by=by, at=at)


def _held(fund_id: UUID | str, virement_id: UUID | str, *, by: User) -> tuple[Fund, Virement]:
    fund = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.VIREMENT_PREPARE, organisation=fund.owner)
    # Under the fund's lock: of two people who answer at once, the second finds nothing open.
    found = selectors.open_proposals(fund, by).filter(pk=virement_id).first()
    if found is None:
        raise AlreadyAnswered(
            "This is no recurrent virement of the year before that waits for an answer: somebody may have answered "
            "it. Nothing was changed."
        )
    return fund, found


def _answer(
    fund: Fund, found: Virement, made: Virement | None, reason: str, *, by: User, at: datetime
) -> RecurrentAnswer:
    answer = RecurrentAnswer(recurrent=found, fund=fund, prepared=made, reason=reason, entered_by=by, at=at)
    answer.save(force_insert=True)
    audit.record(
        "virement.recurrent_answered",
        target=fund,
        by=by,
        partner=fund.owner,
        at=at,
        after={"recurrent": str(found), "prepared": str(made) if made else "nothing"},
        reason=reason,
    )
    return answer
