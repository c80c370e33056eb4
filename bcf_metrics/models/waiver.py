import uuid

from django.db import models
from django.db.models import F, Q

from bcf_metrics.domain.checks import WAIVABLE, Check
from bcf_metrics.models.figure import MetricPlan
from integration_hub.core.constraints import one_of
from integration_hub.core.dates import long_date
from integration_hub.core.history import tracked
from partners.models import Owned
from pooled_budgets.models.fund import OfFundQuerySet


class MetricWaiverQuerySet(OfFundQuerySet["MetricWaiver"]):
    fund = "plan__fund"


@tracked()
class MetricWaiver(Owned):
    """That a check of one metric asks for nothing until a day, with the reason. It ends by itself with that day.

    `owner` is the partner that enters the metric's figures; an approver of it gave the waiver. It is released at once:
    it is about the return, which the parties make together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(MetricPlan, models.PROTECT, related_name="waivers")
    code = models.CharField(max_length=10)
    reason = models.TextField()
    until = models.DateField()
    given_on = models.DateField()
    given_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    objects = MetricWaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("code", [check.value for check in WAIVABLE], name="metric_waiver_check"),
            models.CheckConstraint(condition=~Q(reason=""), name="metric_waiver_has_reason"),
            models.CheckConstraint(condition=Q(until__gte=F("given_on")), name="metric_waiver_until_after_given"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
                name="metric_waiver_ending_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.check_words}"

    @property
    def check_words(self) -> str:
        return Check(self.code).words

    @property
    def words(self) -> str:
        """Until when, by whom and why: "until 31 March 2015 by A. Officer: the survey is repeated."."""
        return f"until {long_date(self.until)} by {self.given_by}: {self.reason}"
