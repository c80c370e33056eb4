"""The register of background work: the row is the request, a Celery message only says that it is there."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import one_of


class JobQuerySet(models.QuerySet["Job"]):
    """Named sets of jobs; who may see one is decided by the app that owns its target."""

    def unfinished(self) -> "JobQuerySet":
        """Jobs that still wait or run."""
        return self.filter(status__in=Job.UNFINISHED)

    def for_target(self, target: models.Model) -> "JobQuerySet":
        """The jobs that work on one stored object."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


class Job(models.Model):
    """One piece of background work that a person or the timetable asked for. Changed only by `core.jobs`."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    FINISHED = (Status.READY, Status.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=100)
    target_type = models.CharField(max_length=100, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    arguments = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_words = models.CharField(max_length=200, blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    attempt_token = models.UUIDField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # From this moment on the sweep sends a message (again) for a job that is still queued.
    next_send_at = models.DateTimeField(db_default=Now())

    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    failure_code = models.CharField(max_length=100, blank=True)
    failure_words = models.TextField(blank=True)

    # Text, not foreign keys: the floor knows no app above it, and the line outlives the person's account.
    # No id means that the timetable asked.
    asked_by_id = models.CharField(max_length=64, blank=True)
    asked_by_name = models.CharField(max_length=200, blank=True)
    owner_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    # Of one kind: one unfinished job for each key, and one job that did not fail for each period.
    dedupe_key = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=40, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", ["queued", "running", "ready", "failed"], name="job_status_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_at_most_100"),
            models.CheckConstraint(
                condition=Q(
                    status="running",
                    attempt_token__isnull=False,
                    heartbeat_at__isnull=False,
                    started_at__isnull=False,
                    attempts__gte=1,
                )
                | (~Q(status="running") & Q(attempt_token__isnull=True)),
                name="job_running_has_attempt",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["ready", "failed"], finished_at__isnull=False)
                | Q(status__in=["queued", "running"], finished_at__isnull=True),
                name="job_finished_has_moment",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(failure_code="") & ~Q(failure_words=""))
                | (~Q(status="failed") & Q(failure_code="", failure_words="")),
                name="job_failed_has_reason",
            ),
            models.CheckConstraint(condition=~Q(status="ready") | Q(progress=100), name="job_ready_is_complete"),
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                condition=Q(status__in=["queued", "running"]) & ~Q(dedupe_key=""),
                name="job_unfinished_once_for_key",
            ),
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=~Q(status="failed") & ~Q(period=""),
                name="job_once_for_period",
            ),
        ]
        indexes = [
            models.Index(fields=["next_send_at"], condition=Q(status="queued"), name="job_to_send"),
            models.Index(fields=["heartbeat_at"], condition=Q(status="running"), name="job_heartbeat"),
            models.Index(fields=["target_type", "target_id", "-queued_at"], name="job_of_target"),
            models.Index(fields=["owner_id", "-queued_at"], name="job_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_status_display().lower()})"

    @property
    def is_finished(self) -> bool:
        return self.status in Job.FINISHED
