"""Payment for performance of 2015/16, from what is typed to what is paid."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import AuditEvent
from pooled_budgets.models import PerformancePay, PerformanceQuarter
from pooled_budgets.selectors import performance as selectors
from pooled_budgets.services import performance as services
from pooled_budgets.services.performance import QuarterCounts
from tests.factories.money import FundFactory
from tests.factories.partners import NOON

BASELINE = (8000, 8100, 8050, 8200)


@pytest.fixture
def fund(world):
    return FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, released_at=NOON)


def typed(world, *actual: str) -> dict[str, str]:
    """The example of docs/domain/payment-for-performance.md with these counts."""
    sent = {"unit": "£1,490", "nhs_partner": str(world.ccg.pk), "capped": "on", "seen": ""}
    for number, baseline in enumerate(BASELINE, start=1):
        sent |= {f"baseline-{number}": f"{baseline:,}", f"planned-{number}": "283", f"actual-{number}": ""}
    return sent | {f"actual-{number}": count for number, count in enumerate(actual, start=1)}


def browser(person) -> Client:
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


def send(world, fund, sent):
    return browser(world.person("finance")).post(reverse("pooled_budgets:performance_record", args=[fund.pk]), sent)


def page(world, fund, *, of="council"):
    answer = browser(world.person("finance", of)).get(reverse("pooled_budgets:performance", args=[fund.pk]))
    return answer.content.decode()


@pytest.mark.parametrize("unit", ["0", "10,000.01", "99999999999", "-1"])
def test_what_one_admission_is_paid_with_is_above_nil_and_no_phone_number(world, fund, unit):
    assert send(world, fund, typed(world, "7800") | {"unit": unit}).status_code == 400
    counts = [QuarterCounts(baseline=8000, planned_reduction=283, actual=None, state="missing")] * 4
    given = {"fund_id": fund.pk, "capped": True, "quarters": counts, "seen": "", "at": NOON}
    for amount, partner in (
        (Decimal("0.00"), world.ccg),
        (Decimal("10000.01"), world.ccg),
        (Decimal(1), world.council),
    ):
        with pytest.raises(Malformed):
            services.record(**given, unit=amount, nhs_partner=str(partner.pk), by=world.person("finance"))
    assert not PerformancePay.objects.exists()


@pytest.mark.parametrize(
    ("actual", "paid", "stays"),
    [
        ((7800, 7700, 8100, 7600), ("298,000.00", "545,340.00", "0.00", "843,340.00"), "£0.00"),
        ((7950, 8080, 8010, 8100), ("74,500.00", "29,800.00", "59,600.00", "149,000.00"), "£1,373,780.00"),
    ],
)
def test_worked_examples_are_paid_to_the_penny(world, fund, actual, paid, stays):
    assert send(world, fund, typed(world, *map(str, actual))).status_code == 302

    text = page(world, fund, of="ccg")

    assert all(f"£{amount}" in text for amount in paid)
    assert "£1,686,680.00: 1,132 admissions fewer, £1,490.00 each" in text
    assert stays in text.partition("NHS Southwark CCG: ")[2][:80]
    assert [quarter.paid for quarter in selectors.recorded(fund).worked_out().quarters] == [
        Decimal(amount.replace(",", "")) for amount in paid
    ]


def test_a_count_that_is_missing_is_never_nought(world, fund):
    assert "Nothing is recorded yet" in page(world, fund)
    send(world, fund, typed(world, "7800") | {"state-2": "not_yet_available", "state-3": "missing"})

    text = page(world, fund)

    assert "not yet available" in text
    assert text.count("not known") == 9
    assert "so far; a later quarter may still release some of it" in text
    assert [row.state for row in PerformanceQuarter.objects.order_by("number")] == [
        "stated",
        "not_yet_available",
        "missing",
        "missing",
    ]


def test_what_is_wrong_is_said_at_its_place_and_nothing_is_saved(world, fund):
    for change in ({"unit": "0.001"}, {"baseline-2": "8.5"}, {"planned-1": "-1"}, {"nhs_partner": ""}, {"unit": ""}):
        answer = send(world, fund, typed(world, "7800") | change)
        assert (answer.status_code, "There is a problem" in answer.content.decode()) == (400, True), change
    send(world, fund, typed(world, "7800"))
    stale = send(world, fund, typed(world, "9999"))
    assert (stale.status_code, "Somebody saved other figures" in stale.content.decode()) == (409, True)
    assert PerformanceQuarter.objects.get(number=1).actual == 7800
    assert AuditEvent.objects.filter(kind="performance.recorded").count() == 1


def test_who_may_not_record_changes_nothing(world, fund):
    given = {"unit": Decimal(1490), "capped": True, "quarters": [QuarterCounts(1, 0, None, "missing")] * 4, "seen": ""}

    def record(person, *, of=fund, partner=world.ccg):
        services.record(fund_id=of.pk, nhs_partner=str(partner.pk), by=person, at=NOON, **given)

    with pytest.raises(Http404):
        record(world.person("finance", "hackney"))
    with pytest.raises(PermissionDenied):
        record(world.person("finance", "ccg"))
    with pytest.raises(services.NotOfThatYear):
        record(world.person("finance"), of=world.fund)
    with pytest.raises(Malformed):
        record(world.person("finance"), partner=world.hackney)
    record(world.person("finance"))
    with pytest.raises(ChangedMeanwhile):
        record(world.person("finance"))
    of_2014 = reverse("pooled_budgets:performance", args=[world.fund.pk])
    assert browser(world.person("finance")).get(of_2014).status_code == 404
    assert PerformancePay.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("performancepay", "unit = 0"),
        ("performancequarter", "number = 5"),
        ("performancequarter", "actual = 3"),
        ("performancequarter", "state = 'stated'"),
        ("performancequarter", "state = 'nil'"),
        ("performancequarter", "actual = -1, state = 'stated'"),
        ("performancequarter", "planned_reduction = -1"),
        ("performancequarter", "number = 1"),
    ],
)
def test_the_database_refuses(world, fund, table, values):
    send(world, fund, typed(world))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE pooled_budgets_{table} SET {values}")
