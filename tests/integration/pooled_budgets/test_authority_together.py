"""Two people using one authority at the same moment never move more under it together than it allows."""

import contextlib
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from governance.domain.authority import Named
from governance.selectors import authority as selectors
from governance.selectors import movements
from governance.services import decisions
from governance.services.authority import AuthorityRefused
from integration_hub.core.errors import HubError
from partners.domain.roles import Role
from pooled_budgets.models import Virement
from pooled_budgets.services import virements
from tests.factories.authority import decision, delegation
from tests.factories.money import FundFactory, SchemeFactory
from tests.factories.partners import NOON, UserFactory, give_role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def prepared(world):
    """A virement of £300.00 in each of two funds: what holds the one fund holds up nobody in the other."""
    made = []
    for number in (1, 2):
        fund = FundFactory(agreement=world.agreement, owner=world.council, name=f"Fund {number}", released_at=NOON)
        lines = [SchemeFactory(fund=fund, number=name, budget="1000.00").lines.get() for name in ("1", "2")]
        made.append(
            virements.prepare(
                fund_id=fund.pk,
                from_line=lines[0].pk,
                to_line=lines[1].pk,
                amount=Decimal("300.00"),
                reason="Carers need it sooner",
                effective_on=date(2014, 8, 1),
                by=world.person("finance"),
                at=NOON,
            )
        )
    return made


@pytest.fixture
def approvers(world):
    other = UserFactory(name="Another approver")
    give_role(other, world.council, Role.APPROVER)
    return [world.person("approver"), other]


@pytest.fixture
def meeting_point(monkeypatch):
    """Both have added up what is used before either goes on, where nothing makes the one wait for the other."""
    counted, gate = selectors.used, threading.Barrier(2)

    def used(row, on):
        found = counted(row, on)
        # Whoever holds the authority alone waits in vain, and goes on after a second.
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(timeout=1)
        return found

    monkeypatch.setattr(selectors, "used", used)


@pytest.mark.parametrize("kind", ["delegation", "decision"])
def test_one_limit_is_never_exceeded_by_two_at_once(world, prepared, approvers, meeting_point, kind):
    if kind == "delegation":
        named = Named(delegation=str(delegation(world, limit=Decimal(400), year_total=Decimal(500)).pk))
    else:
        named = Named(decision=str(decision(world, amount_limit=Decimal(500)).pk))
    results = [None, None]

    def approve(place):
        given = {"virement_id": prepared[place].pk, "named": named, "by": approvers[place], "at": NOON}
        try:
            results[place] = virements.approve(**given)
        except HubError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    refused = [result for result in results if isinstance(result, AuthorityRefused)]
    assert (len(refused), sorted(Virement.objects.values_list("status", flat=True))) == (1, ["approved", "prepared"])
    assert "£200.00" in refused[0].message
    moved = Virement.objects.get(status="approved")
    assert [side.amount for side in moved.sides.order_by("amount")] == [Decimal("-300.00"), Decimal("300.00")]


def test_of_a_rescission_and_a_movement_at_once_one_waits_for_the_other(world, prepared):
    made = decision(world, amount_limit=None)
    given = delegation(world, granted_by=made, scheme_text="", starts_on=NOON.date())
    by, officer = world.person("approver"), world.person("governance")
    tomorrow = NOON + timedelta(days=1)
    results = []

    def approve(virement, at):
        try:
            named = Named(delegation=str(given.pk))
            results.append(virements.approve(virement_id=virement.pk, named=named, by=by, at=at).status)
        except HubError as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    # Before the day of the rescission the delegation is authority, and stays it.
    approve(prepared[0], NOON)
    moving = threading.Thread(target=approve, args=(prepared[1], tomorrow))
    with transaction.atomic():
        decisions.rescind(decision_id=made.pk, ended_on=tomorrow.date(), reason="Called in", by=officer, at=tomorrow)
        moving.start()
        moving.join(timeout=1)
    moving.join(timeout=60)

    assert results == ["approved", "revoked"]
    assert movements.without_authority(officer) == []
    assert sorted(Virement.objects.values_list("status", flat=True)) == ["approved", "prepared"]
