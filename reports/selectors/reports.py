"""Reports, their words and their files, as the reader may know of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404
from django.utils import timezone

from governance.models import Board, BoardParty, Meeting
from integration_hub.core.models import Job, Period
from integration_hub.core.prepared import any_of
from integration_hub.core.working_days import CalendarEnds, load_calendar
from partners import permissions
from partners.models import Organisation, User, known, prepared_for
from partners.permissions import Permission
from pooled_budgets.models import Fund
from reports import policies
from reports.models import Report, ReportBrief, ReportDocument
from reports.models.report import ReportBriefQuerySet, ReportQuerySet

QUEUED, RUNNING, READY, FAILED = "queued", "running", "ready", "failed"
# How many issued reports the first page names.
NEWEST = 5
# A worker that is there takes a job up at once; after this the page says that none has.
SLOW = timedelta(seconds=20)


@dataclass(frozen=True)
class Progress:
    """How far a report is: a status word, percent, and words for the person who waits."""

    status: str
    percent: int
    words: str

    @property
    def is_finished(self) -> bool:
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


def get(user: User, pk: UUID | str) -> Report:
    """One of them; Http404 for any other."""
    return get_object_or_404(visible_to(user), pk=pk)


def to_build(pk: UUID | str) -> Report:
    """The report that a job is about: the job itself asks for the rights of whoever wanted it."""
    return Report.objects.select_related("board", "fund__agreement", "fund__owner", "period", "owner").get(pk=pk)


def issued_to(boards: Iterable[Board], user: User) -> ReportQuerySet:
    """The issued reports of some boards, the last issued first."""
    return visible_to(user).filter(board__in=boards, released_at__isnull=False).order_by("-released_at", "pk")


def briefs(user: User) -> ReportBriefQuerySet:
    """The words that the person's partners are writing, the last saved first."""
    return (
        ReportBrief.objects.visible_to(user)
        .select_related("board", "fund", "period", "owner", "meeting", "entered_by")
        .order_by("-entered_at", "pk")
    )


def brief(user: User, pk: UUID | str) -> ReportBrief:
    """One of them; Http404 for any other."""
    return get_object_or_404(briefs(user), pk=pk)


def for_home(boards: Iterable[Board], user: User) -> tuple[list[Report], list[Report]]:
    """The newest issued reports of some boards, and those that wait for the person: failed, or ready and not issued.

    One query. Only the newest version waits; `due` is the day to publish by.
    """
    found: list[Report] = _for_home(user, boards=[board.pk for board in boards])
    return (
        sorted((report for report in found if report.released_at), key=_when_issued, reverse=True),
        [
            report
            for report in found
            if not report.released_at and permissions.can(user, Permission.REPORT_REQUEST, organisation=report.owner)
        ],
    )


@prepared_for
def _for_home(user: User, *, boards: list[UUID]) -> QuerySet[Report]:
    later = Report.objects.filter(
        board=OuterRef("board"),
        fund=OuterRef("fund"),
        period=OuterRef("period"),
        owner=OuterRef("owner"),
        version__gt=OuterRef("version"),
    )
    unfinished = Q(ready_at__isnull=False) | Q(job__status=Job.Status.FAILED)
    waiting = Q(unfinished, ~Exists(later), released_at__isnull=True)
    newest = visible_to(user).filter(board__in=any_of(boards), released_at__isnull=False).order_by("-released_at", "pk")
    issued = Q(pk__in=newest.values("pk")[:NEWEST])
    return visible_to(user).filter(waiting | issued).annotate(due=KT("snapshot__header__publish_by"))


def open_briefs(user: User) -> list[ReportBrief]:
    """The words of which the person has not yet made a report."""
    return [
        brief
        for brief in _open_briefs(user)
        if permissions.can(user, Permission.REPORT_REQUEST, organisation=brief.owner)
    ]


@prepared_for
def _open_briefs(user: User) -> ReportBriefQuerySet:
    made = Report.objects.filter(
        board=OuterRef("board"), fund=OuterRef("fund"), period=OuterRef("period"), owner=OuterRef("owner")
    )
    return briefs(user).filter(~Exists(made))


def brief_of(*, board: Board, fund: Fund, period: Period, owner: Organisation) -> ReportBrief | None:
    """The words that one partner has for a board, fund and quarter."""
    return ReportBrief.objects.filter(board=board, fund=fund, period=period, owner=owner).first()


def brief_behind(report: Report, user: User) -> ReportBrief | None:
    """The words that a report was made from, where the reader may change them."""
    same = Q(board=report.board_id, fund=report.fund_id, period=report.period_id, owner=report.owner_id)
    return briefs(user).filter(same).first()


def newest_version(brief: ReportBrief) -> Report | None:
    """The last report that was asked for with the same board, fund, quarter and partner."""
    same = Report.objects.filter(board=brief.board, fund=brief.fund, period=brief.period, owner=brief.owner)
    return same.select_related("job", "owner").order_by("-version").first()


