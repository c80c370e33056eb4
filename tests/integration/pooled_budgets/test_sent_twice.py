"""Forms that make rows of money or a draft: the same form sent a second time makes nothing a second time."""

import pytest
from django.urls import reverse

from pooled_budgets.models import (
    AccountStatement,
    AgreementDraft,
    AlignedBudget,
    Commitment,
    JointContract,
    OpeningBalance,
    SchemeLine,
)
from tests.factories.money import FundFactory, month
from tests.factories.settlement import a_year, approve, decision, named, prepare

ROW = {"service": "Equipment", "amount": "200.00", "state": "stated"}


@pytest.fixture
def settled(world):
    """A settled year of which something is left, with the next year's fund, a line and a month."""
    a_year(world, outturn_of="15700000.00")
    world.line, _ = world.fund.schemes.get().lines.get(), month(2014, 3)
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name=world.fund.name)
    world.allowed = decision(world)
    approve(world, prepare(world), world.allowed)
    world.later = later
    return world


def forms(world):
    """Each form: the model of the rows, who sends it, its page, where it goes, its name there, and what is typed."""
    fund, agreement = world.fund.pk, str(world.agreement.pk)

    def at(name, *args):
        return reverse(f"pooled_budgets:{name}", args=[fund, *args])

    commitment = {"line": str(world.line.pk), "supplier": "Carers Ltd", "open_value": "10.00", "month": "3"}
    yield Commitment, "finance", at("commitments"), "", "form", commitment

    line = {"state": "stated", "amount": "1.00", "funding": ""}
    yield SchemeLine, "finance", at("line_new", world.line.scheme_id), "", "form", line

    statement = {"kind": "purpose", "text": "Older people", "stated_on": "1 July 2015"}
    yield AccountStatement, "finance", at("memorandum_statement", 1), "", "form", statement

    carried = {"to_fund": str(world.later.pk), "amount": "7.00", "reason": "Equipment"}
    carried |= {"authority": str(named(world.allowed))}
    yield OpeningBalance, "approver", at("carry_forward"), "", "form", carried

    budget = ROW | {"agreement": agreement, "financial_year": "2014"}
    yield AlignedBudget, "finance", reverse("agreements:aligned_budget_new"), "", "form", budget
    contract = ROW | {"agreement": agreement, "provider": "A provider", "route": "framework"}
    yield JointContract, "finance", reverse("agreements:joint_contract_new"), "", "form", contract

    begun = {"title": "Twice", "kind": "section_256", "owner": str(world.council.pk), "area": str(world.area.pk)}
    begun |= {"parties": f"{world.council.name}\n{world.ccg.name}"}
    yield AgreementDraft, "finance", reverse("agreements:new"), "", "form", begun
    page, goes_to = reverse("agreements:agreement", args=[agreement]), reverse("agreements:vary", args=[agreement])
    yield AgreementDraft, "finance", page, goes_to, "reason_form", {"reason": "Two more schemes"}


def test_a_form_that_is_sent_twice_does_its_work_once(settled, client):
    for model, role, page, goes_to, name, typed in forms(settled):
        client.force_login(settled.person(role), backend="partners.backends.EmailBackend")
        before = model.objects.count()
        shown = client.get(page)
        mark = str(shown.context[name]["once"].value())
        assert f'value="{mark}"' in shown.text, (model, page)  # the page carries it

        first = client.post(goes_to or page, typed | {"once": mark})
        assert first.status_code == 302, (model, page, first.context and first.context.get("form").errors)
        again = client.post(goes_to or page, typed | {"once": mark})

        assert (again.status_code, "the form was sent twice" in again.text) == (409, True), (model, page)
        assert model.objects.count() == before + 1, (model, page)
        # The form drawn again is another one.
        other = str(client.get(page).context[name]["once"].value())
        assert client.post(goes_to or page, typed | {"once": other}).status_code == 302, (model, page)
        assert model.objects.count() == before + 2, (model, page)
