"""Accounts are made by an administrator of a partner or by set-up, never twice, never as demonstration by a person."""

import pytest
from django.core.exceptions import PermissionDenied

from integration_hub.core.models import AuditEvent
from partners.models import OrganisationArea, User
from partners.services import organisations, people
from tests.factories.partners import NOON


def test_create_person_by_an_administrator_makes_an_account_that_cannot_sign_in_yet(world):
    administrator = world.person("admin")
    lines = AuditEvent.objects.count()

    person = people.create_person(
        email=" New.Officer@Council.example ", name="New officer", partner=world.council, by=administrator, at=NOON
    )

    assert person.email == "new.officer@council.example"
    assert not person.has_usable_password()
    assert not person.is_demonstration
    line = AuditEvent.objects.get(kind="person.created")
    assert (line.actor_id, line.partner_id) == (str(administrator.pk), str(world.council.pk))
    assert AuditEvent.objects.count() == lines + 1


@pytest.mark.parametrize(("role", "partner"), [("finance", "council"), ("admin", "hackney")])
def test_create_person_by_somebody_who_may_not_changes_nothing(world, role, partner):
    somebody = world.person(role, partner)
    before = User.objects.count(), AuditEvent.objects.count()

    with pytest.raises(PermissionDenied):
        people.create_person(email="x@council.example", name="X", partner=world.council, by=somebody, at=NOON)

    assert (User.objects.count(), AuditEvent.objects.count()) == before


def test_create_person_with_an_address_that_is_taken_is_refused(world):
    world.person("finance")
    before = User.objects.count()

    with pytest.raises(people.AddressTaken, match="Give that person the role instead"):
        people.create_person(email="FINANCE@council.example", name="X", by=None, at=NOON, system="test")

    assert User.objects.count() == before


@pytest.mark.parametrize("demo", [True, False])
def test_create_person_as_demonstration_by_a_person_or_without_demo_is_refused(world, settings, demo):
    administrator = world.person("admin")
    settings.DEMO = demo

    with pytest.raises(people.NoDemonstrationHere):
        people.create_person(
            email="x@council.example",
            name="X",
            partner=world.council,
            demonstration=True,
            by=administrator if demo else None,
            at=NOON,
            system="" if demo else "test",
        )

    assert not User.objects.filter(email="x@council.example").exists()


def test_register_gives_the_areas_served_and_one_audit_line(world):
    organisation = organisations.register(
        key="both", name="NHS Both CCG", kind="ccg", areas=[world.area], note="Serves two", at=NOON, system="test"
    )

    assert [link.area for link in OrganisationArea.objects.filter(organisation=organisation)] == [world.area]
    assert AuditEvent.objects.get(kind="organisation.registered").after["areas"] == ["Southwark"]


def test_register_area_leaves_one_audit_line(world):
    area = organisations.register_area(name="Lambeth", ons_code="E09000022", at=NOON, system="test")

    assert AuditEvent.objects.get(kind="area.registered").target_id == str(area.pk)
