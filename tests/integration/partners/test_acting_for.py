"""The partner that somebody acts for in a session: it narrows and orders, and never opens anything."""

import pytest
from django.urls import reverse

from integration_hub.core import registry
from integration_hub.core.registry import Task
from partners import permissions
from partners.domain.roles import Permission, Role
from partners.models import User
from tests.factories.partners import give_role

ADDRESS = "/account/acting-for/"


@pytest.fixture
def both(world):
    """A finance officer of the council and of the CCG."""
    person = world.person("finance")
    give_role(person, world.ccg, Role.FINANCE)
    return person


@pytest.fixture
def waiting(world, monkeypatch):
    found = [Task("Council's task", "/", world.council.name), Task("CCG's task", "/", world.ccg.name)]
    monkeypatch.setattr(registry.tasks, "_providers", [lambda user, on: found])


def test_choosing_a_partner_shows_in_the_header_and_narrows_the_tasks(both, world, waiting, signed_in):
    client = signed_in(both)
    home = client.get("/").content.decode()
    assert "for NHS Southwark CCG and Southwark Council" in home
    assert "CCG&#x27;s task" in home

    assert client.post(ADDRESS, {"partner": str(world.council.pk)})["Location"] == "/account/"

    home = client.get("/").content.decode()
    assert "for Southwark Council" in home
    assert "Council&#x27;s task" in home
    assert "CCG&#x27;s task" not in home
    client.post(ADDRESS, {"partner": ""})
    assert "CCG&#x27;s task" in client.get("/").content.decode()


def test_a_partner_that_is_not_ones_own_is_400_and_not_kept(both, world, waiting, signed_in):
    client = signed_in(both)

    response = client.post(ADDRESS, {"partner": str(world.hackney.pk)})

    assert response.status_code == 400
    assert "Choose one of your partners" in response.content.decode()
    assert "acting_for" not in client.session


def test_a_choice_whose_role_ended_counts_no_more(both, world, waiting, signed_in):
    client = signed_in(both)
    client.post(ADDRESS, {"partner": str(world.ccg.pk)})
    both.memberships.filter(organisation=world.ccg).delete()

    assert "Council&#x27;s task" in client.get("/").content.decode()


def test_a_forged_choice_opens_nothing(world, signed_in):
    person = world.person("finance", "hackney")
    client = signed_in(person)
    session = client.session
    session["acting_for"] = str(world.council.pk)
    session.save()

    assert client.get(reverse("pooled_budgets:fund", args=[world.fund.pk])).status_code == 404
    assert client.get(reverse("partners:people", args=[world.council.pk])).status_code == 404
    assert "for London Borough of Hackney" in client.get("/account/").content.decode()


def test_acting_for_prefers_the_chosen_partner_and_takes_another_where_it_may_not(both, world):
    parties = [world.council, world.ccg]
    for chosen in parties:
        person = User.objects.get(pk=both.pk)
        person.acting_for = str(chosen.pk)
        assert permissions.acting_for(person, Permission.FORECAST_RECORD, among=parties) == chosen
    person.acting_for = str(world.hackney.pk)
    assert permissions.acting_for(person, Permission.FORECAST_RECORD, among=parties) == world.council


def test_account_page_offers_no_switch_to_somebody_with_one_partner(world, signed_in):
    assert "In this session" not in signed_in(world.person("finance")).get("/account/").content.decode()
