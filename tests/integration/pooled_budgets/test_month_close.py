"""Months closed softly, closed hard, reopened, and read again exactly as they stood."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from pooled_budgets import policies
from pooled_budgets.domain import closed_month
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import ClosedMonth, PeriodLock, Transaction
from pooled_budgets.selectors import months
from pooled_budgets.services import forecasts, month_close, month_forecasts, periods, postings
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON as AT
from tests.factories.partners import UserFactory, give_role


@pytest.fixture
def line(world):
    for number in range(1, 14):
        month(2014, number)
    return SchemeFactory(fund=world.fund, number="1").lines.get()


@pytest.fixture
def post(world, line):
    def make(amount="10.00", number=3, *, by=None, at=AT):
        by = by or world.person("finance")
        given = {"fund": world.fund, "line_id": line.pk, "month": month(2014, number), "description": "x"}
        return postings.post(**given, amount=Decimal(amount), by=by, at=at)

    return make


@pytest.fixture
def june(world, line):
    return {"fund": world.fund, "month": month(2014, 3), "by": world.person("finance"), "at": AT}


def colleague(world):
    person = UserFactory(email="second@council.example", name="Second officer")
    give_role(person, world.council, Role.FINANCE)
    return person


def test_a_soft_closing_leaves_one_person_until_a_day(world, line, post, june):
    other = colleague(world)
    lock = month_close.close_softly(**june, may_edit=other.pk, until=date(2014, 7, 18), reason="Late invoices only")

    words = (
        r"Late invoices only.*Only Second officer may still write in it, until 18 July 2014.*finance officer or appr"
    )
    with pytest.raises(policies.PeriodLocked, match=words):
        post()
    post(by=other)
    entry = CellEntry(line.pk, 3, Decimal("5.00"), "")
    month_forecasts.record(fund_id=world.fund.pk, entries=[entry], by=other, at=AT)
    with pytest.raises(policies.PeriodLocked):
        month_forecasts.record(fund_id=world.fund.pk, entries=[CellEntry(line.pk, 3, None, "5.00")], **by_first(world))
    post(by=other, at=AT + timedelta(days=4))
    with pytest.raises(policies.PeriodLocked, match=r"Second officer could write in it until 18 July 2014; since then"):
        post(by=other, at=AT + timedelta(days=5))
    with pytest.raises(policies.MonthClosed):
        month_close.close_softly(**june, may_edit=other.pk, until=date(2014, 7, 18), reason="Again")
    assert Transaction.objects.count() == 2
    month_close.reopen(**june, reason="Everything is in")
    lock.refresh_from_db()
    assert (lock.lifted_at, lock.lifted_by_name) == (AT, "Finance of council")


def by_first(world):
    return {"by": world.person("finance"), "at": AT}


def test_a_soft_closing_names_somebody_of_the_keeper_and_a_day_to_come(world, june):
    for given in (
        {"may_edit": world.person("finance", "ccg").pk, "until": date(2014, 7, 18)},
        {"may_edit": world.person("finance").pk, "until": date(2014, 7, 13)},
    ):
        with pytest.raises(HubError, match="Choose a"):
            month_close.close_softly(**june, **given, reason="x")
    with pytest.raises(HubError, match="is no month"):
        month_close.close(**june | {"month": quarter(2014, 1)}, reason="x")
    with pytest.raises(policies.NotYetBegun):
        month_close.close(**june | {"month": month(2014, 5)}, reason="x")
    assert not PeriodLock.objects.exists()


def test_a_closed_month_is_read_again_exactly_as_it_stood(world, line, post, june):
    officer, approver = world.person("finance"), world.person("approver")
    post("10.00", 2), post("30.50", 3)
    entries = [CellEntry(line.pk, number, Decimal("2.00"), "") for number in range(1, 13)]
    month_forecasts.record(fund_id=world.fund.pk, entries=entries, by=officer, at=AT)
    first = month_close.close(**june, reason="Accounts of June are complete")

    row = first.content["lines"][0]
    # Eleven open months of 2.00, and what June spent.
    assert (row["posted"], row["to_date"], row["outturn"]) == ("30.50", "40.50", "52.50")
    assert closed_month.digest(ClosedMonth.objects.get().content) == first.sha256
    for act in (lambda: post("1.00"), lambda: month_close.close(**june, reason="Again")):
        with pytest.raises(HubError, match=r"Accounts of June are complete.*an approver of Southwark Council"):
            act()
    with pytest.raises(PermissionDenied, match="role of approver"):
        month_close.reopen(**june, reason="A late invoice")

    month_close.reopen(**june | {"by": approver}, reason="A late invoice")
    post("1.00")
    second = month_close.close(**june, reason="Now it is complete")
    assert (second.number, second.content["lines"][0]["posted"]) == (2, "31.50")
    assert ClosedMonth.objects.get(number=1).content == first.content
    assert AuditEvent.objects.get(kind="month.reopened").reason == "A late invoice"
    # A draft of the keeper was in it: its people alone read it.
    assert list(months.closings(world.fund, world.person("finance", "ccg"))) == []
    assert months.closings(world.fund, officer).count() == 2


def test_a_month_under_a_locked_quarter_is_not_reopened(world, line, june):
    month_close.close(**june, reason="Complete")
    approver = world.person("approver")
    lock = {"fund": world.fund, "period": quarter(2014, 1), "by": approver, "at": AT}
    periods.lock(**lock, reason="Sent for sign-off", who_can_lift="an approver of the CCG")
    with pytest.raises(policies.PeriodLocked, match="an approver of the CCG"):
        month_close.reopen(**june | {"by": approver}, reason="Late")
    periods.lift(**lock, reason="Sent back")
    month_close.reopen(**june | {"by": approver}, reason="Late")
    with pytest.raises(policies.MonthOpen):
        month_close.reopen(**june | {"by": approver}, reason="Late")
    # No closed month stands in the way of a plan or of a quarter's own lock.
    assert not PeriodLock.objects.filter(lifted_at__isnull=True).exists()


def test_the_database_holds_closings_to_their_shape(world, line, june):
    kept = month_close.close(**june, reason="Complete")

    def refused(sql, words="."):
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    refused("UPDATE pooled_budgets_closedmonth SET sha256 = ''")
    refused("DELETE FROM pooled_budgets_closedmonth")
    refused("UPDATE pooled_budgets_periodlock SET kind = 'guess'", "period_lock_kind")
    refused("UPDATE pooled_budgets_periodlock SET kind = 'soft'", "period_lock_soft_names_who")
    refused("UPDATE pooled_budgets_periodlock SET until = now()", "period_lock_soft_names_who")
    with pytest.raises(DatabaseError, match="closed_month_unique"), transaction.atomic():
        ClosedMonth.objects.bulk_create(
            [
                ClosedMonth(
                    fund=kept.fund,
                    period=kept.period,
                    number=1,
                    content={},
                    sha256="",
                    closed_at=AT,
                    owner=kept.owner,
                )
            ]
        )


def test_whoever_closes_a_month_is_told_what_is_not_posted_and_says_that_it_stands_so(world, line, client):
    officer = world.person("finance")
    month_forecasts.record(
        fund_id=world.fund.pk, entries=[CellEntry(line.pk, 2, Decimal("50.00"), "")], by=officer, at=AT
    )
    client.force_login(officer, backend="partners.backends.EmailBackend")
    address, sent = f"/funds/{world.fund.pk}/months/2/close/", {"kind": "hard", "reason": "Complete"}
    shown = client.get(address).content.decode()
    assert "Earlier months are still open: April 2014." in shown
    assert "Nothing is posted to 1 line of which £50.00 was expected" in shown

    assert client.post(address, sent).status_code == 400
    assert not PeriodLock.objects.exists()
    assert client.post(address, sent | {"aware": "on"}).status_code == 302
    grid_page = client.get(f"/funds/{world.fund.pk}/monitoring/grid/").content.decode()
    assert ">nothing<" in grid_page
    assert month_close.LONGEST_SOFTLY.days == 365
    late = {"may_edit": officer.pk, "until": date(2015, 7, 16), "reason": "x"}
    with pytest.raises(HubError, match="lasts a year at most"):
        month_close.close_softly(fund=world.fund, month=month(2014, 3), **late, by=officer, at=AT)


def test_the_pages_close_reopen_and_show_a_month(world, line, post, client):
    post("30.50", 3)
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    base = f"/funds/{world.fund.pk}/months/"
    assert client.post(f"{base}3/close/", {"kind": "soft", "reason": "x"}).status_code == 400
    complete = {"kind": "hard", "reason": "Complete", "aware": "on"}
    assert client.post(f"{base}3/close/", complete).status_code == 302
    assert client.post(f"{base}3/close/", complete).status_code == 409
    listed = client.get(base).content.decode()
    assert "Complete" in listed
    assert "an approver of Southwark Council" in listed
    shown = client.get(f"{base}3/closings/1/").content.decode()
    assert all(words in shown for words in ("£30.50", "unchanged since", "not known"))
    assert client.get(f"{base}3/closings/2/").status_code == 404
    client.force_login(world.person("approver"), backend="partners.backends.EmailBackend")
    assert client.post(f"{base}3/reopen/", {"reason": ""}).status_code == 400
    assert client.post(f"{base}3/reopen/", {"reason": "Late"}).status_code == 302
    assert client.post(f"{base}3/reopen/", {"reason": "Late"}).status_code == 409


def test_outturns_of_each_closed_month_stand_beside_the_quarters_and_stay(world, line, post, june):
    officer = world.person("finance")
    entries = [CellEntry(line.pk, number, Decimal("2.00"), "") for number in range(1, 13)]
    month_forecasts.record(fund_id=world.fund.pk, entries=entries, by=officer, at=AT)
    month_close.close(**june | {"month": month(2014, 2)}, reason="May is complete")
    forecasts.record(
        fund=world.fund,
        period=quarter(2014, 1),
        entries=[Entry("1", Figure.stated(Decimal("30.00")))],
        by=officer,
        at=AT,
    )
    post("10.00", 3)
    month_close.close(**june, reason="June is complete")

    client = Client()
    client.force_login(officer, backend="partners.backends.EmailBackend")
    address = reverse("pooled_budgets:outturn_snapshots", args=[world.fund.pk])
    words = strip_tags(client.get(address).content.decode().partition("<table")[2].replace("<", " <")).split()
    row = words[words.index("Total") + 1 :]
    # Eleven months of 2.00 and nothing posted in May; then ten, and 10.00 in June.
    assert row[:3] == ["£22.00", "£30.00", "£30.00"]
    heads = " ".join(words)
    assert heads.index("May 2014") < heads.index("June 2014") < heads.index("Projected at Q1 (draft)")
    assert heads.count("(draft)") == 1
    # The parties read no month with a draft of the keeper in it.
    client.force_login(world.person("finance", "ccg"), backend="partners.backends.EmailBackend")
    theirs = client.get(address).content.decode()
    assert "No month of this fund is closed yet, or none that you may read" in theirs
    assert "(draft)" not in theirs
