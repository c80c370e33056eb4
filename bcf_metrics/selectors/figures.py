"""The metric figures of a quarter, as the reader may see them, each able to judge itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from bcf_metrics.domain import numbers, progress
from bcf_metrics.domain.entries import FIELD_WORDS, NOTHING, SAID, Entered, commentary
from bcf_metrics.domain.progress import Actual, Basis, Better, Judgement, Status, Target, profile_from_cumulative
from bcf_metrics.domain.words import exact, listed
from bcf_metrics.models import MetricDefinition, MetricFigure, MetricPlan
from integration_hub.core.models import Period
from integration_hub.core.states import Figure, FigureState, TargetState, is_owed
from partners.models import Organisation, User
from pooled_budgets.models import Fund

NOT_RELEASED = "not released"


@dataclass(frozen=True)
class FigureRow:
    """One metric of a fund at a quarter, judged as things stand on a day (`on`).

    `figure` is None where nothing is recorded, or nothing that the reader may see. `is_own` says whether the reader
    acts for the partner that enters it.
    """

    plan: MetricPlan
    figure: MetricFigure | None
    quarter: int
    on: date
    is_own: bool

    @cached_property
    def judgement(self) -> Judgement:
        """Target, progress and comparison in words, with the status that the comparison suggests."""
        found = progress.judge(
            better=self.better,
            target=self.target,
            actual=Actual(
                figure=self.recorded,
                period=self.figure.value_period if self.figure else "",
                lagged=self.figure.lagged if self.figure else False,
            ),
            quarter=self.quarter,
            on=self.on,
            unit=self.plan.unit,
        )
        if not self.is_withheld:
            return found
        if found.status is Status.NOT_DEFINED:
            return replace(found, progress_words=NOT_RELEASED)
        comparison = f"No figure to compare: {self.plan.owner.name} has not released one"
        return replace(found, progress_words=NOT_RELEASED, comparison=comparison)

    @property
    def target(self) -> Target:
        plan = self.plan
        ends = tuple(Decimal(end) for end in plan.profile)
        return Target(
            basis=Basis(plan.basis),
            value=plan.target,
            state=TargetState(plan.target_state),
            period=plan.target_period,
            profile=profile_from_cumulative(ends) if ends else None,
        )

    @property
    def better(self) -> Better:
        return Better(self.plan.better or self.plan.metric.better)

    @property
    def recorded(self) -> Figure:
        """The figure as it was recorded; one that was to come and did not is missing only in the judgement."""
        return figure_of(self.figure) if self.figure else NOTHING.figure

    @property
    def entered(self) -> Entered | None:
        return entered_of(self.figure) if self.figure else None

    @property
    def key(self) -> str:
        return str(self.plan.pk)

    @property
    def code(self) -> str:
        return self.plan.metric.code

    @property
    def indicator(self) -> str:
        return self.plan.name

    @property
    def target_words(self) -> str:
        return self.judgement.target_words

    @property
    def target_period(self) -> str:
        return self.judgement.target_period

    @property
    def baseline_words(self) -> str:
        """Where it stood before: "baseline 461 in November 2013"; nothing where that is not stated."""
        if self.plan.baseline is None:
            return ""
        unit = "%" if self.plan.unit == progress.PERCENT else ""
        when = f" in {self.plan.baseline_period}" if self.plan.baseline_period else ""
        return f"baseline {exact(self.plan.baseline)}{unit}{when}"

    @property
    def progress_words(self) -> str:
        return self.judgement.progress_words

    @property
    def progress_period(self) -> str:
        return self.judgement.progress_period

    @property
    def comparison(self) -> str:
        return self.judgement.comparison

    @property
    def lag_note(self) -> str:
        return self.judgement.lag_note

    @property
    def suggested(self) -> str:
        return self.judgement.status.value

    @property
    def status(self) -> str:
        """The officer's own status where there is one, else the suggestion."""
        return self.figure.override_status if self.is_overridden and self.figure else self.suggested

    @property
    def status_words(self) -> str:
        return Status(self.status).words

    @property
    def suggested_words(self) -> str:
        return self.judgement.status.words

    @property
    def is_overridden(self) -> bool:
        return bool(self.figure and self.figure.override_status)

    @property
    def override_reason(self) -> str:
        return self.figure.override_reason if self.figure else ""

    @property
    def commentary(self) -> str:
        """Challenges, achievements and support needs as one text, as the return prints them."""
        return commentary(challenges=self.challenges, achievements=self.achievements, support_needs=self.support_needs)

    @property
    def challenges(self) -> str:
        return self.figure.challenges if self.figure else ""

    @property
    def achievements(self) -> str:
        return self.figure.achievements if self.figure else ""

    @property
    def support_needs(self) -> str:
        return self.figure.support_needs if self.figure else ""

    @property
    def action(self) -> str:
        return self.figure.action if self.figure else ""

    @property
    def said_words(self) -> str:
        """Which of the four fields have something in them: "challenges and action"; nothing for none."""
        fields = (*SAID, "action")
        return listed([FIELD_WORDS[field] for field in fields if getattr(self, field)])

    @property
    def source(self) -> str:
        return self.figure.source if self.figure else ""

    @property
    def provisional(self) -> bool:
        return bool(self.figure and self.figure.provisional and self.recorded.counted is not None)

    @property
    def illustrative(self) -> bool:
        return self.plan.illustrative

    @property
    def owner_name(self) -> str:
        return self.plan.owner.name

    @property
    def released_at(self) -> datetime | None:
        return self.figure.released_at if self.figure else None

    @property
    def is_draft(self) -> bool:
        return self.figure is not None and self.figure.released_at is None

    @property
    def is_withheld(self) -> bool:
        """Whether the reader is told that nothing is released, which says nothing of what may be recorded."""
        return self.figure is None and not self.is_own

    @property
    def was_due_on(self) -> date | None:
        """The day on which a figure that is missing now was to come."""
        until = self.recorded.until
        return until if until is not None and until <= self.on else None

    @property
    def is_owed(self) -> bool:
        """Whether somebody still has to enter it, or a figure that was to come is due."""
        return is_owed(self.recorded, on=self.on)


