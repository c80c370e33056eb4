"""A delegation whose limits no form takes any more stays as it was granted, and can be revoked."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ProjectState

from governance.models import Delegation
from governance.services import delegations
from tests.factories.authority import delegation
from tests.factories.partners import NOON

migration = import_module("governance.migrations.0003_limits_of_delegations")
pytestmark = pytest.mark.django_db


def test_what_was_granted_before_the_rule_comes_over_and_can_be_revoked(world):
    *_, rule = migration.Migration.operations
    state = ProjectState.from_apps(apps)
    given = delegation(world)
    old = Delegation(**{field.attname: getattr(given, field.attname) for field in Delegation._meta.concrete_fields})
    old.pk, old.reference = Delegation._meta.pk.get_default(), "OLD"
    old.limit, old.year_total = Decimal("0.00"), None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
        cursor.execute(f"ALTER TABLE governance_delegation DROP CONSTRAINT {rule.constraint.name}")
    old.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with connection.schema_editor() as editor:
        rule.database_forwards("governance", editor, state, state)

    with pytest.raises(DatabaseError, match=rule.constraint.name), transaction.atomic():
        Delegation.objects.create(
            **{field.attname: getattr(old, field.attname) for field in Delegation._meta.concrete_fields}
            | {"id": Delegation._meta.pk.get_default(), "reference": "NEW"}
        )
    revoked = delegations.revoke(
        delegation_id=old.pk,
        ended_on=old.starts_on,
        reason="It allowed nothing",
        by=world.person("governance"),
        at=NOON,
    )
    assert (revoked.limit, revoked.ended_reason) == (Decimal("0.00"), "It allowed nothing")
    assert Delegation.objects.get(ended_on__isnull=True) == given
