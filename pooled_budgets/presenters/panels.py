"""What pooled budgets give to the pages of the register: the agreements and funds of an organisation and of an area."""

from django.db.models import QuerySet
from django.urls import reverse

from integration_hub.core.registry import Link, Panel
from partners.models import Area, Organisation, User
from pooled_budgets.models import Fund
from pooled_budgets.selectors import funds

SHOWN = 50


def funds_of_organisation(user: User, organisation: Organisation) -> Panel:
    """The pooled funds of an organisation's agreements, as far as the reader may see them. One query."""
    return _panel(funds.of_organisation(user, organisation))


def funds_of_area(user: User, area: Area) -> Panel:
    """The pooled funds of an area's agreements, as far as the reader may see them. One query."""
    return _panel(funds.of_area(user, area))


def _panel(found: QuerySet[Fund]) -> Panel:
    rows = list(found[: SHOWN + 1])
    links = [
        Link(
            f"{row.name} {row.year.label}",
            reverse("pooled_budgets:fund", args=[row.pk]),
            f"{row.agreement.title}, {row.agreement.kind_words.lower()}",
        )
        for row in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        links.append(Link("Every fund", reverse("pooled_budgets:funds"), f"{SHOWN} are shown here"))
    return Panel("Agreements and pooled funds", links)
