"""Southwark's quarter 1 of 2014/15 as its paper has it: plan, outturns, metric plans, and a return that is open."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bcf_metrics.domain import policy_years
from bcf_metrics.domain.answers import Wanted
from bcf_metrics.domain.entries import Entered
from bcf_metrics.models import MetricPlan, QuarterlyReturn, ReturnVersion
from bcf_metrics.services import answers, figures, plans, policy, returns, signatures
from bcf_metrics.services.figures import Entry
from integration_hub.core.states import Figure, FigureState
from partners.models import User
from pooled_budgets.domain.entries import Entry as Outturn
from pooled_budgets.domain.figures import Figure as Pounds
from pooled_budgets.services import forecasts, funds
from tests.factories.money import SchemeFactory
from tests.factories.worlds import World

JULY = datetime(2014, 7, 14, 12, 0, tzinfo=UTC)
SCHEMES = [
    ("1", "Existing NHS transfers within social care budget", "5621000.00"),
    ("2", "Winter Pressures services", "1048000.00"),
    ("3", "Reablement grant", "1813000.00"),
    ("4", "Change management capacity", "100000.00"),
    ("5", "Self management programme", "107000.00"),
    ("7", "Psychiatric liaison", "54000.00"),
    ("11", "Admission avoidance: enhanced rapid response", "214000.00"),
]
METRICS: list[dict[str, Any]] = [
    {"code": "RES65", "name": "Care home admissions of older people", "target": "167", "target_period": "full year"},
    {"code": "DTOC_DAYS", "name": "Delayed transfers of care", "target": "424", "target_period": "April and May"},
    {"code": "REABL91", "name": "Reablement: still at home 91 days after discharge", "target": "85"},
    {
        "code": "AVOID_ADM",
        "name": "Avoidable admissions to hospital",
        "target": "450",
        "target_period": "April to December 2014",
        "baseline": "461",
        "baseline_period": "November 2013",
    },
    {"code": "LOCAL", "name": "People feeling supported to manage their long term conditions", "target": "60"},
    {"code": "PX", "name": "User experience", "unit": "to be confirmed"},
]
YEARS = {"policy_years": ("2014-15", "2016-17"), "return_templates": ("2015-16",)}
LATER = Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 9, 30))
ENTERED = {
    "RES65": Entered(figure=Figure(value=Decimal(23)), source="Council records"),
    "DTOC_DAYS": Entered(
        figure=Figure(value=Decimal(808)), value_period="April and May", challenges="Winter beds closed late."
    ),
    "REABL91": Entered(figure=Figure(value=Decimal(88)), value_period="2013/14 year end", lagged=True),
    "AVOID_ADM": Entered(figure=LATER, challenges="Latest data is being obtained."),
    "LOCAL": Entered(figure=Figure(value=Decimal(59)), challenges="One point short; the survey is repeated."),
}


@dataclass
class Journey:
    """The world with Southwark's return; each step is what a person does, through the services."""

    world: World
    quarterly_return: QuarterlyReturn
    plans: dict[str, MetricPlan] = field(default_factory=dict)
    # Everything that the checklist asks for, by key; "__" stands for the dots of a key.
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))

    @property
    def metrics_officer(self) -> User:
        return self.world.person("metrics", "ccg")

    @property
    def finance_officer(self) -> User:
        return self.world.person("finance")

    def refresh(self) -> QuarterlyReturn:
        self.quarterly_return.refresh_from_db()
        return self.quarterly_return

    def record(self, *codes: str, at: datetime = JULY, by: User | None = None) -> None:
        entries = [Entry(self.plans[code].pk, ENTERED[code]) for code in codes or ENTERED]
        figures.record(
            fund=self.world.fund,
            period=self.world.period,
            entries=entries,
            by=by or self.metrics_officer,
            at=at,
        )

    def enter(self, code: str, seen: dict[str, str] | None = None, **fields: Any) -> None:
        entry = Entry(self.plans[code].pk, Entered(**fields), seen)
        figures.record(
            fund=self.world.fund, period=self.world.period, entries=[entry], by=self.metrics_officer, at=JULY
        )

    def release(self) -> None:
        figures.release(fund=self.world.fund, period=self.world.period, by=self.metrics_officer, at=JULY)

    def answer(self, by: User | None = None, **given: str) -> None:
        answers.record(
            return_id=self.quarterly_return.pk,
            wanted=[Wanted(key.replace("__", "."), value) for key, value in given.items()],
            by=by or self.finance_officer,
            at=JULY,
        )

    def complete(self) -> None:
        """Everything that the checklist asks for."""
        self.record()
        self.release()
        self.answer(**self.answers)

    def send(self, by: User | None = None) -> ReturnVersion:
        return returns.send_for_sign_off(return_id=self.quarterly_return.pk, by=by or self.finance_officer, at=JULY)

    def sign(self, partner: str = "council", *, version: int = 1, by: User | None = None) -> None:
        signatures.sign(
            return_id=self.quarterly_return.pk,
            organisation=getattr(self.world, partner),
            version=version,
            capacity="Chief Officer",
            by=by or self.world.person("approver", partner),
            at=JULY,
        )

    def send_back(self, by: User | None = None, reason: str = "The narrative is out of date.") -> None:
        returns.send_back(
            return_id=self.quarterly_return.pk, reason=reason, by=by or self.world.person("approver", "ccg"), at=JULY
        )


