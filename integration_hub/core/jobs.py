"""The job register: asking for background work, doing it once, and picking up what was lost on the way.

The row is the request. A message to the worker only makes it quick: a broker that is away delays a job until
the sweep sends it again, and never breaks the page that asked. Leases (heartbeat, attempts, times to send)
run by the database's clock, so that machines need not agree on the time.
"""

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.module_loading import autodiscover_modules

import integration_hub
from integration_hub.core import requests
from integration_hub.core.attempts import HEARTBEAT_LIMIT, Attempt, JobTakenOver, NotNow, pulse
from integration_hub.core.errors import HubError
from integration_hub.core.models import Job

logger = logging.getLogger(__name__)

RUN_JOB = "core.run_job"
MAX_ATTEMPTS = 3
SEND_AGAIN_SOON = timedelta(seconds=10)  # after asking, or after a broker that did not answer
SEND_AGAIN_LATER = timedelta(seconds=120)  # after the sweep sent it: the broker may have lost it, or be busy
RETRY_AFTER = timedelta(seconds=5)
SWEEP_AT_MOST = 200
# Somebody may wait for the page that sends: one try, and an answer within these seconds. For sending only:
# the worker's own connection is patient.
SENDING = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
LEAVE_BROKER_ALONE_FOR = 5.0  # seconds, after a failure: fifty jobs in one request shall not wait fifty times

NOT_PERMITTED = (
    "The person who asked for this may no longer do it. Nothing was changed. "
    "Ask your organisation's administrator for the role, then ask again."
)
TOOK_TOO_LONG = "This took too long and was stopped. Nothing was changed. Try again, if you can with less at once."
UNFORESEEN = (
    "Something went wrong that we did not foresee. Nothing was changed. Try again; "
    "if it happens again, tell the people who run this installation the number {number}."
)
LOST = (
    f"This was started {MAX_ATTEMPTS} times, and each time the worker stopped before it was done. "
    "Nothing was changed. Tell the people who run this installation the number {number}."
)

Handler = Callable[[Attempt], None]
_handlers: dict[str, Handler] = {}
_broker_tried_again_at = 0.0


class Named(Protocol):
    """A person or partner as the register knows them: an id and a name."""

    pk: Any

    def __str__(self) -> str: ...


