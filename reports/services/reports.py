"""Quarterly reports: asked for by a governance officer, built by a worker from one frozen snapshot, then issued."""

import hashlib
from datetime import datetime

from django.core.exceptions import PermissionDenied

from governance.models import Board
from governance.selectors import boards
from integration_hub.core import audit, jobs
from integration_hub.core.attempts import Attempt
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from reports import policies
from reports.domain import snapshot as snapshots
from reports.models import Report, ReportBrief, ReportDocument
from reports.presenters import document, html, pdf, word
from reports.selectors import gather
from reports.selectors import reports as selectors

BUILD = "reports.build"


class SnapshotRefused(HubError):
    """What was gathered cannot be printed; the message names each place."""

    code = "snapshot_refused"


@service
def queue(*, brief_id: object, by: User, at: datetime) -> Report:
    """Ask for a report with the words of a brief. While one is being built, that one is answered."""
    brief = (
        ReportBrief.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("board", "fund", "period", "owner", "meeting")
        .get(pk=brief_id)
    )
    permissions.require(by, Permission.REPORT_REQUEST, organisation=brief.owner)
    policies.check_words_complete(brief)
    same = Report.objects.filter(board=brief.board, fund=brief.fund, period=brief.period, owner=brief.owner)
    waiting = same.filter(ready_at__isnull=True, job__status__in=("queued", "running")).first()
    if waiting:
        return waiting
    report = Report(
        board=brief.board,
        fund=brief.fund,
        period=brief.period,
        owner=brief.owner,
        meeting=brief.meeting,
        version=selectors.next_version(
            board=brief.board, fund=brief.fund, period=brief.period, owner_id=brief.owner_id
        ),
        asked_by=by,
        asked_at=at,
    )
    report.save(force_insert=True)
    _enqueue(report, by=by, at=at)
    audit.record("report.asked_for", target=report, by=by, partner=brief.owner, at=at, after={"version": report.version})
    return report


@service
def try_again(*, report_id: object, by: User, at: datetime) -> Report:
    """Ask once more for a report whose job failed."""
    report = _locked(report_id, by)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=report.owner)
    policies.check_failed(report)
    _enqueue(report, by=by, at=at)
    audit.record("report.asked_again", target=report, by=by, partner=report.owner, at=at)
    return report


def build(attempt: Attempt, *, at: datetime) -> None:
    """Do the job: gather with the rights of the person who asked, freeze, draw, and keep all at once.

    Raises PermissionDenied when that person may no longer ask, SnapshotRefused when the content cannot be printed.
    """
    report = Report.objects.select_related("board", "fund__agreement", "period", "owner", "asked_by", "meeting").get(
        pk=attempt.target_id
    )
    if report.ready_at is not None:
        return
    person = User.objects.filter(pk=attempt.asked_by_id, is_active=True).first()
    if person is None:
        raise PermissionDenied("The account of the person who asked is closed.")
    permissions.require(person, Permission.REPORT_REQUEST, organisation=report.owner)
    attempt.progress(10, "Gathering the figures")
    frozen = gather.snapshot(report, user=person, at=at)
    try:
        snapshots.parse(frozen)
    except snapshots.SnapshotError as refusal:
        raise SnapshotRefused(f"The report cannot be printed yet. {refusal.message}") from refusal
    drawn = document.build(frozen)
    attempt.progress(40, "Drawing the page")
    files = {"html": html.standalone(drawn)}
    attempt.progress(55, "Drawing the Word file")
    files["docx"] = word.render(drawn)
    attempt.progress(75, "Drawing the PDF")
    files["pdf"] = pdf.render(drawn)
    attempt.progress(95, "Keeping the report")
    with attempt.finishing():
        _keep(report, frozen, files, by=person, at=at)


@service
def issue(*, report_id: object, by: User, at: datetime) -> Report:
    """Show a ready report to the board's parties and sitting members. It cannot be taken back, only followed by another."""
    report = _locked(report_id, by)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=report.owner)
    policies.check_ready(report)
    if report.released_at is None:
        report.released_at = at
        report.save(update_fields=["released_at"])
        audit.record(
            "report.issued", target=report, by=by, partner=report.owner, at=at, after={"sha256": report.sha256}
        )
    return report


@service
def attach(*, report_id: object, meeting_id: object, by: User, at: datetime) -> Report:
    """Attach a ready report to a meeting of its board, as its paper."""
    report = _locked(report_id, by)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=report.owner)
    policies.check_ready(report)
    board = Board.objects.visible_to(by).get(pk=report.board_id)
    before, meeting = report.meeting, board.meetings.get(pk=meeting_id)
    report.meeting = meeting
    report.save(update_fields=["meeting"])
    audit.record(
        "report.attached",
        target=report,
        by=by,
        partner=report.owner,
        at=at,
        before={"meeting": str(before) if before else ""},
        after={"meeting": str(meeting)},
    )
    return report


def may_ask(user: User, board: Board) -> bool:
    """Whether the person may ask for a report to this board, for any of its parties."""
    return any(
        permissions.can(user, Permission.REPORT_REQUEST, organisation=organisation)
        for organisation in boards.parties(board)
    )


def _locked(report_id: object, by: User) -> Report:
    rows = Report.objects.visible_to(by).select_for_update(of=("self",)).select_related("owner", "job", "meeting__board")
    return rows.get(pk=report_id)


def _enqueue(report: Report, *, by: User, at: datetime) -> None:
    report.job = jobs.enqueue(BUILD, target=report, by=by, owner=report.owner, at=at, dedupe_key=f"{BUILD}:{report.pk}")
    report.save(update_fields=["job"])


@service
def _keep(report: Report, frozen: dict[str, object], files: dict[str, bytes], *, by: User, at: datetime) -> None:
    ReportDocument.objects.bulk_create(
        ReportDocument(
            report=report, format=file_format, content=content, sha256=hashlib.sha256(content).hexdigest(), made_at=at
        )
        for file_format, content in files.items()
    )
    report.snapshot, report.sha256, report.ready_at = frozen, snapshots.sha256(frozen), at
    report.save(update_fields=["snapshot", "sha256", "ready_at"])
    audit.record("report.built", target=report, by=by, partner=report.owner, at=at, after={"sha256": report.sha256})
