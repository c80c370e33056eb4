"""What the worker does for reports."""

from django.utils import timezone

from integration_hub.core import jobs
from integration_hub.core.attempts import Attempt
from reports.services import reports


@jobs.handler(reports.BUILD)
def build_report(attempt: Attempt) -> None:
    """Build one quarterly report. Delivered twice, it builds once."""
    reports.build(attempt, at=timezone.now())
