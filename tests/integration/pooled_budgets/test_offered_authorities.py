"""Pages that allow money to move offer what the reader may use: delegations that they hold, and boards' decisions."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from governance.domain.authority import Matter, Named
from governance.services.authority import AuthorityRefused
from pooled_budgets.models import (
    ContributionChange,
    FundingLine,
    SchemeLine,
    SchemeStart,
    SettlementApproval,
    Virement,
)
from pooled_budgets.services import virements
from tests.factories.authority import decision, delegation
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON
from tests.factories.settlement import a_year, outturn, prepare

EVERYTHING = [*Matter]


@pytest.fixture
def waiting(world):
    """A settlement and a virement that wait, under two delegations by the council: D1 to its approvers, D2 to the
    CCG's finance officers."""
    a_year(world, outturn_of="15700000.00")
    other = SchemeFactory(fund=world.fund, number="2", position=2, budget="0.00")
    outturn(world.fund, other, "0.00", by=world.person("finance"))
    SchemeLine.objects.update(funding=FundingLine.objects.get(position=1))
    world.virement = virements.prepare(
        fund_id=world.fund.pk,
        from_line=world.fund.schemes.get(number="1").lines.get().pk,
        to_line=other.lines.get().pk,
        amount=Decimal("400.00"),
        reason="Sooner",
        effective_on=date(2014, 8, 1),
        by=world.person("finance"),
        at=NOON,
    )
    prepare(world)
    given = {"matters": EVERYTHING, "limit": None, "year_total": None, "ends_on": None}
    world.ours = delegation(world, **given)
    world.theirs = delegation(world, reference="D2", to_organisation=world.ccg, to_role="finance", **given)
    return world


def pages(world):
    """Each page with who may open it besides, and what is typed in it."""
    fund = world.fund.pk

    def at(name, *args):
        return reverse(f"pooled_budgets:{name}", args=[fund, *args])

    line, scheme = FundingLine.objects.get(position=1), world.fund.schemes.get(number="1")
    changed = {"state": "stated", "amount": "1.00", "effective_on": "1 August 2014", "reason": "x"}
    yield at("settlement_approve", 1), ("approver", "ccg"), {}
    yield at("virement_approve", world.virement.pk), ("approver", "ccg"), {}
    yield at("contribution_change", line.pk), ("finance", "council"), changed | {"seen-amount": "6350000.00"}
    yield at("scheme_start", scheme.pk), ("finance", "council"), {"starts_on": "1 April 2014"}


def signed_in(person):
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


def moved():
    changes = [model.objects.count() for model in (ContributionChange, SchemeStart, SettlementApproval)]
    return [*changes, Virement.objects.filter(status="approved").count()]


def test_what_the_reader_does_not_hold_is_not_offered_and_a_forged_choice_changes_nothing(waiting):
    world = waiting
    for page, who, typed in pages(world):
        client = signed_in(world.person(*who))
        shown = client.get(page)
        assert (shown.status_code, 'name="authority"' in shown.text) == (200, False), page
        assert "Delegation D1 by Southwark Council is given to the Approver of Southwark Council" in shown.text, page
        assert 'type="submit"' not in shown.text.split("<main")[1].split("</form>")[0], page
        for forged in (world.ours, world.theirs):
            answer = client.post(page, typed | {"authority": str(Named(delegation=str(forged.pk)))})
            assert answer.status_code == 400, page
    assert moved() == [0, 0, 0, 0]
    # The service itself refuses what the page does not offer.
    with pytest.raises(AuthorityRefused) as refusal:
        virements.approve(
            virement_id=world.virement.pk,
            named=Named(delegation=str(world.ours.pk)),
            by=world.person("approver", "ccg"),
            at=NOON,
        )
    assert refusal.value.code == "not_the_holder"
    assert moved() == [0, 0, 0, 0]


def test_what_the_reader_holds_and_decisions_of_boards_are_offered(waiting):
    world = waiting
    first = list(pages(world))[1][0]
    assert "Delegation D1" in signed_in(world.person("approver")).get(first).text
    assert "Delegation D2" not in signed_in(world.person("approver")).get(first).text
    own = signed_in(world.person("finance")).get(first).text
    assert "You prepared it, so another person has to approve it." in own
    assert 'name="authority"' not in own

    made = decision(world, matters=EVERYTHING, amount_limit=None)
    for page, who, typed in pages(world):
        client = signed_in(world.person(*who))
        shown = client.get(page).text
        assert f'value="decision:{made.pk}"' in shown, page
        assert "Delegation D1" not in shown.split("<form")[-1], page
        answer = client.post(page, typed | {"authority": f"decision:{made.pk}"})
        assert answer.status_code == 302, (page, answer.context["form"].errors)
    assert moved() == [1, 1, 1, 1]
