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


def cell(page, name: str):
    """A cell by its name: its line, then its month."""
    return page.get_by_role("textbox", name=name, exact=True)


def type_into(page, name: str, text: str) -> None:
    """As somebody does it: into the cell, and on with Enter."""
    cell(page, name).fill(text)
    cell(page, name).press("Enter")


def paste(page, name: str, block: str) -> None:
    """As a spreadsheet's copied cells arrive on a cell."""
    cell(page, name).focus()
    page.evaluate(
        """block => {
            const data = new DataTransfer();
            data.setData("text/plain", block);
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        block,
    )


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
    expect(cell(one.page, "2. Care 2 July 2014")).to_be_focused()
    type_into(two.page, august, "300")
    expect(two.page.locator("[data-grid-message]")).to_have_text("Saved: 1. Care 1, August 2014.")
    assert amounts() == ["1200.50", "300.00"]

    # The second saw July empty: told of both values, and what was typed stays.
    type_into(two.page, july, "999")
    refused = two.page.locator("[data-grid-message]")
    expect(refused).to_contain_text("you saw nothing; Finance of council saved £1,200.50")
    expect(cell(two.page, july)).to_have_value("999")
    type_into(two.page, july, "9,9")
    expect(refused).to_contain_text("Not saved")
    assert amounts() == ["1200.50", "300.00"]
    two.page.screenshot(path=shots / "grid-refused.png", full_page=True)

    # Again on the grid as it is now: the first one's change and the second one's own stand there.
    two.open(grid)
    expect(cell(two.page, july)).to_have_value("1,200.50")
    type_into(two.page, july, "1,000")
    expect(two.page.locator("[data-grid-message]")).to_contain_text("Saved")
    assert amounts() == ["1000.00", "300.00"]

    # Arrows move from cell to cell.
    one.open(grid)
    cell(one.page, july).press("ArrowDown")
    expect(cell(one.page, "2. Care 2 July 2014")).to_be_focused()
    one.page.keyboard.press("ArrowRight")
    expect(cell(one.page, "2. Care 2 August 2014")).to_be_focused()

    # A block from a spreadsheet is shown in the cells first; one that does not fit fills nothing.
    told = one.page.locator("[data-grid-message]")
    paste(one.page, "1. Care 1 March 2015", "1\t2")
    expect(told).to_contain_text("which do not all fit on open cells from here on. Nothing was filled.")
    paste(one.page, july, "10\t20.5\n30\tten")
    expect(told).to_have_text("4 cells filled from the copied block; not yet saved.")
    expect(one.page.locator("[data-grid-count]")).to_have_text("4 changes not yet saved")
    expect(one.page.locator("[data-grid-problems]")).to_contain_text("“ten” in 2. Care 2 August 2014.")
    assert amounts() == ["1000.00", "300.00"]
    one.press("Save the grid")
    assert amounts() == ["1000.00", "300.00"], "all or nothing"
    type_into(one.page, "2. Care 2 August 2014", "40")
    one.press("Save the grid")
    expect(one.page.get_by_text("saved.").first).to_be_visible()
    assert amounts() == ["10.00", "20.50", "30.00", "40.00"]

    # The same without a script: twelve columns for each line, previewed and then saved.
    one.page.get_by_text("Paste from a spreadsheet").click()
    one.page.get_by_label("The twelve months of all lines").fill("\t".join("7" * 12) + "\n" + "\t" * 11)
    one.press("Preview the pasted block")
    expect(one.page.get_by_text("Nothing is saved yet.")).to_be_visible()
    assert amounts() == ["10.00", "20.50", "30.00", "40.00"]
    one.press("Save the grid")
    assert amounts() == ["7.00"] * 12 + ["30.00", "40.00"]

    for name in ("fund", "grid", "months", "ledger", "posting_new", "extracts", "commitments", "parked"):
        one.open(reverse(f"pooled_budgets:{name}", args=[world.fund.pk]))
        one.look(name)
    one.open(reverse("pooled_budgets:month_close", args=[world.fund.pk, 3]))
    one.check()
