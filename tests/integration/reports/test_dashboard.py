"""The dashboard and the home page: what is released, and what waits."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from bcf_metrics.models import MetricFigure
from pooled_budgets.models import Forecast
from programme.services import register
from programme.services.register import RiskWords, StepWords
from reports.presenters import panels
from reports.selectors import reports as selectors
from reports.services import reports
from tests.factories.money import BoardFactory, FundFactory, join_board
from tests.factories.partners import NOON, UserFactory
from tests.integration.reports.building import run

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def dashboard(world):
    return reverse("reports:dashboard", args=[world.board.pk])


def page_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# Dashboard


def test_dashboard_shows_a_member_fund_measures_and_reports(signed_in, world, dashboard, issued):
    page = page_of(signed_in(world.sitting_member()), dashboard)

    assert "£8,957,000.00" in page
    assert "£5,835,000.00" in page
    assert "23 against 41.75" in page
    assert "On track" in page
    assert "<svg" in page
    assert reverse("reports:report", args=[issued.pk]) in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("who", ["finance", "member"])
def test_dashboard_leaves_drafts_out_even_for_their_owner(signed_in, world, dashboard, figures, who):
    Forecast.objects.filter(scheme__number="11").update(released_at=None, amount=Decimal("123456.00"))
    MetricFigure.objects.update(released_at=None)
    register.add_risk(
        board_id=world.board.pk,
        words=RiskWords(text="A risk not yet released", response="", held_by=""),
        by=world.person("programme"),
        at=NOON,
    )
    person = world.sitting_member() if who == "member" else world.person("finance")

    page = page_of(signed_in(person), f"{dashboard}?quarter=1")

    assert "£123,456.00" not in page
    assert "leave out scheme 11" in page
    assert "23 against" not in page
    assert "A risk not yet released" not in page


def test_dashboard_shows_released_risks_and_steps(signed_in, world, dashboard, figures):
    officer = world.person("programme")
    words = RiskWords(text="Plans may come late", response="Draft early", held_by="Programme manager")
    register.add_risk(board_id=world.board.pk, words=words, by=officer, at=NOON)
    register.add_step(board_id=world.board.pk, words=StepWords(text="Draft the agreement"), by=officer, at=NOON)
    register.release(board_id=world.board.pk, by=officer, at=NOON)

    page = page_of(signed_in(world.sitting_member()), dashboard)

    assert "Plans may come late" in page
    assert "Draft the agreement" in page


def test_dashboard_opens_with_the_fund_in_which_something_was_released(signed_in, world, dashboard, figures):
    FundFactory(agreement=world.agreement, owner=world.council, name="Southwark Better Care Fund", financial_year=2015)
    client = signed_in(world.sitting_member())

    assert "Better Care Fund 2014/15, Quarter 1 2014/15" in page_of(client, dashboard)


@pytest.mark.parametrize(
    "query", ["quarter=5", "quarter=x", "fund=nonsense", "fund=00000000-0000-0000-0000-000000000000"]
)
def test_dashboard_of_no_such_quarter_or_fund_is_malformed(signed_in, world, dashboard, figures, query):
    assert signed_in(world.sitting_member()).get(f"{dashboard}?{query}").status_code == 400


def test_dashboard_without_a_fund_says_what_will_appear(signed_in, world):
    board = BoardFactory()
    join_board(board, world.council)

    page = page_of(signed_in(world.person("member")), reverse("reports:dashboard", args=[board.pk]))

    assert "Funds appear here when they are released to this board" in page
    assert "No report has been issued to this board yet" in page


def test_dashboard_of_a_fund_without_a_plan_says_why_nothing_is_stated(signed_in, world, dashboard):
    page = page_of(signed_in(world.sitting_member()), dashboard)

    assert page.count("not stated: no scheme plan has been imported for this fund") == 3
    assert "not applicable" not in page


def test_dashboard_does_not_show_a_fund_that_is_not_released(signed_in, world, dashboard):
    world.fund.released_at = None
    world.fund.save()

    assert "£8,957,000.00" not in page_of(signed_in(world.person("finance")), dashboard)


def test_dashboard_takes_no_changes(signed_in, world, dashboard, figures):
    assert signed_in(world.sitting_member()).post(dashboard).status_code == 405


# Home


def test_home_leads_a_member_to_dashboard_and_newest_report(signed_in, world, dashboard, issued):
    page = page_of(signed_in(world.sitting_member()), HOME)

    assert dashboard in page
    assert reverse("reports:report", args=[issued.pk]) in page


def test_home_of_somebody_without_tasks_says_what_will_appear(signed_in, db):
    page = page_of(signed_in(UserFactory()), HOME)

    assert "Nothing waits for you" in page
    assert "appears here with its day" in page


def test_home_tells_who_makes_reports_what_waits_and_nobody_else(signed_in, world, officer, brief):
    words = reverse("reports:words", args=[brief.pk])
    assert words in page_of(signed_in(officer), HOME)
    for person in (world.person("finance"), world.person("governance", "ccg"), world.sitting_member()):
        assert words not in page_of(signed_in(person), HOME)


def tasks_of(person):
    _, waiting = selectors.for_home([], person)
    return panels.tasks(waiting, selectors.open_briefs(person))


def test_tasks_follow_a_report_from_words_to_issue(world, officer, brief):
    def titles():
        return [task.title.partition(":")[0] for task in tasks_of(officer)]

    assert titles() == ["Write the words and ask for the report"]
    report = reports.queue(brief_id=brief.pk, by=officer, at=NOON)
    assert titles() == []
    run(report)
    assert titles() == ["Issue the report"]
    (task,) = tasks_of(officer)
    assert (task.due_on, task.partner) == (date(2014, 7, 18), "Southwark Council")
    reports.issue(report_id=report.pk, by=officer, at=NOON)
    assert titles() == []


def test_tasks_tell_of_a_report_that_failed_and_forget_a_version_that_was_followed(
    officer, queued, failing, monkeypatch, brief
):
    run(queued)
    assert [task.title.partition(":")[0] for task in tasks_of(officer)] == ["The report could not be built"]

    monkeypatch.undo()
    run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))
    second = run(reports.queue(brief_id=brief.pk, by=officer, at=NOON))

    (task,) = tasks_of(officer)
    assert task.url == reverse("reports:report", args=[second.pk])
