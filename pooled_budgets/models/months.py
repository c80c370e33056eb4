"""What a line is expected to spend in a month, and months as they stood when they were closed."""

import uuid

import pgtrigger
from django.db import models

from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from partners.models import Owned
from pooled_budgets.models.fund import Fund, OfFundQuerySet
from pooled_budgets.models.scheme import SchemeLine


class MonthForecastQuerySet(OfFundQuerySet["MonthForecast"]):
    fund = "line__scheme__fund"


@tracked()
class MonthForecast(Owned):
    """What the keeper expects a budget line to spend in a month, in pounds; below nil is income.

    No row: nobody has said. What was spent comes from the postings, once the month is closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="month_forecasts")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()

    objects = MonthForecastQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "period"], name="month_forecast_unique")]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}: {self.amount}"


class ClosedMonthQuerySet(OfFundQuerySet["ClosedMonth"]):
    """Those of a fund."""


class ClosedMonth(Owned):
    """A fund's month exactly as it stood when it was closed: never changed, read again by its hash (SHA-256).

    A month that is reopened and closed again gets another number. The parties read it unless a draft of the keeper
    was in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="closed_months")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    closed_at = models.DateTimeField()
    closed_by_name = models.CharField(max_length=200)

    objects = ClosedMonthQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "period", "number"], name="closed_month_unique")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.fund}, {self.period}, closing {self.number}"
