"""The main job, end to end: from an empty 2014/15 to a quarterly report and an exported return, on Southwark's figures."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.journey import Hub, Person, person

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.enable_socket]
OUTTURNS = {
    "1": "5621000",
    "2": "1048000",
    "3": "1813000",
    "4": "100000",
    "5": "107000",
    "7": "54000",
    "11": "214000",
}


def test_main_job_from_the_plan_to_the_report_and_the_return(browser: Browser, hub: Hub, shots: Path) -> None:
    with person(browser, hub, "finance", "southwark-council") as finance:
        fund = import_the_plan(finance, shots)
        enter_the_outturns(finance, fund, shots)


def import_the_plan(finance: Person, shots: Path) -> str:
    """Step 2: template, example, the refused cell, its correction, seven schemes to the penny. Answers the fund's address."""
    page = finance.page
    finance.look("home-finance", shots=shots)
    page.get_by_role("link", name="Funds").first.click()
    finance.look("funds", shots=shots)
    page.get_by_role("row").filter(has_text="2014/15").get_by_role("link").click()
    fund = page.url.removeprefix(finance.hub.address)
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    expect(page.locator("main")).to_contain_text("not stated")
    finance.look("fund-empty", shots=shots)
    finance.open(f"{fund}plan/")
    finance.look("plan-upload", shots=shots)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the template (.xlsx)").click()
    assert zipfile.is_zipfile(download.value.path())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the example (.xlsx)").click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": download.value.suggested_filename,
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": Path(download.value.path()).read_bytes(),
        }
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.locator("main")).to_contain_text("“£214,00”")
    expect(page.locator("main")).to_contain_text("£214,000.00")
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    finance.look("plan-refused", shots=shots)
    page.get_by_role("button", name="Correct and check again").click()
    page.get_by_role("button", name="Import the plan").wait_for()
    finance.look("plan-preview", shots=shots)
    page.get_by_role("button", name="Import the plan").click()
    finance.open(fund)
    words = finance.text()
    assert words.count("£8,957,000.00") >= 1
    for number in OUTTURNS:
        assert page.get_by_role("rowheader").filter(has_text=number).count() >= 1
    assert "£1,300,000.00" in words
    assert "£7,657,000.00" in words
    assert "not stated" in words
    finance.look("fund-plan", shots=shots)
    return fund


def enter_the_outturns(finance: Person, fund: str, shots: Path) -> None:
    """Step 3: by typing and by pasting; a bad row in the paste changes nothing."""
    page = finance.page
    finance.open(f"{fund}monitoring/?quarter=1")
    paste = page.get_by_label("Paste a column from a spreadsheet")
    paste.fill("\n".join(f"{number}\t{amount}" for number, amount in OUTTURNS.items()).replace("1813000", "1.813m"))
    page.get_by_role("button", name="Preview the pasted column").click()
    expect(page.locator("main")).to_contain_text("Nothing of the column was taken over")
    finance.look("monitoring-bad-paste", shots=shots)
    finance.open(f"{fund}monitoring/?quarter=1")
    page.get_by_label("Paste a column from a spreadsheet").fill(
        "\n".join(f"{number}\t{amount}" for number, amount in OUTTURNS.items())
    )
    page.get_by_role("button", name="Preview the pasted column").click()
    expect(page.locator("main")).to_contain_text("Nothing is saved yet")
    page.get_by_label("Projected outturn, 11").or_(page.locator("input[aria-label^='Projected outturn']").last).first.fill(
        "£214,000.00"
    )
    page.get_by_role("button", name="Save the quarter").click()
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    finance.look("monitoring", shots=shots)
    page.get_by_role("button", name="Release to partners").click()
    expect(page.locator("main")).not_to_contain_text("The partners see the figures once you release them")

