"""Payment for performance of 2015/16: what was planned and counted of non-elective admissions, quarter by quarter."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import amount_has_reason, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.states import FigureState
from partners.models import Organisation
from pooled_budgets.models.fund import Fund

# Why a quarter has no count.
WITHOUT_COUNT = {FigureState.MISSING: "missing", FigureState.NOT_YET_AVAILABLE: "not yet available"}


@tracked()
class PerformancePay(models.Model):
    """The terms of a fund's payment for performance: `unit` is pounds for an admission. Read as the fund.

    `capped` is the cap at the planned reduction to date. What is not released stays with `nhs_partner`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.OneToOneField(Fund, models.PROTECT, related_name="performance_pay")
    unit = models.DecimalField(max_digits=10, decimal_places=2)
    capped = models.BooleanField(default=True)
    nhs_partner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    illustrative = models.BooleanField(default=False)
    at = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(unit__gt=0), name="performance_pay_unit_above_nil")]

    def __str__(self) -> str:
        return f"Payment for performance of {self.fund}"


@tracked()
class PerformanceQuarter(models.Model):
    """Admissions of one quarter: the baseline, the planned reduction and the count, or why there is none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    pay = models.ForeignKey(PerformancePay, models.PROTECT, related_name="quarters")
    number = models.PositiveSmallIntegerField()
    baseline = models.PositiveIntegerField()
    planned_reduction = models.PositiveIntegerField()
    actual = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=20, default=FigureState.MISSING)
    at = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pay", "number"], name="performance_quarter_unique"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=4), name="performance_quarter_of_four"),
            not_negative("actual", name="performance_quarter_not_negative"),
            one_of("state", [FigureState.STATED, *WITHOUT_COUNT], name="performance_quarter_state"),
            amount_has_reason("actual", "state", name="performance_quarter_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pay}, quarter {self.number}"

    @property
    def state_words(self) -> str:
        return WITHOUT_COUNT.get(FigureState(self.state), "")
