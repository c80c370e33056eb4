"""A report: asked for once, built once from what its partner may print, frozen, and issued."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from bcf_metrics.models import MetricFigure
from governance.models import Meeting
from integration_hub.core import jobs
from integration_hub.core.models import AuditEvent, Job
from partners.domain.roles import Role
from pooled_budgets.models import Forecast
from programme.services import register
from programme.services.register import RiskWords, StepWords
from reports.models import Report, ReportDocument
from reports.policies import (
    MeetingBeforeQuarter,
    ReportDidNotFail,
    ReportNotReady,
    ReportStaysWithMeeting,
    WordsIncomplete,
)
from reports.presenters import document
from reports.selectors import gather
from reports.selectors import reports as selectors
from reports.services import briefs, reports
from tests.factories.money import FundFactory, SchemeFactory
from tests.factories.partners import NOON, give_role
from tests.integration.reports.building import complete, run
from tests.unit.reports import reading

pytestmark = pytest.mark.django_db


def audit_lines(kind):
    return AuditEvent.objects.filter(kind=kind).count()


def contents(report):
    return {row.format: bytes(row.content) for row in ReportDocument.objects.filter(report=report)}


# Asking


def test_queue_makes_version_1_and_one_job(queued, world, officer):
    assert (queued.version, queued.owner, queued.asked_by) == (1, world.council, officer)
    assert queued.job.kind == "reports.build"
    assert (queued.job.asked_by_id, queued.job.owner_id) == (str(officer.pk), str(world.council.pk))
    assert audit_lines("report.asked_for") == 1


def test_queue_twice_gives_the_same_report_and_one_job(brief, queued, officer):
    again = reports.queue(brief_id=brief.pk, by=officer, at=NOON)

    assert again == queued
    assert (Report.objects.count(), Job.objects.count()) == (1, 1)


def test_queue_after_a_report_is_ready_makes_the_next_version(brief, built, officer):
    second = reports.queue(brief_id=brief.pk, by=officer, at=NOON)

    assert (second.version, second.pk != built.pk) == (2, True)


def test_queue_with_words_that_are_not_complete_names_each_and_makes_nothing(begun, officer):
    with pytest.raises(WordsIncomplete) as refusal:
        reports.queue(brief_id=begun.pk, by=officer, at=NOON)

    assert {problem["field"] for problem in refusal.value.problems} == {"implications"}
    assert not Report.objects.exists()
    assert not Job.objects.exists()


def test_queue_by_a_finance_officer_is_refused_and_makes_nothing(brief, world):
    with pytest.raises(PermissionDenied):
        reports.queue(brief_id=brief.pk, by=world.person("finance"), at=NOON)
    assert not Report.objects.exists()


# Building


def test_build_keeps_three_files_snapshot_and_hash_with_one_audit_line(built):
    assert built.ready_at is not None
    assert built.job.status == Job.Status.READY
    assert sorted(contents(built)) == ["docx", "html", "pdf"]
    assert len(built.sha256) == 64
    assert audit_lines("report.built") == 1


def test_build_delivered_twice_builds_once(built):
    before = contents(built)

    assert jobs.run(job_id=built.job_id) is False
    assert contents(built) == before
    assert audit_lines("report.built") == 1


def test_build_claimed_again_after_the_report_was_kept_adds_nothing(built):
    """A worker that died between the two commits, as far as the register knows."""
    Job.objects.filter(pk=built.job_id).update(status=Job.Status.QUEUED, progress=0, finished_at=None)

    again = run(built)

    assert again.job.status == Job.Status.READY
    assert ReportDocument.objects.filter(report=built).count() == 3
    assert audit_lines("report.built") == 1


def test_build_prints_the_same_figures_in_all_three_files(built):
    files = contents(built)
    expected = reading.of_blocks(document.build(built.snapshot))

    for read in (
        reading.of_word(files["docx"]),
        reading.of_pdf(files["pdf"]),
        reading.of_html(files["html"].decode()),
    ):
        assert read.tables == expected.tables
    cells = [cell for table in expected.tables for row in table for cell in row]
    assert {"£5,621,000", "£214,000", "£5,835,000"} <= set(cells)
    assert any("23against41.75" in cell for cell in cells)


def test_build_freezes_figures_that_change_later(built, world):
    before, hashed = contents(built), built.sha256
    Forecast.objects.update(amount=Decimal("1.00"))
    MetricFigure.objects.update(value=Decimal(999))

    assert jobs.run(job_id=built.job_id) is False

    after = Report.objects.get(pk=built.pk)
    assert (contents(after), after.sha256) == (before, hashed)
    assert "£5,621,000" in reading.of_html(before["html"].decode()).everything


def test_build_of_the_next_version_has_the_new_figures(brief, built, officer):
    Forecast.objects.filter(scheme__number="11").update(amount=Decimal("200000.00"))

    second = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    assert [row["outturn"] for row in second.snapshot["schemes"]] == ["5621000.00", "200000.00"]
    assert second.snapshot["version"] == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reports_report SET snapshot = '{}' WHERE id = %s",
        "UPDATE reports_report SET sha256 = 'other' WHERE id = %s",
        "UPDATE reports_report SET snapshot = NULL, sha256 = '', ready_at = NULL WHERE id = %s",
        "DELETE FROM reports_report WHERE id = %s",
        "UPDATE reports_reportdocument SET content = 'x' WHERE report_id = %s",
        "DELETE FROM reports_reportdocument WHERE report_id = %s",
    ],
)
def test_a_report_that_was_made_cannot_be_changed_even_by_sql(built, change):
    before, kept = contents(built), built.snapshot

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [built.pk])

    assert contents(built) == before
    assert Report.objects.get(pk=built.pk).snapshot == kept


def test_build_for_a_person_whose_account_was_closed_stops_and_says_so(queued, officer):
    officer.is_active = False
    officer.save()

    failed = run(queued)

    assert failed.job.status == Job.Status.FAILED
    assert "is closed" in selectors.progress(failed).words
    assert "another governance officer of Southwark Council" in selectors.progress(failed).words
    assert (failed.ready_at, contents(failed)) == (None, {})


def test_build_for_a_person_who_lost_the_role_stops_and_says_so(queued, officer):
    officer.memberships.update(ends_on=officer.memberships.get().starts_on)

    failed = run(queued)

    assert failed.job.failure_code == "not_permitted"
    assert contents(failed) == {}


def test_build_of_words_emptied_meanwhile_says_what_is_missing(queued, brief, officer):
    briefs.save(
        brief_id=brief.pk,
        content={**brief.content, "recommendations": []},
        meeting=brief.meeting,
        seen=briefs.fingerprint(brief.content, brief.meeting_id),
        by=officer,
        at=NOON,
    )

    failed = run(queued)

    assert failed.job.failure_code == "words_incomplete"
    assert "at least one recommendation" in failed.job.failure_words


def test_build_that_fails_gives_a_reason_and_can_be_tried_again(queued, failing, officer, monkeypatch):
    failed = run(queued)
    assert selectors.progress(failed).status == "failed"
    assert "did not foresee" in selectors.progress(failed).words
    assert contents(failed) == {}

    monkeypatch.undo()
    again = run(reports.try_again(report_id=failed.pk, by=officer, at=NOON))

    assert (again.pk, again.version) == (queued.pk, 1)
    assert selectors.progress(again).status == "ready"
    assert sorted(contents(again)) == ["docx", "html", "pdf"]


def test_queue_after_a_failure_asks_for_the_same_report_again(queued, failing, brief, officer):
    failed = run(queued)

    again = reports.queue(brief_id=brief.pk, by=officer, at=NOON)

    assert (again, Report.objects.count()) == (failed, 1)
    assert again.job.status == Job.Status.QUEUED
    assert audit_lines("report.asked_again") == 1


def test_try_again_of_a_report_that_did_not_fail_is_refused(built, officer):
    with pytest.raises(ReportDidNotFail):
        reports.try_again(report_id=built.pk, by=officer, at=NOON)
    assert Job.objects.count() == 1


# What may be printed


def test_build_for_a_partner_says_what_the_other_has_not_released(world, figures):
    Forecast.objects.filter(scheme__number="11").update(released_at=None)
    theirs = world.person("governance", "ccg")
    brief = briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=theirs, at=NOON)
    brief.content = complete(brief.content)
    brief.save()

    built = run(reports.queue(brief_id=brief.pk, by=theirs, at=NOON))

    first, second = built.snapshot["schemes"]
    assert (first["outturn"], first["note"]) == ("5621000.00", "")
    assert (second["outturn"], second["outturn_state"]) == (None, "not_released")
    assert second["note"] == "Outturn not released by Southwark Council."
    assert (built.snapshot["scheme_total"]["missing"], built.snapshot["scheme_total"]["variance"]) == (["11"], None)


@pytest.mark.parametrize("recorded", [True, False])
def test_build_for_a_partner_is_silent_on_whether_a_draft_is_recorded(world, figures, recorded):
    """The same report whether the other partner has a draft or nothing, after the quarter and before its end."""
    outturns = Forecast.objects.filter(scheme__number="11")
    if recorded:
        outturns.update(released_at=None)
    else:
        outturns.delete()
    theirs = world.person("governance", "ccg")
    brief = briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=theirs, at=NOON)
    brief.content = complete(brief.content)
    brief.save()

    for asked_at in (NOON, NOON - timedelta(days=60)):
        report = reports.queue(brief_id=brief.pk, by=theirs, at=asked_at)
        found = gather.snapshot(gather.gather(report, user=theirs), at=asked_at)["schemes"][1]
        assert (found["outturn"], found["outturn_state"], found["outturn_until"]) == (None, "not_released", None)


def test_build_says_that_a_measure_of_the_other_partner_is_not_released(world, brief, officer):
    MetricFigure.objects.update(released_at=None)

    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    (metric,) = built.snapshot["metrics"]
    assert metric["progress"] == "not released"
    assert metric["status"] == "data_not_available"
    assert "23" not in metric["comparison"]


def test_build_by_a_person_of_two_partners_prints_no_draft_of_the_other(world, brief, officer):
    """The report belongs to the council alone; its people must not read there what the CCG has not released."""
    give_role(officer, world.ccg, Role.METRICS)
    MetricFigure.objects.update(released_at=None)
    risk = RiskWords(text="A draft of the CCG", response="", held_by="")
    register.add_risk(board_id=world.board.pk, words=risk, by=world.person("programme", "ccg"), at=NOON)

    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    assert built.snapshot["metrics"][0]["progress"] == "not released"
    assert built.snapshot["risks"] == []


def test_build_marks_the_drafts_of_its_own_partner(brief, officer):
    Forecast.objects.filter(scheme__number="11").update(released_at=None)

    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    assert built.snapshot["schemes"][1]["outturn"] == "214000.00"
    assert gather.drafts(built.snapshot) == ["Scheme 11, projected outturn"]
    assert "draft, not released to the partners" in reading.of_word(contents(built)["docx"]).everything


def test_build_marks_the_draft_risks_and_steps_of_its_own_partner(world, brief, officer):
    by = world.person("programme")
    risk = RiskWords(text="Plans may\ncome late")
    register.add_risk(board_id=world.board.pk, words=risk, by=by, at=NOON)
    register.add_step(board_id=world.board.pk, words=StepWords(text="Draft it again, " * 20), by=by, at=NOON)

    drafts = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))
    register.release(board_id=world.board.pk, by=by, at=NOON)
    released = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    named, cut = gather.drafts(drafts.snapshot)
    assert named == "Risk “Plans may come late”"
    assert cut.startswith("Next step “Draft it again, Draft")
    assert cut.endswith("…”")
    assert drafts.snapshot["sources"][-2] == {
        "figure": f"{named} (draft, not released to the partners)",
        "entered_by": "Southwark Council",
        "as_at": "2014-07-14",
    }
    assert f"{named} (draft, not released" in reading.of_word(contents(drafts)["docx"]).everything
    assert gather.drafts(released.snapshot) == []
    assert [row["text"] for row in released.snapshot["risks"]] == [risk.text]


def test_build_without_any_figure_says_so_everywhere(world, brief, officer):
    Forecast.objects.all().delete()
    MetricFigure.objects.all().delete()

    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    assert built.snapshot["scheme_total"]["missing"] == ["1", "11"]
    words = reading.of_html(contents(built)["html"].decode()).everything
    assert "no outturn yet" in words
    assert "£0" not in words


def test_build_judges_a_coming_figure_by_the_day_of_the_meeting(world, brief, officer):
    MetricFigure.objects.update(value=None, state="not_yet_available", available_on="2014-09-30")

    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON + timedelta(days=2000)))

    assert "30 September 2014" in built.snapshot["metrics"][0]["progress"]


def test_build_prints_a_scheme_plan_that_does_not_tie(world, brief, officer):
    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    assert "unallocated" in built.snapshot["scheme_total"]["note"]
    assert "£3,122,000.00" in built.snapshot["scheme_total"]["note"]


def test_gather_costs_the_same_queries_at_10_and_200_schemes(
    world, brief, queued, officer, django_assert_max_num_queries
):
    def grow(to):
        for number in range(100 + world.fund.schemes.count(), 100 + to):
            SchemeFactory(fund=world.fund, number=str(number))

    def counted():
        report = selectors.to_build(queued.pk)
        with django_assert_max_num_queries(20) as queries:
            gather.snapshot(gather.gather(report, user=officer), at=NOON)
        return len(queries)

    grow(10)
    small = counted()
    grow(200)
    assert counted() == small


# Issue and attach


def test_issue_shows_the_report_to_the_boards_partners_and_members(built, world, officer):
    readers = [world.person("finance", "ccg"), world.sitting_member()]
    assert [list(selectors.visible_to(reader)) for reader in readers] == [[], []]

    reports.issue(report_id=built.pk, by=officer, at=NOON)

    assert [list(selectors.visible_to(reader)) for reader in readers] == [[built], [built]]
    assert list(selectors.visible_to(world.person("governance", "hackney"))) == []
    assert audit_lines("report.issued") == 1


def test_issue_twice_keeps_the_first_moment(issued, officer):
    again = reports.issue(report_id=issued.pk, by=officer, at=NOON + timedelta(days=1))

    assert again.released_at == NOON
    assert audit_lines("report.issued") == 1


def test_issue_before_it_is_ready_is_refused(queued, officer):
    with pytest.raises(ReportNotReady):
        reports.issue(report_id=queued.pk, by=officer, at=NOON)
    queued.refresh_from_db()
    assert queued.released_at is None


def test_issue_by_a_governance_officer_of_the_other_partner_finds_nothing(built, world):
    with pytest.raises(Report.DoesNotExist):
        reports.issue(report_id=built.pk, by=world.person("governance", "ccg"), at=NOON)


def test_issue_changes_neither_snapshot_nor_files(built, officer):
    before = contents(built)

    reports.issue(report_id=built.pk, by=officer, at=NOON)

    after = Report.objects.get(pk=built.pk)
    assert (after.snapshot, after.sha256, contents(after)) == (built.snapshot, built.sha256, before)


def test_attach_makes_it_a_paper_of_the_meeting(issued, world, officer):
    reports.attach(report_id=issued.pk, meeting_id=world.meeting.pk, by=officer, at=NOON)

    issued.refresh_from_db()
    assert issued.meeting == world.meeting
    assert audit_lines("report.attached") == 1


def test_attach_to_a_meeting_of_another_board_finds_nothing(issued, world, officer):
    other = FundFactory().agreement
    elsewhere = world.board.__class__.objects.create(key="other", name="Other", kind="hwb", area=other.area)
    meeting = Meeting.objects.create(board=elsewhere, held_on="2014-09-01")

    with pytest.raises(Meeting.DoesNotExist):
        reports.attach(report_id=issued.pk, meeting_id=meeting.pk, by=officer, at=NOON)
    issued.refresh_from_db()
    assert issued.meeting is None


def test_attach_to_a_meeting_before_the_quarter_is_refused_and_changes_nothing(built, world, officer):
    early = Meeting.objects.create(board=world.board, held_on="2014-03-31")

    with pytest.raises(MeetingBeforeQuarter) as refusal:
        reports.attach(report_id=built.pk, meeting_id=early.pk, by=officer, at=NOON)

    assert "31 March 2014" in refusal.value.message
    assert "on or after 1 April 2014" in refusal.value.message
    assert Report.objects.get(pk=built.pk).meeting is None
    assert audit_lines("report.attached") == 0


def test_attach_to_a_meeting_on_the_first_day_of_the_quarter_is_kept(built, world, officer):
    first = Meeting.objects.create(board=world.board, held_on="2014-04-01")

    reports.attach(report_id=built.pk, meeting_id=first.pk, by=officer, at=NOON)

    assert Report.objects.get(pk=built.pk).meeting == first


def test_attach_moves_a_report_that_is_not_issued(built, world, officer):
    later = Meeting.objects.create(board=world.board, held_on="2014-10-20")
    for meeting in (world.meeting, later):
        reports.attach(report_id=built.pk, meeting_id=meeting.pk, by=officer, at=NOON)

    assert Report.objects.get(pk=built.pk).meeting == later


def test_attach_of_an_issued_report_to_another_meeting_is_refused_and_changes_nothing(issued, world, officer):
    later = Meeting.objects.create(board=world.board, held_on="2014-10-20")
    reports.attach(report_id=issued.pk, meeting_id=world.meeting.pk, by=officer, at=NOON)

    with pytest.raises(ReportStaysWithMeeting):
        reports.attach(report_id=issued.pk, meeting_id=later.pk, by=officer, at=NOON)
    reports.attach(report_id=issued.pk, meeting_id=world.meeting.pk, by=officer, at=NOON)

    assert Report.objects.get(pk=issued.pk).meeting == world.meeting
    assert audit_lines("report.attached") == 1


# Progress


def test_progress_says_since_when_a_report_waits_without_a_worker(queued):
    queued.job.queued_at = NOON

    soon = selectors.progress(queued, at=NOON + timedelta(seconds=5))
    later = selectors.progress(queued, at=NOON + timedelta(minutes=5))

    assert (soon.status, later.status) == ("queued", "queued")
    assert "since" not in soon.words
    assert "Waiting since 13:00 on 14 July 2014" in later.words
    assert "starts by itself when the worker is back" in later.words


def test_progress_of_a_running_job_is_the_jobs_own(queued):
    Job.objects.filter(pk=queued.job_id).update(
        status="running",
        progress=55,
        progress_words="Drawing the Word file",
        attempts=1,
        attempt_token=queued.pk,
        heartbeat_at=Now(),
        started_at=Now(),
    )

    progress = selectors.progress(Report.objects.select_related("job").get(pk=queued.pk))

    assert (progress.status, progress.percent, progress.words) == ("running", 55, "Drawing the Word file")
