"""A line of the grid explained: what was posted to it, and its outturn month by month."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import MonthForecast, PeriodLock
from pooled_budgets.selectors import grid
from pooled_budgets.services import month_close, month_forecasts, postings
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON


@pytest.fixture
def line(world):
    """A line with £40.00 posted in April, which is closed, and £60.00 expected in each later month, and another."""
    for number in range(1, 14):
        month(2014, number)
    quarter(2014, 4)
    lines = [SchemeFactory(fund=world.fund, number=n, position=int(n)).lines.get() for n in ("1", "2")]
    officer = world.person("finance")
    for posted_to, amount in zip(lines, ("40.00", "9.00"), strict=True):
        postings.post(
            fund=world.fund,
            line_id=posted_to.pk,
            month=month(2014, 1),
            amount=Decimal(amount),
            description="Home care",
            by=officer,
            at=NOON,
        )
    month_close.close(fund=world.fund, month=month(2014, 1), reason="Accounts of April", by=officer, at=NOON)
    entries = [CellEntry(lines[0].pk, number, Decimal("60.00"), "") for number in range(2, 13)]
    month_forecasts.record(fund_id=world.fund.pk, entries=entries, by=officer, at=NOON)
    return lines[0]


def signed_in(person):
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


def told(world, line, person, figure="months", **query):
    address = reverse("pooled_budgets:number", args=[world.fund.pk, figure])
    return signed_in(person).get(address, {"of": line.pk, "quarter": 4, **query})


def test_the_grid_leads_to_what_was_posted_to_a_line_and_to_its_outturn_by_month(world, line):
    officer = world.person("finance")
    shown = signed_in(officer).get(reverse("pooled_budgets:grid", args=[world.fund.pk])).text
    links = [
        link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*of=[^"]*)"', shown) if str(line.pk) in link
    ]
    assert [link.split("/")[-2] for link in links] == ["posted", "months"]

    page = signed_in(officer).get(links[1])
    by_month = page.context["told"].explanation
    assert (page.text.count("£60.00"), page.text.count("£700.00")) == (11, 2)
    assert ("missing" in page.text, page.text.count("for comparison")) == (False, 1)
    (row,) = [row for row in grid.grid(world.fund, officer, on=NOON.date()).lines if row.key == line.pk]
    assert (by_month.amount, row.outturn, by_month.is_whole) == (Decimal("700.00"), Decimal("700.00"), True)
    assert [step.words for step in by_month.steps[:2]] == ["April 2014: posted", "May 2014: expected"]
    assert {step.entered.who for step in by_month.steps[1:12]} == {"Finance of council"}
    posted = signed_in(officer).get(links[0])
    assert posted.context["told"].explanation.amount == Decimal("40.00")
    assert "Home care" in posted.text
    assert "£9.00" not in posted.text


def test_a_line_says_what_is_missing_keeps_drafts_at_home_and_costs_a_fixed_number_of_queries(world, line):
    officer, other = world.person("finance"), world.person("finance", "ccg")
    # Drafts of the keeper are nobody else's: to them nothing is expected yet.
    theirs = told(world, line, other)
    assert theirs.context["told"].explanation.amount is None
    assert "Nobody has said what is expected in May 2014" in theirs.text
    assert "£60.00" not in theirs.text
    assert told(world, line, world.person("finance", "hackney")).status_code == 404
    for wrong in ({"of": "1"}, {"of": world.fund.pk}, {"of": ""}):
        assert told(world, line, officer, **wrong).status_code == 404
    assert told(world, line, officer, figure="budget").status_code == 404

    month_forecasts.release(fund=world.fund, by=officer, at=NOON)
    assert told(world, line, other).context["told"].explanation.amount == Decimal("700.00")
    MonthForecast.objects.filter(period__number=12).delete()
    gap = told(world, line, officer)
    assert gap.context["told"].explanation.amount is None
    assert "Nobody has said what is expected in March 2015." in gap.text

    def cost():
        client = signed_in(officer)
        address = reverse("pooled_budgets:number", args=[world.fund.pk, "months"])
        with CaptureQueriesContext(connection) as found:
            client.get(address, {"of": line.pk, "quarter": 4})
        return len(found)

    before = cost()
    for number in range(3, 30):
        SchemeFactory(fund=world.fund, number=str(number), position=number)
    assert cost() == before < 60


def test_a_line_is_told_as_it_was_known_on_a_day(world, line):
    officer, yesterday = world.person("finance"), timezone.now() - timedelta(days=1)
    today = timezone.localdate()
    # Nobody had entered the line yesterday; today April is closed, as it was when it was closed.
    assert told(world, line, officer, on=yesterday.date()).context["told"] is None
    known = told(world, line, officer, on=today)
    assert known.context["told"].explanation.amount == Decimal("700.00")
    # Reopened a moment later, the month was closed before: its posting is not what is expected of it.
    PeriodLock.objects.update(lifted_at=timezone.now() + timedelta(days=2), lifted_by_name="Approver")
    assert told(world, line, officer, on=today).context["told"].explanation.amount == Decimal("700.00")
    assert told(world, line, officer).context["told"].explanation.amount is None
