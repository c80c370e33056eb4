import uuid

import pgtrigger
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from governance.models import Authorised, at_most_one_authority
from integration_hub.core.constraints import amount_has_reason, not_negative
from integration_hub.core.history import tracked
from partners.models import User, known
from pooled_budgets.models.fund import FundingLine


class OfContribution(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> "QuerySet[models.Model]":
        """Those of contributions that the person may read."""
        return self.filter(line__in=known(user, FundingLine.objects.visible_to))


@tracked()
class Instalment(models.Model):
    """What of a contribution is due on a day, in pounds. All of a contribution add up to its amount of the year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(FundingLine, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    objects = OfContribution.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="instalment_number_unique"),
            models.UniqueConstraint(fields=["line", "due_on"], name="instalment_day_unique"),
            not_negative("amount", name="instalment_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.line}, instalment {self.number}"


class Receipt(models.Model):
    """Money of a contribution that came in, in pounds. It is never edited: a wrong one is reversed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(FundingLine, models.PROTECT, related_name="receipts")
    received_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reference = models.CharField(max_length=100)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfContribution.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_above_nil"),
            models.CheckConstraint(condition=~Q(reference=""), name="receipt_has_reference"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.line}, received {self.received_on}"


class ReceiptReversal(models.Model):
    """That a receipt was entered wrongly and counts no more: the whole of it, once, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="reversal")
    reason = models.CharField(max_length=300)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="receipt_reversal_has_reason")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.receipt}, reversed"


class ContributionChange(Authorised):
    """That a contribution's amount of the year became another: why, from when the partners count it, what allows it.

    Amounts in pounds, None with the state that says why. Never edited: a wrong change is changed back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(FundingLine, models.PROTECT, related_name="changes")
    before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    before_state = models.CharField(max_length=20)
    after = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    after_state = models.CharField(max_length=20)
    # The pounds that moved, whichever way; an amount that was not stated before counts whole.
    moved = models.DecimalField(max_digits=14, decimal_places=2)
    effective_on = models.DateField()
    reason = models.CharField(max_length=300)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    done_on = models.DateField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfContribution.as_manager()

    class Meta:
        constraints = [
            at_most_one_authority(name="contribution_change_one_authority"),
            amount_has_reason("before", "before_state", name="contribution_change_before"),
            amount_has_reason("after", "after_state", name="contribution_change_after"),
            not_negative("after", name="contribution_change_not_negative"),
            models.CheckConstraint(condition=~Q(reason=""), name="contribution_change_has_reason"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.line}, changed on {self.done_on}"
