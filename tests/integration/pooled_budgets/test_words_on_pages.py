"""What pages of a fund say of themselves: drafts are marked, statuses and buttons agree, dates are refused in words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import AlignedBudget, ClosedMonth, Forecast, JointContract, SettlementApproval
from pooled_budgets.services import forecasts, month_close, variances
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON
from tests.factories.settlement import a_year, approve, decision, named, prepare

DRAFT = "Draft: only Southwark Council can see this"


def read(world, name, *args, role="finance", partner="council", **query):
    client = Client()
    client.force_login(world.person(role, partner), backend="partners.backends.EmailBackend")
    return client.get(reverse(f"pooled_budgets:{name}", args=[world.fund.pk, *args]), query).text


@pytest.fixture
def projected(world):
    """Scheme 1 with a budget of £1,000.00 and a projected outturn of £1,060.00 at quarter 1, not yet released."""
    for number in range(1, 5):
        quarter(2014, number)
    scheme = SchemeFactory(fund=world.fund, number="1", budget="1000.00")
    entry = Entry(number="1", figure=Figure.stated(Decimal("1060.00")))
    by = world.person("finance")
    forecasts.record(fund=world.fund, period=quarter(2014, 1), entries=[entry], by=by, at=NOON)
    return scheme


def test_outturns_that_are_drafts_are_marked_to_their_owner_until_they_are_released(world, projected):
    assert DRAFT in read(world, "outturns", quarter=1)
    assert DRAFT not in read(world, "outturns", quarter=2)  # nothing is projected there
    others = read(world, "outturns", partner="ccg", quarter=1)
    assert ("Draft" in others, "£1,060.00" in others) == (False, False)
    forecasts.release(fund=world.fund, period=quarter(2014, 1), by=world.person("finance"), at=NOON)
    assert "Draft" not in read(world, "outturns", quarter=1)
    assert "£1,060.00" in read(world, "outturns", partner="ccg", quarter=1)


def test_the_status_of_a_settlement_and_its_buttons_say_the_same(world):
    a_year(world, outturn_of="15700000.00")
    first, allowed = prepare(world), decision(world)
    button = reverse("pooled_budgets:settlement_approve", args=[world.fund.pk, 1])

    waiting = read(world, "settlement_version", 1, role="approver")
    assert ("Waits for approval" in waiting, button in waiting) == (True, True)
    Forecast.objects.update(amount=Decimal("15700001.00"))
    second = prepare(world)
    approve(world, second, allowed)

    listed = read(world, "settlement", role="approver")
    assert "Never approved: settlement 2 took its place" in listed
    assert "Waits for approval" not in listed
    assert "The figures stand now as" in listed
    superseded = read(world, "settlement_version", 1, role="approver")
    assert "Never approved: settlement 2 took its place" in superseded
    assert button not in superseded
    done = read(world, "settlement_version", 2, role="approver")
    assert "Approved by Approver of council" in done
    assert "settlement/2/approve" not in done
    # Sent all the same, it is refused, and only the second stands approved.
    client = Client()
    client.force_login(world.person("approver"), backend="partners.backends.EmailBackend")
    sent = client.post(button, {"authority": str(named(allowed))})
    assert (sent.status_code, "Settlement 2 was prepared after it" in sent.text) == (409, True)
    assert [row.settlement for row in SettlementApproval.objects.all()] == [second]
    assert first.number == 1


@pytest.mark.parametrize("day", ["1 January 0001", "31 December 9999"])
@pytest.mark.parametrize(
    ("register", "model", "given", "dates"),
    [
        ("aligned_budget", AlignedBudget, {"financial_year": "2014"}, ["review_on"]),
        ("joint_contract", JointContract, {"provider": "A", "route": "framework"}, ["starts_on", "ends_on"]),
    ],
)
def test_days_that_no_register_can_hold_are_refused_in_words(world, client, day, register, model, given, dates):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    new = reverse(f"agreements:{register}_new")
    row = {"agreement": str(world.agreement.pk), "service": "Equipment", "amount": "2.00", "state": "stated"} | given
    for name in dates:
        answer = client.post(new, row | {name: day})
        assert answer.status_code == 400
        assert answer.context["form"].errors[name] == ["Enter a real date from 1 January 2000 to 31 December 2099."]
    assert not model.objects.exists()
    assert client.post(new, row | dict.fromkeys(dates, "31 January 2015")).status_code == 302


def test_words_that_are_said_late_are_dated_and_change_no_closed_month(world, projected):
    officer, june = world.person("finance"), month(2014, 3)
    for number in (*range(1, 3), *range(4, 14)):
        month(2014, number)
    forecasts.release(fund=world.fund, period=quarter(2014, 1), by=officer, at=NOON)
    closing = {"fund": world.fund, "by": officer, "at": NOON}
    month_close.close(**closing, month=june, reason="Accounts of June")
    kept = ClosedMonth.objects.get()
    before = kept.content, kept.sha256

    late = NOON + timedelta(days=10)
    given = {"fund": world.fund, "scheme_id": projected.pk, "period": quarter(2014, 1), "by": officer, "at": late}
    variances.explain(**given, seen=Decimal("60.00"), text="A contract grew")

    for partner in ("council", "ccg"):
        shown = read(world, "outturns", partner=partner, quarter=1)
        assert ("A contract grew" in shown, "Finance of council, 24 July 2014" in shown) == (True, True)
    kept.refresh_from_db()
    assert (kept.content, kept.sha256) == before
    assert "A contract grew" not in read(world, "closing", 3, 1)
    # A soft closing whose day has passed says that nobody writes any more, not that somebody still may.
    soft = {"month": month(2014, 2), "may_edit": officer.pk, "until": date(2014, 7, 18), "reason": "Late invoices"}
    month_close.close_softly(**closing, **soft)
    months = read(world, "months")
    assert "Finance of council could write in it until 18 July 2014; since then" in months
    assert "may still write in it" not in months
