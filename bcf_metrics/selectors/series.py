"""A metric over the quarters, as the reader may see it: figures, what stood before, and what the process limits say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bcf_metrics.domain import lineage, series, spc
from bcf_metrics.domain.lineage import ONE, Line
from bcf_metrics.domain.progress import PERCENT, Basis, Better
from bcf_metrics.domain.series import Point, Settled
from bcf_metrics.domain.spc import Assurance, Chart
from bcf_metrics.domain.value import Value, value_of
from bcf_metrics.models import MetricFigure, MetricPlan
from bcf_metrics.selectors import lineage as lineages
from bcf_metrics.selectors.figures import FigureRow
from integration_hub.core.quarters import FinancialYear, Quarter
from partners.models import Organisation, User
from partners.selectors.kinds import events_of, owned_versions
from pooled_budgets.models import Fund

FigureVersion, PlanVersion = events_of(MetricFigure), events_of(MetricPlan)
# How many quarters stand beside the one that is entered.
BEFORE = 8


@dataclass(frozen=True)
class SeriesRow:
    """One quarter of a metric: the row that the return judges, its exact value, and what stood there before.

    `row` is None where the partners had no plan for the metric in that year. `factor` brings the figure to the basis of
    `basis`, the newest plan of the same unbroken `run`; `joint` is what leads here from the quarters before.
    """

    quarter: Quarter
    row: FigureRow | None = None
    versions: tuple[Any, ...] = ()
    factor: Fraction = ONE
    run: int = 0
    basis: MetricPlan | None = None
    joint: Line | None = None

    @cached_property
    def point(self) -> Point:
        """On the basis of its run: as it was reported, times the factor."""
        return self.reported.times(self.factor)

    @cached_property
    def reported(self) -> Point:
        """As it was reported at the time."""
        if self.row is None:
            return Point(quarter=self.quarter, value=series.NOBODY_RECORDED)
        figure, plan = self.row.figure, self.row.plan
        value = value_of(
            self.row.recorded,
            numerator=figure.numerator if figure else None,
            denominator=figure.denominator if figure else None,
            multiplier=multiplier_of(plan),
            places=plan.metric.precision,
        )
        return Point(
            quarter=self.quarter,
            value=value,
            expected=series.expected(self.row.target, self.quarter.number),
            provisional=self.row.provisional,
            lagged=bool(figure and figure.lagged),
        ).as_at(self.row.on)

    @property
    def value(self) -> Value:
        return self.point.value

    @property
    def is_ahead(self) -> bool:
        """Whether the quarter has not ended and nothing is recorded: nobody is asked for a figure yet."""
        return self.row is not None and self.row.figure is None and self.quarter.ends_on >= self.row.on

    @cached_property
    def settled(self) -> Settled | None:
        """The provisional figure that became final, of the versions that the reader may see."""
        return series.settled(
            [
                series.Version(
                    value=version.value,
                    state=version.state,
                    provisional=version.provisional,
                    since=version.pgh_created_at,
                )
                for version in self.versions
            ]
        )


@dataclass(frozen=True)
class MetricSeries:
    """A metric of an agreement over the quarters, oldest first. `plan` is the one that was asked for."""

    plan: MetricPlan
    rows: tuple[SeriesRow, ...]
    # Every version of the plan that the reader may see, oldest first.
    targets: tuple[Any, ...] = ()

    @property
    def aim(self) -> FigureRow:
        """A row of the plan that was asked for: its year is always whole."""
        return next(row.row for row in self.rows if row.row is not None and row.row.plan.pk == self.plan.pk)

    @property
    def better(self) -> Better:
        return Better(self.plan.better or self.plan.metric.better)

    @property
    def counts_up(self) -> bool:
        return self.plan.basis == Basis.CUMULATIVE

    @cached_property
    def run(self) -> tuple[int, int]:
        """The places of the first and the last quarter that the series joins with the plan that was asked for."""
        own = next(row.run for row in self.rows if row.row is not None and row.row.plan.pk == self.plan.pk)
        places = [place for place, row in enumerate(self.rows) if row.row is not None and row.run == own]
        return places[0], places[-1]

    @cached_property
    def chart(self) -> Chart:
        """The process limits; figures that count up over the year, or are for another period, take no part.

        Nor do figures from the other side of a break.
        """
        first, last = self.run
        counted = [] if self.counts_up else list(self.rows)
        numbers = [
            None if row.point.lagged or not first <= place <= last else row.value.number
            for place, row in enumerate(counted)
        ]
        return spc.chart(numbers, better=self.better)

    @property
    def assurance(self) -> Assurance:
        """By the newest target."""
        aim = self.rows[self.run[1]].reported.expected
        return spc.assurance(self.chart.limits, aim, better=self.better)


def multiplier_of(plan: MetricPlan) -> Decimal | None:
    """What turns numerator over denominator into the plan's unit; None where the plan counts something else."""
    details: dict[str, Any] = plan.metric.policy_year.details
    published = details.get("metrics", {}).get(plan.metric.code, {}).get("published_unit", "")
    return plan.metric.multiplier if plan.unit in (PERCENT, published) else None


