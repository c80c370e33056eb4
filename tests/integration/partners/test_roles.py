"""Roles: granted and ended by an administrator who is not that person, never below two administrators."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners import permissions, policies
from partners.domain.roles import Permission, Role
from partners.models import ApiToken, Membership, Organisation, Session, User
from partners.services import leaving, memberships, tokens
from tests.factories.partners import UserFactory, give_role


def grant(person, world, role=Role.METRICS, **given):
    values = {"organisation": world.council, "starts_on": timezone.localdate(), "by": world.person("admin")} | given
    return memberships.grant(person=person, role=role, at=timezone.now(), **values)


def end(membership, by, *, days=0, at_once=False):
    day = timezone.localdate() + timedelta(days=days)
    return memberships.end(
        membership_id=membership.pk, ends_on=day, reason="Moved on", at_once=at_once, by=by, at=timezone.now()
    )


def state():
    return (
        list(Membership.objects.order_by("pk").values_list("pk", "ends_on", "ended_at")),
        list(User.objects.order_by("pk").values_list("is_active", flat=True)),
        list(Session.objects.order_by("pk").values_list("pk", flat=True)),
        AuditEvent.objects.count(),
    )


def test_grant_to_oneself_is_refused(world):
    administrator = world.person("admin")
    before = state()

    with pytest.raises(policies.OwnRole, match="Nobody grants a role to themselves"):
        grant(administrator, world)

    assert state() == before


def test_grant_of_operator_is_refused_to_every_administrator(world):
    person, _ = world.person("finance"), world.person("admin")
    before = state()

    with pytest.raises(policies.NotAnAdministratorsToGive, match="those who run this installation"):
        grant(person, world, Role.OPERATOR)

    assert state() == before


def test_grant_twice_is_refused_with_the_days(world):
    person = world.person("finance")
    world.person("admin")
    before = state()

    with pytest.raises(memberships.RoleHeld, match="from 1 April 2009 without an end"):
        grant(person, world, Role.FINANCE)

    assert state() == before


def test_grant_keeps_the_capacity_of_an_approver_and_of_nobody_else(world):
    person = world.person("finance")

    approver = grant(person, world, Role.APPROVER, capacity="chief_finance_officer")

    assert approver.role_words == "Approver (chief finance officer)"
    with pytest.raises(ValueError, match="only an approver"):
        grant(person, world, Role.METRICS, capacity="chief_finance_officer")


def test_end_now_takes_the_right_away_at_once_and_the_role_can_be_given_again(world):
    person = world.person("finance")
    held = person.memberships.get()

    end(held, world.person("admin"), at_once=True)

    person = User.objects.get(pk=person.pk)
    assert not permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    assert not Organisation.objects.acted_for_by(person).exists()
    assert not person.groups.exists()
    grant(person, world, Role.FINANCE)
    assert permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)


def test_end_on_a_day_leaves_the_right_until_then(world):
    person = world.person("finance")

    end(person.memberships.get(), world.person("admin"), days=3)

    person = User.objects.get(pk=person.pk)
    assert permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    line = AuditEvent.objects.get(kind="membership.ended")
    assert line.after["ends_on"] == (timezone.localdate() + timedelta(days=3)).isoformat()


def test_end_of_the_last_but_one_administrator_is_refused_with_the_reason(world, second_administrator):
    held, administrator = second_administrator.memberships.get(), world.person("admin")
    before = state()

    for given in ({"at_once": True}, {"days": 30}):
        with pytest.raises(policies.TooFewAdministrators, match="left with 1 administrator, and a partner that has 2"):
            end(held, administrator, **given)

    assert state() == before


def test_end_of_an_administrator_while_the_others_role_ends_on_the_same_day_is_refused(world, second_administrator):
    third = UserFactory()
    give_role(third, world.council, Role.ADMIN)
    administrator = world.person("admin")
    end(third.memberships.get(), administrator, days=5)
    end_of_second = second_administrator.memberships.get()

    with pytest.raises(policies.TooFewAdministrators):
        end(end_of_second, administrator, days=5)


def test_end_of_the_only_administrator_is_not_kept_back_by_the_rule_of_two(world):
    administrator = world.person("admin")

    end(administrator.memberships.get(), administrator, days=1)

    assert administrator.memberships.get().ends_on == timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("role", "partner", "error"), [("finance", "council", PermissionDenied), ("admin", "hackney", Http404)]
)
def test_end_by_somebody_who_may_not_changes_nothing(world, role, partner, error):
    held, somebody = world.person("metrics").memberships.get(), world.person(role, partner)
    before = state()

    with pytest.raises(error):
        end(held, somebody)

    assert state() == before


def test_end_twice_is_refused(world):
    held, administrator = world.person("finance").memberships.get(), world.person("admin")
    end(held, administrator, at_once=True)
    before = state()

    with pytest.raises(memberships.AlreadyEnded):
        end(held, administrator)

    assert state() == before


# Leaving


def leave(person, world, by=None):
    by = by or world.person("admin")
    return leaving.leave(person=person, organisation=world.council, reason="Left", by=by, at=timezone.now())


def test_leave_ends_roles_sessions_and_tokens_and_closes_an_account_with_nothing_left(world, signed_in):
    person = world.person("finance")
    grant(person, world, Role.METRICS)
    client = signed_in(person)
    token = tokens.make(name="x", scopes=tokens.READ_ONLY, lasts=timedelta(days=1), by=person, at=timezone.now()).token
    assert client.get("/account/").status_code == 200

    leave(person, world)

    assert client.get("/account/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    person.refresh_from_db()
    assert not person.is_active
    line = AuditEvent.objects.get(kind="person.left")
    assert line.before == {"roles": ["Finance officer", "Metrics officer"]}
    assert line.partner_id == str(world.council.pk)
    # Whether an account is closed is no partner's to know: it tells that there is nothing elsewhere.
    assert AuditEvent.objects.get(kind="person.closed").partner_id == ""


def test_leave_one_of_two_partners_signs_out_and_keeps_the_account(world, signed_in):
    person = world.person("finance")
    give_role(person, world.ccg, Role.METRICS)
    client = signed_in(person)

    leave(person, world)

    assert client.get("/account/").status_code == 302
    person = User.objects.get(pk=person.pk)
    assert person.is_active
    assert list(Organisation.objects.acted_for_by(person)) == [world.ccg]
    assert signed_in(person).get("/account/").status_code == 200


def test_leave_keeps_the_account_of_somebody_who_sits_on_a_board(world):
    person = world.sitting_member()
    give_role(person, world.council, Role.MEMBER)

    leave(person, world)

    person.refresh_from_db()
    assert person.is_active


def test_leave_of_the_last_but_one_administrator_is_refused(world, second_administrator):
    world.person("admin")
    before = state()

    with pytest.raises(policies.TooFewAdministrators):
        leave(second_administrator, world)

    assert state() == before


def test_leave_by_oneself_or_twice_is_refused(world):
    administrator = world.person("admin")
    with pytest.raises(policies.OwnRole):
        leave(administrator, world)
    person = world.person("finance")
    leave(person, world)
    before = state()

    with pytest.raises(policies.NotAmongThePeople, match="holds no role in Southwark Council any more"):
        leave(person, world)

    assert state() == before


def test_giving_a_leaver_a_role_again_opens_the_account(world, signed_in):
    person = world.person("finance")
    leave(person, world)
    client = signed_in(world.person("admin"))
    address = reverse("partners:role_grant", args=[world.council.pk, person.pk])

    response = client.post(address, {"role": "metrics", "starts_on": f"{timezone.localdate():%d/%m/%Y}"})

    assert response["Location"] == reverse("partners:person", args=[world.council.pk, person.pk])
    person.refresh_from_db()
    assert person.is_active
    assert person.reopened_at is not None
    assert ApiToken.objects.usable(timezone.now()).filter(person=person).count() == 0


def test_leave_page_names_what_waits_in_this_partner_alone(world, signed_in, monkeypatch):
    from integration_hub.core import registry
    from integration_hub.core.registry import Task

    person = world.person("finance")
    give_role(person, world.ccg, Role.FINANCE)
    asked = [
        Task("Enter the outturns of quarter 1", "/", world.council.name),
        Task("Something of the other partner", "/", world.ccg.name),
    ]
    monkeypatch.setattr(registry.tasks, "_providers", [lambda user, on: asked])

    page = (
        signed_in(world.person("admin"))
        .get(reverse("partners:person_leaves", args=[world.council.pk, person.pk]))
        .content.decode()
    )

    assert "Enter the outturns of quarter 1" in page
    assert "Something of the other partner" not in page


# Pages


def test_people_page_shows_days_and_invitations_to_administrators_and_auditors_alone(world, signed_in):
    address = reverse("partners:people", args=[world.council.pk])
    for role in ("admin", "auditor", "finance"):
        page = signed_in(world.person(role)).get(address).content.decode()
        assert "Finance officer" in page or role != "finance"
        assert ("from 1 April 2009" in page) is (role != "finance")
        assert ("Invitations" in page) is (role != "finance")
        assert ("Invite somebody" in page) is (role == "admin")
    assert signed_in(world.person("admin", "ccg")).get(address).status_code == 404


def test_people_page_tells_of_a_partner_with_one_administrator(world, signed_in, second_administrator):
    address = reverse("partners:people", args=[world.council.pk])
    client = signed_in(second_administrator)
    assert "has fewer than two administrators" in client.get(address).content.decode()

    world.person("admin")

    assert "has fewer than two administrators" not in client.get(address).content.decode()


def test_people_page_lists_those_who_left_when_asked(world, signed_in):
    person = world.person("finance")
    leave(person, world)
    client, address = signed_in(world.person("admin")), reverse("partners:people", args=[world.council.pk])

    assert "Finance of council" not in client.get(address).content.decode()
    assert "Finance of council" in client.get(address, {"who": "former"}).content.decode()


def test_home_reminds_of_a_second_administrator_and_only_administrators(world, signed_in, second_administrator):
    words = "Appoint a second administrator"
    assert words in signed_in(second_administrator).get("/").content.decode()
    assert words not in signed_in(world.person("finance")).get("/").content.decode()
    world.person("admin")
    assert words not in signed_in(second_administrator).get("/").content.decode()
