"""Meetings: who may call them, and what is refused."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from governance.models import Board, Meeting
from governance.services import meetings
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from tests.factories.partners import NOON


def test_call_by_a_governance_officer_leaves_one_audit_line(world):
    officer = world.person("governance", "ccg")
    lines = AuditEvent.objects.count()

    meeting = meetings.call(
        board_id=world.board.pk, held_on=date(2014, 10, 27), purpose="for noting", by=officer, at=NOON
    )

    assert meeting.board == world.board
    event = AuditEvent.objects.order_by("recorded_at").last()
    assert AuditEvent.objects.count() == lines + 1
    assert (event.kind, event.partner_name, event.actor_name) == ("meeting.called", "NHS Southwark CCG", str(officer))


@pytest.mark.parametrize("role", ["finance", "metrics", "approver", "member", "auditor", "admin", "operator"])
def test_call_by_any_other_role_is_refused_and_changes_nothing(world, role):
    person = world.person(role)
    before = Meeting.objects.count(), AuditEvent.objects.count()

    with pytest.raises((PermissionDenied, Board.DoesNotExist)):
        meetings.call(board_id=world.board.pk, held_on=date(2014, 10, 27), by=person, at=NOON)

    assert (Meeting.objects.count(), AuditEvent.objects.count()) == before


def test_call_for_a_board_of_strangers_finds_no_board(world):
    stranger = world.person("governance", "hackney")
    before = Meeting.objects.count()

    with pytest.raises(Board.DoesNotExist):
        meetings.call(board_id=world.board.pk, held_on=date(2014, 10, 27), by=stranger, at=NOON)

    assert Meeting.objects.count() == before


def test_call_twice_on_one_day_is_refused_with_words(world):
    officer = world.person("governance")

    with pytest.raises(meetings.MeetingExists, match="28 July 2014"):
        meetings.call(board_id=world.board.pk, held_on=world.meeting.held_on, by=officer, at=NOON)

    assert Meeting.objects.count() == 1


def test_record_outcome_over_somebody_elses_change_is_refused_and_shows_both(world):
    officer = world.person("governance")
    meetings.record_outcome(meeting_id=world.meeting.pk, outcome="Noted.", seen="", by=officer, at=NOON)

    with pytest.raises(ChangedMeanwhile, match="Noted"):
        meetings.record_outcome(meeting_id=world.meeting.pk, outcome="Agreed.", seen="", by=officer, at=NOON)

    world.meeting.refresh_from_db()
    assert world.meeting.outcome == "Noted."