def of_plan(user: User, pk: UUID, *, on: date | None = None) -> MetricSeries:
    """The series that a plan belongs to; Http404 for one that the reader may not know of. Seven queries.

    Years are joined where agreement, code, name and unit are the same, or where a line of the policy says so.
    `on` is the day on which a figure that was to
    come counts as missing (today unless given); quarters that have not ended by then are left out unless recorded.
    """
    plan = get_object_or_404(_plans(user), pk=pk)
    day = on or timezone.localdate()
    steps, plans = _of_years(user, plan)
    own = Organisation.objects.acted_for_by(user).filter(pk__in={one.owner_id for one in plans.values()})
    owners = frozenset(own.values_list("pk", flat=True))
    figures = _figures(user, list(plans.values()))
    versions = _versions(user, [figure.pk for figure in figures.values()])
    rows: dict[Quarter, SeriesRow] = {}
    for joined in _joined(steps, plans):
        one = joined.plan
        for quarter in FinancialYear(one.fund.financial_year).quarters:
            figure = figures.get((one.pk, quarter.number))
            if figure or quarter.ends_on <= day or one.pk == plan.pk:
                row = FigureRow(one, figure, quarter.number, day, is_own=one.owner_id in owners)
                before = versions.get(figure.pk, ()) if figure else ()
                joint = joined.joint if rows and max(rows).year < quarter.year else None
                rows[quarter] = SeriesRow(quarter, row, before, joined.factor, joined.run, joined.basis, joint)
    quarters = series.whole(min(rows), max(rows))
    return MetricSeries(
        plan, tuple(rows.get(quarter) or SeriesRow(quarter) for quarter in quarters), _targets(user, plan)
    )


def _targets(user: User, plan: MetricPlan) -> tuple[Any, ...]:
    rows = PlanVersion._default_manager.filter(owned_versions(user), pgh_obj_id=plan.pk).exclude(pgh_label="delete")
    return tuple(rows.order_by("pgh_created_at", "pgh_id"))


@dataclass(frozen=True)
class _Joined:
    """The plan of one year in the series: its run, what brings it to the basis of that, and what leads to it."""

    plan: MetricPlan
    run: int
    factor: Fraction
    basis: MetricPlan
    joint: Line | None


def _of_years(user: User, plan: MetricPlan) -> tuple[tuple[lineage.Step, ...], dict[int, MetricPlan]]:
    """The years of the series, and the plan of each that has one; the one asked for has its own year."""
    own = plan.fund.financial_year
    steps = lineage.path(own, plan.metric.code, lineages.lines(), first=own - lineages.YEARS, last=own + lineages.YEARS)
    rows = _plans(user).filter(fund__agreement=plan.fund.agreement_id, metric__code__in={step.code for step in steps})
    by_key: dict[tuple[int, str], list[MetricPlan]] = {}
    for one in rows.order_by("pk"):
        by_key.setdefault((one.fund.financial_year, one.metric.code), []).append(one)
    found = {own: plan}
    place = next(place for place, step in enumerate(steps) if step.year == own)
    for way, links in (
        (reversed(steps[:place]), [step.line for step in reversed(steps[1 : place + 1])]),
        (iter(steps[place + 1 :]), [step.line for step in steps[place + 1 :]]),
    ):
        like, crossed = plan, False
        for step, line in zip(way, links, strict=True):
            crossed = crossed or line is not None
            offered = by_key.get((step.year, step.code), [])
            chosen = next((one for one in offered if _alike(one)[1:] == _alike(like)[1:]), None)
            if chosen is None and crossed and offered:
                chosen = offered[0]
            if chosen is not None:
                found[step.year], like, crossed = chosen, chosen, False
    return steps, dict(sorted(found.items()))


