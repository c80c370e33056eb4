"""The smallest valid rows of governance, pooled budgets and policy."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from bcf_metrics.models import MetricDefinition, MetricPlan, PolicyYear, ReturnTemplate
from governance.models import Board, BoardParty, Meeting
from integration_hub.core.models import Period
from integration_hub.core.quarters import FinancialMonth, FinancialYear, Quarter
from pooled_budgets.domain import terms
from pooled_budgets.domain.terms import Terms
from pooled_budgets.models import Agreement, AgreementParty, AgreementVersion, Fund, Scheme, SchemeLine
from pooled_budgets.services import agreements
from tests.factories.partners import NOON, AreaFactory, OrganisationFactory


def quarter(start: int = 2014, number: int = 1) -> Period:
    """The row of a quarter, made where reference data is not loaded."""
    days = Quarter(FinancialYear(start), number)
    period, _ = Period.objects.get_or_create(
        kind="quarter",
        financial_year=start,
        number=number,
        defaults={"starts_on": days.starts_on, "ends_on": days.ends_on, "label": days.label},
    )
    return period


def month(start: int = 2014, number: int = 1) -> Period:
    """The row of an accounting month (13 for adjustments), made where reference data is not loaded."""
    days = FinancialMonth(FinancialYear(start), number)
    period, _ = Period.objects.get_or_create(
        kind="month",
        financial_year=start,
        number=number,
        defaults={"starts_on": days.starts_on, "ends_on": days.ends_on, "label": days.label},
    )
    return period


class BoardFactory(DjangoModelFactory[Board]):
    class Meta:
        model = Board

    key = factory.Sequence(lambda n: f"board-{n}")
    name = factory.Sequence(lambda n: f"Board {n}")
    kind = "hwb"
    area = factory.SubFactory(AreaFactory)


class MeetingFactory(DjangoModelFactory[Meeting]):
    class Meta:
        model = Meeting

    board = factory.SubFactory(BoardFactory)
    held_on = date(2014, 7, 28)


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    key = factory.Sequence(lambda n: f"agreement-{n}")
    title = factory.Sequence(lambda n: f"Agreement {n}")
    kind = "preparatory"
    status = "in_force"
    area = factory.SubFactory(AreaFactory)


class FundFactory(DjangoModelFactory[Fund]):
    class Meta:
        model = Fund

    agreement = factory.SubFactory(AgreementFactory)
    owner = factory.SubFactory(OrganisationFactory)
    financial_year = 2014
    name = "Better Care Fund"
    total = Decimal("8957000.00")
    released_at = NOON


class SchemeFactory(DjangoModelFactory[Scheme]):
    class Meta:
        model = Scheme
        skip_postgeneration_save = True

    fund = factory.SubFactory(FundFactory)
    owner = factory.SelfAttribute("fund.owner")
    number = factory.Sequence(lambda n: str(n + 1))
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Scheme {n}")
    released_at = NOON

    @factory.post_generation
    def budget(scheme, create, extracted, **kwargs):
        SchemeLine.objects.create(
            scheme=scheme,
            owner=scheme.owner,
            budget=Decimal(extracted or "1000.00"),
            at=date(scheme.fund.financial_year, 4, 1),
            released_at=NOON,
        )


class ReturnTemplateFactory(DjangoModelFactory[ReturnTemplate]):
    class Meta:
        model = ReturnTemplate
        django_get_or_create = ("code",)

    code = "2015-16"
    title = "Quarterly return 2015-16"
    layout = factory.LazyFunction(dict)
    layout_sha256 = "0" * 64


class PolicyYearFactory(DjangoModelFactory[PolicyYear]):
    class Meta:
        model = PolicyYear
        django_get_or_create = ("code",)

    code = "2014-15"
    financial_year = 2014
    label = "2014/15"
    loaded = True
    template = factory.SubFactory(ReturnTemplateFactory)


class MetricDefinitionFactory(DjangoModelFactory[MetricDefinition]):
    class Meta:
        model = MetricDefinition

    policy_year = factory.SubFactory(PolicyYearFactory)
    code = factory.Sequence(lambda n: f"METRIC{n}")
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Metric {n}")
    unit = "admissions"
    better = "lower"
    basis = "cumulative"


class MetricPlanFactory(DjangoModelFactory[MetricPlan]):
    class Meta:
        model = MetricPlan

    fund = factory.SubFactory(FundFactory)
    owner = factory.SelfAttribute("fund.owner")
    metric = factory.SubFactory(MetricDefinitionFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.SelfAttribute("metric.name")
    unit = factory.SelfAttribute("metric.unit")
    basis = factory.SelfAttribute("metric.basis")
    target = Decimal(167)
    target_period = "full year"
    released_at = NOON


def join_board(board: Board, *organisations: object) -> None:
    for organisation in organisations:
        BoardParty.objects.create(board=board, organisation=organisation)


def terms_of(agreement: Agreement, **stated: object) -> Terms:
    """Terms that name the agreement's parties, with whatever is stated beside."""
    parties = [{"id": str(party.pk), "name": party.name} for party in agreement.parties.order_by("name")]
    found = terms.empty(title=agreement.title, kind=agreement.kind, parties=parties)
    return found | {"statutory_basis": agreement.statutory_basis} | stated


def paper_version(agreement: Agreement, **stated: object) -> AgreementVersion:
    """A version of an agreement that its parties signed on paper, in force from 1 April 2014."""
    return agreements.from_paper(
        agreement=agreement,
        terms=terms_of(agreement, **{"commences_on": "2014-04-01"} | stated),
        effective_from=date(2014, 4, 1),
        reason="As the partners signed it",
        at=NOON,
        system="test",
    )


def join_agreement(agreement: Agreement, *organisations: object) -> None:
    for organisation in organisations:
        AgreementParty.objects.create(agreement=agreement, organisation=organisation)
