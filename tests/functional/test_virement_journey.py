"""Money between schemes: refused over the limit of a delegation, then allowed by another."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pooled_budgets.models import SchemeLine, Virement
from tests.factories import worlds
from tests.factories.money import SchemeFactory

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def enter_delegation(visitor, board, reference: str, limit: str) -> None:
    """As a governance officer does it, from today on."""
    page = visitor.page
    assert visitor.open(reverse("governance:delegation_new", args=[board.pk])) == 200
    page.get_by_label("Reference").fill(reference)
    page.get_by_label("Given to").select_option(label="Southwark Council: Approver")
    page.get_by_label("Move money between schemes (virement)").check()
    page.get_by_label("Limit for one movement").fill(limit)
    page.get_by_label("First day").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_label("Or where your scheme of delegation gives it").fill("Part 3, paragraph 4.2")
    visitor.look("delegation-new")
    visitor.press("Enter the delegation")
    expect(page.get_by_text(f"Delegation {reference} is entered.")).to_be_visible()


def test_virement_is_refused_then_allowed_by_a_delegation(visitor, transactional_db) -> None:
    world = worlds.build()
    rich, poor = (
        SchemeFactory(fund=world.fund, number=number, position=int(number), name=name, budget=budget)
        for number, name, budget in (("1", "Reablement", "9000.00"), ("2", "Carers", "500.00"))
    )

    finance = visitor()
    finance.sign_in(world.person("finance"), reverse("pooled_budgets:virement_new", args=[world.fund.pk]))
    page = finance.page
    page.get_by_label("From", exact=True).select_option(label="Scheme 1: Reablement (£9,000.00)")
    page.get_by_label("To", exact=True).select_option(label="Scheme 2: Carers (£500.00)")
    page.get_by_label("Amount").fill("9,000.01")
    page.get_by_label("This year only").check()
    page.get_by_label("Effective from").fill(f"{date(2014, 9, 1):%d/%m/%Y}")
    page.get_by_label("Why it moves").fill("Carers need respite sooner than planned")
    finance.look("virement-new")
    finance.press("Prepare the virement")
    expect(page.get_by_text("At most that can move away from it.").first).to_be_visible()
    page.get_by_label("Amount").fill("400")
    finance.press("Prepare the virement")
    expect(page.get_by_text("You prepared it, so another person has to approve or reject it.")).to_be_visible()
    finance.look("virement-own")
    approving = reverse("pooled_budgets:virement_approve", args=[world.fund.pk, Virement.objects.get().pk])

    governance = visitor()
    governance.sign_in(world.person("governance"))
    enter_delegation(governance, world.board, "D1", "100.00")

    approver = visitor()
    approver.sign_in(world.person("approver"), approving)
    approver.page.get_by_label("Delegation D1 by Southwark Council").check()
    approver.press("Approve")
    expect(
        approver.page.get_by_text("allows up to £100.00 for one movement, and this is £400.00").first
    ).to_be_visible()
    approver.look("virement-refused")
    assert sorted(SchemeLine.objects.values_list("budget", flat=True)) == [500, 9000]

    enter_delegation(governance, world.board, "D2", "500.00")
    governance.look("delegation")
    governance.open(reverse("governance:delegations", args=[world.board.pk]))
    governance.look("delegations")

    approver.open(approving)
    approver.page.get_by_label("Delegation D2 by Southwark Council").check()
    approver.press("Approve")
    expect(approver.page.get_by_text("The virement is approved. Both budgets have changed.")).to_be_visible()
    approver.look("virement-approved")
    approver.open(reverse("pooled_budgets:virements", args=[world.fund.pk]))
    expect(approver.page.get_by_role("row", name="Scheme 1: Reablement").get_by_text("£8,600.00")).to_be_visible()
    expect(approver.page.get_by_role("row", name="Scheme 2: Carers").get_by_text("£900.00")).to_be_visible()
    approver.look("virements")
    approver.open(reverse("pooled_budgets:fund_authority", args=[world.fund.pk]))
    approver.look("authority")
    assert list(rich.lines.values_list("budget", flat=True)) == [8600]
    assert list(poor.lines.values_list("budget", flat=True)) == [900]