def _joined(steps: Sequence[lineage.Step], plans: Mapping[int, MetricPlan]) -> list[_Joined]:
    """The plans of the series, oldest first; a line that leads to a year without a plan counts for the next one."""
    found = []
    joint: Line | None = None
    for number, run in enumerate(lineage.runs(steps)):
        there = [step for step in run.steps if step.year in plans]
        for step, factor in zip(run.steps, run.factors, strict=True):
            joint = step.line or joint
            if step.year in plans:
                last = run.steps.index(there[-1])
                scale = factor / run.factors[last]
                found.append(_Joined(plans[step.year], number, scale, plans[there[-1].year], joint))
                joint = None
    return found


def before(user: User, fund: Fund, rows: Sequence[FigureRow], quarter: Quarter) -> dict[UUID, tuple[SeriesRow, ...]]:
    """The eight quarters before one, oldest first, for the plan of each row of the fund. Three queries."""
    quarters = quarters_before(quarter)
    plans = list(
        _plans(user)
        .filter(
            fund__agreement=fund.agreement_id,
            fund__financial_year__in={one.year.start for one in (*quarters, quarter)},
            metric__code__in={row.plan.metric.code for row in rows},
        )
        .order_by("-pk")
    )
    own = Organisation.objects.acted_for_by(user).filter(pk__in={one.owner_id for one in plans})
    owners = frozenset(own.values_list("pk", flat=True))
    figures = _figures(user, plans)
    of_year = {(one.fund.financial_year, *_alike(one)): one for one in plans}
    by_pk = {one.pk: one for one in plans}
    found = {}
    for row in rows:
        whole = of_year[(quarter.year.start, *_alike(row.plan))] = by_pk[row.plan.pk]
        # Whoever reads what was typed asks for the ratio's multiplier, which the policy year tells.
        row.plan.metric = whole.metric
        found[row.plan.pk] = tuple(
            _row(of_year.get((one.year.start, *_alike(row.plan))), one, figures, owners, row.on) for one in quarters
        )
    return found


def quarters_before(quarter: Quarter) -> list[Quarter]:
    """The quarters that stand beside the one that is entered, oldest first."""
    found: list[Quarter] = []
    for _ in range(BEFORE):
        quarter = quarter.preceding
        found.insert(0, quarter)
    return found


def _alike(plan: MetricPlan) -> tuple[str, str, str]:
    """What a plan has in common with those of other years that its series joins."""
    return plan.metric.code, plan.name.casefold(), plan.unit


def _row(
    plan: MetricPlan | None,
    quarter: Quarter,
    figures: Mapping[tuple[UUID, int], MetricFigure],
    owners: frozenset[UUID],
    day: date,
) -> SeriesRow:
    if plan is None:
        return SeriesRow(quarter)
    figure = figures.get((plan.pk, quarter.number))
    return SeriesRow(quarter, FigureRow(plan, figure, quarter.number, day, is_own=plan.owner_id in owners))


def _plans(user: User) -> QuerySet[MetricPlan]:
    return MetricPlan.objects.visible_to(user).select_related("metric__policy_year", "owner", "fund__agreement")


def _figures(user: User, plans: Sequence[MetricPlan]) -> dict[tuple[UUID, int], MetricFigure]:
    """The figure of each plan and quarter; where two owners have one, that of the plan's present owner."""
    owners = {plan.pk: plan.owner_id for plan in plans}
    found: dict[tuple[UUID, int], MetricFigure] = {}
    rows = MetricFigure.objects.visible_to(user).filter(plan__in=list(owners)).select_related("period", "entered_by")
    for figure in rows.order_by("pk"):
        key = (figure.plan_id, figure.period.number)
        if key not in found or figure.owner_id == owners[figure.plan_id]:
            found[key] = figure
    return found


def _versions(user: User, figures: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """What stood for each figure, oldest first: of the reader's own partners all, of others what was released then."""
    rows = (
        FigureVersion._default_manager.filter(owned_versions(user), pgh_obj_id__in=figures)
        .exclude(pgh_label="delete")
        .select_related("entered_by")
        .order_by("pgh_created_at", "pgh_id")
    )
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.pgh_obj_id, []).append(row)  # type: ignore[attr-defined]  # a column of every version
    return {key: tuple(listed) for key, listed in found.items()}
