"""Two people enter the same thing at once: one is first, the other is told in words, and nothing breaks."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from integration_hub.core.errors import HubError
from partners import policies
from partners.domain.roles import Role
from partners.models import AreaCode, Organisation, OrganisationCode
from partners.services import register
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db(transaction=True)
CODE = {"valid_from": date(2024, 4, 1), "source": "", "checked": False, "reason": "Missing"}


def at_once(first: Callable[[], object], second: Callable[[], object], waits: str) -> list[HubError]:
    """What the two raised, while the first has done its work and not yet committed when the second begins.

    `waits` is the kind of lock on which the second must be seen to wait before the first goes on.
    """
    done, go_on = threading.Event(), threading.Event()
    refusals: list[HubError] = []
    broken: list[BaseException] = []

    def run(act: Callable[[], object], *, holds: bool) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            with transaction.atomic():
                act()
                if holds:
                    done.set()
                    assert go_on.wait(20)
        except HubError as refusal:
            refusals.append(refusal)
        except BaseException as error:
            broken.append(error)
        finally:
            done.set()
            connections.close_all()

    threads = [threading.Thread(target=run, args=(first,), kwargs={"holds": True})]
    threads[0].start()
    assert done.wait(20)
    threads.append(threading.Thread(target=run, args=(second,), kwargs={"holds": False}))
    threads[1].start()
    for _ in range(2000):
        if waiting(waits) or not threads[1].is_alive():
            break
        threading.Event().wait(0.01)
    was_waiting = waiting(waits)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert broken == []
    assert was_waiting
    return refusals


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

    (refusal,) = at_once(give(one), give(other), "advisory")

    assert isinstance(refusal, policies.CodeTaken)
    assert refusal.message.startswith("X1X belongs to First since 1 April 2024.")
    assert OrganisationCode.objects.get().organisation == one


def test_same_code_for_one_organisation_twice_at_once_is_entered_once(operator):
    organisation = OrganisationFactory(name="Only")

    def give() -> object:
        return register.add_code(
            organisation_id=organisation.pk, scheme="ods", code="X1X", **CODE, by=operator, at=timezone.now()
        )

    (refusal,) = at_once(give, give, "transactionid")

    assert isinstance(refusal, policies.OutOfOrder)
    assert OrganisationCode.objects.count() == 1


def test_same_code_for_two_areas_at_once_goes_to_the_first(operator):
    one, other = AreaFactory(name="First"), AreaFactory(name="Second")

    def give(to: object) -> Callable[[], object]:
        return lambda: register.add_area_code(
            area_id=to.pk, code="E09000099", **CODE, by=operator, at=timezone.now()
        )

    (refusal,) = at_once(give(one), give(other), "advisory")

    assert isinstance(refusal, policies.CodeTaken)
    assert AreaCode.objects.get().area == one
