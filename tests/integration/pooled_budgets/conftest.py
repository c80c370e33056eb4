"""Uploads for Southwark's 2014/15 fund, and the plan imported as its finance officer would."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters.plan_files import PlanFile, PlanRow
from pooled_budgets.services import plans
from tests.factories.partners import NOON as AT


class Uploads:
    """Sheets as they come from officers."""

    def example(self) -> bytes:
        return plan_files.workbook(plan_files.example())

    def plan(self, *rows, area="Southwark", year=2014, quarter=1, total=None) -> bytes:
        """A workbook of rows (number, name, budget, outturn, note); amounts as text or Decimal."""
        made = tuple(PlanRow(*row, *[None, ""][len(row) - 3 :]) if len(row) < 5 else PlanRow(*row) for row in rows)
        return plan_files.workbook(PlanFile(area, "", Quarter(FinancialYear(year), quarter), made, total))

    def file(self, content: bytes, name: str = "plan.xlsx") -> io.BytesIO:
        return io.BytesIO(content)

    def posted(self, content: bytes, name: str = "plan.xlsx") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, content, content_type=XLSX_CONTENT_TYPE)


@pytest.fixture
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
def stage(world, uploads):
    """Upload a workbook as the council's finance officer; gives the staged import."""

    def upload(content=None, *, name="plan.xlsx", at=AT, by=None):
        file = io.BytesIO(uploads.example() if content is None else content)
        return plans.stage(fund=world.fund, file=file, filename=name, by=by or world.person("finance"), at=at)

    return upload


@pytest.fixture
def imported(world, stage):
    """The example, corrected and imported without its outturns."""
    staged = stage(name="southwark.xlsx")
    officer = world.person("finance")
    plans.correct(import_id=staged.pk, corrections={"D14": "214,000.00"}, by=officer, at=AT + timedelta(minutes=1))
    return plans.confirm(import_id=staged.pk, include_outturns=False, by=officer, at=AT + timedelta(minutes=2))


@pytest.fixture
def pounds():
    return lambda text: Decimal(text).quantize(Decimal("0.01"))
