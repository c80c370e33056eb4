"""A return filled in as a workbook off line, and metric figures from a file: each seen before it counts."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from bcf_metrics.models import MetricFigure, ReturnAnswer
from tests.factories import worlds
from tests.integration.bcf_metrics.conftest import begin
from tests.integration.bcf_metrics.test_loads import filled

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waited:
        page.get_by_role("link", name=link).click()
    return Path(waited.value.path()).read_bytes()


def test_a_return_goes_away_and_comes_back(visitor: Any, transactional_db: Any, tmp_path: Path) -> None:
    journey = begin(worlds.build())
    journey.answer(phone="020 7946 0000")
    finance = visitor()
    finance.sign_in(journey.finance_officer, reverse("bcf_metrics:return_detail", args=[journey.quarterly_return.pk]))
    page = finance.page
    page.get_by_role("link", name="Load a workbook back").click()
    file = tmp_path / "return.xlsx"
    content = downloaded(page, "Download the workbook (.xlsx)")

    file.write_bytes(filled(content, email="nobody", phone="020 7946 0001", expenditure_1_plan=5))
    page.get_by_label("The return's workbook").set_input_files(file)
    finance.press("Upload and check")
    expect(page.get_by_role("heading", name="To be corrected in the file: 1 cell")).to_be_visible()
    finance.look("load-wrong")
    finance.press("Put this upload away")

    # Meanwhile a colleague corrects the telephone number.
    journey.answer(by=journey.metrics_officer, phone="020 7946 0002")
    cells = {"phone": "020 7946 0001", "email": "finance@southwark-council.example", "expenditure_1_plan": 5}
    file.write_bytes(filled(content, **cells, expenditure_1_actual="nil", income_1_actual=1300000))
    page.get_by_label("The return's workbook").set_input_files(file)
    finance.press("Upload and check")
    expect(page.get_by_text("3 answers changed, 2 cells left as they are")).to_be_visible()
    expect(page.get_by_text(f"{journey.metrics_officer} saved “020 7946 0002”")).to_be_visible()
    finance.look("load-preview")
    finance.press("Take these answers over")
    expect(page.get_by_text("return.xlsx is taken over")).to_be_visible()
    page.get_by_role("link", name="Load a workbook back").click()
    finance.look("load")

    assert finance.faults == []
    assert dict(ReturnAnswer.objects.values_list("field", "value")) == {
        "phone": "020 7946 0002",
        "email": "finance@southwark-council.example",
        "expenditure.1.actual": "nil",
        "income.1.actual": "1300000.00",
    }


def test_figures_come_from_a_file(visitor: Any, transactional_db: Any, tmp_path: Path) -> None:
    journey = begin(worlds.build())
    metrics = visitor()
    metrics.sign_in(journey.metrics_officer, reverse("bcf_metrics:grid", args=[journey.quarterly_return.pk]))
    page = metrics.page
    page.get_by_role("link", name="taken from a file").click()
    metrics.look("figure-file")
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Download the figures as they stand (.xlsx)")))
    sheet = book["Metric figures"]
    sheet["F7"], sheet["G7"], sheet["F8"] = 23, "As planned", "nil"
    file = tmp_path / "figures.xlsx"
    book.save(file)

    page.get_by_label("Metric figures").set_input_files(file)
    metrics.press("Upload and check")
    expect(page.get_by_role("row", name="Care home admissions of older people: Figure")).to_be_visible()
    metrics.look("figure-preview")
    metrics.press("Take these figures over")
    expect(page.get_by_text("figures.xlsx is taken over")).to_be_visible()

    assert metrics.faults == []
    assert sorted(MetricFigure.objects.values_list("state", "challenges")) == [("nil", ""), ("stated", "As planned")]
