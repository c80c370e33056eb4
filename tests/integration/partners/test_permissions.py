"""Who may act: roles give exactly what the table says, through guardian's grants, from a day to a day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from guardian.models import GroupObjectPermission

from integration_hub.core.models import AuditEvent
from partners import permissions
from partners.domain.roles import ROLE_PERMISSIONS
from partners.models import Membership, Organisation, User
from partners.permissions import Permission, Role
from partners.services import memberships
from tests.factories.partners import NOON, UserFactory, give_role


@pytest.mark.parametrize("role", list(Role))
def test_can_each_role_allows_exactly_what_the_table_says(world, role):
    person = world.person(role.value)

    allowed = {
        permission for permission in Permission if permissions.can(person, permission, organisation=world.council)
    }

    assert allowed == ROLE_PERMISSIONS[role]


def test_can_in_another_organisation_is_refused(world):
    person = world.person("finance")

    assert not any(permissions.can(person, permission, organisation=world.ccg) for permission in Permission)
    with pytest.raises(PermissionDenied, match="NHS Southwark CCG"):
        permissions.require(person, Permission.FORECAST_RECORD, organisation=world.ccg)


def test_can_all_questions_of_a_request_cost_one_query(world, django_assert_num_queries):
    person = User.objects.get(pk=world.person("finance").pk)
    permissions.can(world.person("metrics"), Permission.AUDIT_READ, organisation=world.council)  # content type cached

    with django_assert_num_queries(1):
        for permission in Permission:
            permissions.can(person, permission, organisation=world.council)
            permissions.can(person, permission, organisation=world.ccg)


def test_can_for_a_deactivated_person_is_refused_and_reads_nothing(world):
    person = world.person("finance")
    person.is_active = False
    person.save()
    permissions.forget(person)

    assert not permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    assert not Organisation.objects.acted_for_by(person).exists()


def test_can_after_the_last_day_of_a_membership_is_refused_even_before_the_nightly_job(world):
    person = UserFactory()
    give_role(person, world.council, Role.FINANCE)
    Membership.objects.filter(person=person).update(ends_on=timezone.localdate() - timedelta(days=1))
    permissions.forget(person)

    assert not permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    assert not Organisation.objects.acted_for_by(person).exists()


def test_operator_reads_no_partner(world):
    assert not Organisation.objects.acted_for_by(world.person("operator")).exists()


def test_grant_by_somebody_without_the_right_changes_nothing(world):
    before = Membership.objects.count(), GroupObjectPermission.objects.count(), AuditEvent.objects.count()
    person = UserFactory()
    outsider = world.person("admin", "hackney")
    after_people = Membership.objects.count(), GroupObjectPermission.objects.count(), AuditEvent.objects.count()

    with pytest.raises(PermissionDenied):
        memberships.grant(
            person=person,
            organisation=world.council,
            role=Role.FINANCE,
            starts_on=NOON.date(),
            by=outsider,
            at=NOON,
        )

    assert before != after_people
    assert (
        Membership.objects.count(),
        GroupObjectPermission.objects.count(),
        AuditEvent.objects.count(),
    ) == after_people
    assert not person.groups.exists()


def test_grant_leaves_one_audit_line_and_end_takes_the_right_away(world):
    person = UserFactory()
    administrator = world.person("admin")
    lines = AuditEvent.objects.count()

    membership = memberships.grant(
        person=person,
        organisation=world.council,
        role=Role.FINANCE,
        starts_on=NOON.date(),
        by=administrator,
        at=NOON,
    )
    assert AuditEvent.objects.count() == lines + 1
    assert permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)

    memberships.end(
        membership_id=membership.pk,
        ends_on=timezone.localdate() - timedelta(days=1),
        reason="Moved on",
        by=administrator,
        at=timezone.now(),
    )
    permissions.forget(person)
    assert not permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    assert not person.groups.exists()


def test_memberships_and_guardian_agree(world):
    """What the table says for the memberships in force is what guardian holds for their groups, and nothing else."""
    for role in Role:
        world.person(role.value)

    for group in Group.objects.all():
        key, role = group.name.split(":")
        held = GroupObjectPermission.objects.filter(group=group)
        assert {row.permission.codename for row in held} == {p.value for p in ROLE_PERMISSIONS[Role(role)]}
        assert {row.object_pk for row in held} <= {key}
        members = set(Membership.objects.filter(group=group).values_list("person", flat=True))
        assert set(group.user_set.values_list("pk", flat=True)) == members


def test_overlapping_memberships_of_one_role_are_refused_by_the_database(world):
    person = world.person("finance")

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        Membership.objects.create(
            person=person,
            organisation=world.council,
            role="finance",
            group=person.groups.get(),
            starts_on=NOON.date(),
        )


def test_nobody_can_be_made_superuser(world):
    with pytest.raises(PermissionDenied):
        User.objects.create_superuser("root@partner.example", "x")
    with pytest.raises(IntegrityError, match="user_no_superuser"), transaction.atomic():
        User.objects.filter(pk=world.person("admin").pk).update(is_superuser=True)
