"""Two officers on one grid: each cell saves by itself, nobody's figure is lost, and the pages serve everybody."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partners.domain.roles import Role
from pooled_budgets.models import MonthForecast
from tests.factories import worlds
from tests.factories.money import SchemeFactory, month
from tests.factories.partners import UserFactory, give_role

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def amounts():
    rows = MonthForecast.objects.order_by("line__scheme__number", "period__number")
    return [f"{row.amount:f}" for row in rows]


def type_into(page, label: str, text: str) -> None:
    """As somebody does it: into the cell, and on with Enter."""
    cell = page.get_by_label(label, exact=True)
    cell.fill(text)
    cell.press("Enter")


def test_two_officers_on_one_grid_lose_nothing(visitor, transactional_db, shots) -> None:
    world = worlds.build()
    for number in range(1, 14):
        month(2014, number)
    for number in ("1", "2"):
        SchemeFactory(fund=world.fund, number=number, name=f"Care {number}", position=int(number))
    other = UserFactory(email="second@council.example", name="Second officer")
    give_role(other, world.council, Role.FINANCE)
    grid = reverse("pooled_budgets:grid", args=[world.fund.pk])
    july, august = "1. Care 1 July 2014", "1. Care 1 August 2014"

    one, two = visitor(), visitor()
    one.sign_in(world.person("finance"), grid)
    two.sign_in(other, grid)
    type_into(one.page, july, "1,200.50")
    expect(one.page.locator("[data-grid-message]")).to_have_text("Saved: 1. Care 1, July 2014.")
    # Enter went down the column, as in a spreadsheet.
    expect(one.page.get_by_label("2. Care 2 July 2014", exact=True)).to_be_focused()
    type_into(two.page, august, "300")
    expect(two.page.locator("[data-grid-message]")).to_have_text("Saved: 1. Care 1, August 2014.")
    assert amounts() == ["1200.50", "300.00"]

    # The second saw July empty: told of both values, and what was typed stays.
    type_into(two.page, july, "999")
    refused = two.page.locator("[data-grid-message]")
    expect(refused).to_contain_text("you saw nothing; Finance of council saved £1,200.50")
    expect(two.page.get_by_label(july, exact=True)).to_have_value("999")
    type_into(two.page, july, "9,9")
    expect(refused).to_contain_text("Not saved")
    assert amounts() == ["1200.50", "300.00"]
    two.page.screenshot(path=shots / "grid-refused.png", full_page=True)

    # Again on the grid as it is now: the first one's change and the second one's own stand there.
    two.open(grid)
    expect(two.page.get_by_label(july, exact=True)).to_have_value("1,200.50")
    type_into(two.page, july, "1,000")
    expect(two.page.locator("[data-grid-message]")).to_contain_text("Saved")
    assert amounts() == ["1000.00", "300.00"]

    for name in ("fund", "grid", "months", "ledger", "posting_new", "extracts", "commitments", "parked"):
        one.open(reverse(f"pooled_budgets:{name}", args=[world.fund.pk]))
        one.check()
        for width in (1280, 360):
            one.page.set_viewport_size({"width": width, "height": 900})
            one.page.screenshot(path=shots / f"{name}-{width}.png", full_page=True)
    one.open(reverse("pooled_budgets:month_close", args=[world.fund.pk, 3]))
    one.check()
