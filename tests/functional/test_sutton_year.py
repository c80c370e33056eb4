"""Sutton's fund of 2017/18, 16,753,000.00 hosted by the council, from the agreement to its settlement.

The total and the host are the paper's; how the partners share the money and an overspend, the paper does not state: all
of that is illustrative.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from governance.domain.authority import Matter
from governance.services import decisions
from partners.domain.roles import Role
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import AgreementDraft, MonthForecast
from pooled_budgets.services import agreement_drafts, contributions, forecasts, funds, risk_share
from pooled_budgets.services.agreement_drafts import Upload
from reports.domain.plain_pdf import plain_pdf
from tests.factories.money import BoardFactory, SchemeFactory, join_board, month, quarter
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

BEGAN, CLOSED = datetime(2017, 4, 3, 9, tzinfo=UTC), datetime(2018, 4, 16, 9, tzinfo=UTC)
PAID = {"sutton-council": Decimal("6000000.00"), "sutton-ccg": Decimal("10753000.00")}
# Of an overspend of 457,000.00 the contingency meets 50,000.00; 1% of 16,703,000.00 is shared by halves, 83,515.00
# each; the rest, 239,970.00, by contribution: 85,944.01 and 154,025.99. The council would bear 169,459.01; its cap
# leaves it 150,000.00, and the CCG bears 237,540.99 and the excess of 19,459.01.
GROUP = {
    "name": "Whole pool",
    "schemes": "rest",
    "overspend": [
        {"method": "contingency"},
        {
            "method": "fixed",
            "shares": {"sutton-council": "50", "sutton-ccg": "50"},
            "limit": {"percent_of_budget": "1"},
        },
        {"method": "contributions"},
    ],
    "underspend": [{"method": "carry_forward"}],
    "caps": [{"partner": "sutton-council", "amount": "150000.00", "excess_to": "sutton-ccg"}],
}
SCHEMES = (("1", "Reablement", "8000000.00", "700,000"), ("2", "Community beds", "8703000.00", "730,000"))


class Sutton:
    """The partners of the paper, their board, and people with a role each."""

    def __init__(self) -> None:
        self.council = OrganisationFactory(key="sutton-council", name="Sutton Council", kind="london_borough")
        self.ccg = OrganisationFactory(key="sutton-ccg", name="NHS Sutton CCG", kind="ccg")
        self.area = AreaFactory(name="Sutton")
        self.board = BoardFactory(name="Sutton Health and Wellbeing Board", area=self.area)
        join_board(self.board, self.council, self.ccg)
        for number in range(1, 14):
            month(2017, number)
        for number in range(1, 5):
            quarter(2017, number)
        self.people = {
            (role, partner.key): self._person(role, partner)
            for role in (Role.FINANCE, Role.GOVERNANCE, Role.APPROVER)
            for partner in (self.council, self.ccg)
        }

    def _person(self, role, partner):
        person = UserFactory(email=f"{role}@{partner.key}.example", name=f"{role.words} of {partner}")
        give_role(person, partner, role)
        return person

    def person(self, role: str, partner: str = "sutton-council"):
        return self.people[Role(role), partner]


def sign_the_agreement(visitor, sutton):
    """Begun and sent by the council's governance officer, signed by an approver of each party."""
    officer = visitor()
    page = officer.page
    officer.sign_in(sutton.person("governance"), reverse("agreements:new"))
    page.get_by_label("Title").fill("Sutton Better Care Fund agreement")
    page.get_by_label("Kind").select_option(label="Section 75 pooled fund")
    page.get_by_label("Prepared by").select_option(label="Sutton Council")
    page.get_by_label("Area").select_option(label="Sutton")
    page.get_by_label("Board that oversees it").select_option(label="Sutton Health and Wellbeing Board")
    page.get_by_label("Parties").fill("Sutton Council\nNHS Sutton CCG")
    officer.look("sutton-agreement-new")
    officer.press("Begin")
    draft = AgreementDraft.objects.get()
    clauses = {
        f"clauses.{letter}.{part}": f"{words} {letter} (illustrative)"
        for letter in "bcdefg"
        for part, words in (("reference", "Clause"), ("summary", "Matter"))
    }
    shared = {"draft_id": draft.pk, "by": sutton.person("governance"), "at": BEGAN}
    changes = {
        "host": str(sutton.council.pk),
        "commences_on": "2017-04-01",
        "excluded_confirmed": True,
        "excluded_by": "Monitoring officer (illustrative)",
        **clauses,
    }
    draft = agreement_drafts.edit(changes=changes, seen=draft.revision, **shared)
    upload = Upload("agreement.pdf", plain_pdf(["Illustrative"]))
    draft = agreement_drafts.set_document(upload=upload, seen=draft.revision, **shared)

    # The regulation's first matter is still missing: it cannot be sent before that is stated.
    at_draft = reverse("agreements:draft", args=[draft.agreement_id, draft.pk])
    officer.open(at_draft)
    officer.press("Send it for signature")
    expect(page.get_by_text("regulation 7(3)").first).to_be_visible()
    officer.open(reverse("agreements:clause", args=[draft.agreement_id, draft.pk, "a"]))
    page.get_by_label("Where in the document it stands").fill("Clause 2")
    page.get_by_label("What it says").fill("People live at home for longer (illustrative)")
    officer.look("sutton-clause")
    page.locator("main form button[type=submit]").last.click()
    officer.open(at_draft)
    officer.look("sutton-draft")
    officer.press("Send it for signature")

    version = reverse("agreements:version", args=[draft.agreement_id, 1])
    for partner in ("sutton-council", "sutton-ccg"):
        approver = visitor()
        approver.sign_in(sutton.person("approver", partner), version)
        approver.page.get_by_label("In which capacity").fill("Chief finance officer")
        approver.press("Sign this version")
        expect(approver.page.get_by_text("You signed").first).to_be_visible()
    approver.look("sutton-version")
    draft.agreement.refresh_from_db()
    return draft.agreement


