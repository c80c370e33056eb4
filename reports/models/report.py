import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from governance.models import Board, Meeting
from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Job, Period
from partners.models import Owned, OwnedQuerySet, User, Ways, either, known, own_or_released
from pooled_budgets.models import Fund
from pooled_budgets.models.agreement import released_while_party


class ReportBriefQuerySet(OwnedQuerySet["ReportBrief"]):
    def visible_to(self, user: User) -> "ReportBriefQuerySet":
        """The words are the partner's own until they stand in an issued report."""
        return self.readable(user, area="board__area", shared_with=Q(pk__in=[]))


@tracked()
class ReportBrief(Owned):
    """The words of a quarterly report that no figure gives: header, recommendations, implications, consultation.

    `content` has the shape that reports.domain.brief checks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="report_briefs")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="report_briefs")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=dict)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = ReportBriefQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "fund", "period", "owner"], name="report_brief_unique")]

    def __str__(self) -> str:
        return f"{self.board}, {self.period}: words of the report"


class ReportQuerySet(OwnedQuerySet["Report"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a report."""
        shared = Q(board__in=known(user, Board.objects.shared_now), fund__in=known(user, Fund.objects.shared_now))
        former = Q(released_at__isnull=False) & released_while_party(user, "fund__agreement")
        return own_or_released(user, area="board__area", shared_with=shared) | {"former": former}

    def visible_to(self, user: User) -> "ReportQuerySet":
        """The partner that makes it; once issued, everybody who may know of the board and the fund."""
        return self.filter(either(self.ways(user)))


@tracked(exclude=["snapshot"])
class Report(Owned):
    """A quarterly report to a board, made by a job from one frozen snapshot. `released_at` is when it was issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="reports")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="reports")
    version = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    snapshot = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    ready_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "fund", "period", "owner", "version"], name="report_version_unique"
            ),
            both_or_neither("snapshot", "ready_at", name="report_ready_has_snapshot"),
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True, sha256="") | (Q(ready_at__isnull=False) & ~Q(sha256="")),
                name="report_ready_has_hash",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(ready_at__isnull=False),
                name="report_issued_is_ready",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="snapshot_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.sha256 <> '' AND (NEW.snapshot IS DISTINCT FROM OLD.snapshot OR NEW.sha256 <> OLD.sha256)"
                ),
            ),
            pgtrigger.Protect(name="made_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.board}: {self.period}, version {self.version}"


class ReportDocument(models.Model):
    """A file made from a report's snapshot. Kept in the database: it is small, issued once and never changed."""

    FORMATS = ("docx", "pdf", "html")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    report = models.ForeignKey(Report, models.PROTECT, related_name="documents")
    format = models.CharField(max_length=5)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="report_document_unique"),
            one_of("format", ["docx", "pdf", "html"], name="report_document_format"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report} ({self.format})"
