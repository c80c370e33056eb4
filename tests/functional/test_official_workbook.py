"""The official file of the quarter: uploaded, mapped, filled in from the return, and proved in its every part."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bcf_metrics.models import OfficialFilling
from tests.factories import official, worlds
from tests.integration.bcf_metrics.conftest import begin

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

SPENDING = "4. Expenditure"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_official_workbook_is_filled_in_and_nothing_else_of_it_changes(
    visitor, transactional_db, tmp_path: Path
) -> None:
    journey = begin(worlds.build())
    journey.answer(completed_by="=Preparer", expenditure__1__actual="5621000.00", expenditure__2__actual="nil")
    blank = tmp_path / "BCF quarter 1.xlsx"
    blank.write_bytes(official.blank())

    finance = visitor()
    finance.sign_in(journey.finance_officer, reverse("bcf_metrics:return_detail", args=[journey.quarterly_return.pk]))
    page = finance.page
    page.get_by_role("link", name="Official workbook").click()
    finance.look("official-none")
    page.get_by_label("Official workbook, empty").set_input_files(blank)
    finance.press("Upload")
    expect(page.get_by_text("Check the cell map before you fill it in.")).to_be_visible()
    for column, heading in (("Name", "Scheme name"), ("Actual", "Actual expenditure")):
        page.get_by_role("link", name="Add a line").click()
        field = page.get_by_label("What is written")
        choice = field.locator("option").filter(has_text=f"Expenditure: {column}, every line").get_attribute("value")
        field.select_option(choice)
        page.get_by_label("Sheet").select_option(SPENDING)
        page.get_by_label("Label", exact=True).fill("Scheme" if column == "Name" else heading)
        page.get_by_label("Cells to the right").fill("0")
        page.get_by_label("Cells below").fill("1")
        finance.press("Save")
        if column == "Name":
            expect(page.get_by_text("“Scheme” stands not on sheet “4. Expenditure”.").first).to_be_visible()
            finance.look("official-line-refused")
            page.get_by_label("Label", exact=True).fill(heading)
            finance.press("Save")
        expect(page.get_by_text("The cell map is saved.")).to_be_visible()
    finance.look("official-map")
    finance.press("Fill in the workbook")
    expect(page.get_by_text("byte for byte as sent out")).to_be_visible()
    finance.look("official-filled")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Download the workbook").click()
    content = Path(waited.value.path()).read_bytes()

    assert finance.faults == []
    assert content == bytes(OfficialFilling.objects.get().content)
    before, after = parts(official.blank()), parts(content)
    changed = {name for name in before if before[name] != after[name]}
    assert list(before) == list(after)
    assert changed <= {f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3)}
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [book[SPENDING]["B6"].value, book[SPENDING]["D6"].value, book[SPENDING]["D7"].value] == [
        "Existing NHS transfers within social care budget",
        5621000,
        0,
    ]
    assert book["1. Cover"]["C6"].value == "=Preparer"
    assert book["1. Cover"]["C6"].data_type != "f"
