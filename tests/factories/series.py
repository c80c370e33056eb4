"""A metric over several years of one agreement."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bcf_metrics.models import MetricFigure, MetricPlan
from integration_hub.core.states import FigureState
from pooled_budgets.models import Fund
from tests.factories.money import (
    NOON,
    FundFactory,
    MetricDefinitionFactory,
    MetricPlanFactory,
    PolicyYearFactory,
    quarter,
)
from tests.factories.worlds import World

NAME = "Delayed discharges"


def plans(world: World, years: Iterable[int], **of_plan: Any) -> list[MetricPlan]:
    """A plan of the CCG for one metric in a fund of each year; 2014 is the world's own fund."""
    return [_plan(world, year, of_plan) for year in years]


def figure(plan: MetricPlan, number: int, value: str | None, **more: Any) -> MetricFigure:
    """A figure of one quarter, stated or missing unless told otherwise, released unless told otherwise."""
    period = quarter(plan.fund.financial_year, number)
    stated = {
        "value": None if value is None else Decimal(value),
        "state": FigureState.MISSING if value is None else FigureState.STATED,
        "owner": plan.owner,
        "at": period.ends_on,
        "entered_at": NOON,
        "released_at": NOON,
        "provisional": False,
    }
    if "entered_by" not in more:
        raise TypeError("say who entered it")
    return MetricFigure.objects.create(plan=plan, period=period, **(stated | more))


def run(plans: Sequence[MetricPlan], values: Sequence[str | None], **more: Any) -> list[MetricFigure]:
    """One figure after the other, four to a plan; None leaves the quarter without a row."""
    return [
        figure(plans[place // 4], place % 4 + 1, value, **more)
        for place, value in enumerate(values)
        if value is not None
    ]


def settle(made: MetricFigure, value: str, *, at: datetime = NOON) -> None:
    """The figure becomes final."""
    made.value, made.provisional, made.entered_at = Decimal(value), False, at
    made.save()


def _plan(world: World, year: int, of_plan: dict[str, Any]) -> MetricPlan:
    label = f"{year}-{(year + 1) % 100:02d}"
    policy_year = PolicyYearFactory(code=label, financial_year=year, label=label.replace("-", "/"))
    definition = MetricDefinitionFactory(
        policy_year=policy_year, code="DTOC_DAYS", name=NAME, unit="days", basis="point", precision=1
    )
    fund = world.fund if year == 2014 else _fund(world, year)
    wanted = {"target": Decimal(50), "target_period": ""} | of_plan
    return MetricPlanFactory(fund=fund, owner=world.ccg, metric=definition, **wanted)


def _fund(world: World, year: int) -> Fund:
    fund: Fund = FundFactory(
        agreement=world.agreement, owner=world.council, name="Southwark Better Care Fund", financial_year=year
    )
    return fund
