"""Boards as their parties' people and sitting members may read them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from governance.domain.structure import Outline, outline, tops
from governance.domain.succession import PARTY
from governance.models import Board, BoardLink, BoardParty, Meeting, Seat
from governance.models.board import BoardQuerySet
from integration_hub.core.working_days import CalendarEnds, load_calendar
from partners.models import Area, Organisation, SuccessionMove, User
from partners.selectors.kinds import events_of


@dataclass(frozen=True)
class AreaStructure:
    """The boards of one area that the reader may know of, as outlines from the top."""

    area: str
    outlines: list[Outline[Board]]


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with the last day on which its papers can be published, or why that is not known."""

    meeting: Meeting
    publish_by: date | None
    unknown: str


@dataclass(frozen=True)
class BoardDetail:
    """All that the page of one board shows. `left_on`: what there was before that day, for whoever left it then."""

    board: Board
    parties: list[BoardParty]
    below: Outline[Board]
    accounts_to: list[Board]
    moved_to: list[Board]
    meetings: list[MeetingRow]
    seats: list[Seat]
    left_on: date | None = None


def visible_to(user: User) -> BoardQuerySet:
    """The boards that a person may know of, in the order of area and name."""
    return Board.objects.visible_to(user).select_related("area").order_by("area__name", "name", "pk")


def shared_now(user: User) -> BoardQuerySet:
    """The same without those that a partner of the person left by a succession."""
    return Board.objects.shared_now(user).select_related("area").order_by("area__name", "name", "pk")


def get(user: User, pk: object) -> Board:
    """One of them; Http404 for any other."""
    return get_object_or_404(visible_to(user), pk=pk)


def meeting(user: User, pk: object) -> Meeting:
    """A meeting of a visible board; Http404 for any other."""
    return get_object_or_404(Meeting.objects.visible_to(user).select_related("board"), pk=pk)


def structures(user: User) -> list[AreaStructure]:
    """Every visible board in its area's structure. Two queries."""
    boards = {board.pk: board for board in visible_to(user)}
    links = _links(boards)
    by_area: dict[str, dict[UUID, Board]] = {}
    for board in boards.values():
        by_area.setdefault(board.area.name, {})[board.pk] = board
    return [
        AreaStructure(area, [outline(top, members, links) for top in tops(members, links)])
        for area, members in by_area.items()
    ]


def detail(user: User, pk: object) -> BoardDetail:
    """One visible board with its parties, place in the structure, meetings and seats. A constant number of queries."""
    board = get_object_or_404(visible_to(user).with_day_of_leaving(user), pk=pk)
    left_on: date | None = getattr(board, "left_on", None)
    boards = {other.pk: other for other in visible_to(user)}
    links = BoardLink.objects.filter(parent__in=boards, child__in=boards).order_by("child__name", "pk")
    accountable = [(link.parent_id, link.child_id) for link in links if link.kind == BoardLink.ACCOUNTABLE]
    moved = [(link.parent_id, link.child_id) for link in links if link.kind == BoardLink.FUNCTIONS_MOVED]
    return BoardDetail(
        board=board,
        parties=_parties(board, left_on),
        below=outline(board.pk, boards, accountable),
        accounts_to=[boards[parent] for parent, child in accountable if child == board.pk],
        moved_to=[boards[parent] for parent, child in moved if child == board.pk],
        meetings=[_row(held) for held in board.meetings.filter(_before("held_on", left_on)).order_by("-held_on", "pk")],
        seats=list(
            board.seats.filter(_before("starts_on", left_on))
            .select_related("person", "appointed_by")
            .order_by("title", "person__name", "pk")
        ),
        left_on=left_on,
    )


def _before(field: str, day: date | None) -> Q:
    return Q() if day is None else Q(**{f"{field}__lt": day})


def _parties(board: Board, left_on: date | None) -> list[BoardParty]:
    """The parties today, or those on the day before `left_on`. One query, three for the days before."""
    links = list(board.party_links.select_related("organisation").order_by("organisation__name", "pk"))
    if left_on is None:
        return links
    since = SuccessionMove.objects.filter(kind=PARTY, key=str(board.pk), succession__effective_on__gte=left_on)
    moves = list(since.select_related("predecessor", "succession").order_by("succession__effective_on", "pk"))
    confirmed = min(move.succession.confirmed_at for move in moves if move.succession.confirmed_at)
    # Who followed may have belonged to the board before: the history of its parties tells.
    earlier = events_of(BoardParty)._default_manager.filter(board=board, pgh_created_at__lt=confirmed)
    came = {move.successor_id for move in moves} - set(earlier.values_list("organisation", flat=True))
    then = {link.organisation_id: link for link in links if link.organisation_id not in came}
    for move in moves:
        if move.predecessor_id not in came:
            then[move.predecessor_id] = BoardParty(board=board, organisation=move.predecessor)
    return sorted(then.values(), key=lambda link: link.organisation.name)


def parties(board: Board) -> list[Organisation]:
    """Every party of the board."""
    return list(board.parties.order_by("name", "pk"))


def meetings_of(board: Board) -> list[Meeting]:
    """Every meeting of the board, newest first."""
    return list(board.meetings.order_by("-held_on", "pk"))


def _links(boards: dict[UUID, Board]) -> list[tuple[UUID, UUID]]:
    rows = BoardLink.objects.filter(parent__in=boards, child__in=boards, kind=BoardLink.ACCOUNTABLE)
    return list(rows.order_by("child__name", "pk").values_list("parent_id", "child_id"))


def _row(held: Meeting) -> MeetingRow:
    try:
        return MeetingRow(held, load_calendar().publication_deadline(held.held_on), "")
    except CalendarEnds as unknown:
        return MeetingRow(held, None, unknown.message)


def of_organisation(user: User, organisation: Organisation) -> BoardQuerySet:
    """The boards that an organisation belongs to, as far as the person may know of them."""
    parties = BoardParty.objects.filter(organisation=organisation)
    return visible_to(user).filter(pk__in=parties.values("board"))


def of_area(user: User, area: Area) -> BoardQuerySet:
    """The boards of an area, as far as the person may know of them."""
    return visible_to(user).filter(area=area)


def none() -> BoardQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Board.objects.none()


def sits_somewhere(user: User) -> bool:
    """Whether the person sits on any board today: such a person may read the directory of partners."""
    return Seat.objects.held_by(user).exists()
