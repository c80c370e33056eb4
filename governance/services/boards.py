"""Boards, their parties, how they account to each other, and who sits on them. So far only set-up writes these."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from governance.models import Board, BoardLink, BoardParty, Meeting, Seat
from integration_hub.core import audit
from integration_hub.core.services import service
from partners.models import Area, Organisation, User


@dataclass(frozen=True)
class Party:
    """A partner that a board belongs to, and how we know."""

    organisation: Organisation
    note: str = ""


@service
def create(
    *,
    key: str,
    name: str,
    kind: str,
    area: Area,
    parties: Iterable[Party],
    status: str = "formal",
    since: str = "",
    note: str = "",
    illustrative: bool = False,
    at: datetime,
    system: str,
) -> Board:
    """Enter a board with its parties. `since` is in the words of its papers, which seldom give a day."""
    board = Board(
        key=key,
        name=name,
        kind=kind,
        area=area,
        status=status,
        since=since,
        note=note,
        illustrative=illustrative,
    )
    board.save(force_insert=True)
    members = list(parties)
    BoardParty.objects.bulk_create(
        BoardParty(board=board, organisation=party.organisation, note=party.note) for party in members
    )
    audit.record(
        "board.created",
        target=board,
        at=at,
        system=system,
        after={
            "name": name,
            "kind": kind,
            "status": status,
            "area": area.name,
            "parties": [party.organisation.name for party in members],
        },
    )
    return board


@service
def link(
    *, child: Board, parent: Board, kind: str = BoardLink.ACCOUNTABLE, note: str = "", at: datetime, system: str
) -> BoardLink:
    """Enter a line of the structure: the child accounts to the parent, or its functions moved there."""
    line = BoardLink(child=child, parent=parent, kind=kind, note=note)
    line.save(force_insert=True)
    audit.record(
        "board.linked",
        target=child,
        at=at,
        system=system,
        after={"kind": kind, "parent": parent.name, "note": note},
    )
    return line


@service
def seat(
    *,
    board: Board,
    person: User,
    title: str,
    starts_on: date,
    ends_on: date | None = None,
    appointed_by: Organisation | None = None,
    at: datetime,
    system: str,
) -> Seat:
    """Give a person a place on a board from a day to a day: they read what is released to it."""
    place = Seat(
        board=board, person=person, title=title, starts_on=starts_on, ends_on=ends_on, appointed_by=appointed_by
    )
    place.save(force_insert=True)
    audit.record(
        "seat.taken",
        target=board,
        partner=appointed_by,
        at=at,
        system=system,
        after={"person": str(person), "title": title, "starts_on": starts_on, "ends_on": ends_on},
    )
    return place


@service
def add_meeting(
    *, board: Board, held_on: date, title: str = "", purpose: str = "", outcome: str = "", at: datetime, system: str
) -> Meeting:
    """Enter a meeting that set-up knows of, held or to come; people call one with services.meetings."""
    meeting = Meeting(board=board, held_on=held_on, title=title, purpose=purpose, outcome=outcome)
    meeting.save(force_insert=True)
    audit.record(
        "meeting.added",
        target=meeting,
        at=at,
        system=system,
        after={"board": board.name, "held_on": held_on, "title": title, "purpose": purpose, "outcome": outcome},
    )
    return meeting