ANSWERS = {
    "completed_by": "Finance officer",
    "email": "finance@southwark-council.example",
    "phone": "020 7946 0000",
    "signed_off_by_board": "No",
    "sign_off_expected_on": "2014-07-28",
    "sent_by_delegate": "Strategic Director",
    "delegate_authority": "Board, 24 March 2014",
    "reported_to_board_on": "2014-07-28",
    "section_75_in_place": "No",
    "section_75_expected_on": "2015-04-01",
    **{f"conditions__{number}__answer": "Yes" for number in range(1, 7)},
    **{f"income__{number}__forecast": amount for number, amount in ((1, "1300000.00"), (2, "7657000.00"))},
    **{f"income__{number}__actual": "not_stated" for number in (1, 2)},
    **{f"expenditure__{number}__actual": "not_stated" for number, _, _ in SCHEMES},
    "finance_commentary": "All schemes are forecast to spend their budget.",
    "narrative": "Neighbourhood teams are in place.\nIntegrated contracts follow from April 2015.",
}


@pytest.fixture
def journey(world: World) -> Journey:
    """The return is open, nothing is entered in it; the projected outturns are released."""
    return begin(world)


@pytest.fixture
def sent(journey: Journey) -> Journey:
    journey.complete()
    journey.send()
    return journey


@pytest.fixture
def sign_in(client: Any) -> Callable[[User], Any]:
    def sign_in(person: User) -> Any:
        client.force_login(person, backend="partners.backends.EmailBackend")
        return client

    return sign_in


def begin(world: World, *, signatories: bool = False, opened: bool = True) -> Journey:
    with pytest.MonkeyPatch.context() as patch:
        # One loaded year and one that is not are all that these tests need; each year costs time.
        patch.setattr(policy.datafiles, "codes", lambda folder: YEARS[folder])
        if not signatories:
            # The plain rule, one approver of each party: what a year that names nobody asks for.
            shipped = policy_years.load
            patch.setattr(policy_years, "load", lambda code: replace(shipped(code), signatories=()))
        policy.load(at=JULY, system="test")
    for source, amount in (("Integration payment", "1300000.00"), ("Existing NHS transfers", "7657000.00")):
        funds.add_funding(fund=world.fund, source=source, amount=Decimal(amount), by=None, at=JULY, system="test")
    for position, (number, name, budget) in enumerate(SCHEMES, start=1):
        SchemeFactory(fund=world.fund, number=number, name=name, position=position, budget=budget)
    forecasts.record(
        fund=world.fund,
        period=world.period,
        entries=[Outturn(number, Pounds.stated(Decimal(budget))) for number, _, budget in SCHEMES],
        by=world.person("finance"),
        at=JULY,
    )
    forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=JULY)
    made = QuarterlyReturn(fund=world.fund, period=world.period)
    if opened:
        made = returns.open(fund=world.fund, period=world.period, by=world.person("finance"), at=JULY)
    journey = Journey(world, made)
    for metric in METRICS:
        numbers = {key: Decimal(metric[key]) for key in ("target", "baseline") if key in metric}
        journey.plans[metric["code"]] = plans.set(
            fund=world.fund, owner=world.ccg, by=None, at=JULY, system="test", **(metric | numbers)
        )
    return journey
