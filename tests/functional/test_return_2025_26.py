"""Sutton's return of quarter 2 of 2025/26: opened, its sections given out, sent back by section, signed by the four
signatories of the year, amended so that signatures fall, and submitted. Every figure is made up.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bcf_metrics.domain.answers import Wanted
from bcf_metrics.domain.entries import Entered
from bcf_metrics.models import MetricFigure, QuarterlyReturn, ReturnSection, Signature, Submission
from bcf_metrics.services import answers, figures, plans, policy
from bcf_metrics.services.figures import Entry
from integration_hub.core.states import Figure
from partners.domain.roles import Role
from pooled_budgets.domain.entries import Entry as Outturn
from pooled_budgets.domain.figures import Figure as Pounds
from pooled_budgets.services import forecasts, funds
from tests.factories.money import (
    AgreementFactory,
    BoardFactory,
    FundFactory,
    MeetingFactory,
    SchemeFactory,
    join_agreement,
    join_board,
    quarter,
)
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role
from tests.factories.worlds import World

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

YEAR = {"policy_years": ("2025-26",), "return_templates": ("2025-26",)}
MONEY = (("NHS minimum contribution", "20000000.00"), ("Local Authority Better Care Grant", "10000000.00"))
SCHEMES = (("1", "Hospital discharge", "18000000.00"), ("2", "Reablement at home", "12000000.00"))
METRICS = (
    {"code": "RES65", "name": "Care home admissions", "target": Decimal(600), "target_period": "full year"},
    {"code": "HOME_DISCH", "name": "Discharged home"},
)
# Capacity in the policy year, person's name, partner, capacity in the register of roles.
OFFICERS = (
    ("Chief executive", "council", "chief_executive"),
    ("Finance director", "council", "section_151_officer"),
    ("NHS chief executive", "ccg", "chief_executive"),
    ("Board chair", "council", "health_and_wellbeing_board_chair"),
)
ANSWERS = {
    "completed_by": "Finance officer",
    "email": "finance@sutton-council.example",
    "phone": "020 7946 0000",
    "signed_off_by_board": "Yes",
    "signed_off_by": "Chair of the Health and Wellbeing Board",
    "section_75_in_place": "Yes",
    **{f"conditions.{number}.answer": "Yes" for number in range(1, 5)},
    **{f"income.{number}.forecast": amount for number, (_, amount) in enumerate(MONEY, start=1)},
    **{f"income.{number}.actual": "not_stated" for number in (1, 2)},
    **{f"expenditure.{number}.actual": "not_stated" for number in (1, 2)},
}


def build() -> World:
    """Sutton with its council, its integrated care board, their board and the fund of 2025/26."""
    area = AreaFactory(name="Sutton", ons_code="E09000029")
    council = OrganisationFactory(key="sutton-council", name="London Borough of Sutton", kind="london_borough")
    icb = OrganisationFactory(key="swl-icb", name="NHS South West London ICB", kind="icb")
    hackney = OrganisationFactory(key="hackney-council", name="London Borough of Hackney", kind="london_borough")
    board = BoardFactory(name="Sutton Health and Wellbeing Board", area=area)
    join_board(board, council, icb)
    agreement = AgreementFactory(title="Sutton Better Care Fund", kind="section_75", area=area, board=board)
    join_agreement(agreement, council, icb)
    fund = FundFactory(
        agreement=agreement,
        owner=council,
        financial_year=2025,
        name="Sutton Better Care Fund",
        total=Decimal("30000000.00"),
    )
    periods = [quarter(2025, number) for number in range(1, 5)]
    return World(
        area=area,
        council=council,
        ccg=icb,
        hackney=hackney,
        board=board,
        meeting=MeetingFactory(board=board),
        agreement=agreement,
        fund=fund,
        period=periods[1],
    )


class Sutton:
    """The area's people at their browsers, and what they enter elsewhere in the Hub."""

    def __init__(self, visitor) -> None:
        self.visitor, self.world, self.open = visitor, build(), {}
        self.now = timezone.now()
        self._load()
        self.people = {}
        for name, partner, capacity in OFFICERS:
            person = UserFactory(email=f"{name.lower().replace(' ', '-')}@{partner}.example", name=name)
            give_role(person, getattr(self.world, partner), Role.APPROVER)
            person.memberships.update(capacity=capacity)
            self.people[name] = person
        self.people["Finance officer"] = self.world.person("finance")
        self.people["Metrics officer"] = self.world.person("metrics", "ccg")

    def _load(self) -> None:
        world, finance = self.world, self.world.person("finance")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(policy.datafiles, "codes", lambda folder: YEAR[folder])
            policy.load(at=self.now, system="test")
        for source, amount in MONEY:
            funds.add_funding(
                fund=world.fund, source=source, amount=Decimal(amount), by=None, at=self.now, system="test"
            )
        for position, (number, name, budget) in enumerate(SCHEMES, start=1):
            SchemeFactory(fund=world.fund, number=number, name=name, position=position, budget=budget)
        entries = [Outturn(number, Pounds.stated(Decimal(budget))) for number, _, budget in SCHEMES]
        shared = {"fund": world.fund, "period": world.period, "by": finance, "at": self.now}
        forecasts.record(entries=entries, **shared)
        forecasts.release(**shared)
        self.plans = {
            metric["code"]: plans.set(fund=world.fund, owner=world.ccg, by=None, at=self.now, system="test", **metric)
            for metric in METRICS
        }

    def figures(self, **values: str) -> None:
        """The metrics officer's figures, released: what is entered afterwards is seen by the partners at once."""
        entries = [
            Entry(self.plans[code].pk, Entered(figure=Figure(value=Decimal(value)))) for code, value in values.items()
        ]
        shared = {"fund": self.world.fund, "period": self.world.period, "by": self.people["Metrics officer"]}
        is_first = not MetricFigure.objects.exists()
        figures.record(entries=entries, at=self.now, **shared)
        if is_first:
            figures.release(at=self.now, **shared)

    def answer(self, given: dict[str, str]) -> None:
        wanted = [Wanted(key, value) for key, value in given.items()]
        answers.record(
            return_id=QuarterlyReturn.objects.get().pk, wanted=wanted, by=self.people["Finance officer"], at=self.now
        )

    def at(self, name: str, path: str = ""):
        """The person's browser at a page of the return."""
        address = f"/returns/{QuarterlyReturn.objects.get().pk}/{path}"
        if name not in self.open:
            self.open[name] = self.visitor()
            self.open[name].sign_in(self.people[name], address)
        else:
            assert self.open[name].open(address) == 200
        return self.open[name]

    def sign(self, *names: str) -> None:
        for name in names:
            signs = self.at(name, "sign/")
            expect(signs.page.get_by_role("radio")).to_be_checked()
            signs.press("Sign this version")
            expect(signs.page.get_by_text("You signed version").first).to_be_visible()

    def send(self) -> None:
        finance = self.at("Finance officer")
        finance.press("Send for sign-off")
        expect(finance.page.get_by_text("With signatories").first).to_be_visible()

    def ready(self, name: str, tab: str) -> None:
        says = self.at(name, f"{tab}/")
        says.press("Say that this section is ready")
        expect(says.page.get_by_text("is marked as ready").first).to_be_visible()


