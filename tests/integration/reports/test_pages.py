"""The pages of reports: who reaches which address, what bad input gets, and what each costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integration_hub.core import jobs
from integration_hub.core.models import AuditEvent, Job
from partners.models import User
from programme.services import register
from programme.services.register import RiskWords, StepWords
from reports.models import Report, ReportBrief, ReportDocument
from reports.services import briefs, reports
from tests.factories.money import BoardFactory, FundFactory, MeetingFactory, quarter
from tests.factories.partners import NOON
from tests.integration.reports.building import complete, run

pytestmark = pytest.mark.django_db
PAGE_LIMIT = 12


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def form_of(page):
    """What a browser would send back of the words page: every field as it was filled in."""
    parts = page.context["parts"]
    sent = {"seen": page.context["seen"]}
    for part in (parts.header, *(form for rows in parts.rows.values() for form in [rows.management_form, *rows])):
        for field in part:
            value = field.value()
            if value is True:
                value = "on"
            if value is not None and value is not False:
                sent[field.html_name] = str(value)
    return sent


# Who reaches what


def test_addresses_are_not_there_for_strangers(signed_in, world, built, brief):
    client = signed_in(world.person("governance", "hackney"))
    read = [
        address("report", built.pk),
        address("words", brief.pk),
        address("document", built.pk, "pdf"),
        address("dashboard", world.board.pk),
    ]
    acts = [address(name, built.pk) for name in ("issue", "attach", "try_again")]
    asked = [(url, method) for url in read for method in ("get", "post", "put", "delete")]
    asked += [(url, method) for url in acts for method in ("get", "post")]

    answers = {(url, method): getattr(client, method)(url).status_code for url, method in asked}

    assert [key for key, status in answers.items() if status != 404] == []
    assert AuditEvent.objects.filter(actor_id=str(world.person("governance", "hackney").pk)).count() == 0


@pytest.mark.parametrize("name", ["issue", "attach", "try_again", "words"])
def test_a_finance_officer_sees_the_report_and_changes_nothing(signed_in, world, built, brief, name):
    client = signed_in(world.person("finance"))
    lines = AuditEvent.objects.count()

    assert client.get(address("report", built.pk)).status_code == 200
    answer = client.post(address(name, brief.pk if name == "words" else built.pk), {"meeting": "nonsense"})

    assert answer.status_code == 403
    assert AuditEvent.objects.count() == lines
    assert Report.objects.get(pk=built.pk).released_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_finance_officer_may_not_ask(signed_in, world, method):
    assert getattr(signed_in(world.person("finance")), method)(address("new")).status_code == 403
    assert not ReportBrief.objects.exists()


def test_a_sitting_member_sees_a_report_only_once_it_is_issued(signed_in, world, built, officer):
    client = signed_in(world.sitting_member())
    urls = [address("report", built.pk), address("document", built.pk, "docx")]
    assert [client.get(url).status_code for url in urls] == [404, 404]

    reports.issue(report_id=built.pk, by=officer, at=NOON)

    assert [client.get(url).status_code for url in urls] == [200, 200]
    page = client.get(urls[0]).content.decode()
    assert "£5,621,000" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client.post(address("issue", built.pk)).status_code == 403


def test_reports_lists_what_the_reader_may_know_of(signed_in, world, built):
    link = address("report", built.pk)

    assert link in signed_in(world.person("governance")).get(address("reports")).content.decode()
    for person in (world.person("governance", "ccg"), world.person("governance", "hackney"), world.sitting_member()):
        assert link not in signed_in(person).get(address("reports")).content.decode()


def test_pages_without_signing_in_lead_to_the_sign_in_page(client, built):
    answer = client.get(address("report", built.pk))

    assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


# From the choice to the report


def test_new_leads_to_the_words_with_the_day_to_publish_by(signed_in, world, officer, figures):
    client = signed_in(officer)

    answer = client.post(address("new"), {"fund": str(world.fund.pk), "quarter": "1"}, follow=True)

    page = answer.content.decode()
    assert "18 July 2014" in page
    assert "28 July 2014" in page
    assert 'name="ask"' in page
    assert "data-keep" in page


@pytest.mark.parametrize("sent", [{}, {"quarter": "5"}, {"fund": "nonsense", "quarter": "1"}])
def test_new_with_a_bad_choice_shows_the_form_again(signed_in, officer, figures, sent):
    answer = signed_in(officer).post(address("new"), sent)

    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert not ReportBrief.objects.exists()


def test_new_does_not_offer_a_fund_of_strangers(signed_in, world, officer, figures):
    theirs = FundFactory(agreement__board=BoardFactory())

    answer = signed_in(officer).post(address("new"), {"fund": str(theirs.pk), "quarter": "1"})

    assert answer.status_code == 400
    assert not ReportBrief.objects.exists()


def test_words_saved_as_they_stand_change_nothing(signed_in, officer, brief):
    client = signed_in(officer)

    answer = client.post(address("words", brief.pk), form_of(client.get(address("words", brief.pk))))

    assert answer.status_code == 302
    kept = ReportBrief.objects.get(pk=brief.pk)
    assert (kept.content, kept.meeting_id, kept.entered_at) == (brief.content, brief.meeting_id, brief.entered_at)


def test_words_of_every_part_are_kept_as_typed(signed_in, officer, brief):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", brief.pk))) | {
        "title": "Integration at quarter 1",
        "classification": "Exempt",
        "exempt-0-paragraph": "3",
        "exempt-0-reason": "It names a tender price.",
        "exempt-0-public_interest": "The award is not made yet.",
        "background": "First paragraph.\r\n\r\nSecond, with a list:\r\n• one\r\n• two",
        "recommendations-1-kind": "agree",
        "recommendations-1-text": "That the Board agree the plan.",
        "consultation-0-consultee": "Director of Legal Services",
        "consultation-0-sought": "on",
        "consultation-0-date": "14 July 2014",
        "background_papers-0-title": "Plan of March 2014",
    }

    answer = client.post(address("words", brief.pk), sent)

    kept = ReportBrief.objects.get(pk=brief.pk).content
    assert answer.status_code == 302
    assert kept["exempt"] == [
        {"paragraph": "3", "reason": "It names a tender price.", "public_interest": "The award is not made yet."}
    ]
    assert kept["background"] == ["First paragraph.", "Second, with a list:\n• one\n• two"]
    assert kept["recommendations"][1] == {"kind": "agree", "text": "That the Board agree the plan."}
    assert kept["consultation"][0] == {
        "consultee": "Director of Legal Services",
        "sought": True,
        "included": False,
        "date": "2014-07-14",
        "comment": "",
    }
    again = form_of(client.get(address("words", brief.pk)))
    assert again["consultation-0-consultee"] == "Director of Legal Services"


def test_words_emptied_in_a_row_take_the_row_out(signed_in, officer, brief):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", brief.pk))) | {"audit_trail-0-label": "", "audit_trail-0-value": ""}

    client.post(address("words", brief.pk), sent)

    labels = [row["label"] for row in ReportBrief.objects.get(pk=brief.pk).content["audit_trail"]]
    assert labels == [row["label"] for row in brief.content["audit_trail"]][1:]


def test_words_with_a_bad_date_show_the_form_again_with_what_was_typed(signed_in, officer, brief):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", brief.pk))) | {
        "title": "Typed and not lost",
        "consultation-0-consultee": "Director of Legal Services",
        "consultation-0-date": "31 February 2014",
    }

    answer = client.post(address("words", brief.pk), sent)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Typed and not lost" in page
    assert 'href="#id_consultation-0-date"' in page
    assert ReportBrief.objects.get(pk=brief.pk).content == brief.content


def test_ask_with_words_missing_saves_them_and_names_each_place(signed_in, officer, begun):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", begun.pk))) | {
        "title": "Saved all the same",
        "ask": "1",
        "from_posts": "",
    }

    answer = client.post(address("words", begun.pk), sent)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#part-implications"' in page
    assert 'id="part-implications"' in page
    assert 'href="#id_from_posts"' in page
    assert ReportBrief.objects.get(pk=begun.pk).content["title"] == "Saved all the same"
    assert not Report.objects.exists()


ADDED_ROWS = {
    "recommendations-1-kind": "agree",
    "recommendations-1-text": "That the Board agree the plan.",
    "consultation-0-consultee": "Director of Legal Services",
    "background_papers-0-title": "Plan of March 2014",
    "appendices-0-label": "A",
    "appendices-0-title": "Measures in full",
}


def added_rows_of(brief):
    """What is kept of ADDED_ROWS."""
    kept = ReportBrief.objects.get(pk=brief.pk).content
    return (
        [row["text"] for row in kept["recommendations"][1:]],
        [row["consultee"] for row in kept["consultation"]],
        [row["title"] for row in kept["background_papers"]],
        [row["title"] for row in kept["appendices"]],
    )


ALL_ADDED = (
    ["That the Board agree the plan."],
    ["Director of Legal Services"],
    ["Plan of March 2014"],
    ["Measures in full"],
)


def answered(sent):
    """The form with a reason for each kind of implication."""
    return sent | {name: "No change." for name in sent if name.endswith("-none_reason")}


def test_ask_again_after_a_refusal_keeps_the_rows_that_were_added(signed_in, officer, begun):
    client = signed_in(officer)
    url = address("words", begun.pk)

    refused = client.post(url, form_of(client.get(url)) | ADDED_ROWS | {"ask": "1"})
    assert refused.status_code == 400
    # The browser throws away its own copy, which would be offered as not saved.
    assert "data-keep-saved" in refused.content.decode()
    answer = client.post(url, answered(form_of(refused)) | {"ask": "1"})

    assert answer.status_code == 302
    assert added_rows_of(begun) == ALL_ADDED
    assert Report.objects.count() == 1


def test_ask_from_a_page_that_counts_fewer_rows_than_are_kept_keeps_them_all(signed_in, officer, begun):
    """A page restored by the browser still says that its rows are new, though they are saved by now."""
    client = signed_in(officer)
    url = address("words", begun.pk)
    first = form_of(client.get(url)) | ADDED_ROWS | {"ask": "1"}
    refused = client.post(url, first)

    client.post(url, answered(first) | {"seen": refused.context["seen"]})

    assert added_rows_of(begun) == ALL_ADDED


def test_ask_again_after_a_refusal_keeps_what_another_person_saved(signed_in, officer, begun):
    client = signed_in(officer)
    url = address("words", begun.pk)
    sent = form_of(client.get(url)) | {"title": "Mine", "ask": "1"}
    seen = briefs.fingerprint(begun.content, begun.meeting_id)
    theirs = {**begun.content, "wards": "Peckham"}
    briefs.save(brief_id=begun.pk, content=theirs, meeting=begun.meeting, seen=seen, by=officer, at=NOON)

    refused = client.post(url, sent)
    client.post(url, answered(form_of(refused)) | {"ask": "1"})

    kept = ReportBrief.objects.get(pk=begun.pk).content
    assert (kept["title"], kept["wards"]) == ("Mine", "Peckham")


def test_save_after_a_conflict_with_the_same_rows_as_the_other_keeps_them(signed_in, officer, begun):
    client = signed_in(officer)
    url = address("words", begun.pk)
    opened = form_of(client.get(url)) | ADDED_ROWS
    client.post(url, opened)

    refused = client.post(url, opened | {"appendices-0-title": "Measures in short"})
    assert refused.status_code == 409
    client.post(url, form_of(refused) | {"appendices-0-title": "Measures in full"})

    assert added_rows_of(begun) == ALL_ADDED


def test_ask_with_words_changed_meanwhile_shows_both_and_asks_for_nothing(signed_in, officer, brief):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", brief.pk))) | {"title": "Second words", "ask": "1"}
    briefs.save(
        brief_id=brief.pk,
        content={**brief.content, "title": "First words"},
        meeting=brief.meeting,
        seen=briefs.fingerprint(brief.content, brief.meeting_id),
        by=officer,
        at=NOON,
    )

    answer = client.post(address("words", brief.pk), sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First words" in page
    assert "Second words" in page
    assert not Report.objects.exists()
    once_more = client.post(address("words", brief.pk), sent | {"seen": answer.context["seen"]})
    assert once_more.status_code == 302
    assert ReportBrief.objects.get(pk=brief.pk).content["title"] == "Second words"


def test_ask_leads_to_the_page_that_shows_progress(signed_in, officer, brief):
    client = signed_in(officer)
    sent = form_of(client.get(address("words", brief.pk))) | {"ask": "1"}

    answer = client.post(address("words", brief.pk), sent, follow=True)

    page = answer.content.decode()
    report = Report.objects.get()
    assert answer.redirect_chain == [(address("report", report.pk), 302)]
    assert "<progress" in page
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    client.post(address("words", brief.pk), sent)
    assert (Report.objects.count(), Job.objects.count()) == (1, 1)


def test_ask_with_the_broker_down_queues_all_the_same_and_the_page_says_so(
    signed_in, officer, brief, monkeypatch, django_capture_on_commit_callbacks
):
    client = signed_in(officer)
    monkeypatch.setattr(jobs, "SENDING", jobs.SENDING | {"socket_connect_timeout": 0.1})
    monkeypatch.setattr("integration_hub.celery_app.connection_for_write", _nobody_listens)
    sent = form_of(client.get(address("words", brief.pk))) | {"ask": "1"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address("words", brief.pk), sent)

    report = Report.objects.select_related("job").get()
    assert answer.status_code == 302
    assert report.job.status == Job.Status.QUEUED
    Job.objects.update(queued_at=NOON)
    page = client.get(address("report", report.pk)).content.decode()
    assert "Waiting since 13:00 on 14 July 2014" in page
    assert "starts by itself when the worker is back" in page


def _nobody_listens(**options):
    from kombu import Connection

    return Connection("redis://127.0.0.1:1/0", **options)


# Progress and failure


def test_report_answers_htmx_with_the_progress_alone(signed_in, officer, queued):
    answer = signed_in(officer).get(address("report", queued.pk), headers={"HX-Request": "true"})

    part = answer.content.decode()
    assert part.lstrip().startswith('<div id="report-progress"')
    assert "<html" not in part


def test_report_tells_htmx_to_load_the_page_when_it_is_ready(signed_in, officer, built):
    answer = signed_in(officer).get(address("report", built.pk), headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_report_that_failed_shows_why_and_is_tried_again(signed_in, officer, queued, failing, monkeypatch):
    run(queued)
    client = signed_in(officer)

    page = client.get(address("report", queued.pk)).content.decode()
    assert "The report could not be built. Something went wrong that we did not foresee" in page
    assert "Try again" in page

    monkeypatch.undo()
    client.post(address("try_again", queued.pk))
    run(Report.objects.get(pk=queued.pk))
    assert "£5,621,000" in client.get(address("report", queued.pk)).content.decode()


def test_try_again_of_a_ready_report_is_a_conflict(signed_in, officer, built):
    answer = signed_in(officer).post(address("try_again", built.pk))

    assert answer.status_code == 409
    assert "did not fail" in answer.content.decode()


# The ready report


def test_report_shows_the_snapshot_with_files_hash_and_who_asked(signed_in, officer, built):
    page = signed_in(officer).get(address("report", built.pk)).content.decode()

    assert built.sha256 in page
    assert str(officer) in page
    for suffix in ("docx", "pdf", "html"):
        assert address("document", built.pk, suffix) in page
    assert "Southwark Health and Wellbeing Board" in page
    assert "reports/document.css" in page


def test_report_names_the_drafts_before_it_is_issued(signed_in, officer, world, brief):
    world.fund.schemes.get(number="11").forecasts.update(released_at=None)
    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))
    client = signed_in(officer)
    warning = "These are drafts that issuing publishes"

    assert warning in client.get(address("report", built.pk)).content.decode()
    client.post(address("issue", built.pk))
    assert warning not in client.get(address("report", built.pk)).content.decode()


def test_report_names_draft_risks_and_steps_before_it_is_issued(signed_in, officer, world, brief):
    by = world.person("programme")
    board = world.board.pk
    register.add_risk(board_id=board, words=RiskWords(text="A released risk"), by=by, at=NOON)
    register.release(board_id=board, by=by, at=NOON)
    register.add_risk(board_id=board, words=RiskWords(text="A provider may leave"), by=by, at=NOON)
    register.add_step(board_id=board, words=StepWords(text="Find another provider"), by=by, at=NOON)
    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    answer = signed_in(officer).get(address("report", built.pk))

    named = ["Risk “A provider may leave”", "Next step “Find another provider”"]
    assert answer.context["drafts"] == named
    page = answer.content.decode()
    panel = page.partition("These are drafts that issuing publishes")[2].partition("</ul>")[0]
    assert [f"<li>{name}</li>" in panel for name in named] == [True, True]
    assert "A released risk" not in panel
    assert f"{named[0]} (draft, not released to the partners)" in page


@pytest.mark.parametrize(
    ("suffix", "content_type", "magic"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
    ],
)
def test_document_is_the_kept_file(signed_in, officer, built, suffix, content_type, magic):
    answer = signed_in(officer).get(address("document", built.pk, suffix))

    kept = ReportDocument.objects.get(report=built, format=suffix)
    assert answer.content == bytes(kept.content)
    assert magic in answer.content[:200]
    assert answer["Content-Type"] == content_type
    name = f"Southwark-Health-and-Wellbeing-Board-Quarter-1-2014-15-version-1.{suffix}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["ETag"] == f'"{kept.sha256}"'


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_document_that_is_not_there_is_404(signed_in, officer, queued, suffix):
    assert signed_in(officer).get(address("document", queued.pk, suffix)).status_code == 404


def test_issue_and_attach_from_the_page(signed_in, world, officer, built):
    client = signed_in(officer)

    client.post(address("issue", built.pk))
    client.post(address("attach", built.pk), {"meeting": str(world.meeting.pk)})

    report = Report.objects.get(pk=built.pk)
    assert report.released_at is not None
    assert report.meeting == world.meeting
    board = signed_in(world.sitting_member()).get(reverse("governance:board", args=[world.board.pk])).content.decode()
    assert address("report", built.pk) in board


def test_issue_before_it_is_ready_is_a_conflict(signed_in, officer, queued):
    answer = signed_in(officer).post(address("issue", queued.pk))

    assert answer.status_code == 409
    assert "not ready yet" in answer.content.decode()


def test_attach_to_a_meeting_of_another_board_changes_nothing(signed_in, officer, built):
    other = MeetingFactory(held_on=date(2014, 9, 1))

    answer = signed_in(officer).post(address("attach", built.pk), {"meeting": str(other.pk)}, follow=True)

    assert "Choose one of the board&#x27;s meetings" in answer.content.decode()
    assert Report.objects.get(pk=built.pk).meeting is None


def offered(page):
    return [value for value, _ in page.context["attach_form"].fields["meeting"].choices]


def test_attach_offers_only_meetings_since_the_quarter_began(signed_in, world, officer, built):
    early, first = (MeetingFactory(board=world.board, held_on=date(2014, *day)) for day in ((3, 31), (4, 1)))
    client = signed_in(officer)

    assert offered(client.get(address("report", built.pk))) == [str(first.pk), str(world.meeting.pk)]
    words = client.get(address("words", ReportBrief.objects.get().pk)).content.decode()
    assert (str(early.pk) in words, str(first.pk) in words) == (False, True)
    answer = client.post(address("attach", built.pk), {"meeting": str(early.pk)})

    assert answer.status_code == 409
    assert "The meeting on 31 March 2014 is before Quarter 1 2014/15 begins" in answer.content.decode()
    assert Report.objects.get(pk=built.pk).meeting is None


def test_attach_without_a_meeting_to_offer_says_so(signed_in, world, officer, built):
    ReportBrief.objects.update(meeting=None)
    world.board.meetings.update(held_on=date(2014, 3, 31))

    page = signed_in(officer).get(address("report", built.pk)).content.decode()

    assert "The board has no meeting on or after 1 April 2014" in page
    assert "Attach to this meeting" not in page


def test_attach_of_an_issued_report_to_another_meeting_is_a_conflict(signed_in, world, officer, issued):
    later = MeetingFactory(board=world.board, held_on=date(2014, 10, 20))
    reports.attach(report_id=issued.pk, meeting_id=world.meeting.pk, by=officer, at=NOON)
    client = signed_in(officer)

    page = client.get(address("report", issued.pk)).content.decode()
    answer = client.post(address("attach", issued.pk), {"meeting": str(later.pk)})

    assert "stays its paper. For another meeting, make a new version" in page
    assert "Attach to this meeting" not in page
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "issued on 14 July 2014, for the meeting on 28 July 2014" in told
    assert "Make a new version" in told
    assert Report.objects.get(pk=issued.pk).meeting == world.meeting


def test_report_escapes_what_was_typed(signed_in, officer, brief):
    nasty = '<script>alert("x")</script>'
    words = complete(brief.content) | {"title": nasty, "key_issues": [nasty]}
    seen = briefs.fingerprint(brief.content, brief.meeting_id)
    briefs.save(brief_id=brief.pk, content=words, meeting=brief.meeting, seen=seen, by=officer, at=NOON)
    built = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))
    client = signed_in(officer)

    for url in (address("report", built.pk), address("words", brief.pk), address("document", built.pk, "html")):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "alert(" in page


# What it costs


def more_reports(world, built, to):
    """Further issued versions with a ready snapshot, and words for other quarters."""
    have = Report.objects.count()
    Report.objects.bulk_create(
        Report(
            board=world.board,
            fund=world.fund,
            period=world.period,
            owner=world.council,
            version=number + 1,
            asked_by=built.asked_by,
            asked_at=NOON + timedelta(minutes=number),
            job=built.job,
            snapshot=built.snapshot,
            sha256=built.sha256,
            ready_at=NOON,
            released_at=NOON,
        )
        for number in range(have, to)
    )
    ReportBrief.objects.bulk_create(
        ReportBrief(
            board=world.board,
            fund=world.fund,
            period=quarter(2020 + number // 4, number % 4 + 1),
            owner=world.council,
            content=complete(built_words(world)),
            entered_by=built.asked_by,
            entered_at=NOON,
        )
        for number in range(ReportBrief.objects.count(), min(to, 40))
    )


def built_words(world):
    return ReportBrief.objects.filter(board=world.board).first().content


@pytest.mark.parametrize("name", ["reports", "new", "report", "words", "dashboard", "home"])
def test_pages_cost_the_same_queries_at_10_and_200_rows(signed_in, world, officer, brief, issued, name):
    pk = {"report": issued.pk, "words": brief.pk, "dashboard": world.board.pk}.get(name)
    url = reverse("home") if name == "home" else address(name, *([pk] if pk else []))

    def counted():
        client = signed_in(User.objects.get(pk=officer.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    more_reports(world, issued, 10)
    small = counted()
    more_reports(world, issued, 200)

    assert counted() == small
    # The home page asks each app for its tasks.
    assert small <= (2 * PAGE_LIMIT if name in {"home", "dashboard"} else PAGE_LIMIT)
