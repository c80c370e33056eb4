"""Three partners at 40,000.00 each: odd pennies of instalments, a penny unallocated either way, one of an overspend."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partners.domain.roles import Role
from pooled_budgets.models import Forecast, FundingLine, RiskShareRules
from pooled_budgets.services import contributions
from tests.factories.money import AgreementFactory, FundFactory, SchemeFactory, join_agreement, month, quarter
from tests.factories.partners import NOON, AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

EACH = Decimal("40000.00")
GROUP = {
    "name": "Whole pool",
    "schemes": "rest",
    "overspend": [{"method": "contributions", "basis": "pool"}],
    "underspend": [{"method": "carry_forward"}],
}


def test_three_partners_at_40000_each_share_every_penny(visitor, transactional_db) -> None:
    council, ccg, trust = (
        OrganisationFactory(key=key, name=name, kind=kind)
        for key, name, kind in (
            ("council", "The council", "london_borough"),
            ("ccg", "The CCG", "ccg"),
            ("trust", "The trust", "nhs_trust"),
        )
    )
    agreement = AgreementFactory(title="Joint post", area=AreaFactory(name="Sutton"), kind="section_75")
    join_agreement(agreement, council, ccg, trust)
    fund = FundFactory(agreement=agreement, owner=council, name="Joint post", total=3 * EACH)
    for number in range(1, 14):
        month(2014, number)
    quarters = [quarter(2014, number) for number in range(1, 5)]
    officer = UserFactory(email="finance@council.example", name="Finance of the council")
    give_role(officer, council, Role.FINANCE)
    shared = {"fund_id": fund.pk, "amount": EACH, "by": officer, "at": NOON}
    lines = [contributions.add(source=f"Share of {payer}", payer_id=payer.pk, **shared) for payer in (council, ccg)]

    # The third share is entered in the browser, in three instalments with the odd penny in the last.
    finance = visitor()
    page = finance.page
    finance.sign_in(officer, reverse("pooled_budgets:contribution_new", args=[fund.pk]))
    page.get_by_label("Source", exact=True).fill("Share of the trust")
    page.get_by_label("Paid by").select_option(label="The trust")
    page.get_by_role("textbox", name="Amount").fill("40,000")
    finance.look("three-contribution-new")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Share of the trust")).to_be_visible()
    third = FundingLine.objects.get(source="Share of the trust")
    finance.open(reverse("pooled_budgets:contribution_instalments", args=[fund.pk, third.pk]))
    page.get_by_label("On the days below").check()
    page.get_by_role("textbox", name="Days").fill("1 May 2014\n1 August 2014\n1 November 2014")
    finance.look("three-instalments")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("£13,333.34")).to_be_visible()
    assert [str(row.amount) for row in third.instalments.order_by("number")] == ["13333.33", "13333.33", "13333.34"]
    finance.look("three-contribution")

    # One scheme, a line for each share: to the penny, a penny too little, a penny too much.
    scheme = SchemeFactory(fund=fund, number="1", position=1, name="Programme director", budget="40000.00")
    first = scheme.lines.get()
    first.funding = lines[0]
    first.save()
    for place, (source, budget) in enumerate(((lines[1], "39999.99"), (third, "40000.01")), start=2):
        scheme.lines.create(
            owner=council,
            position=place,
            budget=Decimal(budget),
            funding=source,
            at=date(2014, 4, 1),
            released_at=NOON,
        )
    finance.open(reverse("pooled_budgets:fund", args=[fund.pk]))
    by_source = page.get_by_role("region", name="Unallocated money by source")
    for payer, rest in (("The council", "£0.00"), ("The CCG", "£0.01"), ("the trust", "\u2212£0.01")):
        row = by_source.get_by_role("row", name=f"Share of {payer}")
        expect(row.get_by_role("cell").last).to_contain_text(rest)
    expect(page.get_by_text("£0.00 is unallocated").first).to_be_visible()
    finance.look("three-fund")

    # An overspend of 100.00: the odd penny goes to the key that sorts first, and a what-if touches no forecast.
    RiskShareRules.objects.create(
        agreement=agreement,
        owner=council,
        number=1,
        groups=[GROUP],
        clause="clause 5",
        effective_from=date(2014, 4, 1),
        prepared_by=officer,
        prepared_by_name=str(officer),
        prepared_at=NOON,
        approved_by=UserFactory(name="Approver"),
        approved_by_name="Approver",
        approved_for=ccg,
        approved_at=NOON,
        released_at=NOON,
    )
    finance.open(f"{reverse('pooled_budgets:risk_share', args=[fund.pk])}?quarter={quarters[0].number}")
    page.get_by_label("Outturn to try, Scheme 1: Programme director").fill("120,100")
    page.get_by_role("button", name="Work out the shares").click()
    expect(page.get_by_text("£33.34").first).to_be_visible()
    for name, pays in (("The CCG", "£33.34"), ("The council", "£33.33"), ("The trust", "£33.33")):
        expect(page.get_by_role("row", name=name).get_by_text(pays).first).to_be_visible()
    finance.look("three-what-if")
    assert not Forecast.objects.exists()
