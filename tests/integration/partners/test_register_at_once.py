"""Two people enter the same thing at once: one is first, the other is told in words, and nothing breaks."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from integration_hub.core.errors import HubError
from partners import policies, policies_register
from partners.domain.roles import Role
from partners.models import AreaCode, Footprint, FootprintLink, Organisation, OrganisationCode
from partners.services import keeping, register
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db(transaction=True)
CODE = {"valid_from": date(2024, 4, 1), "source": "", "checked": False, "reason": "Missing"}


def at_once(first: Callable[[], object], second: Callable[[], object], waits: str) -> HubError:
    """What the second raised, which began while the first had done its work and not yet committed.

    `waits` is the kind of lock on which the second must be seen to wait before the first goes on.
    """
    done, go_on = threading.Event(), threading.Event()

    def run(act: Callable[[], object], *, holds: bool) -> None:
        try:
            with transaction.atomic():
                act()
                done.set()
                assert not holds or go_on.wait(20)
        finally:
            done.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, first, holds=True)
        assert done.wait(20)
        other = pool.submit(run, second, holds=False)
        until = time.monotonic() + 20
        while not other.done() and not waiting(waits) and time.monotonic() < until:
            threading.Event().wait(0.01)
        was_waiting = waiting(waits)
        go_on.set()
        one.result(30)
        refusal = other.exception(30)
    assert isinstance(refusal, HubError)
    assert was_waiting
    return refusal


def waiting(kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND wait_event = %s)",
            [kind],
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def operator():
    person = UserFactory(email="operator@hub.example")
    give_role(person, OrganisationFactory(name="Those who run it"), Role.OPERATOR)
    return person


def test_same_code_for_two_organisations_at_once_goes_to_the_first(operator):
    one, other = OrganisationFactory(name="First"), OrganisationFactory(name="Second")

    def give(to: Organisation) -> Callable[[], object]:
        return lambda: register.add_code(
            organisation_id=to.pk, scheme="ods", code="X1X", **CODE, by=operator, at=timezone.now()
        )

    refusal = at_once(give(one), give(other), "advisory")

    assert isinstance(refusal, policies.CodeTaken)
    assert refusal.message.startswith("X1X belongs to First since 1 April 2024.")
    assert OrganisationCode.objects.get().organisation == one


def test_same_code_for_one_organisation_twice_at_once_is_entered_once(operator):
    organisation = OrganisationFactory(name="Only")

    def give() -> object:
        return register.add_code(
            organisation_id=organisation.pk, scheme="ods", code="X1X", **CODE, by=operator, at=timezone.now()
        )

    refusal = at_once(give, give, "transactionid")

    assert isinstance(refusal, policies.OutOfOrder)
    assert OrganisationCode.objects.count() == 1


def test_same_code_for_two_areas_at_once_goes_to_the_first(operator):
    one, other = AreaFactory(name="First"), AreaFactory(name="Second")

    def give(to: object) -> Callable[[], object]:
        return lambda: register.add_area_code(area_id=to.pk, code="E09000099", **CODE, by=operator, at=timezone.now())

    refusal = at_once(give(one), give(other), "advisory")

    assert isinstance(refusal, policies.CodeTaken)
    assert AreaCode.objects.get().area == one


def test_same_name_for_two_new_organisations_at_once_goes_to_the_first(operator):
    new = {"name": "NHS New ICB", "kind": "icb", "valid_from": None, "codes": {}, "source": "", "checked": False}

    def enter() -> object:
        return keeping.register(**new, note="", reason="It began", by=operator, at=timezone.now())

    refusal = at_once(enter, enter, "advisory")

    assert isinstance(refusal, policies_register.NameTaken)
    assert Organisation.objects.filter(name="NHS New ICB").count() == 1


def test_footprint_that_two_move_at_once_is_moved_once(operator):
    one = Footprint.objects.create(key="one", kind="local_system", name="One")
    wide = Footprint.objects.create(key="wide", kind="ics", name="Wide")

    def move(row: Footprint, into: Footprint) -> Callable[[], object]:
        return lambda: keeping.move_footprint(
            footprint_id=row.pk,
            parent_id=into.pk,
            starts_on=date(2024, 4, 1),
            reason="Moved",
            by=operator,
            at=timezone.now(),
        )

    refusal = at_once(move(one, wide), move(one, wide), "advisory")

    assert isinstance(refusal, policies_register.LiesElsewhereLater)
    assert FootprintLink.objects.get().parent == wide
