"""Explain this number: from a partner's share of the risk share to the postings, in three clicks."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pooled_budgets.models import Forecast, FundingLine, RiskShareRules, SchemeLine, Transaction
from tests.factories import fund_of_the_year, worlds
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def look(visitor, name: str) -> None:
    """Check the page, and keep pictures of it where HUB_SHOTS says so."""
    visitor.check()
    if folder := os.environ.get("HUB_SHOTS"):
        for width in (1280, 360):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_share_opens_as_its_steps_down_to_the_postings(visitor, transactional_db) -> None:
    world = worlds.build()
    officer, shared = world.person("finance"), {"owner": world.council, "released_at": NOON}
    for position, (payer, amount) in enumerate(((world.council, "6000.00"), (world.ccg, "10753.00")), start=1):
        FundingLine.objects.create(
            fund=world.fund,
            position=position,
            source=f"Source {position}",
            payer=payer,
            amount=Decimal(amount),
            at=date(2014, 4, 1),
            **shared,
        )
    scheme = SchemeFactory(fund=world.fund, number="1", name="Reablement", budget="1000")
    entered = {"entered_by": officer, "entered_at": NOON}
    Forecast.objects.create(
        scheme=scheme,
        period=world.period,
        amount=Decimal("1100.01"),
        state="stated",
        at=date(2014, 6, 30),
        **entered,
        **shared,
    )
    Transaction.objects.create(
        fund=world.fund,
        line=SchemeLine.objects.get(),
        period=fund_of_the_year.month(1),
        amount=Decimal("70.00"),
        description="Home care in April",
        at=date(2014, 4, 30),
        **entered,
        **shared,
    )
    tiers = [{"method": "contributions", "basis": "pool"}]
    approver = world.person("approver", "ccg")
    RiskShareRules.objects.create(
        agreement=world.agreement,
        number=1,
        groups=[{"name": "Whole pool", "schemes": "rest", "overspend": tiers, "underspend": tiers}],
        clause="clause 14",
        effective_from=date(2014, 4, 1),
        prepared_by=officer,
        prepared_by_name=str(officer),
        prepared_at=NOON,
        approved_by=approver,
        approved_by_name=str(approver),
        approved_for=world.ccg,
        approved_at=NOON,
        **shared,
    )

    member = visitor()
    member.sign_in(world.person("member", "ccg"), reverse("pooled_budgets:risk_share", args=[world.fund.pk]))
    page = member.page
    look(member, "risk-share")
    page.get_by_role("link", name="Explain the share of NHS Southwark CCG").click()
    expect(page.get_by_text("That leaves 1 penny")).to_be_visible()
    look(member, "number-share")
    page.get_by_role("link", name="Variance of scheme 1").click()
    look(member, "number-variance")
    page.get_by_role("link", name="Outturn projected at Quarter 1 2014/15").click()
    expect(page.get_by_text("Line 1: Home care in April")).to_be_visible()
    look(member, "number-outturn")
    page.get_by_role("textbox", name="As known on").fill("15 July 2014")
    member.press("Show")
    expect(page.get_by_text("Nothing that you may see was entered by the end of 15 July 2014.")).to_be_visible()
    look(member, "number-known-on")
    assert member.open(reverse("pooled_budgets:fund", args=[world.fund.pk])) == 200
    look(member, "fund")
    assert member.faults == []
