"""One attempt at a job: what its handler is given, and the pulse that shows that it lives."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from integration_hub.core.models import Job

logger = logging.getLogger(__name__)

PULSE_EVERY = 10.0  # seconds; the sweep takes a job for lost after HEARTBEAT_LIMIT
HEARTBEAT_LIMIT = timedelta(seconds=60)
PROGRESS_AT_MOST_EVERY = 0.2  # seconds between two writes, however often a handler calls


class JobTakenOver(Exception):
    """Another attempt has this job now; this one must leave everything as it is. Handlers let it pass."""


class NotNow(Exception):
    """What the work needs from outside is away. The job waits, then is tried again; this attempt does not count.

    A handler raises it, and itself knows when to give up: `queued_at` tells how long the job has been waiting.
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"again in {wait}")
        self.wait = wait


@dataclass
class Attempt:
    """A claimed job. `arguments` are those of `jobs.enqueue`; without `asked_by_id` the timetable asked.

    A handler checks the rights of whoever asked, calls `progress` now and then, and saves its result inside
    `with attempt.finishing():`.
    """

    job_id: uuid.UUID
    token: uuid.UUID
    number: int
    kind: str
    target_type: str
    target_id: str
    arguments: dict[str, Any]
    asked_by_id: str
    asked_by_name: str
    owner_id: str
    request_id: str
    queued_at: datetime
    finished: bool = False
    pulse: "Pulse | None" = field(default=None, repr=False)

    @classmethod
    def of(cls, job: Job, *, token: uuid.UUID, number: int) -> Self:
        return cls(
            job_id=job.pk,
            token=token,
            number=number,
            kind=job.kind,
            target_type=job.target_type,
            target_id=job.target_id,
            arguments=job.arguments,
            asked_by_id=job.asked_by_id,
            asked_by_name=job.asked_by_name,
            owner_id=job.owner_id,
            request_id=job.request_id,
            queued_at=job.queued_at,
        )

    def held(self) -> QuerySet[Job]:
        """The job's row as long as this attempt has it; no row afterwards."""
        return Job.objects.filter(pk=self.job_id, status=Job.Status.RUNNING, attempt_token=self.token)

    def progress(self, percent: int, words: str = "") -> None:
        """Show how far the work is: 0 to 100 and a few words. Seen at once, even from inside a transaction.

        Raises JobTakenOver when the work goes on elsewhere.
        """
        shown = {"progress": max(0, min(percent, 100)), "progress_words": words[:200]}
        if self.pulse is None:
            if not self.held().update(heartbeat_at=Now(), **shown):
                raise JobTakenOver(self.job_id)
        elif self.pulse.lost:
            raise JobTakenOver(self.job_id)
        else:
            self.pulse.show(shown)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Save the result inside this block: result and "ready" are kept together, or neither is.

        Raises JobTakenOver before anything is saved when the work goes on elsewhere.
        """
        with transaction.atomic():
            # The lock keeps the sweep from giving the job away while the result is being saved.
            if not self.held().select_for_update().exists():
                raise JobTakenOver(self.job_id)
            yield
            self.held().update(
                status=Job.Status.READY,
                progress=100,
                progress_words="",
                attempt_token=None,
                finished_at=Now(),
            )
        self.finished = True


class Pulse(threading.Thread):
    """Writes heartbeat and progress while a handler works.

    A thread, because a handler may be inside one long step; with a connection of its own, because it may be
    inside a transaction.
    """

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(name=f"pulse-{attempt.job_id}", daemon=True)
        self.attempt = attempt
        self.lost = False
        self._shown: dict[str, Any] = {}
        self._due = threading.Event()
        self._stopped = threading.Event()

    def show(self, shown: dict[str, Any]) -> None:
        """Write this soon; a newer one may overtake it."""
        self._shown = shown
        self._due.set()

    def run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._due.wait(PULSE_EVERY)
                self._due.clear()
                if not self._stopped.is_set():
                    self._write()
                self._stopped.wait(PROGRESS_AT_MOST_EVERY)
        finally:
            connection.close()

    def stop(self) -> None:
        self._stopped.set()
        self._due.set()
        # A thread that hangs in a dead database must not hold up the worker; its connection dies with it.
        self.join(timeout=5)

    def _write(self) -> None:
        try:
            self.lost = not self.attempt.held().update(heartbeat_at=Now(), **self._shown)
        except (OperationalError, InterfaceError):
            # The next beat tries again on a fresh connection; if none succeeds, the sweep takes the job back.
            logger.warning("The heartbeat of job %s could not be written", self.attempt.job_id, exc_info=True)
            connection.close()


@contextmanager
def pulse(attempt: Attempt) -> Iterator[None]:
    """Keep the attempt's heartbeat while the block runs.

    Where `run` itself was called inside a transaction, other connections may not see the job: progress is
    then written on this one, and nobody else can take the job over.
    """
    if connection.in_atomic_block:
        yield
        return
    attempt.pulse = Pulse(attempt)
    attempt.pulse.start()
    try:
        yield
    finally:
        attempt.pulse.stop()
