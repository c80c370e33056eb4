"""What reports give to other pages: a board's issued reports, and tasks for the home page."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from governance.models import Board
from integration_hub.core.emptyfigures import day
from integration_hub.core.registry import Link, Panel, Task
from partners.models import User
from reports.models import Report, ReportBrief
from reports.selectors import reports

NEWEST = 10
# In place of budget, outturn and variance of a fund: without schemes there is nothing that could apply or not.
NO_PLAN = "not stated: no scheme plan has been imported for this fund"


def issued_reports(user: User, board: Board) -> Panel:
    """The newest issued reports of a board. One query."""
    return Panel(
        "Quarterly reports",
        [
            Link(
                title=f"{report.fund.name}, {report.period.label}, version {report.version}",
                url=reverse("reports:report", args=[report.pk]),
                detail=f"for the meeting on {day(report.meeting.held_on)}" if report.meeting else "",
            )
            for report in reports.issued_to([board], user)[:NEWEST]
        ],
    )


def tasks(waiting: Iterable[Report], briefs: Iterable[ReportBrief]) -> list[Task]:
    """For those who make reports: what failed or waits to be issued, and words without a report. No query."""
    return [_of_report(report) for report in waiting] + [_of_words(brief) for brief in briefs]


def _of_report(report: Report) -> Task:
    act = "Issue the report" if report.ready_at else "The report could not be built"
    due: str | None = getattr(report, "due", None)
    return Task(
        title=f"{act}: {report.fund.name}, {report.period.label}",
        url=reverse("reports:report", args=[report.pk]),
        partner=report.owner.name,
        detail=f"to {report.board.name}",
        due_on=date.fromisoformat(due) if due else None,
    )


def _of_words(brief: ReportBrief) -> Task:
    return Task(
        title=f"Write the words and ask for the report: {brief.fund.name}, {brief.period.label}",
        url=reverse("reports:words", args=[brief.pk]),
        partner=brief.owner.name,
        detail=f"to {brief.board.name}",
        due_on=reports.publish_by(brief.meeting.held_on) if brief.meeting else None,
    )
