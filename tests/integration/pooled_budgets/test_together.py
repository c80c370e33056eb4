"""Two officers at once, each in a transaction of their own: nothing is lost, nothing is half done."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from integration_hub.core.errors import HubError
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Scheme
from pooled_budgets.policies import ImportNotOpen
from pooled_budgets.services import forecasts, plans
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON as AT

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run each in its own thread and connection, all released at one moment; the results in order."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=20)
            results[place] = act()
        except HubError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def save(world, number, amount, seen):
    entry = Entry(number, Figure.stated(Decimal(amount)), seen_figure=seen)
    return lambda: forecasts.record(
        fund=world.fund, period=world.period, entries=[entry], by=world.person("finance"), at=AT
    )


def amounts():
    return {row.scheme.number: row.amount for row in Forecast.objects.select_related("scheme")}


def test_record_different_schemes_at_once_keeps_both(world):
    world.person("finance")
    for number in ("1", "2"):
        SchemeFactory(fund=world.fund, number=number)

    results = together(save(world, "1", "10.00", ""), save(world, "2", "20.00", ""))

    assert [result.numbers for result in results] == [("1",), ("2",)]
    assert amounts() == {"1": Decimal("10.00"), "2": Decimal("20.00")}


def test_record_the_same_scheme_at_once_refuses_the_second_with_both_values(world):
    world.person("finance")
    SchemeFactory(fund=world.fund, number="1")

    results = together(save(world, "1", "10.00", ""), save(world, "1", "20.00", ""))

    refused = [result for result in results if isinstance(result, forecasts.FiguresChanged)]
    saved = [result for result in results if isinstance(result, forecasts.Saved)]
    assert (len(refused), len(saved)) == (1, 1)
    assert "£10.00" in refused[0].message
    assert "£20.00" in refused[0].message
    assert amounts()["1"] == (Decimal("10.00") if results[0] is saved[0] else Decimal("20.00"))


def test_confirm_twice_at_once_imports_once(world, stage):
    officer = world.person("finance")
    staged = stage()
    plans.correct(import_id=staged.pk, corrections={"D14": "214,000.00"}, by=officer, at=AT)

    def confirm():
        return plans.confirm(import_id=staged.pk, by=officer, at=AT + timedelta(minutes=1))

    results = together(confirm, confirm)

    assert sorted(type(result).__name__ for result in results) == ["ImportNotOpen", "StagedImport"]
    assert any(isinstance(result, ImportNotOpen) for result in results)
    assert Scheme.objects.filter(fund=world.fund).count() == 7
    assert Forecast.objects.count() == 7
