"""What governance gives to the pages of the register: the boards of an organisation and of an area."""

from django.urls import reverse

from governance.models.board import BoardQuerySet
from governance.selectors import boards
from integration_hub.core.registry import Link, Panel
from partners.models import Area, Organisation, User

SHOWN = 50


def boards_of_organisation(user: User, organisation: Organisation) -> Panel:
    """The boards that an organisation belongs to, as far as the reader knows of them. One query."""
    return _panel(boards.of_organisation(user, organisation))


def boards_of_area(user: User, area: Area) -> Panel:
    """The boards of an area, as far as the reader knows of them. One query."""
    return _panel(boards.of_area(user, area))


def _panel(found: BoardQuerySet) -> Panel:
    rows = list(found[: SHOWN + 1])
    links = [Link(row.name, reverse("governance:board", args=[row.pk]), row.status_words) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        links.append(Link("Every board", reverse("governance:boards"), f"{SHOWN} are shown here"))
    return Panel("Boards", links)
