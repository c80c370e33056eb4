"""Lists by year: loaded again and again, corrected by whoever keeps the register, and the correction stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from pooled_budgets.domain.value_lists import shipped
from pooled_budgets.models import Allocation, FundingStream, ListValue
from pooled_budgets.selectors import value_lists as selectors
from pooled_budgets.services import value_lists
from tests.factories.partners import NOON


def load():
    return value_lists.load(at=NOON, system="test")


def test_loading_again_changes_nothing_and_a_correction_stays(world):
    assert load() == len(shipped().streams) + len(shipped().values)
    row = ListValue.objects.get(financial_year=2023, kind="provider", name="NHS")
    changes = {"name": "National Health Service", "source": "The template", "checked": True}
    operator = world.person("operator")

    value_lists.correct_value(value_id=row.pk, **changes, seen="NHS", reason="As printed", by=operator, at=NOON)

    assert load() == 0
    row.refresh_from_db()
    assert (row.name, row.checked) == ("National Health Service", True)
    assert "National Health Service" in selectors.lists_of(2023).choices("provider")
    line = AuditEvent.objects.get(kind="list_value.corrected")
    assert (line.before["name"], line.after["name"], line.reason) == ("NHS", "National Health Service", "As printed")


def test_a_year_without_a_file_is_not_loaded(world):
    load()

    assert not selectors.lists_of(2030).is_loaded
    assert not selectors.streams(2030).exists()
    # In 2020/21 no plan was sent: its streams are known, and no lists.
    assert not selectors.lists_of(2020).is_loaded
    assert selectors.streams(2020).filter(key="ibcf").exists()
    assert selectors.lists_of(2023).choices("output_unit", "Carers Services") == ["Number of beneficiaries"]


def test_correcting_is_refused_to_finance_and_where_somebody_else_was_faster(world):
    load()
    stream = FundingStream.objects.get(financial_year=2017, key="ibcf")
    changes = {"name": "iBCF", "ring_fence": "la_grants", "source": "The template", "checked": False}
    given = {"stream_id": stream.pk, **changes, "reason": "Shorter", "at": NOON}

    with pytest.raises(PermissionDenied):
        value_lists.correct_stream(**given, seen=stream.name, by=world.person("finance"))
    with pytest.raises(ChangedMeanwhile, match="you saw “Older”; it is now “Improved Better Care Fund”"):
        value_lists.correct_stream(**given, seen="Older", by=world.person("operator"))
    stream.refresh_from_db()
    assert stream.name == "Improved Better Care Fund"

    value_lists.correct_stream(**given, seen=stream.name, by=world.person("operator"))

    stream.refresh_from_db()
    assert stream.name == "iBCF"


def test_a_name_stands_once_in_its_list(world):
    load()
    row = ListValue.objects.get(financial_year=2023, kind="provider", name="NHS")
    given = {"name": "Private Sector", "source": "A", "checked": False, "seen": "NHS", "reason": "Slip"}

    with pytest.raises(value_lists.NameTaken, match="has “Private Sector” already"):
        value_lists.correct_value(value_id=row.pk, **given, by=world.person("operator"), at=NOON)


def test_published_amounts_are_dated_and_the_latest_known_holds(world):
    given = {"area_id": world.area.pk, "financial_year": 2014, "kind": "nhs_minimum", "source": "A table", "at": NOON}
    operator = world.person("operator")
    for day, amount in ((date(2014, 1, 10), "900.00"), (date(2014, 6, 1), "1000.00")):
        value_lists.announce(**given, amount=Decimal(amount), known_from=day, by=operator)

    with pytest.raises(value_lists.AllocationKnown):
        value_lists.announce(**given, amount=Decimal(1), known_from=date(2014, 6, 1), by=operator)
    with pytest.raises(PermissionDenied):
        value_lists.announce(**given, amount=Decimal(1), known_from=date(2014, 7, 1), by=world.person("finance"))

    assert Allocation.objects.count() == 2
    held = {day: selectors.allocations_of(world.fund, on=day) for day in (date(2014, 1, 9), date(2014, 5, 31))}
    assert held == {date(2014, 1, 9): {}, date(2014, 5, 31): {"nhs_minimum": Decimal("900.00")}}
    assert selectors.allocations_of(world.fund, on=date(2014, 6, 1)) == {"nhs_minimum": Decimal("1000.00")}
