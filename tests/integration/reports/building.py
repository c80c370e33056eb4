"""What the tests of reports share: words that are complete, and the worker's part."""

from integration_hub.core import jobs
from reports.models import Report


def complete(words):
    """The words with every kind of implication answered."""
    rows = [row | {"none_reason": "No change since the plan was agreed."} for row in words["implications"]]
    return {**words, "from": ["Director of Adult Care, Southwark Council"], "implications": rows}


def run(report):
    """What the worker does with the message."""
    jobs.run(job_id=report.job_id)
    return Report.objects.select_related("job").get(pk=report.pk)