def make_the_fund(agreement, sutton):
    """The fund with what each partner pays, all of it received, a contingency and two schemes."""
    finance = sutton.person("finance")
    fund = funds.create(
        agreement=agreement,
        owner=sutton.council,
        financial_year=2017,
        name="Sutton Better Care Fund",
        total=Decimal("16753000.00"),
        total_note="potential",
        by=finance,
        at=BEGAN,
    )
    for payer in (sutton.council, sutton.ccg):
        line = contributions.add(
            fund_id=fund.pk,
            source=f"Contribution of {payer}",
            amount=PAID[payer.key],
            payer_id=payer.pk,
            illustrative=True,
            by=finance,
            at=BEGAN,
        )
        contributions.receive(
            line_id=line.pk,
            received_on=date(2017, 5, 2),
            amount=PAID[payer.key],
            reference="BACS",
            by=finance,
            at=CLOSED,
        )
    for number, name, budget, _ in SCHEMES:
        SchemeFactory(fund=fund, number=number, position=int(number), name=name, budget=budget, illustrative=True)
    leads = {"1": "sutton-council", "2": "sutton-ccg"}
    risk_share.record_figures(
        fund=fund,
        contingency=Decimal("50000.00"),
        contingency_state="stated",
        leads=leads,
        illustrative=True,
        by=finance,
        at=BEGAN,
    )
    return fund


