"""What an organisation holds in boards that its successors take: its place as a party, and the seats that it fills."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

from governance.domain.succession import PARTY, SEAT
from governance.models import Board, BoardParty, Seat
from integration_hub.core.registry import Holding


def holdings(organisations: Collection[UUID], *, on: date, lock: bool = False) -> list[Holding]:
    """Boards that are not dissolved, and seats that are not over by the day. Two queries, four with the locks."""
    parties = BoardParty.objects.filter(organisation__in=organisations).exclude(board__status="dissolved")
    seats = Seat.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), appointed_by__in=organisations)
    if lock:
        # Whoever writes to a board holds its row: nothing is added to it meanwhile.
        concerned = Q(party_links__organisation__in=organisations) | Q(seats__appointed_by__in=organisations)
        keys = list(Board.objects.filter(concerned).order_by("pk").values_list("pk", flat=True).distinct())
        list(Board.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
        parties, seats = parties.select_for_update(of=("self",)), seats.select_for_update(of=("self",))
    found = [
        Holding(
            PARTY,
            str(link.board_id),
            str(link.organisation_id),
            link.board.name,
            area=str(link.board.area_id),
            shared=True,
        )
        for link in parties.select_related("board").order_by("board__name", "pk")
    ]
    found += [
        Holding(
            SEAT,
            str(seat.pk),
            str(seat.appointed_by_id),
            f"{seat.title}, {seat.board.name}",
            area=str(seat.board.area_id),
        )
        for seat in seats.select_related("board").order_by("board__name", "title", "pk")
    ]
    return found
