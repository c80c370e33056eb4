"""The template and the shipped example: they can be read back, and text stays text."""

import io
from decimal import Decimal

import openpyxl

from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.spreadsheets import reader
from integration_hub.core.states import AmountState, FigureState
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.plan_sheet import check, read_plan
from pooled_budgets.domain.position import PositionLine
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters.plan_files import PlanFile, PlanRow

YEAR = FinancialYear(2014)


def read_back(content, name="plan.xlsx"):
    return read_plan(reader.read(io.BytesIO(content), name), fund="Fund", area="Southwark", year=YEAR)


def test_example_is_the_plan_as_printed_with_one_unreadable_outturn():
    checked = check(read_back(plan_files.workbook(plan_files.example())))

    assert [scheme.number for scheme in checked.schemes] == ["1", "2", "3", "4", "5", "7", "11"]
    assert sum(scheme.budget for scheme in checked.schemes) == Decimal("8957000.00")
    (problem,) = checked.problems
    assert (problem.value, problem.suggestion) == ("£214,00", "214,000.00")


def test_example_as_csv_says_the_same_as_the_workbook():
    workbook = check(read_back(plan_files.workbook(plan_files.example())))
    text = check(read_back(plan_files.csv_file(plan_files.example()), "plan.csv"))

    assert text.schemes == workbook.schemes


def test_workbook_of_the_same_plan_has_the_same_bytes():
    assert plan_files.workbook(plan_files.example()) == plan_files.workbook(plan_files.example())


def test_template_carries_fund_area_year_and_the_plan_as_it_stands():
    recorded = Figure.stated(Decimal("9.50"))
    line = PositionLine("x", "1", "Transfers", Decimal("10.00"), "stated", Decimal("9.50"), "stated", recorded=recorded)
    file = plan_files.template(fund="Fund", area="Southwark", quarter=Quarter(YEAR, 2), lines=[line])

    read = read_back(plan_files.workbook(file))

    assert read.quarter == 2
    (scheme,) = check(read).schemes
    assert (scheme.number, scheme.budget, scheme.outturn.amount) == ("1", Decimal("10.00"), Decimal("9.50"))


def test_template_empty_amounts_stand_in_words():
    line = PositionLine(
        "x",
        "1",
        "Transfers",
        None,
        AmountState.TO_BE_CONFIRMED,
        None,
        FigureState.SUPPRESSED,
        recorded=Figure.empty(FigureState.SUPPRESSED),
    )
    file = plan_files.template(fund="Fund", area="Southwark", quarter=Quarter(YEAR, 1), lines=[line])

    checked = check(read_back(plan_files.workbook(file)))

    assert checked.is_clean
    assert checked.schemes[0].budget_state == AmountState.TO_BE_CONFIRMED
    assert checked.schemes[0].outturn.words == "suppressed"


def test_workbook_a_name_that_looks_like_a_formula_stays_text():
    file = PlanFile("Southwark", "Fund", Quarter(YEAR, 1), (PlanRow("1", "=1+1", Decimal(1), None, "-x"),))

    sheet = openpyxl.load_workbook(io.BytesIO(plan_files.workbook(file)))["Scheme plan"]

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
