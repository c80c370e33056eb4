"""Dated deputies: what was named and may be delegated, for the days named, in one's own name."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from integration_hub.core import audit
from integration_hub.core.models import AuditEvent
from integration_hub.core.services import service
from partners import permissions, policies
from partners.domain.roles import DELEGABLE, NOT_DELEGABLE, ROLE_PERMISSIONS, Permission, Role
from partners.models import Deputy, Membership, User
from partners.selectors import memberships
from partners.services import agreement_check, deputies, leaving
from tests.factories.partners import UserFactory, give_role

TODAY = timezone.localdate


@pytest.fixture
def stand_in(world):
    """Let the council's metrics officer stand in for one of its roles."""

    def appoint(role="approver", wanted=(Permission.RETURN_SIGN,), first=0, last=7, **given):
        principal = world.person(role)
        values = {
            "membership_id": principal.memberships.get(role=role).pk,
            "person": world.person("metrics"),
            "wanted": list(wanted),
            "starts_on": TODAY() + timedelta(days=first),
            "ends_on": TODAY() + timedelta(days=last),
            "by": principal,
            "at": timezone.now(),
        } | given
        return deputies.appoint(**values)

    return appoint


def fresh(person):
    return User.objects.get(pk=person.pk)


def may(person, permission, organisation):
    return permissions.can(fresh(person), permission, organisation=organisation)


def test_every_permission_can_be_delegated_or_says_why_not():
    assert DELEGABLE | set(NOT_DELEGABLE) == set(Permission)
    assert not DELEGABLE & set(NOT_DELEGABLE)


def test_deputy_may_do_what_was_named_and_nothing_else_of_the_role(world, stand_in):
    stand_in()
    person = world.person("metrics")

    assert may(person, Permission.RETURN_SIGN, world.council)
    allowed = {permission for permission in Permission if may(person, permission, world.council)}
    assert allowed == ROLE_PERMISSIONS[Role.METRICS] | {Permission.RETURN_SIGN}
    assert not may(person, Permission.RETURN_SIGN, world.ccg)


@pytest.mark.parametrize(("first", "last", "expected"), [(0, 0, True), (1, 7, False)])
def test_deputy_counts_from_the_first_day_to_the_last(world, stand_in, first, last, expected):
    stand_in(first=first, last=last)

    assert may(world.person("metrics"), Permission.RETURN_SIGN, world.council) is expected


def test_deputy_whose_days_are_over_may_no_more(world, stand_in):
    deputy = stand_in()
    Deputy.objects.filter(pk=deputy.pk).update(
        starts_on=TODAY() - timedelta(days=2), ends_on=TODAY() - timedelta(days=1)
    )

    assert not may(world.person("metrics"), Permission.RETURN_SIGN, world.council)


@pytest.mark.parametrize("ended", ["principal's role", "principal's account", "deputy's own role"])
def test_deputy_ends_with_either_ones_place_in_the_partner(world, stand_in, ended):
    stand_in()
    if ended == "principal's account":
        User.objects.filter(pk=world.person("approver").pk).update(is_active=False)
    else:
        person = world.person("approver" if ended == "principal's role" else "metrics")
        Membership.objects.filter(person=person).update(ends_on=TODAY() - timedelta(days=1))

    assert not may(world.person("metrics"), Permission.RETURN_SIGN, world.council)


def test_all_questions_of_a_request_still_cost_one_query(world, stand_in, django_assert_num_queries):
    stand_in()
    person = fresh(world.person("metrics"))
    permissions.can(world.person("finance"), Permission.AUDIT_READ, organisation=world.council)  # content type cached

    with django_assert_num_queries(1):
        for permission in Permission:
            permissions.can(person, permission, organisation=world.council)
        assert permissions.deputy_for(person, Permission.RETURN_SIGN, organisation=world.council)


