"""Boards come with their parties, lines and seats, each with one audit line."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from governance.models import Board, BoardLink
from governance.services import boards
from integration_hub.core.models import AuditEvent
from tests.factories.money import BoardFactory
from tests.factories.partners import NOON, UserFactory


def make(world, key: str = "group", **values) -> Board:
    given = {"name": "Working group", "kind": "working_group", "area": world.area, "parties": []}
    return boards.create(key=key, at=NOON, system="test", **(given | values))


def test_create_gives_the_parties_sight_of_the_board_and_nobody_else(world):
    board = make(world, parties=[boards.Party(world.council, "As the paper says"), boards.Party(world.ccg)])

    assert board in Board.objects.visible_to(world.person("finance", "ccg"))
    assert board not in Board.objects.visible_to(world.person("finance", "hackney"))
    assert board.party_links.get(organisation=world.council).note == "As the paper says"
    assert AuditEvent.objects.get(kind="board.created").after["parties"] == ["Southwark Council", "NHS Southwark CCG"]


def test_link_names_parent_and_child_and_refuses_a_board_that_accounts_to_itself(world):
    child = make(world)

    boards.link(child=child, parent=world.board, at=NOON, system="test")
    assert BoardLink.objects.get().parent == world.board

    with pytest.raises(IntegrityError, match="board_link_not_to_itself"), transaction.atomic():
        boards.link(child=child, parent=child, at=NOON, system="test")
    assert AuditEvent.objects.filter(kind="board.linked").count() == 1


def test_seat_lets_a_person_read_from_its_first_day(world):
    person = UserFactory()
    other = BoardFactory()

    boards.seat(board=world.board, person=person, title="Member", starts_on=date(2014, 4, 1), at=NOON, system="test")

    assert set(Board.objects.visible_to(person)) == {world.board}
    assert other not in Board.objects.visible_to(person)
    assert AuditEvent.objects.get(kind="seat.taken").target_id == str(world.board.pk)


def test_add_meeting_keeps_purpose_and_outcome(world):
    meeting = boards.add_meeting(
        board=world.board,
        held_on=date(2014, 3, 24),
        title="Plan",
        purpose="For decision",
        outcome="Agreed",
        at=NOON,
        system="test",
    )

    assert (meeting.purpose, meeting.outcome) == ("For decision", "Agreed")
    assert AuditEvent.objects.get(kind="meeting.added").target_id == str(meeting.pk)
