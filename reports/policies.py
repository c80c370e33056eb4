"""When something may happen to a report."""

from django.db.models import Q
from django.utils import timezone

from governance.models import Meeting
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.models import Job, Period
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


class MeetingBeforeQuarter(HubError):
    """A report cannot be a paper of a meeting that was held before its quarter began."""

    code = "meeting_before_quarter"


class ReportStaysWithMeeting(HubError):
    """An issued report stays a paper of the meeting that it was issued for."""

    code = "report_stays_with_meeting"


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


def can_have_report(period: Period) -> Q:
    """Which meetings a report on a period can go to: from its first day on, as there are preliminary reports."""
    return Q(held_on__gte=period.starts_on)


def check_meeting(meeting: Meeting, period: Period) -> None:
    """A report goes to a meeting on or after the first day of its quarter."""
    if meeting.held_on < period.starts_on:
        first = long_date(period.starts_on)
        raise MeetingBeforeQuarter(
            f"The meeting on {long_date(meeting.held_on)} is before {period.label} begins, on {first}: it cannot have "
            f"a report on that quarter. Choose a meeting on or after {first}.",
            field="meeting",
        )


def stays_with_its_meeting(report: Report) -> bool:
    """Whether a report is issued as the paper of a meeting."""
    return report.released_at is not None and report.meeting_id is not None


def check_may_move(report: Report) -> None:
    """A report goes to another meeting only before it is issued."""
    if report.released_at is not None and report.meeting is not None:
        raise ReportStaysWithMeeting(
            f"This version was issued on {long_date(timezone.localdate(report.released_at))}, for the meeting on "
            f"{long_date(report.meeting.held_on)}, and stays a paper of that meeting. Make a new version for another "
            "meeting instead: change the words and ask for the report.",
            field="meeting",
            who_can_lift=f"a governance officer of {report.owner}, with a new version",
        )
