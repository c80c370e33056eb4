"""What the tests of the job register share: asking for a job, letting time pass, and many connections at once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models.functions import Now

from integration_hub.core import jobs
from integration_hub.core.attempts import Attempt
from integration_hub.core.models import Job

NOON = datetime(2014, 7, 14, 12, 0, tzinfo=UTC)
THREADS = 8
PATIENCE = 10.0  # seconds; only a failing test waits so long
KIND = "test.build"
T = TypeVar("T")


class Person:
    pk = "7"

    def __str__(self) -> str:
        return "Officer"


class Partner:
    pk = "southwark-council"

    def __str__(self) -> str:
        return "Southwark Council"


def enqueue(**given: Any) -> Job:
    return jobs.enqueue(KIND, **{"at": NOON, "by": Person(), "owner": Partner()} | given)


def age(job: Job, *, seconds: int) -> None:
    """Let the job's heartbeat and its time to send lie that far back, as if the time had passed."""
    past = Now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(heartbeat_at=past)
    Job.objects.filter(pk=job.pk).update(next_send_at=past)


def in_thread(work: Callable[[], T]) -> T:
    """The answer of another connection."""
    return in_threads(work, count=1)[0]


def in_threads(work: Callable[[], T], *, count: int = THREADS) -> list[T]:
    """The answers of as many connections that begin at the same moment."""
    barrier = threading.Barrier(count)

    def once() -> T:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [answer.result() for answer in [pool.submit(once) for _ in range(count)]]


def eventually(holds: Callable[[], bool], *, patience: float = PATIENCE) -> bool:
    """Whether it comes true while patience (seconds) lasts."""
    until = time.monotonic() + patience
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def claimed(job: Job) -> Attempt:
    attempt = jobs.claim(job_id=job.pk)
    assert attempt is not None
    return attempt
