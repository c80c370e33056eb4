"""Reports, their words and their files, as the reader may know of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.shortcuts import get_object_or_404

from governance.models import Board
from integration_hub.core.models import Job, Period
from integration_hub.core.working_days import CalendarEnds, load_calendar
from partners.models import User
from pooled_budgets.models import Fund
from reports.models import Report, ReportBrief, ReportDocument
from reports.models.report import ReportBriefQuerySet, ReportQuerySet

QUEUED, RUNNING, READY, FAILED = "queued", "running", "ready", "failed"


@dataclass(frozen=True)
class Progress:
    """How far a report is: a status word, percent, and words for the person who waits."""

    status: str
    percent: int
    words: str

    @property
    def finished(self) -> bool:
        return self.status in {READY, FAILED}


def visible_to(user: User) -> ReportQuerySet:
    """The reports that a person may know of, newest first. The snapshot is left out until it is asked for."""
    return (
        Report.objects.visible_to(user)
        .select_related("board", "fund__agreement", "period", "owner", "job", "meeting", "asked_by")
        .defer("snapshot")
        .order_by("-asked_at", "pk")
    )


def none() -> ReportQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Report.objects.none()


def get(user: User, pk: object) -> Report:
    """One of them; Http404 for any other."""
    return get_object_or_404(visible_to(user), pk=pk)


def issued_to(board: Board, user: User) -> list[Report]:
    """The issued reports of one board, newest first."""
    return list(visible_to(user).filter(board=board, released_at__isnull=False))


def briefs(user: User) -> ReportBriefQuerySet:
    """The words that the person's partners are writing."""
    return (
        ReportBrief.objects.visible_to(user)
        .select_related("board", "fund", "period", "owner", "meeting")
        .order_by("-entered_at", "pk")
    )


def brief(user: User, pk: object) -> ReportBrief:
    """One of them; Http404 for any other."""
    return get_object_or_404(briefs(user), pk=pk)


def document(user: User, pk: object, *, file_format: str) -> ReportDocument:
    """A file of a visible report that is ready; Http404 for any other."""
    report = get_object_or_404(Report.objects.visible_to(user).only("pk"), pk=pk)
    return get_object_or_404(
        ReportDocument.objects.select_related("report__board", "report__period").defer("report__snapshot"),
        report=report,
        format=file_format,
    )


def progress(report: Report) -> Progress:
    """From the report itself and its job; no query where the job was selected with it."""
    if report.ready_at is not None:
        return Progress(READY, 100, "The report is ready.")
    job = report.job
    if job is None:
        return Progress(FAILED, 0, "Nothing works on this report. Ask for it again.")
    if job.status == Job.Status.FAILED:
        return Progress(FAILED, job.progress, job.failure_words)
    if job.status == Job.Status.RUNNING:
        return Progress(RUNNING, job.progress, job.progress_words or "The report is being built.")
    return Progress(QUEUED, 0, "The report waits for a worker. It starts by itself; you can leave this page.")


def next_version(*, board: Board, fund: Fund, period: Period, owner_id: object) -> int:
    """One more than the newest version of this report by this partner."""
    same = Report.objects.filter(board=board, fund=fund, period=period, owner_id=owner_id)
    return (same.aggregate(newest=Max("version"))["newest"] or 0) + 1


def boards_with_funds(user: User) -> list[Fund]:
    """The funds that a report can be about: visible, and overseen by a board that the person may know of."""
    return list(
        Fund.objects.visible_to(user)
        .filter(agreement__board__in=Board.objects.visible_to(user))
        .select_related("agreement__board__area")
        .order_by("agreement__board__name", "-financial_year", "name", "pk")
    )


def quarter(financial_year: int, number: int) -> Period:
    """The row of a quarter; Http404 where reference data has none."""
    return get_object_or_404(Period, kind=Period.QUARTER, financial_year=financial_year, number=number)


def publish_by(held_on: date) -> date | None:
    """The last day for publishing papers of a meeting; None past the end of the known calendar."""
    try:
        return load_calendar().publication_deadline(held_on)
    except CalendarEnds:
        return None
