"""Reports by the API: asked for, watched and read with the same rights as the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration_hub.core.models import Job
from pooled_budgets.models import Fund
from reports.domain.brief import NOT_ASSESSED
from reports.models import Report, ReportBrief, ReportDocument
from reports.services import reports
from tests.factories.money import FundFactory
from tests.factories.partners import NOON
from tests.integration.reports.building import run

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"


def wanted(world, **more):
    return {"board": str(world.board.pk), "financial_year": "2014/15", "quarter": 1} | more


def post(client, body):
    return client.post(REPORTS, body, content_type="application/json")


def test_post_queues_with_the_words_that_were_written(signed_in, world, officer, brief):
    answer = post(signed_in(officer), wanted(world))

    body = answer.json()
    report = Report.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"{REPORTS}{report.pk}/"
    assert (body["id"], body["status"], body["progress"]) == (str(report.pk), "queued", 0)
    assert body["documents"] == {}


def test_post_twice_queues_once(signed_in, world, officer, brief):
    first, second = (post(signed_in(officer), wanted(world)) for _ in range(2))

    assert (second.status_code, second.json()["id"]) == (202, first.json()["id"])
    assert Job.objects.count() == 1


def test_post_without_words_builds_a_report_that_says_so(signed_in, world, officer, figures):
    answer = post(signed_in(officer), wanted(world))

    assert answer.status_code == 202
    built = run(Report.objects.select_related("job").get())
    assert {row["none_reason"] for row in built.snapshot["implications"]} == {NOT_ASSESSED}


def test_post_with_words_that_are_not_complete_names_each_place(signed_in, world, officer, begun):
    answer = post(signed_in(officer), wanted(world))

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"implications"}
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("board", "nonsense"),
        ("board", None),
        ("financial_year", "2014"),
        ("financial_year", "2014/16"),
        ("quarter", 5),
        ("quarter", "first"),
        ("fund", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_post_with_a_bad_field_names_it(signed_in, world, officer, figures, field, value):
    answer = post(signed_in(officer), wanted(world, **{field: value}))

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not ReportBrief.objects.exists()


def test_post_for_a_year_without_a_fund_is_malformed(signed_in, world, officer, figures):
    answer = post(signed_in(officer), wanted(world, financial_year="2019/20"))

    assert answer.status_code == 400
    assert "oversees no such fund in 2019/20" in answer.json()["errors"][0]["message"]


def test_post_names_the_funds_where_the_board_has_several(signed_in, world, officer, figures):
    second = FundFactory(agreement=world.agreement, owner=world.council, name="Disabled facilities")
    client = signed_in(officer)

    unclear = post(client, wanted(world))
    clear = post(client, wanted(world, fund=str(second.pk)))

    assert unclear.status_code == 400
    assert unclear.json()["errors"][0]["field"] == "fund"
    assert "Disabled facilities" in unclear.json()["errors"][0]["message"]
    assert clear.status_code == 202
    assert Report.objects.get().fund == Fund.objects.get(pk=second.pk)


def test_post_by_a_finance_officer_is_forbidden(signed_in, world, figures):
    answer = post(signed_in(world.person("finance")), wanted(world))

    assert answer.status_code == 403
    assert not ReportBrief.objects.exists()


def test_post_by_a_stranger_knows_no_such_board(signed_in, world, figures):
    answer = post(signed_in(world.person("governance", "hackney")), wanted(world))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "board"
    assert not ReportBrief.objects.exists()


def test_get_of_a_ready_report_names_its_files(signed_in, officer, built):
    body = signed_in(officer).get(f"{REPORTS}{built.pk}/").json()

    assert (body["status"], body["progress"], body["failure"]) == ("ready", 100, "")
    assert (body["financial_year"], body["quarter"], body["version"]) == ("2014/15", 1, 1)
    assert body["sha256"] == built.sha256
    assert body["documents"]["pdf"] == f"{REPORTS}{built.pk}/document.pdf"


def test_get_of_a_failed_report_gives_the_reason(signed_in, officer, queued, failing):
    run(queued)

    body = signed_in(officer).get(f"{REPORTS}{queued.pk}/").json()

    assert body["status"] == "failed"
    assert "did not foresee" in body["failure"]


@pytest.mark.parametrize("suffix", ["docx", "pdf", "html"])
def test_document_is_the_kept_file_whatever_the_caller_accepts(signed_in, officer, built, suffix):
    answer = signed_in(officer).get(f"{REPORTS}{built.pk}/document.{suffix}", headers={"Accept": "image/png"})

    assert answer.status_code == 200
    assert answer.content == bytes(ReportDocument.objects.get(report=built, format=suffix).content)


def test_addresses_are_not_there_for_strangers(signed_in, world, built):
    client = signed_in(world.person("finance", "hackney"))
    asked = [(tail, method) for tail in ("", "document.pdf") for method in ("get", "post", "put", "delete")]

    answers = [getattr(client, method)(f"{REPORTS}{built.pk}/{tail}").status_code for tail, method in asked]

    assert answers == [404] * len(asked)


def test_a_sitting_member_reads_only_what_is_issued(signed_in, world, officer, built):
    client = signed_in(world.sitting_member())
    assert client.get(REPORTS).json()["count"] == 0
    assert client.get(f"{REPORTS}{built.pk}/document.pdf").status_code == 404

    reports.issue(report_id=built.pk, by=officer, at=NOON)

    assert [row["id"] for row in client.get(REPORTS).json()["results"]] == [str(built.pk)]
    assert client.get(f"{REPORTS}{built.pk}/document.pdf").status_code == 200


def test_list_filters_by_board_year_and_issue(signed_in, world, officer, built):
    client = signed_in(officer)

    assert client.get(f"{REPORTS}?board={world.board.pk}&financial_year=2014&quarter=1").json()["count"] == 1
    assert client.get(f"{REPORTS}?quarter=2").json()["count"] == 0
    assert client.get(f"{REPORTS}?issued=true").json()["count"] == 0
    assert client.get(f"{REPORTS}?issued=false").json()["count"] == 1


def test_without_an_account_the_api_answers_401(client, built):
    assert client.get(f"{REPORTS}{built.pk}/document.pdf").status_code == 401


def test_list_costs_the_same_queries_at_1_and_40_rows(signed_in, world, officer, built):
    client = signed_in(officer)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            client.get(REPORTS)
        return len(queries)

    small = counted()
    Report.objects.bulk_create(
        Report(
            board=world.board,
            fund=world.fund,
            period=world.period,
            owner=world.council,
            version=number,
            asked_by=officer,
            asked_at=NOON,
            job=built.job,
        )
        for number in range(2, 42)
    )
    assert counted() == small