def test_deputy_to_sign_needs_a_second_factor(world, stand_in):
    person = UserFactory(email="own@council.example", is_demonstration=False)
    give_role(person, world.council, Role.METRICS)
    assert not memberships.standing(fresh(person)).lacks_second_factor

    stand_in(person=person)

    assert memberships.standing(fresh(person)).lacks_second_factor


@pytest.mark.parametrize("capacity", ["section_151_officer", "accountable_officer"])
def test_signature_of_a_capacity_held_in_person_is_refused_with_the_reason(world, stand_in, capacity):
    world.person("approver").memberships.update(capacity=capacity)
    world.person("metrics")
    lines = AuditEvent.objects.count()

    with pytest.raises(policies.CannotBeDelegated, match=r"cannot be delegated, because .* in person"):
        stand_in()

    assert not Deputy.objects.exists()
    assert AuditEvent.objects.count() == lines
    assert stand_in(wanted=[Permission.RETURN_EXPORT]).permissions == ["return_export"]


def test_a_capacity_that_came_later_stops_the_deputy_and_the_nightly_check_tells(world, stand_in):
    stand_in()
    assert agreement_check.differences(on=TODAY()) == []

    world.person("approver").memberships.update(capacity="section_151_officer")

    assert not may(world.person("metrics"), Permission.RETURN_SIGN, world.council)
    (found,) = agreement_check.differences(on=TODAY())
    assert "named deputy to return_sign" in found.words


@pytest.mark.parametrize("permission", sorted(set(NOT_DELEGABLE) & ROLE_PERMISSIONS[Role.ADMIN]))
def test_what_is_never_delegated_is_refused_with_the_reason(world, stand_in, permission):
    world.person("metrics")

    with pytest.raises(policies.CannotBeDelegated, match="because"):
        stand_in(role="admin", wanted=[permission])

    assert not Deputy.objects.exists()


@pytest.mark.parametrize("permission", sorted(ROLE_PERMISSIONS[Role.OPERATOR]))
def test_operator_has_no_deputy(world, stand_in, permission):
    assert permission in NOT_DELEGABLE

    with pytest.raises(Http404):
        stand_in(role="operator", wanted=[permission])

    assert not Deputy.objects.exists()


def test_what_the_role_does_not_give_is_refused(stand_in):
    with pytest.raises(policies.CannotBeDelegated, match="cannot do this as approver"):
        stand_in(wanted=[Permission.PLAN_IMPORT])

    assert not Deputy.objects.exists()


@pytest.mark.parametrize(
    ("person", "by", "error"),
    [
        (("approver", "council"), ("approver", "council"), policies.OwnRole),
        (("admin", "council"), ("admin", "council"), policies.OwnRole),
        (("finance", "hackney"), ("approver", "council"), policies.NotAmongThePeople),
        (("metrics", "council"), ("finance", "council"), PermissionDenied),
        (("metrics", "council"), ("admin", "ccg"), Http404),
        (("operator", "council"), ("approver", "council"), policies.NotAmongThePeople),
    ],
)
def test_appointing_oneself_a_stranger_or_without_the_right_is_refused(world, stand_in, person, by, error):
    world.person("approver"), world.person("metrics")
    person, by = world.person(*person), world.person(*by)
    lines = AuditEvent.objects.count()

    with pytest.raises(error):
        stand_in(person=person, by=by)

    assert not Deputy.objects.exists()
    assert AuditEvent.objects.count() == lines


def test_appointing_twice_or_for_too_long_is_refused(world, stand_in):
    stand_in()

    with pytest.raises(deputies.DeputyStandsAlready):
        stand_in(first=7, last=9)
    with pytest.raises(deputies.OutsideTheRole, match="a year at the most"):
        stand_in(first=10, last=400)
    world.person("approver").memberships.update(ends_on=TODAY() + timedelta(days=20))
    with pytest.raises(deputies.OutsideTheRole, match="Choose days within it"):
        stand_in(first=10, last=30)

    assert Deputy.objects.count() == 1


