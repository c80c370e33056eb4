import uuid

from django.db import models

from integration_hub.core.constraints import not_negative
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from pooled_budgets.models.scheme import SchemeLine


@tracked()
class ProfileMonth(models.Model):
    """What of a line's budget is expected to be spent in a month, in pounds. Twelve add up to the line's budget."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="profile")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "period"], name="profile_month_unique"),
            not_negative("amount", name="profile_month_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}"