def approve_the_rules(visitor, fund, sutton) -> None:
    """Prepared by the council's finance officer, approved by the CCG's approver as the agreement began."""
    finance = sutton.person("finance")
    fourth = quarter(2017, 4)
    draft = risk_share.save_draft(
        fund=fund, period=fourth, groups=[GROUP], clause="Schedule 3", illustrative=True, by=finance, at=BEGAN
    )
    risk_share.release_draft(rules_id=draft.pk, by=finance, at=BEGAN)
    approver = visitor()
    address = reverse("pooled_budgets:risk_share_version", args=[fund.pk, draft.pk])
    approver.sign_in(sutton.person("approver", "sutton-ccg"), address)
    expect(approver.page.get_by_text("illustrative").first).to_be_visible()
    expect(approver.page.get_by_text("Sutton Council bears at most £150,000.00")).to_be_visible()
    approver.page.get_by_label("In force from").fill("1 April 2017")
    approver.look("sutton-rules")
    approver.press("Approve the rules")
    expect(approver.page.get_by_text("Version 1 of the rules approved.")).to_be_visible()


def test_sutton_from_the_agreement_to_the_settlement(visitor, transactional_db) -> None:
    sutton = Sutton()
    fund = make_the_fund(sign_the_agreement(visitor, sutton), sutton)
    approve_the_rules(visitor, fund, sutton)

    finance = visitor()
    page = finance.page
    finance.sign_in(sutton.person("finance"), reverse("pooled_budgets:fund", args=[fund.pk]))
    expect(page.get_by_text("£16,753,000.00").first).to_be_visible()
    finance.look("sutton-fund")
    finance.open(reverse("pooled_budgets:grid", args=[fund.pk]))
    page.get_by_text("Paste from a spreadsheet").click()
    rows = "\n".join("\t".join([amount] * 12) for *_, amount in SCHEMES)
    page.get_by_label("The twelve months of all lines").fill(rows)
    finance.press("Preview the pasted block")
    finance.press("Save the grid")
    expect(page.get_by_role("row", name="1. Reablement").get_by_text("£8,400,000.00")).to_be_visible()
    assert MonthForecast.objects.count() == 24

    # The outturn of the year, as the months give it, is stated and released; then the year can be settled.
    entries = [Entry("1", Figure.stated(Decimal("8400000.00"))), Entry("2", Figure.stated(Decimal("8760000.00")))]
    fourth, officer = quarter(2017, 4), sutton.person("finance")
    forecasts.record(fund=fund, period=fourth, entries=entries, by=officer, at=CLOSED)
    forecasts.release(fund=fund, period=fourth, by=officer, at=CLOSED)
    decisions.record(
        board_id=sutton.board.pk,
        reference="HWB 2018/1",
        made_on=date(2018, 4, 16),
        title="The year 2017/18",
        text="The Board settled the year (illustrative).",
        matters=[Matter.SETTLEMENT],
        illustrative=True,
        by=sutton.person("governance"),
        at=CLOSED,
    )
    finance.open(f"{reverse('pooled_budgets:risk_share', args=[fund.pk])}?quarter=4")
    for partner, bears in (("Sutton Council", "£150,000.00"), ("NHS Sutton CCG", "£257,000.00")):
        expect(page.get_by_role("row", name=partner).get_by_text(bears).first).to_be_visible()
    finance.look("sutton-risk-share")
    finance.open(reverse("pooled_budgets:settlement_prepare", args=[fund.pk]))
    finance.look("sutton-settlement-prepare")
    finance.press("Prepare the settlement")
    expect(page.get_by_text("You prepared it, so another person has to approve it.")).to_be_visible()
    finance.look("sutton-settlement")

    approver = visitor()
    approver.sign_in(sutton.person("approver"), reverse("pooled_budgets:settlement_approve", args=[fund.pk, 1]))
    approver.page.get_by_label("HWB 2018/1").check()
    approver.look("sutton-settlement-approve")
    approver.press("Approve")
    expect(approver.page.get_by_text("The settlement is approved. The year is settled.")).to_be_visible()
    for text in ("£150,000.00", "£257,000.00", "£17,160,000.00", "No document states these rules or figures."):
        expect(approver.page.get_by_text(text).first).to_be_visible()
    approver.look("sutton-settled")
