"""The yearly review: each role confirmed once a year by an administrator who is not that person, or ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners import permissions, policies
from partners.domain.roles import Role
from partners.models import Confirmation, Membership, OrganisationEnding, Succession
from partners.selectors import people
from partners.services import memberships, reviews
from tests.factories.partners import UserFactory, give_role

ENTERED = datetime(2025, 6, 15, 12, tzinfo=UTC)
OPEN = "2026-05-20T10:00:00Z"


@pytest.fixture
def partner(world, second_administrator, time_machine):
    """The council's roles a year later: two administrators and a finance officer."""
    world.person("admin")
    world.person("finance")
    Membership.objects.filter(organisation=world.council).update(recorded_at=ENTERED)
    time_machine.move_to(OPEN, tick=False)
    return world.council


def asked(world, by="admin"):
    return people.review(world.person(by), world.council, on=timezone.localdate())


def confirm(world, *roles, by=None):
    keys = [world.person(role).memberships.get().pk for role in roles]
    return reviews.confirm(
        organisation=world.council, membership_ids=keys, by=by or world.person("admin"), at=timezone.now()
    )


def test_review_asks_about_each_role_from_before_it_opened(partner, world):
    newcomer = UserFactory()
    give_role(newcomer, partner, Role.METRICS)
    Membership.objects.filter(person=newcomer).update(recorded_at=datetime(2026, 5, 18, tzinfo=UTC))

    review = asked(world)

    assert str(review.due_on) == "2026-06-15"
    assert {str(row.membership.person) for row in review.rows} == {
        "Admin of council",
        "Second administrator",
        "Finance of council",
    }
    assert (len(review.waiting), review.is_overdue) == (3, False)


def test_confirm_leaves_one_audit_line_each_and_is_asked_again_next_year(
    partner, world, second_administrator, time_machine
):
    confirm(world, "finance")
    confirm(world, "admin", by=second_administrator)

    assert AuditEvent.objects.filter(kind="membership.confirmed").count() == 2
    assert [str(row.membership.person) for row in asked(world).waiting] == ["Second administrator"]
    time_machine.move_to("2027-05-20T10:00:00Z", tick=False)
    assert len(asked(world).waiting) == 3


@pytest.mark.parametrize(
    ("roles", "by", "error"),
    [
        (["finance", "admin"], "admin", policies.OwnRole),
        (["finance"], "auditor", PermissionDenied),
        (["finance"], "finance", PermissionDenied),
    ],
)
def test_confirm_ones_own_or_without_the_right_is_refused_and_nothing_is_confirmed(partner, world, roles, by, error):
    person = world.person(by)
    lines = AuditEvent.objects.count()

    with pytest.raises(error):
        confirm(world, *roles, by=person)

    assert not Confirmation.objects.exists()
    assert AuditEvent.objects.count() == lines


def test_confirm_twice_is_refused(partner, world):
    confirm(world, "finance")

    with pytest.raises(reviews.NothingToConfirm, match="confirmed or ended meanwhile"):
        confirm(world, "finance")

    assert Confirmation.objects.count() == 1


def test_ending_a_role_answers_for_it(partner, world):
    held = world.person("finance").memberships.get()

    memberships.end(
        membership_id=held.pk,
        ends_on=timezone.localdate(),
        at_once=True,
        reason="Moved on",
        by=world.person("admin"),
        at=timezone.now(),
    )

    assert "Finance of council" not in {str(row.membership.person) for row in asked(world).rows}


def test_page_and_tasks_tell_when_it_is_due_and_overdue(partner, world, signed_in, time_machine):
    address = reverse("partners:review", args=[partner.pk])
    client = signed_in(world.person("admin"))
    assert "Due on 15 June 2026" in client.get(address).content.decode()
    home = client.get("/").content.decode()
    assert "Confirm who still needs their role" in home
    assert "Overdue" not in home

    time_machine.move_to("2026-06-16T10:00:00Z", tick=False)

    client = signed_in(world.person("admin"))
    assert "It was due on 15 June 2026" in client.get(address).content.decode()
    assert "Overdue" in client.get("/").content.decode()
    sent = {"membership": [str(world.person("finance").memberships.get().pk)]}
    assert client.post(address, sent).status_code == 302
    assert Confirmation.objects.get().by_name == "Admin of council"
    assert client.post(address, sent).status_code == 409
    assert client.post(address, {}).status_code == 400
    assert client.post(address, {"membership": ["x"]}).status_code == 400
    assert Confirmation.objects.count() == 1


def test_page_before_the_first_year_is_nearly_over_says_so(partner, world, signed_in, time_machine):
    Membership.objects.filter(organisation=partner).update(recorded_at=timezone.now() - timedelta(days=100))
    client = signed_in(world.person("admin"))

    assert "No review is open" in client.get(reverse("partners:review", args=[partner.pk])).content.decode()
    assert "Confirm who still needs" not in client.get("/").content.decode()


def test_partner_that_ended_asks_its_administrator_for_nothing(partner, world):
    """Neither a second administrator nor a review: it acts no more."""
    today = timezone.localdate()
    administrator = world.person("admin")
    before = [task.title for task in people.tasks(administrator, today)]
    preparer = UserFactory(name="Operator")
    succession = Succession.objects.create(
        kind="merger",
        effective_on=today,
        legal_reference="Order",
        prepared_by=preparer,
        prepared_by_name="Operator",
        prepared_at=timezone.now(),
    )
    OrganisationEnding.objects.create(organisation=partner, succession=succession, ended_on=today - timedelta(days=1))
    permissions.forget(administrator)

    assert before != []
    assert people.tasks(administrator, today) == []
    assert people.upkeep(partner, on=today) == people.Upkeep(False, None, 0, False)
