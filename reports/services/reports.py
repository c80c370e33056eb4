"""Quarterly reports: asked for by a governance officer, built by a worker from one frozen snapshot, then issued."""

import hashlib
from datetime import datetime
from uuid import UUID

from governance.models import Board
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


class AskerGone(HubError):
    """The account of the person who asked was closed before the worker came to it."""

    code = "asker_gone"


class SnapshotRefused(HubError):
    """What was gathered cannot be printed; the message names each place."""

    code = "snapshot_refused"


@service
def queue(*, brief_id: UUID | str, by: User, at: datetime) -> Report:
    """Ask for a report with the words of a brief. While one is being built, that one is answered."""
    brief = (
        ReportBrief.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("board", "fund", "period", "owner")
        .get(pk=brief_id)
    )
    permissions.require(by, Permission.REPORT_REQUEST, organisation=brief.owner)
    policies.check_words_complete(brief)
    newest = selectors.newest_version(brief)
    if newest and newest.ready_at is None:
        if policies.has_failed(newest):
            _ask_again(newest, by=by, at=at)
        return newest
    report = Report(
        board=brief.board,
        fund=brief.fund,
        period=brief.period,
        owner=brief.owner,
        version=newest.version + 1 if newest else 1,
        asked_by=by,
        asked_at=at,
    )
    report.save(force_insert=True)
    _enqueue(report, by=by, at=at)
    audit.record(
        "report.asked_for", target=report, by=by, partner=brief.owner, at=at, after={"version": report.version}
    )
    return report


@service
def try_again(*, report_id: UUID | str, by: User, at: datetime) -> Report:
    """Ask once more for a report whose job failed."""
    report = _locked(report_id, by)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=report.owner)
    policies.check_failed(report)
    _ask_again(report, by=by, at=at)
    return report


def build(attempt: Attempt, *, at: datetime) -> None:
    """Do the job: gather with the rights of the person who asked, freeze, draw, and keep all at once.

    Raises AskerGone or PermissionDenied when that person may no longer ask, WordsIncomplete or SnapshotRefused when
    the report cannot be printed.
    """
    report = selectors.to_build(attempt.target_id)
    if report.ready_at is not None:
        return
    person = _asker(attempt, report)
    attempt.progress(10, "Gathering the figures")
    found = gather.gather(report, user=person)
    policies.check_words_complete(found.brief)
    frozen = gather.snapshot(found, at=at)
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
def issue(*, report_id: UUID | str, by: User, at: datetime) -> Report:
    """Show a ready report to the board's parties and sitting members. It can only be followed by another version."""
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
def attach(*, report_id: UUID | str, meeting_id: UUID | str, by: User, at: datetime) -> Report:
    """Attach a ready report to a meeting of its board, as its paper. Once issued for a meeting it stays there."""
    report = _locked(report_id, by)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=report.owner)
    policies.check_ready(report)
    board = Board.objects.visible_to(by).get(pk=report.board_id)
    before, meeting = report.meeting, board.meetings.get(pk=meeting_id)
    if before == meeting:
        return report
    policies.check_may_move(report)
    policies.check_meeting(meeting, report.period)
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


def _asker(attempt: Attempt, report: Report) -> User:
    """The person who asked, who must still be allowed to."""
    person = User.objects.filter(pk=attempt.asked_by_id, is_active=True).first()
    if person is None:
        raise AskerGone(
            f"The account of {attempt.asked_by_name}, who asked for this report, is closed. Nothing was made.",
            who_can_lift=f"another governance officer of {report.owner}, by asking again",
        )
    permissions.require(person, Permission.REPORT_REQUEST, organisation=report.owner)
    return person


def _locked(report_id: UUID | str, by: User) -> Report:
    rows = Report.objects.visible_to(by).select_for_update(of=("self",)).defer("snapshot")
    return rows.select_related("board", "period", "owner", "job", "meeting__board").get(pk=report_id)


def _ask_again(report: Report, *, by: User, at: datetime) -> None:
    report.asked_by, report.asked_at = by, at
    report.save(update_fields=["asked_by", "asked_at"])
    _enqueue(report, by=by, at=at)
    audit.record("report.asked_again", target=report, by=by, partner=report.owner, at=at)


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
