"""Successors take the places of those whom they follow on boards. Called by partners.services.succession alone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from governance.domain.succession import PARTY, SEAT
from governance.models import BoardParty, Seat
from governance.selectors.succession import holdings
from integration_hub.core.dates import long_date
from integration_hub.core.registry import SuccessionProvider, Taking
from partners.models import User


def move(takings: Sequence[Taking], *, on: date, by: User, at: datetime) -> None:
    """Every successor becomes a party of the board; a seat is filled on by whoever takes what cannot be divided.

    The old seat ends the day before, so that it keeps the body that appointed to it then.
    """
    parties = {
        (taking.holding.key, taking.holding.organisation): taking for taking in takings if taking.holding.kind == PARTY
    }
    held = BoardParty.objects.filter(
        board__in={board for board, _ in parties}, organisation__in={organisation for _, organisation in parties}
    )
    links = [
        link
        for link in held.select_related("organisation").order_by("pk")
        if (str(link.board_id), str(link.organisation_id)) in parties
    ]
    rows = BoardParty.objects.filter(board__in=[link.board_id for link in links])
    known = {(board, str(organisation)) for board, organisation in rows.values_list("board", "organisation")}
    new = []
    for link in links:
        note = f"Since {long_date(on)}, after {link.organisation.name}"[:200]
        for successor in parties[str(link.board_id), str(link.organisation_id)].successors:
            if (link.board_id, successor) not in known:
                new.append(BoardParty(board_id=link.board_id, organisation_id=successor, note=note))
                known.add((link.board_id, successor))
    BoardParty.objects.filter(pk__in=[link.pk for link in links]).delete()
    BoardParty.objects.bulk_create(new)

    seats = {taking.holding.key: taking for taking in takings if taking.holding.kind == SEAT}
    filled = list(Seat.objects.filter(pk__in=seats).order_by("pk"))
    later = [seat for seat in filled if seat.starts_on >= on]
    running = [seat for seat in filled if seat.starts_on < on]
    for seat in later:
        seat.appointed_by_id = seats[str(seat.pk)].keeper
    following = [
        Seat(
            board_id=seat.board_id,
            person_id=seat.person_id,
            title=seat.title,
            appointed_by_id=seats[str(seat.pk)].keeper,
            starts_on=on,
            ends_on=seat.ends_on,
        )
        for seat in running
    ]
    for seat in running:
        seat.ends_on = on - timedelta(days=1)
    Seat.objects.bulk_update(later, ["appointed_by"])
    Seat.objects.bulk_update(running, ["ends_on"])
    Seat.objects.bulk_create(following)


PROVIDER = SuccessionProvider(holdings=holdings, move=move)
