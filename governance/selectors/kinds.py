"""Boards and meetings as kinds of object with a page, and seats as standpoints from which a person sees."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from governance.domain.succession import PARTY as PLACE
from governance.models import Board, BoardParty, Decision, Delegation, Meeting, Seat
from partners.domain.viewing import Lens
from partners.models import Organisation, SuccessionMove, User
from partners.selectors import kinds
from partners.selectors.kinds import Kind, Part, events_of, everything
from partners.selectors.why import Held, Standpoint

PARTY = "Your partner is one of those that the board belongs to."
FOLLOWED = "Your partner followed one of those that the board belongs to."
SEAT = "You sit on the board."
LEFT = "Your partner belonged to the board, before a succession ended that."


def seats(user: User) -> list[Standpoint]:
    """The seats that the person holds today. One query."""
    held = Seat.objects.held_by(user).select_related("board").order_by("board__name", "pk")
    return [
        Standpoint(Lens(board=seat.board_id), str(seat.board), [Held(seat.title, seat.starts_on, seat.ends_on)])
        for seat in held
    ]


def board_until(user: User, board: UUID) -> QuerySet[Any, Any]:
    """Until when a partner of the person belonged to a board that it left by a succession: one row, or none."""
    left = SuccessionMove.objects.filter(
        kind=PLACE, key=str(board), predecessor__in=Organisation.objects.acted_for_by(user)
    ).order_by("-succession__confirmed_at", "pk")
    return left.values("succession__confirmed_at")[:1]


def register_all() -> None:
    """Tell the pages of reasons and timelines about boards and meetings."""
    kinds.register(
        Kind(
            slug="board",
            noun="board",
            model=Board,
            ways=Board.objects.all().ways,
            rules={"party": PARTY, "inherited": FOLLOWED, "seat": SEAT, "former": LEFT},
            until=lambda user, found: board_until(user, found.pk),
            address=lambda found: reverse("governance:board", args=[found.pk]),
            parts=[
                Part(events_of(Board), "Board", lambda found: Q(pgh_obj=found.pk), everything),
                Part(events_of(BoardParty), "Partner to the board", lambda found: Q(board=found.pk), everything),
                Part(events_of(Seat), "Seat", lambda found: Q(board=found.pk), everything, F("title")),
                Part(events_of(Meeting), "Meeting", lambda found: Q(board=found.pk), everything, F("title")),
            ],
        )
    )
    kinds.register(
        Kind(
            slug="meeting",
            noun="meeting",
            model=Meeting,
            ways=Meeting.objects.all().ways,
            rules={"board": PARTY, "board by seat": SEAT, "former": LEFT},
            until=lambda user, found: board_until(user, found.board_id),
            address=lambda found: reverse("governance:board", args=[found.board_id]),
            parts=[Part(events_of(Meeting), "Meeting", lambda found: Q(pgh_obj=found.pk), everything)],
        )
    )
    for model, slug in ((Decision, "decision"), (Delegation, "delegation")):
        kinds.register(_of_register(model, slug))


def _of_register(model: type[Decision] | type[Delegation], slug: str) -> Kind:
    """A row of a board's register of decisions or delegations."""
    return Kind(
        slug=slug,
        noun=slug,
        model=model,
        ways=model.objects.all().ways,
        rules={
            "own": f"Your partner recorded the {slug}.",
            "inherited": f"Your partner followed, in the area of the board, the one that recorded the {slug}.",
            "released": f"{PARTY} The {slug} stands in its register.",
            "released by seat": f"{SEAT} The {slug} stands in its register.",
            "former": LEFT,
        },
        until=lambda user, found: board_until(user, found.board_id),
        address=lambda found: reverse(f"governance:{slug}", args=[found.pk]),
        parts=[Part(events_of(model), slug.capitalize(), lambda found: Q(pgh_obj=found.pk))],
    )
