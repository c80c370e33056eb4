"""The registers of decisions and delegations as pages: entering, filtering, ending, and what they cost to read."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.models import Decision, Delegation
from tests.factories.authority import decision, delegation
from tests.factories.partners import NOON

FEW, MANY, AT_MOST = 10, 200, 12


@pytest.fixture
def officer(world, client):
    """The browser of the council's governance officer."""
    client.force_login(world.person("governance"), backend="partners.backends.EmailBackend")
    return client


def grown(world, number):
    shared = {"board": world.board, "owner": world.council, "released_at": NOON, "recorded_by_name": "x"}
    have = Decision.objects.count()
    made = Decision.objects.bulk_create(
        Decision(reference=f"R{n}", made_on=NOON.date(), title="x", text="x", matters=["virement"], **shared)
        for n in range(have, number)
    )
    Delegation.objects.bulk_create(
        Delegation(
            reference=row.reference,
            granted_by=row,
            to_organisation=world.ccg,
            to_role="finance",
            matters=["virement"],
            starts_on=date(2014, 4, 1),
            **shared,
        )
        for row in made
    )


def test_registers_cost_the_same_at_ten_rows_and_at_two_hundred(world, officer):
    addresses = [reverse(f"governance:{name}", args=[world.board.pk]) for name in ("decisions", "delegations")]
    addresses += [f"{address}?state=in_force&matter=virement" for address in addresses]
    addresses += ["/api/v1/decisions/", "/api/v1/delegations/"]
    costs = []
    for size in (FEW, MANY):
        grown(world, size)
        for address in addresses:
            officer.get(address)
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(address).status_code == 200
            counts.append(len(queries))
        costs.append(counts)

    assert costs[0] == costs[1]
    assert max(costs[1]) <= AT_MOST


def test_a_decision_and_a_delegation_are_entered_filtered_and_ended(world, officer):
    new = reverse("governance:decision_new", args=[world.board.pk])
    typed = {
        "reference": "HWB 7",
        "made_on": "14 July 2014",
        "title": "Carers",
        "text": "Agreed up to £1,000.",
        "matters": ["virement", "settlement"],
        "amount_limit": "1,000",
    }
    assert officer.post(new, typed | {"made_on": "14/7/2099"}).status_code == 409
    assert officer.post(new, typed, follow=True).status_code == 200
    made = Decision.objects.get()
    assert (made.amount_limit, made.matters, made.meeting) == (Decimal("1000.00"), ["settlement", "virement"], None)

    new = reverse("governance:delegation_new", args=[world.board.pk])
    typed = {
        "reference": "D7",
        "holder": f"capacity:{world.ccg.pk}:chief_finance_officer",
        "matters": ["virement"],
        "limit": "500",
        "starts_on": "1 August 2014",
        "granted_by": str(made.pk),
    }
    wrong = officer.post(new, typed | {"ends_on": "1 July 2014"})
    assert wrong.status_code == 400
    assert "The last day is before the first" in wrong.text
    wrong = officer.post(new, typed | {"limit": "10", "year_total": "5"})
    assert (wrong.status_code, "Enter £5.00 or less, or raise the limit for the year." in wrong.text) == (400, True)
    assert officer.post(new, typed | {"matters": ["carry_forward"]}).status_code == 409
    shown = officer.post(new, typed, follow=True)
    assert "the Chief finance officer of NHS Southwark CCG" in shown.text
    assert "Up to £500.00 for one movement." in shown.text

    register = reverse("governance:delegations", args=[world.board.pk])
    assert "In force" in officer.get(f"{register}?state=in_force").text
    assert "D7" not in officer.get(f"{register}?state=ended").content.decode().split("<main")[1]
    ending = {"ended_on": "1 September 2014", "reason": "Called in"}
    rescinded = officer.post(reverse("governance:decision_rescind", args=[made.pk]), ending, follow=True)
    assert "Rescinded from 1 September 2014 by Governance of council: Called in" in rescinded.text
    again = officer.post(reverse("governance:decision_rescind", args=[made.pk]), ending)
    assert again.status_code == 409
    assert "was rescinded from 1 September 2014" in again.text
    # The delegation that rests on it holds no more.
    assert "D7" in officer.get(f"{register}?state=ended").text
    assert "Revoked from 1 September 2014" in officer.get(register).text


def test_what_a_delegation_allowed_stands_on_its_page_for_whoever_may_read_it(world, officer):
    given = delegation(world, granted_by=decision(world), starts_on=NOON.date())

    shown = officer.get(reverse("governance:delegation", args=[given.pk]))

    assert "No movement of money names this delegation yet." in shown.text
    assert "HWB 2014/12" in shown.text
