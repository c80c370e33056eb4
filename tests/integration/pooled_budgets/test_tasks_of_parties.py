"""What waits for a partner that neither keeps a fund nor pays into it, but is party to its agreement."""

from datetime import date
from decimal import Decimal

import pytest

from partners.domain.roles import Role
from partners.models import User
from pooled_budgets.models import FundingLine, SchemeLine
from pooled_budgets.presenters import tasks as presenter
from pooled_budgets.services import virements
from tests.factories.money import SchemeFactory, join_agreement
from tests.factories.partners import NOON, OrganisationFactory, UserFactory, give_role
from tests.factories.settlement import AFTER, a_year, approve, decision, outturn, prepare


@pytest.fixture
def party(world):
    """The world with a third party to the agreement, and a second scheme of the same source."""
    join_agreement(world.agreement, world.hackney)
    a_year(world, outturn_of="15700000.00")
    world.second = SchemeFactory(fund=world.fund, number="2", position=2, budget="0.00")
    outturn(world.fund, world.second, "0.00", by=world.person("finance"))
    SchemeLine.objects.update(funding=FundingLine.objects.get(position=1))
    return world


def told(person):
    # Permissions are loaded once for a request: each look is another one.
    return [
        (task.title.split(" of Southwark")[0], task.partner) for task in presenter.tasks(fresh(person), AFTER.date())
    ]


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_a_party_is_told_of_virements_and_settlements_that_it_may_decide_and_of_nothing_else(party):
    world = party
    finance, approver = world.person("finance", "hackney"), world.person("approver", "hackney")
    elsewhere = OrganisationFactory(key="elsewhere", name="Elsewhere Council", kind="london_borough")
    of_two = UserFactory(email="two@elsewhere.example")
    give_role(of_two, elsewhere, Role.FINANCE)
    give_role(of_two, world.hackney, Role.MEMBER)
    others = [world.person("metrics", "hackney"), world.person("member", "hackney"), of_two]

    # Nothing waits for a party that neither keeps the fund nor pays into it.
    assert [told(person) for person in (finance, approver, *others)] == [[]] * 5
    moved = virements.prepare(
        fund_id=world.fund.pk,
        from_line=world.fund.schemes.get(number="1").lines.get().pk,
        to_line=world.second.lines.get().pk,
        amount=Decimal("400.00"),
        reason="Sooner",
        effective_on=date(2014, 8, 1),
        by=world.person("finance"),
        at=NOON,
    )
    made = prepare(world)

    assert told(finance) == [("Approve or reject virement 1", "London Borough of Hackney")]
    assert told(approver) == [("Approve settlement 1", "London Borough of Hackney")]
    assert ("Approve or reject virement 1", "NHS Southwark CCG") in told(world.person("finance", "ccg"))
    assert not [title for title, _ in told(world.person("finance")) if "virement" in title]  # who prepared it
    assert [told(person) for person in others] == [[]] * 3

    virements.reject(virement_id=moved.pk, reason="Not now", by=finance, at=NOON)
    approve(world, made, decision(world))
    assert [told(person) for person in (finance, approver, *others)] == [[]] * 5
