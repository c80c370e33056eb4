"""The register of decisions: a governance officer of one of the board's parties records what was resolved."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from governance.domain.authority import Matter
from governance.models import Board, Decision, Meeting
from governance.selectors import authority as selectors
from governance.selectors import boards
from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission

ASK_WHY_RESCINDED = "Say why the decision is rescinded: it stands beside it in the register."


class DecisionRefused(HubError):
    """What was entered cannot be a decision of the board."""

    code = "decision_refused"


class AlreadyEnded(HubError):
    """It was rescinded or revoked before; that is written once."""

    code = "already_ended"


@service
def record(
    *,
    board_id: UUID | str,
    reference: str,
    made_on: date,
    title: str,
    text: str,
    matters: Collection[Matter],
    amount_limit: Decimal | None = None,
    meeting: Meeting | None = None,
    source: str = "",
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> Decision:
    """Enter what a board resolved, for its partners to read at once. `amount_limit`: pounds in all, None without."""
    board = Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)
    partner = permissions.acting_for(by, Permission.DECISION_RECORD, among=boards.parties(board))
    _check(board, reference, made_on, meeting, at)
    decision = Decision(
        board=board,
        meeting=meeting,
        owner=partner,
        released_at=at,
        reference=reference,
        made_on=made_on,
        title=title,
        text=text,
        matters=sorted(matters),
        amount_limit=amount_limit,
        source=source,
        illustrative=illustrative,
        recorded_by_name=str(by),
    )
    decision.save(force_insert=True)
    audit.record(
        "decision.recorded",
        target=decision,
        by=by,
        partner=partner,
        at=at,
        after={
            "board": board.name,
            "reference": reference,
            "made_on": made_on,
            "title": title,
            "text": text,
            "matters": sorted(matters),
            "amount_limit": amount_limit,
        },
    )
    return decision


@service
def rescind(*, decision_id: UUID | str, ended_on: date, reason: str, by: User, at: datetime) -> Decision:
    """Write that the board took a decision back: from that day on it allows nothing; what it allowed before stays."""
    decision = selectors.decisions(by).select_for_update(of=("self",), no_key=True).get(pk=decision_id)
    partner = permissions.acting_for(by, Permission.DECISION_RECORD, among=boards.parties(decision.board))
    why = reasons.given(reason, ask=ASK_WHY_RESCINDED)
    if decision.ended_on is not None:
        raise AlreadyEnded(
            f"{decision} was rescinded from {long_date(decision.ended_on)} by {decision.ended_by_name}: "
            f"{decision.ended_reason}. Record what the board decided since as a new decision."
        )
    if ended_on < decision.made_on:
        raise DecisionRefused(
            f"It was made on {long_date(decision.made_on)}. Enter that day or a later one.", field="ended_on"
        )
    decision.ended_on, decision.ended_reason, decision.ended_by_name = ended_on, why, str(by)
    decision.save(update_fields=["ended_on", "ended_reason", "ended_by_name"])
    audit.record(
        "decision.rescinded",
        target=decision,
        by=by,
        partner=partner,
        at=at,
        before={"ended_on": None},
        after={"ended_on": ended_on},
        reason=why,
    )
    return decision


def _check(board: Board, reference: str, made_on: date, meeting: Meeting | None, at: datetime) -> None:
    if board.decisions.filter(reference=reference).exists():
        raise DecisionRefused(
            f"{board} already has a decision {reference}. Open that one, or give this one a reference of its own.",
            code="reference_taken",
            field="reference",
        )
    if made_on > timezone.localdate(at):
        raise DecisionRefused(
            "A decision is recorded once it is made. Enter the day on which the board made it.", field="made_on"
        )
    if meeting is not None and (meeting.board_id != board.pk or meeting.held_on != made_on):
        raise DecisionRefused(
            f"The meeting is of {meeting.board} on {long_date(meeting.held_on)}. Choose the meeting of this board at "
            "which the decision was made, or none.",
            field="meeting",
        )
