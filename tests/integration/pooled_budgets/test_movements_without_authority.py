"""Movements that name no authority are listed for whoever may read them, and for nobody else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q
from django.urls import reverse

from governance.selectors import movements
from pooled_budgets.presenters.virements import MOVEMENTS
from pooled_budgets.services import virements
from tests.factories.authority import decision, delegation
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON


@pytest.fixture
def prepared(world, monkeypatch):
    """A virement, which names no authority before it is approved, told as if it had moved its money already."""
    source, target = (SchemeFactory(fund=world.fund, name=f"=Scheme {n}", number=str(n)).lines.get() for n in (1, 2))
    told = replace(MOVEMENTS, counts=Q(), on="effective_on")
    monkeypatch.setattr(movements, "_kinds", {"virement": told})
    return virements.prepare(
        fund_id=world.fund.pk,
        from_line=source.pk,
        to_line=target.pk,
        amount=Decimal("400.00"),
        reason="Carers",
        effective_on=date(2014, 8, 1),
        by=world.person("finance"),
        at=NOON,
    )


@pytest.mark.parametrize(("role", "partner", "sees"), [("member", "ccg", True), ("finance", "hackney", False)])
def test_the_list_and_its_file_show_what_the_reader_may_read(world, prepared, client, role, partner, sees):
    client.force_login(world.person(role, partner), backend="partners.backends.EmailBackend")

    listed = client.get(reverse("pooled_budgets:authority"))
    file = client.get(reverse("pooled_budgets:authority"), {"format": "csv"})

    assert ("Virement 1: from" in listed.text) == sees
    assert ("£400.00" in listed.text) == sees
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Fund,Financial year,Kind,What,Day,Pounds,Why")
    assert len(lines) == (2 if sees else 1)
    assert not sees or lines[1].endswith("2014-08-01,400.00,Names no decision or delegation")


def test_the_list_of_one_fund_has_nothing_of_another(world, prepared, client):
    other = SchemeFactory(fund__agreement=world.agreement, fund__owner=world.council, fund__name="Other").fund
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")

    assert "Virement 1" in client.get(reverse("pooled_budgets:fund_authority", args=[world.fund.pk])).text
    assert "Virement 1" not in client.get(reverse("pooled_budgets:fund_authority", args=[other.pk])).text


@pytest.mark.parametrize(("ended_on", "is_listed"), [(date(2014, 8, 2), False), (date(2014, 8, 1), True)])
def test_a_movement_is_listed_where_its_authority_was_taken_back_from_that_day(world, prepared, ended_on, is_listed):
    reader = world.person("finance")
    prepared.decision = made = decision(world)
    prepared.save(update_fields=["decision"])
    assert movements.without_authority(reader) == []

    made.ended_on, made.ended_reason, made.ended_by_name = ended_on, "Withdrawn", "Clerk"
    made.save()
    told = [found.why for found in movements.without_authority(reader)]
    assert told == ([f"{made} allows nothing from 1 August 2014: Withdrawn"] if is_listed else [])


@pytest.mark.parametrize(("ended_on", "is_listed"), [(date(2014, 8, 2), False), (date(2014, 8, 1), True)])
def test_a_movement_is_listed_where_the_decision_under_its_delegation_was_rescinded(
    world, prepared, ended_on, is_listed
):
    made = decision(world)
    prepared.delegation = given = delegation(world, granted_by=made, scheme_text="", starts_on=NOON.date())
    prepared.save(update_fields=["delegation"])
    made.ended_on, made.ended_reason, made.ended_by_name = ended_on, "Called in", "Clerk"
    made.save()

    told = [found.why for found in movements.without_authority(world.person("finance"))]

    words = f"{given} rests on {made}, which allows nothing from 1 August 2014: Called in"
    assert told == ([words] if is_listed else [])


def test_without_a_movement_the_list_says_so(world, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")

    assert "Each movement names what allowed it." in client.get(reverse("pooled_budgets:authority")).text
