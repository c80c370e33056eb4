"""What the database refuses whoever asks: each rule of the models is tried to be broken."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from pooled_budgets.models import Agreement, AgreementParty, Forecast, Fund, FundingLine, LedgerCode, PeriodLock, Scheme
from tests.factories.money import AgreementFactory, FundFactory, SchemeFactory
from tests.factories.partners import NOON


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def attempt(act):
    with transaction.atomic():
        act()


@pytest.fixture
def scheme(world):
    return SchemeFactory(fund=world.fund, number="1")


def forecast(world, scheme, **more):
    values = {
        "scheme": scheme,
        "period": world.period,
        "owner": world.council,
        "amount": Decimal("1.00"),
        "state": "stated",
        "at": date(2014, 6, 30),
        "entered_by": world.person("finance"),
        "entered_at": NOON,
    } | more
    return Forecast.objects.create(**values)


def funding(world, **more):
    values = {
        "fund": world.fund,
        "owner": world.council,
        "position": 1,
        "source": "Grant",
        "amount": Decimal("1.00"),
        "at": date(2014, 4, 1),
    } | more
    return FundingLine.objects.create(**values)


@pytest.mark.parametrize(
    ("field", "value", "name"), [("kind", "gift", "agreement_kind"), ("status", "x", "agreement_status")]
)
def test_agreement_knows_its_kinds_and_statuses(world, field, value, name):
    with refused(name):
        attempt(lambda: Agreement.objects.filter(pk=world.agreement.pk).update(**{field: value}))


def test_agreement_key_is_its_own(world):
    with refused("agreement_key_unique"):
        attempt(lambda: AgreementFactory(key=world.agreement.key, area=world.area))


def test_agreement_party_stands_once(world):
    with refused("agreement_party_unique"):
        attempt(lambda: AgreementParty.objects.create(agreement=world.agreement, organisation=world.council))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"total": Decimal("-0.01")}, "fund_total_not_negative"),
        ({"total": None}, "fund_total_has_reason"),
        ({"total_state": "to_be_confirmed"}, "fund_total_has_reason"),
        ({"total_state": "perhaps"}, "fund_total_state|fund_total_has_reason"),
    ],
)
def test_fund_total_is_an_amount_or_has_a_reason(world, values, name):
    with refused(name):
        attempt(lambda: Fund.objects.filter(pk=world.fund.pk).update(**values))


def test_fund_stands_once_in_a_year(world):
    with refused("fund_unique"):
        attempt(lambda: FundFactory(agreement=world.agreement, owner=world.council, name=world.fund.name))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"amount": Decimal("-1")}, "funding_line_not_negative"),
        ({"amount": None}, "funding_line_has_reason"),
        ({"state": "not_stated"}, "funding_line_has_reason"),
        ({"amount": None, "state": "nil"}, "funding_line_state"),
    ],
)
def test_funding_line_is_an_amount_or_has_a_reason(world, values, name):
    with refused(name):
        attempt(lambda: funding(world, **values))


def test_funding_line_has_a_place_of_its_own(world):
    funding(world)
    with refused("funding_line_position_unique"):
        attempt(lambda: funding(world, source="Other"))


def test_scheme_number_stands_once_in_a_fund(world, scheme):
    with refused("scheme_number_unique"):
        attempt(lambda: SchemeFactory(fund=world.fund, number="1"))


@pytest.mark.parametrize("values", [{"number": ""}, {"name": ""}])
def test_scheme_has_number_and_name(world, scheme, values):
    with refused("scheme_has_number_and_name"):
        attempt(lambda: Scheme.objects.filter(pk=scheme.pk).update(**values))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"budget": Decimal("-0.01")}, "scheme_line_not_negative"),
        ({"budget": None}, "scheme_line_has_reason"),
        ({"state": "to_be_confirmed"}, "scheme_line_has_reason"),
        ({"budget": None, "state": "nil"}, "scheme_line_state"),
    ],
)
def test_scheme_line_is_a_budget_or_has_a_reason(scheme, values, name):
    with refused(name):
        attempt(lambda: scheme.lines.update(**values))


def test_scheme_line_has_a_place_of_its_own(world, scheme):
    with refused("scheme_line_position_unique"):
        attempt(lambda: scheme.lines.create(owner=world.council, position=1, budget=1, at=date(2014, 4, 1)))


def test_ledger_code_stands_once_for_a_partner(world, scheme):
    line = scheme.lines.get()
    LedgerCode.objects.create(line=line, organisation=world.council, code="A1")
    with refused("ledger_code_unique"):
        attempt(lambda: LedgerCode.objects.create(line=line, organisation=world.council, code="A1"))


def test_forecast_stands_once_for_a_scheme_period_and_owner(world, scheme):
    forecast(world, scheme)
    with refused("forecast_unique"):
        attempt(lambda: forecast(world, scheme))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"amount": None}, "forecast_empty_has_reason"),
        ({"state": "missing"}, "forecast_empty_has_reason"),
        ({"state": "nil"}, "forecast_empty_has_reason"),
        ({"amount": None, "state": "nil"}, "forecast_empty_has_reason"),
        ({"amount": None, "state": "unknown"}, "forecast_state"),
        ({"amount": None, "state": "not_yet_available"}, "forecast_available_on"),
        ({"available_on": date(2014, 9, 30)}, "forecast_available_on"),
    ],
)
def test_forecast_is_an_amount_or_has_a_reason(world, scheme, values, name):
    with refused(name):
        attempt(lambda: forecast(world, scheme, **values))


def test_forecast_amount_is_kept_with_two_decimals(world, scheme):
    row = forecast(world, scheme, amount=Decimal("1.01"))
    row.refresh_from_db()
    assert row.amount == Decimal("1.01")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT numeric_scale FROM information_schema.columns WHERE table_name = %s AND column_name = 'amount'",
            [Forecast._meta.db_table],
        )
        assert cursor.fetchall() == [(2,)]


def lock(world, **more):
    values = {
        "fund": world.fund,
        "period": world.period,
        "locked_at": NOON,
        "locked_by_name": "Somebody",
        "reason": "Sent",
        "who_can_lift": "Signatories",
    } | more
    return PeriodLock.objects.create(**values)


def test_period_lock_only_one_is_in_force(world):
    lock(world, lifted_at=NOON, lifted_by_name="Somebody")
    lock(world)
    with refused("period_lock_one_in_force"):
        attempt(lambda: lock(world))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"lifted_at": NOON}, "period_lock_lifted"),
        ({"lifted_by_name": "Somebody"}, "period_lock_lifted"),
        ({"reason": ""}, "period_lock_has_reason"),
        ({"who_can_lift": ""}, "period_lock_has_reason"),
    ],
)
def test_period_lock_says_why_and_who_can_lift(world, values, name):
    with refused(name):
        attempt(lambda: lock(world, **values))


def test_history_of_a_forecast_keeps_each_version_and_outlives_it(world, scheme):
    row = forecast(world, scheme)
    Forecast.objects.filter(pk=row.pk).update(amount=Decimal("2.00"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pooled_budgets_forecast WHERE id = %s", [row.pk])
        cursor.execute(
            "SELECT pgh_label, amount FROM pooled_budgets_forecastevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [row.pk]
        )
        versions = cursor.fetchall()

    assert versions == [("insert", Decimal("1.00")), ("update", Decimal("2.00")), ("delete", Decimal("2.00"))]


def test_scheme_with_a_forecast_cannot_be_deleted_by_raw_sql(world, scheme):
    forecast(world, scheme)

    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pooled_budgets_schemeline WHERE scheme_id = %s", [scheme.pk])
            cursor.execute("DELETE FROM pooled_budgets_scheme WHERE id = %s", [scheme.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with refused("foreign key"):
        attempt(delete)
