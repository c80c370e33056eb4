"""Contributions in words, and a late one as a task."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from governance.domain.authority import Matter
from governance.selectors import movements
from governance.selectors.movements import MovementKind
from integration_hub.core import money
from integration_hub.core.dates import long_date
from integration_hub.core.registry import Task
from partners.models import Organisation
from pooled_budgets.domain.contributions import Standing
from pooled_budgets.models import ContributionChange, Fund, FundingLine, SchemeStart
from pooled_budgets.presenters.position import Tie
from pooled_budgets.selectors.contributions import Late

RESPREAD = (
    "Instalments due before the day stay as they are; the later ones share what is left. Returns that were signed keep "
    "the amount that they were signed with."
)
NO_AUTHORITY = "A governance officer of a party records another decision or delegation."


def schedule_tie(standing: Standing) -> Tie | None:
    """Whether the instalments make up the amount; None where there are none."""
    if standing.untied is None or standing.amount is None:
        return None
    if not standing.untied:
        return Tie(f"The instalments add up to the amount of {money.pounds(standing.amount)}.", True)
    way = "more" if standing.untied > 0 else "less"
    return Tie(
        f"The instalments add up to {money.pounds(standing.amount + standing.untied)}, "
        f"{money.pounds(abs(standing.untied))} {way} than the amount. Set the instalments again.",
        False,
    )


def late_words(standing: Standing) -> str:
    """What is late and since when; "" where nothing is."""
    if not standing.late or standing.late_since is None:
        return ""
    return f"{money.pounds(standing.late)} is late: the first of it was due on {long_date(standing.late_since)}."


def with_payer(parties: Sequence[Organisation], line: FundingLine) -> list[Organisation]:
    """The parties, and the one that pays where it is no party any more."""
    extra = [line.payer] if line.payer and line.payer not in parties else []
    return [*parties, *extra]


def late_task(fund: Fund, late: Late) -> Task:
    """A late instalment, for the finance officers of whoever pays and of whoever keeps the fund."""
    return Task(
        title=f"{money.pounds(late.standing.late)} of “{late.source}” is late for {fund}",
        url=reverse("pooled_budgets:contribution", args=[fund.pk, late.pk]),
        partner=late.partner,
        detail=f"Due from {late.payer}" if late.payer else "Who pays is not stated",
        due_on=late.standing.late_since,
    )


def register_movements() -> None:
    """Changes of contributions and starts of schemes: each has moved money as soon as it is there."""
    movements.register(
        MovementKind(
            slug="contribution-change",
            noun="Change of a contribution",
            matter=Matter.CONTRIBUTION_CHANGE,
            model=ContributionChange,
            on="done_on",
            fund="line__fund",
            words=lambda row: f"{row.line.source}: {row.reason}",
            address=lambda row: reverse("pooled_budgets:contribution", args=[row.line.fund_id, row.line_id]),
            amount="moved",
            counts=Q(),
            related=("line",),
        )
    )
    movements.register(
        MovementKind(
            slug="scheme-start",
            noun="Start of a scheme",
            matter=Matter.SCHEME_START,
            model=SchemeStart,
            on="done_on",
            fund="scheme__fund",
            words=lambda row: str(row.scheme),
            address=lambda row: reverse("pooled_budgets:scheme", args=[row.scheme.fund_id, row.scheme_id]),
            counts=Q(),
            related=("scheme",),
        )
    )
