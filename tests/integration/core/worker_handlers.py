"""The job of the worker tests, imported by a real worker: it stays in its first attempt until it is killed."""

import os
import threading

from django.utils import timezone

from integration_hub.core import audit, jobs
from integration_hub.core.attempts import Attempt
from integration_hub.core.models import Job

KIND = "test.slow"


@jobs.handler(KIND)
def build(attempt: Attempt) -> None:
    """Show the process that works on it, then hang (first attempt) or finish with an audit line (any later one)."""
    attempt.progress(50, f"process {os.getpid()}")
    if attempt.number == 1:
        threading.Event().wait()
    with attempt.finishing():
        job = Job.objects.get(pk=attempt.job_id)
        audit.record("test.built", target=job, at=timezone.now(), system=f"attempt {attempt.number}")
