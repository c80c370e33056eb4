"""The nightly check: the membership table and guardian's grants say the same, or the difference is told."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from guardian.models import GroupObjectPermission, UserObjectPermission

from governance.models import Board
from integration_hub.celery import TIMETABLE
from integration_hub.core import jobs
from integration_hub.core.models import AuditEvent, Job
from partners import tasks
from partners.domain.roles import Role
from partners.models import ApiToken, Membership, Organisation, Session
from partners.services import agreement_check, memberships, tidying, tokens
from tests.factories.partners import NOON, UserFactory, give_role

NOW = timezone.now()


@pytest.fixture
def agreed(world):
    """Somebody in every role, all written by the service."""
    for role in Role:
        world.person(role.value)
        world.person(role.value, "ccg")
    assert agreement_check.differences(on=timezone.localdate()) == []
    return world


def permission_of(codename: str) -> DjangoPermission:
    return DjangoPermission.objects.get(codename=codename, content_type=ContentType.objects.get_for_model(Organisation))


def break_place_without_membership(world):
    group = world.person("approver").groups.get()
    UserFactory(email="smuggled@partner.example").groups.add(group)
    return "without a membership"


def break_membership_without_place(world):
    world.person("finance").groups.clear()
    return "without its grants"


def break_grant_missing(world):
    group = world.person("finance").groups.get()
    GroupObjectPermission.objects.filter(group=group, permission__codename="plan_import").delete()
    return "may not plan_import, which the role gives"


def break_grant_too_many(world):
    group = world.person("member").groups.get()
    GroupObjectPermission.objects.create(
        group=group,
        permission=permission_of("return_sign"),
        content_type=ContentType.objects.get_for_model(Organisation),
        object_pk=str(world.council.pk),
    )
    return f"may return_sign for {world.council.pk}, which the role does not give"


def break_grant_on_another_organisation(world):
    group = world.person("finance").groups.get()
    GroupObjectPermission.objects.create(
        group=group,
        permission=permission_of("plan_import"),
        content_type=ContentType.objects.get_for_model(Organisation),
        object_pk=str(world.hackney.pk),
    )
    return f"may plan_import for {world.hackney.pk}"


def break_grant_to_one_person(world):
    UserObjectPermission.objects.create(
        user=world.person("member"),
        permission=permission_of("return_sign"),
        content_type=ContentType.objects.get_for_model(Organisation),
        object_pk=str(world.council.pk),
    )
    return "has a grant of their own: return_sign"


def break_grant_on_something_else(world):
    grant = GroupObjectPermission(
        group=world.person("finance").groups.get(),
        permission=permission_of("plan_import"),
        content_type=ContentType.objects.get_for_model(Board),
        object_pk=str(world.board.pk),
    )
    GroupObjectPermission.objects.bulk_create([grant])  # guardian's own save() refuses it
    return "on something that is no organisation"


def break_permission_everywhere_for_a_person(world):
    world.person("member").user_permissions.add(permission_of("return_sign"))
    return "may return_sign everywhere"


def break_permission_everywhere_for_a_group(world):
    world.person("member").groups.get().permissions.add(permission_of("return_sign"))
    return "may return_sign everywhere"


def break_group_of_no_role(world):
    Group.objects.create(name="superusers")
    return "the group superusers belongs to no role"


def break_membership_in_another_group(world):
    other = world.person("approver").groups.get()
    Membership.objects.filter(person=world.person("member")).update(group=other)
    return "names the group of another role"


BREAKS = [value for name, value in list(globals().items()) if name.startswith("break_")]


@pytest.mark.parametrize("break_it", BREAKS, ids=lambda function: function.__name__.removeprefix("break_"))
def test_report_tells_each_difference_in_log_and_audit(agreed, break_it, caplog):
    words = break_it(agreed)
    before = AuditEvent.objects.count()

    found = agreement_check.report(at=NOW)

    assert any(words in difference.words for difference in found)
    assert words in caplog.text
    lines = AuditEvent.objects.filter(kind="agreement.differs")
    assert AuditEvent.objects.count() - before == lines.count() == len(found)
    assert {line.system for line in lines} == {"nightly check"}
    assert any(words in line.after["difference"] for line in lines)


def test_report_where_all_agree_writes_no_audit_line(agreed, caplog):
    before = AuditEvent.objects.count()

    with caplog.at_level(logging.INFO):
        assert agreement_check.report(at=NOW) == []

    assert AuditEvent.objects.count() == before
    assert "Memberships and grants agree" in caplog.text


def test_differences_cost_the_same_queries_at_any_size(agreed, django_assert_num_queries):
    agreement_check.differences(on=timezone.localdate())
    for size in (10, 50):
        for _ in range(size):
            give_role(UserFactory(), agreed.council, Role.FINANCE)
        with django_assert_num_queries(11):
            agreement_check.differences(on=timezone.localdate())


def test_role_that_ran_out_leaves_its_group_at_night(agreed):
    person = agreed.person("finance")
    give_role(person, agreed.council, Role.PROGRAMME)
    # Of the moment that is asked about: the suite may run past midnight.
    yesterday = timezone.localdate(NOW) - timedelta(days=1)
    Membership.objects.filter(person=person, role="finance").update(ends_on=yesterday)

    assert agreement_check.leave_lapsed_groups(at=NOW) == 1

    assert [group.name for group in person.groups.all()] == [f"{agreed.council.pk}:programme"]
    line = AuditEvent.objects.get(kind="membership.lapsed")
    assert (line.partner_name, line.after["ends_on"]) == ("Southwark Council", yesterday.isoformat())
    assert agreement_check.leave_lapsed_groups(at=NOW) == 0
    assert agreement_check.report(at=NOW) == []


def test_role_on_its_last_day_or_to_come_keeps_its_group(agreed):
    person, future = agreed.person("finance"), UserFactory()
    Membership.objects.filter(person=person).update(ends_on=timezone.localdate())
    memberships.grant(
        person=future,
        organisation=agreed.council,
        role=Role.FINANCE,
        starts_on=timezone.localdate() + timedelta(days=30),
        by=None,
        at=NOON,
        system="test",
    )

    assert agreement_check.leave_lapsed_groups(at=NOW) == 0
    assert agreement_check.report(at=NOW) == []


def test_role_that_was_renewed_keeps_its_group(agreed):
    person = agreed.person("finance")
    old = Membership.objects.get(person=person)
    Membership.objects.filter(pk=old.pk).update(ends_on="2020-03-31")
    give_role(person, agreed.council, Role.FINANCE, starts_on=timezone.localdate())

    assert agreement_check.leave_lapsed_groups(at=NOW) == 0
    assert person.groups.count() == 1


def test_night_job_does_both_and_is_in_the_timetable(agreed):
    break_place_without_membership(agreed)
    Membership.objects.filter(person=agreed.person("metrics")).update(ends_on="2020-03-31")
    job = jobs.enqueue(tasks.CHECK_AGREEMENT, at=NOW, period="2026-03-02")

    assert jobs.run(job_id=job.pk)

    assert Job.objects.get(pk=job.pk).status == Job.Status.READY
    assert AuditEvent.objects.filter(kind="agreement.differs").count() == 1
    assert AuditEvent.objects.filter(kind="membership.lapsed").count() == 1
    kinds = {entry.get("kwargs", {}).get("kind") for entry in TIMETABLE.values()}
    assert {tasks.CHECK_AGREEMENT, tasks.TIDY} <= kinds


def test_tidy_removes_what_has_ended_and_nothing_else(own_account):
    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=days))
    for ago in (1, 89, 92):
        tokens.make(
            name=f"{ago} days ago",
            scopes=tokens.READ_ONLY,
            lasts=timedelta(days=1),
            by=own_account,
            at=NOW - timedelta(days=ago),
        )

    assert tidying.tidy(at=NOW) == tidying.Tidied(sessions=1, tokens=1)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert set(ApiToken.objects.values_list("name", flat=True)) == {"1 days ago", "89 days ago"}