def test_suttons_quarter_2_from_opening_to_submission(visitor, transactional_db) -> None:
    sutton = Sutton(visitor)
    finance = visitor()
    finance.sign_in(sutton.people["Finance officer"], "/returns/")
    finance.page.get_by_label("Quarter").select_option("2")
    finance.press("Open the return")
    sutton.open["Finance officer"] = finance
    sutton.answer(ANSWERS)

    # The metrics are given to the integrated care board, which names its officer; the section is overdue by then.
    gives = sutton.at("Finance officer", "metrics/owner/")
    gives.page.get_by_label("Who prepares it?").select_option(label="NHS South West London ICB")
    gives.page.get_by_label("By which day? (optional)").fill("21/11/2025")
    gives.look("section-owner")
    gives.press("Save")
    takes = sutton.at("Metrics officer", "metrics/owner/")
    takes.page.get_by_label("Who prepares it?").select_option(label="Metrics of ccg, NHS South West London ICB")
    takes.press("Save")
    assert ReturnSection.objects.get().person == sutton.people["Metrics officer"]
    assert takes.open("/") == 200
    expect(takes.page.get_by_text("Your section is due: Metrics, return of Quarter 2 2025/26")).to_be_visible()
    takes.look("home-section-due")

    # Not ready while something is missing; then ready, and typed in on the page.
    sutton.figures(RES65="270", HOME_DISCH="92.5")
    sutton.ready("Metrics officer", "metrics")
    writes = sutton.at("Finance officer", "expenditure/")
    writes.page.get_by_label("Commentary on spending against plan").fill("Both schemes spend their budget.")
    writes.press("Save the section")
    sutton.ready("Finance officer", "expenditure")
    finance = sutton.at("Finance officer")
    finance.look("return-sections")

    # Version 1 is sent back by the NHS chief executive, with reasons by section.
    sutton.send()
    sutton.sign("Chief executive")
    back = sutton.at("NHS chief executive", "send-back/")
    back.page.get_by_label("What has to be put right?").fill("One section needs another look.")
    back.page.get_by_label("Metrics").fill("The care home figure leaves out September.")
    back.look("return-send-back")
    back.press("Send back")
    expect(back.page.get_by_text("Sent back").first).to_be_visible()
    back.look("return-sent-back")
    reads = sutton.at("Metrics officer", "metrics/")
    expect(reads.page.get_by_text("The care home figure leaves out September.")).to_be_visible()
    reads.look("section-to-put-right")

    # The figure is put right, the section said to be ready: its reason is gone. Version 2 gets all four signatures.
    sutton.figures(RES65="296")
    sutton.ready("Metrics officer", "metrics")
    expect(reads.page.get_by_text("The care home figure leaves out September.")).to_have_count(0)
    sutton.send()
    sutton.sign(*(name for name, _, _ in OFFICERS))
    expect(sutton.at("Finance officer").page.get_by_text("Signed off").first).to_be_visible()
    locked = sutton.at("Finance officer", "expenditure/")
    expect(locked.page.get_by_text("has every signature that it needs")).to_be_visible()
    locked.look("section-locked")

    # The commentary on spending is amended, the section named: two signatures fall, two stand.
    amends = sutton.at("Finance officer", "amend/")
    amends.page.get_by_label("What is changed, and why?").fill("The commentary names the wrong scheme.")
    amends.page.get_by_label("Expenditure").fill("Reablement underspends.")
    amends.look("return-amend-sections")
    amends.press("Begin the amendment")
    sutton.answer({"finance_commentary": "Reablement underspends by a little."})
    sutton.send()
    text = sutton.at("Finance officer").text()
    assert text.count("Signature fallen with version 3") == 2
    assert text.count("Signature carried over to version 3") == 2
    sutton.sign("Finance director", "Board chair")
    assert Signature.objects.filter(version__number=3, carried_from=None).count() == 2

    # Submitted: its cover says that the Board had signed it off.
    submits = sutton.at("Finance officer", "submit/")
    submits.page.get_by_label("How was it sent, and to whom?").fill("By e-mail to the national team")
    submits.press("Record the submission")
    expect(submits.page.get_by_text("Submission 1 is recorded.")).to_be_visible()
    submits.look("return-submitted-2025-26")
    assert Submission.objects.get().version.number == 3
    assert QuarterlyReturn.objects.get().status == "submitted"
    compares = sutton.at("Finance officer", "last-quarter/")
    expect(compares.page.get_by_text("There is no return of an earlier quarter")).to_be_visible()
    assert date(2025, 9, 30) == sutton.world.period.ends_on
