"""From which variance on a fund asks for an explanation, and the explanations that were given."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import not_negative
from integration_hub.core.history import tracked
from partners.models import User, known
from pooled_budgets.models.forecast import Forecast
from pooled_budgets.models.fund import Fund


@tracked()
class VarianceThreshold(models.Model):
    """A scheme's variance above so many pounds, or above so many per cent of its budget, needs an explanation."""

    fund = models.OneToOneField(Fund, models.PROTECT, primary_key=True, related_name="threshold")
    pounds = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            not_negative("pounds", name="threshold_pounds"),
            not_negative("percent", name="threshold_percent"),
            models.CheckConstraint(
                condition=Q(pounds__isnull=False) | Q(percent__isnull=False), name="threshold_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}: explained from {self.pounds} or {self.percent} per cent"


class VarianceExplanationQuerySet(models.QuerySet["VarianceExplanation"]):
    def visible_to(self, user: User) -> "VarianceExplanationQuerySet":
        """Whoever reads the projected outturn reads what explains it."""
        return self.filter(forecast__in=known(user, Forecast.objects.visible_to))


class VarianceExplanation(models.Model):
    """Why a projected outturn differs from its budget, as somebody wrote it on a day; never changed, only followed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    forecast = models.ForeignKey(Forecast, models.PROTECT, related_name="explanations")
    # The variance that was explained, in pounds: where it is another one now, the explanation is stale.
    variance = models.DecimalField(max_digits=14, decimal_places=2)
    text = models.TextField()
    author = models.ForeignKey("partners.User", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = VarianceExplanationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="explanation_has_text")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.forecast}: {self.text[:60]}"
