import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bcf_metrics.models.quarterly_return import QuarterlyReturn, ReturnVersion
from governance.models import Decision
from partners.models import Organisation


class Submission(models.Model):
    """A signed version as it went to the national team, with what differs from the one before. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    version = models.OneToOneField(ReturnVersion, models.PROTECT, related_name="submission")
    how = models.CharField(max_length=300)
    # Why it was late; "" where it was in time, or no day is known on which it was due.
    late_reason = models.CharField(max_length=1000, blank=True)
    differences = models.JSONField(default=list)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    submitted_by_name = models.CharField(max_length=200)
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarterly_return", "number"], name="submission_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="submission_from_one"),
            models.CheckConstraint(condition=~Q(how=""), name="submission_says_how"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.quarterly_return}, submission {self.number}"


class Ratification(models.Model):
    """The decision of the Health and Wellbeing Board by which a submission was ratified. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="ratification")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    linked_by_name = models.CharField(max_length=200)
    linked_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.submission}: {self.decision}"


class Acceptance(models.Model):
    """That the national team accepted a submission: who there, on which day, under which reference. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="acceptance")
    accepted_by = models.CharField(max_length=200)
    accepted_on = models.DateField()
    reference = models.CharField(max_length=100, blank=True)
    entered_by_name = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(accepted_by=""), name="acceptance_says_by_whom")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.submission}: accepted"


class Restatement(models.Model):
    """Why a return is opened after its acceptance: what changes, why, and who was told. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="restatement")
    what = models.CharField(max_length=1000)
    why = models.CharField(max_length=1000)
    told = models.CharField(max_length=1000)
    restated_by_name = models.CharField(max_length=200)
    restated_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(why="") & ~Q(told=""), name="restatement_says_what_why_and_who_was_told"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.submission}: restated"