class UnknownKind(LookupError):
    """No installed app has a handler for this kind of job."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind, such as "reports.build".

    In `tasks.py` of an app, or in a module that `AppConfig.ready` imports. Called outside any transaction,
    perhaps again after an attempt that died: it must be safe twice.
    """

    def register(function: Handler) -> Handler:
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"Two handlers for jobs of the kind {kind}.")
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The registered handler. Raises UnknownKind."""
    if kind not in _handlers:
        autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError as error:
        raise UnknownKind(kind) from error


@transaction.atomic
def enqueue(
    kind: str,
    *,
    at: datetime,
    by: Named | None = None,
    owner: Named | None = None,
    target: models.Model | None = None,
    arguments: Mapping[str, Any] | None = None,
    dedupe_key: str = "",
    period: str = "",
) -> Job:
    """Ask for background work, in the caller's transaction; the worker hears of it when that commits.

    `arguments` are plain JSON: ids, never objects. While a job of the same kind and `dedupe_key` is queued or
    running, that one is returned instead; likewise one of the same kind and `period` unless it failed.
    Without `by` the timetable asked. Raises UnknownKind.
    """
    handler_of(kind)
    job = Job(
        kind=kind,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        arguments=dict(arguments or {}),
        queued_at=at,
        next_send_at=Now() + SEND_AGAIN_SOON,
        asked_by_id=str(by.pk) if by is not None else "",
        asked_by_name=str(by)[:200] if by is not None else "",
        owner_id=str(owner.pk) if owner is not None else "",
        dedupe_key=dedupe_key,
        period=period,
    )
    job.request_id = requests.request_id() or job.pk.hex
    # The job that stands in the way may end between our insert and our look: then there is room for ours.
    for _try in range(5):
        Job.objects.bulk_create([job], ignore_conflicts=True)
        stored = Job.objects.filter(_same_work(job)).first()
        if stored is not None:
            if stored.pk == job.pk:
                # Not a partial: Django cannot name one when it fails, and then fails itself.
                transaction.on_commit(lambda: send(job.pk), robust=True)
            return stored
    raise RuntimeError(f"A job of the kind {kind} could neither be stored nor found.")


def _same_work(job: Job) -> Q:
    same = Q(pk=job.pk)
    if job.dedupe_key:
        same |= Q(kind=job.kind, dedupe_key=job.dedupe_key, status__in=Job.UNFINISHED)
    if job.period:
        same |= Q(kind=job.kind, period=job.period) & ~Q(status=Job.Status.FAILED)
    return same


def latest(target: models.Model, *, kind: str) -> Job | None:
    """The job of this kind that was last asked for on one stored object: what its page shows. One query."""
    jobs = Job.objects.for_target(target).filter(kind=kind)
    return jobs.order_by("-queued_at", "-recorded_at", "pk").first()


def send(job_id: uuid.UUID) -> bool:
    """Tell the workers of a queued job. False when the broker does not answer; the sweep then tries again."""
    global _broker_tried_again_at
    if time.monotonic() < _broker_tried_again_at:
        return False
    # Celery and its transport load on first use; most commands never send anything.
    from kombu.exceptions import OperationalError as BrokerAway
    from kombu.pools import producers

    app = integration_hub.celery_app
    try:
        with producers[app.connection_for_write(transport_options=SENDING)].acquire(block=True) as producer:
            app.send_task(RUN_JOB, kwargs={"job_id": str(job_id)}, producer=producer, retry=False)
    except BrokerAway as error:
        _broker_tried_again_at = time.monotonic() + LEAVE_BROKER_ALONE_FOR
        logger.warning("No message for job %s, the broker does not answer: %s", job_id, error)
        return False
    return True


@transaction.atomic
def claim(*, job_id: uuid.UUID | str) -> Attempt | None:
    """Take a queued job for one attempt; None when it is done, in other hands, or not there."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, status=Job.Status.QUEUED).first()
    if job is None:
        return None
    try:
        handler_of(job.kind)
    except UnknownKind:
        # A worker of an older release, perhaps: the job stays queued for one that knows it.
        logger.error("This worker does not know how to do job %s (%s)", job.pk, job.kind)
        return None
    attempt = Attempt.of(job, token=uuid.uuid4(), number=job.attempts + 1)
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.RUNNING,
        progress=0,
        progress_words="",
        attempts=attempt.number,
        attempt_token=attempt.token,
        heartbeat_at=Now(),
        started_at=Now(),
    )
    return attempt


def run(*, job_id: uuid.UUID | str, time_is_up: type[Exception] | tuple[type[Exception], ...] = ()) -> bool:
    """Do a queued job and store how it ended. False when there was nothing to do, as at a second delivery.

    `time_is_up` is what the caller raises inside the handler when its time limit is reached.
    """
    attempt = claim(job_id=job_id)
    if attempt is None:
        return False
    # A context of its own: the request id of the job must not stay on whatever runs here next.
    copy_context().run(_perform, attempt, time_is_up)
    return True


def _perform(attempt: Attempt, time_is_up: type[Exception] | tuple[type[Exception], ...]) -> None:
    requests.begin(attempt.request_id)
    # Whatever the handler writes names the job, and whoever asked for it, as the actor.
    who = {"person": attempt.asked_by_id, "person_name": attempt.asked_by_name} if attempt.asked_by_id else {}
    try:
        with (
            pghistory.context(request_id=attempt.request_id, system=f"job {attempt.kind}", **who),
            pulse(attempt),
        ):
            handler_of(attempt.kind)(attempt)
            if not attempt.finished:
                with attempt.finishing():
                    pass
        logger.info("Job %s (%s) is ready", attempt.job_id, attempt.kind)
    except JobTakenOver:
        logger.warning("Job %s went on elsewhere; attempt %s left it", attempt.job_id, attempt.number)
    except NotNow as later:
        # By its name alone: the text of an error from outside may hold whom the work is about.
        reason = type(later.__cause__).__name__
        logger.warning("Job %s (%s): %s (%s)", attempt.job_id, attempt.kind, later, reason)
        attempt.held().update(**_queued_again(after=later.wait) | {"attempts": attempt.number - 1})
    except HubError as refusal:
        fail(attempt, code=refusal.code, words=_words_of(refusal))
    except PermissionDenied:
        fail(attempt, code="not_permitted", words=NOT_PERMITTED)
    except time_is_up:
        logger.exception("Job %s (%s) took too long", attempt.job_id, attempt.kind)
        fail(attempt, code="took_too_long", words=TOOK_TOO_LONG)
    except (OperationalError, InterfaceError):
        logger.exception("Job %s (%s): the database did not play its part", attempt.job_id, attempt.kind)
        _try_again(attempt)
    except Exception:  # whatever else goes wrong must be told to the person who waits
        logger.exception("Job %s (%s) failed", attempt.job_id, attempt.kind)
        fail(attempt, code="unforeseen", words=UNFORESEEN.format(number=attempt.request_id))


