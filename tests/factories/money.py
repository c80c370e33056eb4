"""The smallest valid rows of governance, pooled budgets and policy."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from bcf_metrics.models import MetricDefinition, MetricPlan, PolicyYear, ReturnTemplate
from governance.models import Board, BoardParty, Meeting
from integration_hub.core.models import Period
from integration_hub.core.quarters import FinancialYear, Quarter
from pooled_budgets.models import Agreement, AgreementParty, Fund, Scheme, SchemeLine
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


def join_agreement(agreement: Agreement, *organisations: object) -> None:
    for organisation in organisations:
        AgreementParty.objects.create(agreement=agreement, organisation=organisation)
