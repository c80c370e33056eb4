"""What those who run the installation look at: numbers and states, nothing of any partner's figures or people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q

from integration_hub.core import sealing
from integration_hub.core.models import Job
from partners.models import IdleNotice, Membership, Organisation, SingleSignOn, User

FAILED_WITHIN = timedelta(days=7)
CLOSE_IDLE = "partners.close_idle"


@dataclass(frozen=True)
class Numbers:
    """How many there are today."""

    organisations: int
    with_people: int
    people: int
    closed: int


@dataclass(frozen=True)
class Work:
    """A kind of background work: what waits, and what failed within a week; when the last of it ended."""

    kind: str
    waiting: int
    failed: int
    last_failed_at: datetime | None


@dataclass(frozen=True)
class IdleRun:
    """When idle accounts were last looked at, how that ended, and how many notices went out within a week."""

    at: datetime | None
    words: str
    notices: int


@dataclass(frozen=True)
class Provider:
    """A partner's provider, how many people are linked, and whether its secret can still be read."""

    provider: SingleSignOn
    linked: int
    is_readable: bool


def numbers(*, on: date) -> Numbers:
    """Two queries."""
    acting = Membership.objects.on(on).values("organisation")
    organisations = Organisation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).aggregate(
        all=Count("pk"), acting=Count("pk", filter=Q(pk__in=acting))
    )
    people = User.objects.aggregate(open=Count("pk", filter=Q(is_active=True)), all=Count("pk"))
    return Numbers(organisations["all"], organisations["acting"], people["open"], people["all"] - people["open"])


def work(*, at: datetime) -> list[Work]:
    """Kinds of work with something to see to, by name. One query. What a job says of its failure may be a partner's."""
    failed = Q(status=Job.Status.FAILED, finished_at__gt=at - FAILED_WITHIN)
    rows = (
        Job.objects.values("kind")
        .annotate(
            waiting=Count("pk", filter=Q(status__in=Job.UNFINISHED)),
            failed=Count("pk", filter=failed),
            last=Max("finished_at", filter=failed),
        )
        .filter(Q(waiting__gt=0) | Q(failed__gt=0))
        .order_by("kind")
    )
    return [Work(row["kind"], row["waiting"], row["failed"], row["last"]) for row in rows]


def idle_run(*, at: datetime) -> IdleRun:
    """Two queries."""
    last = Job.objects.filter(kind=CLOSE_IDLE).order_by("-queued_at", "pk").first()
    notices = IdleNotice.objects.filter(at__gt=at - FAILED_WITHIN).count()
    if last is None:
        return IdleRun(None, "Not yet", notices)
    return IdleRun(last.finished_at or last.queued_at, Job.Status(last.status).label, notices)


def providers() -> list[Provider]:
    """By partner. One query."""
    linked = Count("links", filter=Q(links__linked_at__isnull=False))
    rows = SingleSignOn.objects.select_related("organisation").annotate(linked=linked)
    return [
        Provider(row, row.linked, _is_readable(row.sealed_secret))
        for row in rows.order_by("organisation__name", "name", "pk")
    ]


def earlier_keys() -> int:
    """How many earlier secret keys are still read; 0 once everything was sealed again and they were taken out."""
    return len(settings.SECRET_KEY_FALLBACKS)


def _is_readable(sealed: str) -> bool:
    try:
        sealing.unseal(sealed)
    except sealing.Unreadable:
        return False
    return True
