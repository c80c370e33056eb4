"""Streams, lists, minima, instalments, receipts and profiles: one of each, around the released fund of `everything`."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from governance.domain.authority import Matter
from integration_hub.core.models import Period
from integration_hub.core.quarters import FinancialMonth, FinancialYear
from pooled_budgets.models import (
    Allocation,
    FundingStream,
    Instalment,
    ListValue,
    ProfileMonth,
    Receipt,
    SchemeLine,
)
from tests.factories import authority
from tests.factories.partners import NOON

if TYPE_CHECKING:
    from tests.factories.everything import Everything

SOURCE = "The template of the year, not compared"


def month(number: int, start: int = 2014) -> Period:
    """The row of a month, made where reference data is not loaded."""
    days = FinancialMonth(FinancialYear(start), number)
    return Period.objects.get_or_create(
        kind="month",
        financial_year=start,
        number=number,
        defaults={"starts_on": days.starts_on, "ends_on": days.ends_on, "label": days.label},
    )[0]


def stream(ring_fence: str = "nhs_minimum", *, year: int = 2014, name: str = "", payer: str = "nhs") -> FundingStream:
    """A funding stream of a year."""
    return FundingStream.objects.create(
        financial_year=year,
        key=ring_fence,
        name=name or f"Stream {ring_fence}",
        payer=payer,
        ring_fence=ring_fence,
        position=1,
        source=SOURCE,
    )


def value(kind: str, name: str, *, year: int = 2014, parent: ListValue | None = None, position: int = 1) -> ListValue:
    """A value of a year's list."""
    return ListValue.objects.create(
        financial_year=year,
        kind=kind,
        key=f"{kind}-{parent.pk.hex[:8] if parent else ''}-{name}"[:40],
        parent=parent,
        name=name,
        position=position,
        source=SOURCE,
    )


def add(made: "Everything") -> None:
    """Everything of the fund of the year, on the contribution and the first scheme that are there already."""
    contribution, mark = made["contribution"], made.mark
    contribution.stream = stream()
    contribution.save(update_fields=["stream"])
    line = SchemeLine.objects.get(scheme=made["scheme"])
    line.description, line.funding = f"{mark} description", contribution
    line.save(update_fields=["description", "funding"])
    made.keep(
        contribution_decision=authority.decision(
            made.world,
            reference=f"{mark} 2014/13",
            title=f"{mark} contributions",
            text=f"{mark} contributions agreed",
            matters=[Matter.CONTRIBUTION_CHANGE, Matter.SCHEME_START],
            amount_limit=None,
        ),
        stream=contribution.stream,
        list_value=value("area_of_spend", "Social Care"),
        scheme_line=line,
        allocation=Allocation.objects.create(
            area=made["area"],
            financial_year=2014,
            kind="nhs_minimum",
            amount=Decimal("1000.00"),
            known_from=date(2014, 4, 1),
            source="A table that everybody reads",
        ),
        instalment=Instalment.objects.create(
            line=contribution, number=1, due_on=date(2014, 5, 1), amount=contribution.amount
        ),
        receipt=Receipt.objects.create(
            line=contribution,
            received_on=date(2014, 5, 1),
            amount=Decimal("1357913.57"),
            reference=f"{mark} receipt",
            entered_by=made.world.person("finance"),
            at=NOON,
        ),
        profile_month=ProfileMonth.objects.create(line=line, period=month(1), amount=Decimal("246801.35")),
    )