def test_end_takes_the_right_away_at_once_and_another_can_begin(world, stand_in):
    deputy = stand_in()

    deputies.end(deputy_id=deputy.pk, by=world.person("admin"), at=timezone.now())

    assert not may(world.person("metrics"), Permission.RETURN_SIGN, world.council)
    assert AuditEvent.objects.filter(kind="deputy.ended").count() == 1
    stand_in()
    assert may(world.person("metrics"), Permission.RETURN_SIGN, world.council)


def test_leaving_ends_deputies_at_both_ends(world, stand_in):
    deputy = stand_in()

    leaving.leave(
        person=world.person("metrics"),
        organisation=world.council,
        reason="Left",
        by=world.person("admin"),
        at=timezone.now(),
    )

    deputy.refresh_from_db()
    assert deputy.ended_at is not None


def test_audit_line_names_whom_the_deputy_stood_in_for_and_only_there(world, stand_in):
    stand_in()
    person = fresh(world.person("metrics"))

    @service
    def act(permission):
        permissions.require(person, permission, organisation=world.council)
        now = timezone.now()
        return [
            audit.record("x.done", target=world.council, by=person, partner=partner, at=now).actor_name
            for partner in (world.council, world.ccg)
        ]

    assert act(Permission.RETURN_SIGN) == ["Metrics of council for Approver of council", "Metrics of council"]
    assert act(Permission.FIGURE_RECORD) == ["Metrics of council", "Metrics of council"]


def test_deputys_name_in_a_request_stands_beside_the_others(world, stand_in, rf):
    stand_in()
    request = rf.get("/")
    # As a request has it: wrapped, until somebody asks who it is.
    request.user = SimpleLazyObject(lambda: fresh(world.person("metrics")))

    permissions.require(request.user, Permission.RETURN_SIGN, organisation=world.council)

    assert request.user.acting_name(world.council) == "Metrics of council for Approver of council"


def test_deputy_of_somebody_who_signs_in_person_is_told_why_they_may_not_sign(world, stand_in):
    world.person("approver").memberships.update(capacity="section_151_officer")
    stand_in(wanted=[Permission.RETURN_EXPORT])
    person = fresh(world.person("metrics"))
    why = "deputy of Approver of council, who signs in person: the section 151 officer answers in person"

    with pytest.raises(PermissionDenied, match=why):
        permissions.require(person, Permission.RETURN_SIGN, organisation=world.council)
    with pytest.raises(PermissionDenied, match=why):
        permissions.acting_for(person, Permission.RETURN_SIGN, among=[world.council])
    with pytest.raises(PermissionDenied, match=r"can grant it\.$"):
        permissions.require(person, Permission.MEMBERSHIP_GRANT, organisation=world.council)


def test_page_appoints_names_what_cannot_be_delegated_and_ends(world, signed_in):
    world.person("approver").memberships.update(capacity="section_151_officer")
    held, person = world.person("approver").memberships.get(), world.person("metrics")
    client = signed_in(world.person("admin"))
    address = reverse("partners:deputy_new", args=[held.pk])
    page = client.get(address).content.decode()
    assert "the section 151 officer answers in person" in page
    days = {"starts_on": f"{TODAY():%d/%m/%Y}", "ends_on": f"{TODAY():%d/%m/%Y}"}

    assert client.post(address, {"person": person.pk, "permissions": "return_sign"} | days).status_code == 400
    assert not Deputy.objects.exists()
    assert client.post(address, {"person": person.pk, "permissions": "return_export"} | days).status_code == 302

    people = reverse("partners:people", args=[world.council.pk])
    assert "Deputy for Approver of council" in client.get(people).content.decode()
    client.post(reverse("partners:deputy_end", args=[Deputy.objects.get().pk]))
    assert "Deputy for Approver of council" not in client.get(people).content.decode()
