"""Pages, the API and imports cost the same number of queries at 10 rows and at 200."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Scheme, SchemeLine
from pooled_budgets.selectors import funds, positions, tasks
from pooled_budgets.services import forecasts, plans
from tests.factories.money import FundFactory
from tests.factories.partners import NOON as AT

SIZES = (10, 200)
PAGE_LIMIT = 12


def fill(world, size):
    """Bring the fund to that many schemes, each with a draft of quarter 1 but the last."""
    have = Scheme.objects.filter(fund=world.fund).count()
    schemes = [
        Scheme(fund=world.fund, owner=world.council, number=str(n), position=n, name=f"Scheme {n}", released_at=AT)
        for n in range(have + 1, size + 1)
    ]
    Scheme.objects.bulk_create(schemes)
    SchemeLine.objects.bulk_create(
        SchemeLine(scheme=scheme, owner=world.council, budget=Decimal(10), at=AT.date(), released_at=AT)
        for scheme in schemes
    )
    Forecast.objects.bulk_create(
        Forecast(
            scheme=scheme,
            period=world.period,
            owner=world.council,
            amount=Decimal(9),
            state="stated",
            at=AT.date(),
            entered_by=world.person("finance"),
            entered_at=AT,
        )
        for scheme in schemes[:-1]
    )


def counted(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def same_at_both_sizes(world, act):
    """The number of queries of an act, at 10 schemes and at 200; an act before warms what is cached for all."""
    numbers = []
    for size in SIZES:
        fill(world, size)
        act()
        numbers.append(counted(act))
    assert numbers[0] == numbers[1]
    return numbers[0]


@pytest.mark.parametrize("name", ["funds", "fund", "monitoring", "plan_upload", "plan_template"])
def test_page_costs_the_same_at_any_size_and_little(world, client, name):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    url = reverse(f"pooled_budgets:{name}", args=[] if name == "funds" else [world.fund.pk])

    def get():
        assert client.get(url).status_code == 200

    assert same_at_both_sizes(world, get) <= PAGE_LIMIT


def test_list_of_funds_costs_the_same_for_any_number_of_funds(world):
    reader = world.person("finance")
    numbers = []
    for more in SIZES:
        for number in range(more):
            FundFactory(agreement=world.agreement, owner=world.council, name=f"Fund {more} {number}")
        numbers.append(counted(lambda: [str(row.fund.agreement.area) for row in funds.fund_rows(reader)]))

    assert numbers[0] == numbers[1] == 2


def test_position_costs_two_queries(world):
    reader = world.person("finance")

    assert same_at_both_sizes(world, lambda: positions.position(world.fund, world.period, reader)) == 2


def test_tasks_cost_the_same_at_any_size(world):
    reader = world.person("finance")

    def read():
        return tasks.waiting_for(User.objects.get(pk=reader.pk), AT.date())

    assert same_at_both_sizes(world, read) <= 10


@pytest.mark.parametrize("path", ["agreements", "funds", "schemes", "contributions", "forecasts", "imports"])
def test_api_list_costs_the_same_at_any_size_and_little(world, client, path):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")

    def get():
        assert client.get(f"/api/v1/{path}/").status_code == 200

    assert same_at_both_sizes(world, get) <= PAGE_LIMIT


def test_record_costs_the_same_for_any_number_of_rows(world):
    officer = world.person("finance")
    permissions.can(officer, Permission.FORECAST_RECORD, organisation=world.council)  # loaded once for a request
    numbers = []
    for size in SIZES:
        fill(world, size)
        entries = [Entry(str(n), Figure.stated(Decimal(size))) for n in range(1, size + 1)]
        numbers.append(
            counted(
                lambda entries=entries: forecasts.record(
                    fund=world.fund, period=world.period, entries=entries, by=officer, at=AT
                )
            )
        )

    assert numbers[0] == numbers[1]


def test_import_costs_the_same_for_any_number_of_schemes(world, uploads):
    """Staging and confirming. Undoing deletes, which Django does in hundreds, for each of the three tables."""
    officer = world.person("finance")
    permissions.can(officer, Permission.PLAN_IMPORT, organisation=world.council)  # loaded once for a request
    numbers = []
    for size in SIZES:
        rows = [(str(n), f"Scheme {n}", Decimal(n), Decimal(n), "") for n in range(size)]
        file = io.BytesIO(uploads.plan(*rows))
        with CaptureQueriesContext(connection) as staging:
            staged = plans.stage(fund=world.fund, file=file, filename="plan.xlsx", by=officer, at=AT)
        confirming = counted(lambda staged=staged: plans.confirm(import_id=staged.pk, by=officer, at=AT))
        undoing = counted(lambda staged=staged: plans.undo(import_id=staged.pk, by=officer, at=AT))
        numbers.append((len(staging), confirming, undoing))

    assert numbers[0][:2] == numbers[1][:2]
    assert numbers[1][2] - numbers[0][2] <= 3