def for_quarter(fund: Fund, period: Period, user: User, *, on: date | None = None) -> list[FigureRow]:
    """Every metric of the fund at a quarter as the reader may see it, in the plan's order. Two queries.

    `on` is the day on which a figure that was to come counts as missing (today unless given).
    """
    own = Organisation.objects.acted_for_by(user)
    plans = plans_visible_to(user).filter(fund=fund).annotate(is_own=Q(owner__in=own))
    figures = MetricFigure.objects.visible_to(user)
    return _rows(plans, figures, period, on=on)


def released(fund: Fund, period: Period, *, on: date) -> list[FigureRow]:
    """The same as every party sees it: released plans and figures alone, whoever asks. One query.

    For the return, which is the parties' joint work; the caller has asked for the right to read it.
    """
    recorded = FilteredRelation(
        "figures", condition=Q(figures__period=period, figures__owner=F("owner"), figures__released_at__isnull=False)
    )
    plans = (
        _in_order(MetricPlan.objects.filter(fund=fund, released_at__isnull=False))
        .annotate(recorded=recorded)
        .select_related("metric", "owner", "recorded__entered_by")  # type: ignore[misc]  # the annotated relation
    )
    return [FigureRow(plan, _recorded(plan), period.number, on, is_own=False) for plan in plans]


def as_entered(row: FigureRow, entered: Entered) -> FigureRow:
    """The row as it would be with what somebody typed; nothing is saved."""
    figure = MetricFigure(
        plan=row.plan,
        owner=row.plan.owner,
        value=entered.figure.counted,
        state=entered.figure.state,
        available_on=entered.figure.until,
        released_at=row.released_at,
    )
    for field in FIELD_WORDS:
        if field != "figure":
            setattr(figure, field, getattr(entered, field))
    return replace(row, figure=figure)


def visible_to(user: User) -> QuerySet[MetricFigure]:
    """The figures that a person may read, with plan, metric, fund and period, by fund, quarter and metric."""
    return (
        MetricFigure.objects.visible_to(user)
        .select_related("plan__metric", "plan__fund", "period", "owner", "entered_by")
        .order_by("plan__fund", "period__starts_on", "plan__position", "plan__name", "pk")
    )


def plans_visible_to(user: User) -> QuerySet[MetricPlan]:
    """The metric plans that a person may read, with metric and owner, in their order."""
    return _in_order(MetricPlan.objects.visible_to(user))


def definitions() -> QuerySet[MetricDefinition]:
    """The metrics of every policy year that is loaded: national, and no secret."""
    return MetricDefinition.objects.select_related("policy_year").order_by("policy_year__code", "position", "code")


def entered_of(figure: MetricFigure) -> Entered:
    """What a stored row says."""
    return Entered(
        figure=figure_of(figure),
        value_period=figure.value_period,
        lagged=figure.lagged,
        numerator=figure.numerator,
        denominator=figure.denominator,
        source=figure.source,
        provisional=figure.provisional,
        override_status=figure.override_status,
        override_reason=figure.override_reason,
        challenges=figure.challenges,
        achievements=figure.achievements,
        support_needs=figure.support_needs,
        action=figure.action,
    )


def figure_of(figure: MetricFigure) -> Figure:
    """The number of a stored row, or why there is none."""
    value = figure.value if figure.state == FigureState.STATED else None
    return Figure(value=value, state=FigureState(figure.state), until=figure.available_on)


def none() -> QuerySet[MetricFigure]:
    """No rows: tells the API's description which model it is about."""
    return MetricFigure.objects.none()


def plain(number: Decimal | None) -> str | None:
    """A number as text without ending zeros, or None."""
    return None if number is None else numbers.plain(number)


def _in_order(plans: QuerySet[MetricPlan]) -> QuerySet[MetricPlan]:
    return plans.select_related("metric", "owner").order_by("position", "name", "pk")


def _recorded(plan: MetricPlan) -> MetricFigure | None:
    """`plan` is annotated with recorded, which is not there where the join found none."""
    return getattr(plan, "recorded", None)


def _rows(
    plans: Iterable[MetricPlan], figures: QuerySet[MetricFigure], period: Period, *, on: date | None
) -> list[FigureRow]:
    found = list(plans)
    owners = {plan.pk: plan.owner_id for plan in found}
    recorded: dict[UUID, MetricFigure] = {}
    for figure in figures.filter(plan__in=list(owners), period=period).select_related("entered_by"):
        # A successor that took the plan over has the last word; until then its predecessor's figure stands.
        if figure.plan_id not in recorded or figure.owner_id == owners[figure.plan_id]:
            recorded[figure.plan_id] = figure
    day = on or timezone.localdate()
    return [
        FigureRow(plan, recorded.get(plan.pk), period.number, day, plan.is_own)  # type: ignore[attr-defined]  # annotated
        for plan in found
    ]
