"""Meetings of boards: called by a governance officer of one of the board's parties."""

from datetime import date, datetime
from uuid import UUID

from governance.models import Board, Meeting
from governance.selectors import boards
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission


class MeetingExists(HubError):
    """A board meets once a day."""

    code = "meeting_exists"


@service
def call(*, board_id: UUID | str, held_on: date, title: str = "", purpose: str = "", by: User, at: datetime) -> Meeting:
    """Enter a meeting of a board that the person may know of."""
    board = Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)
    partner = permissions.acting_for(by, Permission.MEETING_EDIT, among=boards.parties(board))
    if board.meetings.filter(held_on=held_on).exists():
        raise MeetingExists(
            f"{board} already has a meeting on {held_on:%-d %B %Y}. Open that one, or choose another day.",
            field="held_on",
        )
    meeting = Meeting(board=board, held_on=held_on, title=title, purpose=purpose)
    meeting.save(force_insert=True)
    audit.record(
        "meeting.called",
        target=meeting,
        by=by,
        partner=partner,
        at=at,
        after={"board": board.name, "held_on": held_on, "title": title, "purpose": purpose},
    )
    return meeting


@service
def record_outcome(*, meeting_id: UUID | str, outcome: str, seen: str, by: User, at: datetime) -> Meeting:
    """Keep what came of the integration paper at the meeting. `seen` is the text that the form was filled in over."""
    meeting = Meeting.objects.visible_to(by).select_for_update(of=("self",)).select_related("board").get(pk=meeting_id)
    partner = permissions.acting_for(by, Permission.MEETING_EDIT, among=boards.parties(meeting.board))
    before = meeting.outcome
    if before not in (seen, outcome):
        raise ChangedMeanwhile(
            f"Somebody changed the outcome while you wrote: it now reads “{before}”. Yours is still in the form: "
            "change it so that both are right, and save again.",
            field="outcome",
        )
    meeting.outcome = outcome
    meeting.save(update_fields=["outcome"])
    audit.record(
        "meeting.outcome_recorded",
        target=meeting,
        by=by,
        partner=partner,
        at=at,
        before={"outcome": before},
        after={"outcome": outcome},
    )
    return meeting
