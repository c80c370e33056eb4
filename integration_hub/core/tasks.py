"""The Celery tasks of the floor. All background work of all apps goes through `core.run_job`."""

from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from integration_hub.core import jobs


@shared_task(name=jobs.RUN_JOB)
def run_job(*, job_id: str, **_later_arguments: Any) -> None:
    """Do one job of the register. Delivered twice, it is done once."""
    jobs.run(job_id=job_id, time_is_up=SoftTimeLimitExceeded)


@shared_task(name="core.sweep_jobs")
def sweep_jobs(**_later_arguments: Any) -> None:
    """Pick up what a dead worker or broker left behind."""
    jobs.sweep()


@shared_task(name="core.queue_for_day")
def queue_for_day(*, kind: str, from_hour: int = 0, **_later_arguments: Any) -> None:
    """Queue a daily job once a day, at the first tick from `from_hour` (London) on.

    The timetable ticks every hour, so that a night when beat was down is made up for, and an hour that the
    clocks repeat does nothing twice.
    """
    now = timezone.now()
    here = timezone.localtime(now)
    if here.hour >= from_hour:
        jobs.enqueue(kind, at=now, period=here.date().isoformat())
