"""What the database refuses about people and roles, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partners.models import Confirmation, Deputy, IdleNotice, Invitation, Membership

NOW = timezone.now
TODAY = timezone.localdate


@pytest.fixture
def rows(world):
    """One valid row of each model."""
    held = world.person("approver").memberships.get()
    return {
        Membership: held,
        Invitation: Invitation.objects.create(
            organisation=world.council,
            email="new@council.example",
            name="New",
            roles=["finance"],
            starts_on=TODAY(),
            invited_by=world.person("admin"),
            invited_by_name="Admin",
            invited_at=NOW(),
            expires_at=NOW() + timedelta(days=7),
            digest="0" * 64,
        ),
        Deputy: Deputy.objects.create(
            membership=held,
            person=world.person("metrics"),
            permissions=["return_export"],
            starts_on=TODAY(),
            ends_on=TODAY(),
            appointed_by_name="Approver",
            appointed_at=NOW(),
        ),
        Confirmation: Confirmation.objects.create(membership=held, due_on=TODAY(), by_name="Admin", at=NOW()),
        IdleNotice: IdleNotice.objects.create(
            person=world.person("metrics"), idle_since=TODAY(), days_before=10, closes_on=TODAY(), at=NOW()
        ),
    }


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Membership, {"capacity": "mayor"}, "membership_capacity"),
        (Membership, {"capacity": "director", "role": "finance"}, "membership_capacity_of_approver"),
        (Membership, {"ended_at": NOW(), "ends_on": None}, "membership_ended_has_last_day"),
        (Invitation, {"email": "New@council.example"}, "invitation_email_lower_case"),
        (Invitation, {"roles": []}, "invitation_roles"),
        (Invitation, {"roles": ["operator"]}, "invitation_roles"),
        (Invitation, {"capacity": "mayor", "roles": ["approver"]}, "invitation_capacity"),
        (Invitation, {"capacity": "director"}, "invitation_capacity_of_approver"),
        (Invitation, {"ends_on": TODAY() - timedelta(days=1)}, "invitation_in_order"),
        (Invitation, {"expires_at": NOW() - timedelta(days=1)}, "invitation_expires"),
        (Invitation, {"accepted_at": NOW(), "digest": None}, "invitation_accepted_by_somebody"),
        (Invitation, {"withdrawn_at": NOW()}, "invitation_link_used_once"),
        (Deputy, {"ends_on": TODAY() - timedelta(days=1)}, "deputy_in_order"),
        (Deputy, {"permissions": []}, "deputy_permissions"),
        (Deputy, {"permissions": ["membership_grant"]}, "deputy_permissions"),
        (Confirmation, {"by_name": ""}, "confirmation_by_somebody"),
        (IdleNotice, {"days_before": 4}, "idle_notice_days"),
    ],
)
def test_change_that_the_database_refuses(rows, model, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk=rows[model].pk).update(**change)


def test_invitation_has_one_outcome(rows, world):
    with pytest.raises(IntegrityError, match="invitation_one_outcome"), transaction.atomic():
        Invitation.objects.update(
            accepted_at=NOW(), accepted_by=world.person("metrics"), withdrawn_at=NOW(), digest=None
        )


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Invitation, {"digest": "1" * 64}, "invitation_one_pending"),
        (Invitation, {"email": "other@council.example"}, "invitation_digest_unique"),
        (Deputy, {}, "deputy_no_overlap"),
        (Confirmation, {}, "confirmation_once_a_year"),
        (IdleNotice, {}, "idle_notice_once"),
    ],
)
def test_second_row_that_the_database_refuses(rows, model, change, constraint):
    again = model.objects.get(pk=rows[model].pk)
    again.pk = None
    again.pk = model._meta.pk.get_default()
    for name, value in change.items():
        setattr(again, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        again.save(force_insert=True)


def test_history_of_the_new_tables_is_kept_without_the_link(rows):
    invitation = rows[Invitation]
    Invitation.objects.filter(pk=invitation.pk).update(name="Another")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM partners_invitationevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [invitation.pk]
        )
        assert [name for (name,) in cursor.fetchall()] == ["New", "Another"]
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'partners_invitationevent'"
        )
        assert "digest" not in {name for (name,) in cursor.fetchall()}
