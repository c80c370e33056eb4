"""When something may happen to a report."""

from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.models import Job
from reports.domain import brief as words_of
from reports.models import Report, ReportBrief


class WordsIncomplete(Malformed):
    """The report's words are not complete; `problems` names each place."""

    code = "words_incomplete"


class ReportNotReady(HubError):
    """The report is still being built, or failed."""

    code = "report_not_ready"


class ReportDidNotFail(HubError):
    """Only a report whose job failed is asked for again."""

    code = "report_did_not_fail"


def check_words_complete(brief: ReportBrief) -> None:
    """The words of a report are complete before it is asked for."""
    wrong = words_of.problems(brief.content)
    if wrong:
        raise WordsIncomplete(
            "The words of the report are not complete: " + "; ".join(problem.message for problem in wrong) + ".",
            problems=[{"field": problem.field, "code": "incomplete", "message": problem.message} for problem in wrong],
            who_can_lift=f"a governance officer of {brief.owner}, by completing the words",
        )


def check_ready(report: Report) -> None:
    """A report is issued or attached once it is ready."""
    if report.ready_at is None:
        raise ReportNotReady(
            "This report is not ready yet. Wait until it is built; if building failed, ask for it again.",
            who_can_lift=f"a governance officer of {report.owner}",
        )


def has_failed(report: Report) -> bool:
    """Whether nothing works on a report that is not ready."""
    return report.ready_at is None and (report.job is None or report.job.status == Job.Status.FAILED)


def check_failed(report: Report) -> None:
    """A report is asked for again only after its job failed."""
    if not has_failed(report):
        raise ReportDidNotFail("This report did not fail: it is ready, or still being built. Reload the page.")