def _words_of(refusal: HubError) -> str:
    if refusal.who_can_lift:
        return f"{refusal.message} Who can change that: {refusal.who_can_lift}."
    return refusal.message


def fail(attempt: Attempt, *, code: str, words: str) -> bool:
    """End an attempt with a reason. False when the attempt no longer has the job."""
    return bool(attempt.held().update(**_failed(code=code, words=words)))


def _failed(*, code: str, words: str) -> dict[str, Any]:
    return {
        "status": Job.Status.FAILED,
        "failure_code": code[:100],
        "failure_words": words,
        "attempt_token": None,
        "finished_at": Now(),
    }


def _queued_again(*, after: timedelta) -> dict[str, Any]:
    return {
        "status": Job.Status.QUEUED,
        "attempt_token": None,
        "next_send_at": Now() + after,
        "progress": 0,
        "progress_words": "",
    }


def _try_again(attempt: Attempt) -> None:
    if not connection.in_atomic_block:
        connection.close()  # it may be broken; the next use opens a fresh one
    if attempt.number >= MAX_ATTEMPTS:
        fail(attempt, code="unforeseen", words=UNFORESEEN.format(number=attempt.request_id))
    else:
        attempt.held().update(**_queued_again(after=RETRY_AFTER * attempt.number))


@dataclass(frozen=True)
class Swept:
    """What one sweep did, in jobs."""

    queued_again: int
    failed: int
    sent: int


def sweep() -> Swept:
    """Take back jobs whose worker went away, and send the messages that are due. Safe at any time, twice too."""
    queued_again, failed = _take_back_lost()
    return Swept(queued_again=queued_again, failed=failed, sent=_send_due())


@transaction.atomic
def _take_back_lost() -> tuple[int, int]:
    silent = Q(status=Job.Status.RUNNING, heartbeat_at__lt=Now() - HEARTBEAT_LIMIT)
    lost = Job.objects.select_for_update(skip_locked=True).filter(silent).order_by("heartbeat_at", "pk")
    counts = {Job.Status.QUEUED: 0, Job.Status.FAILED: 0}
    for job in lost[:SWEEP_AT_MOST]:
        if job.attempts >= MAX_ATTEMPTS:
            change = _failed(code="worker_lost", words=LOST.format(number=job.request_id))
        else:
            change = _queued_again(after=timedelta())
        Job.objects.filter(pk=job.pk).update(**change)
        counts[change["status"]] += 1
        logger.warning("Job %s (%s) lost its worker in attempt %s", job.pk, job.kind, job.attempts)
    return counts[Job.Status.QUEUED], counts[Job.Status.FAILED]


def _send_due() -> int:
    due = _take_due()
    for count, job_id in enumerate(due):
        if not send(job_id):
            unsent = Job.objects.filter(pk__in=due[count:], status=Job.Status.QUEUED)
            unsent.update(next_send_at=Now() + SEND_AGAIN_SOON)
            return count
    return len(due)


@transaction.atomic
def _take_due() -> list[uuid.UUID]:
    # Committed before anything is sent: a worker must not find the row locked when its message comes.
    due = Job.objects.select_for_update(skip_locked=True).filter(status=Job.Status.QUEUED, next_send_at__lte=Now())
    ids = list(due.order_by("queued_at", "pk").values_list("pk", flat=True)[:SWEEP_AT_MOST])
    Job.objects.filter(pk__in=ids).update(next_send_at=Now() + SEND_AGAIN_LATER)
    return ids
