import uuid

from django.db import models
from django.db.models import Q

from bcf_metrics.models.policy import MetricDefinition
from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from integration_hub.core.states import FigureState, TargetState
from partners.models import Owned
from pooled_budgets.models import Fund
from pooled_budgets.models.fund import OfFundQuerySet

STATUSES = ("on_track", "not_on_track", "data_not_available", "not_defined")


class MetricPlanQuerySet(OfFundQuerySet["MetricPlan"]):
    """Those of a fund."""


@tracked()
class MetricPlan(Owned):
    """What a fund's partners aim at for one metric: the target, the period it is for, and how it builds up.

    `owner` is the partner that enters the figures. `profile` is the cumulative target at the end of each quarter
    (four numbers as text), empty where it builds up evenly. Values are in the metric's unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="metric_plans")
    metric = models.ForeignKey(MetricDefinition, models.PROTECT, related_name="plans")
    position = models.PositiveSmallIntegerField()
    # The metric as this fund's papers call it.
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    basis = models.CharField(max_length=20)
    # The direction of better of a metric that the partners chose themselves; empty: as the metric is defined.
    better = models.CharField(max_length=10, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    target_state = models.CharField(max_length=20, default=TargetState.SET)
    target_period = models.CharField(max_length=120, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    baseline_period = models.CharField(max_length=120, blank=True)
    profile = models.JSONField(default=list)
    rationale = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    objects = MetricPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "metric", "name"], name="metric_plan_unique"),
            one_of("target_state", [state.value for state in TargetState], name="metric_plan_target_state"),
            one_of("basis", ["cumulative", "same_period", "point", "average", "none"], name="metric_plan_basis"),
            one_of("better", ["", "lower", "higher"], name="metric_plan_better"),
            models.CheckConstraint(
                condition=Q(target_state="set", target__isnull=False)
                | Q(target_state="not_yet_defined", target__isnull=True),
                name="metric_plan_target_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MetricFigureQuerySet(OfFundQuerySet["MetricFigure"]):
    fund = "plan__fund"


@tracked()
class MetricFigure(Owned):
    """One metric's actual for one period, in the metric's unit; an empty one has its reason.

    The suggested status is worked out by bcf_metrics.domain.progress; the officer may override it with a reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(MetricPlan, models.PROTECT, related_name="figures")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    state = models.CharField(max_length=20)
    available_on = models.DateField(null=True)
    # The period that the figure is for where it is not the quarter itself: "April and May", "2013/14 year end".
    value_period = models.CharField(max_length=120, blank=True)
    lagged = models.BooleanField(default=False)
    provisional = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    override_status = models.CharField(max_length=20, blank=True)
    override_reason = models.TextField(blank=True)
    challenges = models.TextField(blank=True)
    achievements = models.TextField(blank=True)
    support_needs = models.TextField(blank=True)
    action = models.TextField(blank=True)
    at = models.DateField()
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = MetricFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "period", "owner"], name="metric_figure_unique"),
            one_of("state", [state.value for state in FigureState], name="metric_figure_state"),
            models.CheckConstraint(
                condition=Q(state="stated", value__isnull=False)
                | Q(state="nil", value__isnull=False, value=0)
                | (~Q(state__in=["stated", "nil"]) & Q(value__isnull=True)),
                name="metric_figure_empty_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="not_yet_available", available_on__isnull=False)
                | (~Q(state="not_yet_available") & Q(available_on__isnull=True)),
                name="metric_figure_available_on",
            ),
            models.CheckConstraint(
                condition=Q(override_status="", override_reason="")
                | (Q(override_status__in=STATUSES) & ~Q(override_reason="")),
                name="metric_figure_override_has_reason",
            ),
            both_or_neither("numerator", "denominator", name="metric_figure_ratio_whole"),
            models.CheckConstraint(condition=~Q(denominator=0), name="metric_figure_denominator_not_nil"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.period}"