def document(user: User, pk: UUID | str, *, file_format: str) -> ReportDocument:
    """A file of a visible report that is ready; Http404 for any other."""
    report = get_object_or_404(Report.objects.visible_to(user).only("pk"), pk=pk)
    return get_object_or_404(
        ReportDocument.objects.select_related("report__board", "report__period").defer("report__snapshot"),
        report=report,
        format=file_format,
    )


def progress(report: Report, *, at: datetime | None = None) -> Progress:
    """From the report itself and its job; no query where the job was selected with it."""
    job = report.job
    if report.ready_at is not None:
        return Progress(READY, 100, "The report is ready.")
    if job is None or policies.has_failed(report):
        return Progress(
            FAILED, job.progress if job else 0, job.failure_words if job else "Nothing works on this report."
        )
    if job.status == Job.Status.RUNNING:
        return Progress(RUNNING, job.progress, job.progress_words or "The report is being built")
    if (at or timezone.now()) - job.queued_at < SLOW:
        return Progress(QUEUED, 0, "Waiting for the worker")
    return Progress(
        QUEUED,
        0,
        f"Waiting since {_moment(job.queued_at)}. No worker has taken it up yet: it starts by itself when the worker "
        "is back. Nothing is lost, and you can leave this page",
    )


def reportable_funds(user: User) -> list[Fund]:
    """The funds that a report can be about: visible, and overseen by a visible board. Three queries."""
    return list(
        Fund.objects.visible_to(user)
        .filter(agreement__board__in=known(user, Board.objects.shared_now))
        .select_related("agreement__board__area", "owner")
        .prefetch_related("agreement__parties", "agreement__board__parties")
        .order_by("agreement__board__name", "-financial_year", "name", "pk")
    )


def funds_visible_to(user: User) -> QuerySet[Fund]:
    """The funds that the person may know of, for a field that names one."""
    return Fund.objects.visible_to(user)


def no_funds() -> QuerySet[Fund]:
    """No rows: tells the API's description which model a field is about."""
    return Fund.objects.none()


def makers(fund: Fund) -> list[Organisation]:
    """The partners that may report on a fund: parties both to its agreement and to the board that oversees it."""
    board = fund.agreement.board
    if board is None:
        return []
    parties = {organisation.pk for organisation in fund.agreement.parties.all()}
    return sorted(
        (organisation for organisation in board.parties.all() if organisation.pk in parties),
        key=lambda organisation: organisation.name,
    )


def may_ask(user: User, fund: Fund) -> bool:
    """Whether the person may ask for a report on a fund, for any partner that may make one."""
    return any(
        permissions.can(user, Permission.REPORT_REQUEST, organisation=organisation) for organisation in makers(fund)
    )


def may_ask_any(user: User, funds: Iterable[Fund]) -> bool:
    """Whether there is a fund on which the person may ask for a report."""
    return any(may_ask(user, fund) for fund in funds)


def boards_with_funds(user: User) -> list[Board]:
    """The visible boards that oversee a fund that is visible too, by name; those of the partner that the person chose
    to act for, where one is chosen. One query.
    """
    if user.chosen_partner:
        return _boards_of_partner(user, partner=user.acting_for)
    return _boards_with_funds(user)


@prepared_for
def _boards_with_funds(user: User) -> QuerySet[Board]:
    overseen = Fund.objects.visible_to(user).filter(agreement__board=OuterRef("pk"))
    return Board.objects.shared_now(user).filter(Exists(overseen)).order_by("name", "pk")


@prepared_for
def _boards_of_partner(user: User, *, partner: UUID) -> QuerySet[Board]:
    own = BoardParty.objects.filter(board=OuterRef("pk"), organisation_id=partner)
    return _boards_with_funds.build(user).filter(Exists(own))


def overseeing_boards(funds: Iterable[Fund]) -> list[Board]:
    """The boards that oversee some funds, each once, in the order of the funds."""
    found = {fund.agreement.board_id: fund.agreement.board for fund in funds if fund.agreement.board}
    return list(found.values())


def meetings_for_words(brief: ReportBrief) -> list[Meeting]:
    """The board's meetings that can have the report, the first coming first, and the one that the words are for."""
    allowed = policies.can_have_report(brief.period) | Q(pk=brief.meeting_id)
    return list(brief.board.meetings.filter(allowed).order_by("held_on", "pk"))


def meetings_for_report(report: Report) -> list[Meeting]:
    """The board's meetings that a report can be a paper of, the first coming first; none once it has to stay."""
    if policies.stays_with_its_meeting(report):
        return []
    return list(report.board.meetings.filter(policies.can_have_report(report.period)).order_by("held_on", "pk"))


def quarter(financial_year: int, number: int) -> Period:
    """The row of a quarter; Http404 where reference data has none."""
    return get_object_or_404(Period, kind=Period.QUARTER, financial_year=financial_year, number=number)


def publish_by(held_on: date) -> date | None:
    """The last day for publishing papers of a meeting; None past the end of the known calendar."""
    try:
        return load_calendar().publication_deadline(held_on)
    except CalendarEnds:
        return None


def _when_issued(report: Report) -> datetime:
    return report.released_at or report.asked_at


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} on {local.day} {local:%B %Y}"
