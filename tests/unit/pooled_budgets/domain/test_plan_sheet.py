"""A scheme plan as a sheet: what is taken, which cell is refused and why, and whether the columns tie."""

from decimal import Decimal

import pytest

from integration_hub.core.quarters import FinancialYear
from integration_hub.core.spreadsheets.reader import CellError, Sheet, Workbook
from integration_hub.core.states import AmountState
from pooled_budgets.domain.plan_sheet import MAXIMUM_SCHEMES, PlanRefused, PlanSheet, check, read_plan

YEAR = FinancialYear(2014)
ABOUT = [["Area", "Southwark"], ["Financial year", "2014/15"]]
HEAD = ["Scheme no.", "Scheme", "Budget (£)", "Projected outturn at quarter 1 (£)", "Notes"]
ROWS = [
    [Decimal(1), "Transfers", Decimal("5621000"), Decimal("5621000"), None],
    ["7", "Psychiatric liaison", "£54,000", "54,000.00", "A note"],
    ["11", "Admission avoidance", Decimal("214000"), "£214,00", None],
]


def sheet(rows, *, name="Scheme plan", hidden=False):
    width = max(len(row) for row in rows)
    return Sheet(
        name,
        tuple(tuple(row[column] if column < len(row) else None for column in range(width)) for row in rows),
        hidden,
    )


def plan(rows=ROWS, *, about=ABOUT, head=HEAD, total=None):
    lines = [*about, [], head, *rows, *([total] if total else [])]
    return read_plan(Workbook((sheet(lines),)), fund="Better Care Fund", area="Southwark", year=YEAR)


def refusal(*args, **kwargs):
    with pytest.raises(PlanRefused) as refused:
        plan(*args, **kwargs)
    return refused.value


def replaced(row, column, value):
    rows = [list(each) for each in ROWS]
    rows[2][3] = Decimal("214000")
    rows[row][column] = value
    return rows


def test_check_the_printed_plan_refuses_the_one_cell_and_suggests_what_ties():
    checked = check(plan(total=["Total", None, Decimal("5889000"), Decimal("5889000"), None]))

    (problem,) = checked.problems
    assert problem.address == "Scheme plan!D7"
    assert (problem.value, problem.code, problem.suggestion) == ("£214,00", "thousands", "214,000.00")
    assert "£5,889,000.00" in problem.suggestion_words
    assert problem.expected
    assert [control.ties for control in checked.controls] == [True, False]


def test_corrected_cell_is_taken_and_what_was_printed_is_kept():
    read = plan(total=["Total", None, Decimal("5889000"), Decimal("5889000"), None])
    kept = PlanSheet.from_rows(read.as_rows())

    checked = check(kept.corrected({"D7": "214,000.00"}))

    assert checked.problems == ()
    assert checked.schemes[2].outturn.amount == Decimal("214000.00")
    assert checked.schemes[2].as_printed == "£214,00"
    assert [control.ties for control in checked.controls] == [True, True]


def test_correcting_twice_still_keeps_what_was_printed_first():
    twice = plan().corrected({"D7": "£214,0000"}).corrected({"D7": "214000"})

    assert check(twice).schemes[2].as_printed == "£214,00"


def test_check_takes_numbers_texts_and_notes_as_they_stand():
    schemes = check(plan(replaced(1, 4, "  two  words "))).schemes

    assert [scheme.number for scheme in schemes] == ["1", "7", "11"]
    assert [scheme.budget for scheme in schemes] == [Decimal("5621000.00"), Decimal("54000.00"), Decimal("214000.00")]
    assert schemes[1].note == "two words"


@pytest.mark.parametrize(
    ("row", "column", "value", "cell", "code"),
    [
        (0, 2, "lots", "C5", "not_a_number"),
        (0, 2, Decimal("-1"), "C5", "negative"),
        (0, 2, "-1", "C5", "negative"),
        (0, 2, Decimal("1.005"), "C5", "decimals"),
        (0, 2, "1.005", "C5", "decimals"),
        (0, 2, None, "C5", "empty"),
        (0, 2, True, "C5", "boolean"),
        (0, 2, CellError("#REF!"), "C5", "error"),
        (0, 3, "1.005", "D5", "decimals"),
        (1, 0, None, "A6", "empty"),
        (1, 0, "1", "A6", "duplicate"),
        (1, 0, "x" * 21, "A6", "too_long"),
        (1, 1, None, "B6", "empty"),
        (1, 1, "=HYPERLINK(1)", "B6", "formula"),
        (1, 1, "+44", "B6", "formula"),
        (1, 1, "@SUM", "B6", "formula"),
        (1, 1, "x" * 201, "B6", "too_long"),
        (1, 4, "=1+1", "E6", "formula"),
    ],
)
def test_check_a_bad_cell_is_named_with_what_was_expected(row, column, value, cell, code):
    checked = check(plan(replaced(row, column, value)))

    assert [(problem.cell, problem.code) for problem in checked.problems] == [(cell, code)]
    assert checked.problems[0].message
    assert checked.problems[0].expected


def test_check_an_outturn_may_be_below_nil_or_a_reason():
    schemes = check(plan(replaced(0, 3, "-40.00"))).schemes
    reasons = check(plan(replaced(0, 3, "not yet available until 30 September 2014"))).schemes

    assert schemes[0].outturn.amount == Decimal("-40.00")
    assert reasons[0].outturn.words == "not yet available until 30 September 2014"


def test_check_an_empty_outturn_is_no_figure_and_no_problem():
    checked = check(plan(replaced(0, 3, None)))

    assert checked.is_clean
    assert checked.schemes[0].outturn is None


@pytest.mark.parametrize("words", ["to be confirmed", "TBC"])
def test_check_a_budget_to_be_confirmed_has_its_state_and_no_amount(words):
    scheme = check(plan(replaced(0, 2, words))).schemes[0]

    assert (scheme.budget, scheme.budget_state) == (None, AmountState.TO_BE_CONFIRMED)


@pytest.mark.parametrize(("printed", "words"), [("5,889,001.50", "£1.50 more"), ("5,888,000", "£1,000.00 less")])
def test_check_a_total_that_does_not_tie_names_the_difference_in_pounds(printed, words):
    checked = check(plan(replaced(0, 3, None), total=["Total", None, printed, None, None]))

    assert [problem.code for problem in checked.problems] == ["total"]
    assert words in checked.problems[0].message


def test_check_without_outturn_and_notes_columns_is_a_plan_of_budgets():
    read = plan([["1", "Transfers", Decimal("10")]], head=HEAD[:3])
    (scheme,) = check(read).schemes

    assert read.quarter is None
    assert (scheme.outturn, scheme.note) == (None, None)


def test_read_plan_finds_the_sheet_among_others_and_ignores_hidden_ones():
    rows = [*ABOUT, HEAD, *ROWS]
    workbook = Workbook((sheet([["Hello"]], name="Notes"), sheet(rows), sheet(rows, name="Old", hidden=True)))

    assert read_plan(workbook, fund="", area="Southwark", year=YEAR).sheet == "Scheme plan"


def test_read_plan_two_plans_in_a_workbook_are_refused():
    rows = [*ABOUT, HEAD, *ROWS]

    with pytest.raises(PlanRefused, match=r'"Scheme plan" and "Copy"'):
        read_plan(Workbook((sheet(rows), sheet(rows, name="Copy"))), fund="", area="Southwark", year=YEAR)


@pytest.mark.parametrize(
    ("about", "code", "words"),
    [
        ([["Area", "Southwark"], ["Financial year", "2015/16"]], "other_year", "2015/16, and this fund is for 2014/15"),
        ([["Area", "Hackney"], ["Financial year", "2014/15"]], "other_area", "Hackney"),
        ([["Fund", "Other"], *ABOUT], "other_fund", "Other"),
        ([["Area", "Southwark"], ["Financial year", "fourteen"]], "year", "2014/15"),
        ([["Area", "Southwark"]], "no_year", "Financial year"),
        ([["Financial year", "2014/15"]], "no_area", "Area"),
    ],
)
def test_read_plan_a_sheet_of_another_year_area_or_fund_is_refused_by_name(about, code, words):
    refused = refusal(about=about)

    assert refused.code == code
    assert words in refused.message


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["Scheme no.", "Scheme", "Amount"], "Amount"),
        (["Scheme no.", "Scheme"], "Budget"),
        (["Scheme no.", "Scheme", "Budget", "Budget"], "twice"),
        (["Scheme no.", "Scheme", "Budget", "Projected outturn"], "which quarter"),
        (["Scheme no.", "Scheme", "Budget", "Projected outturn at quarter 1 2015/16"], "2015/16"),
    ],
)
def test_read_plan_wrong_headings_are_refused_with_what_was_expected(head, words):
    refused = refusal([["1", "Transfers", Decimal(10)]], head=head)

    assert words in refused.message or words in str(refused.problems)
    assert refused.problems[0]["expected"]


def test_read_plan_without_any_heading_row_is_refused():
    assert refusal(head=["a", "b", "c"]).code == "headings"


@pytest.mark.parametrize("rows", [[], [[None, None, None]]])
def test_read_plan_without_schemes_is_refused_as_empty(rows):
    assert refusal(rows).code == "empty"


def test_read_plan_of_an_empty_workbook_is_refused_as_empty():
    with pytest.raises(PlanRefused, match="empty"):
        read_plan(Workbook((Sheet("Sheet1", ()),)), fund="", area="Southwark", year=YEAR)


def test_read_plan_with_too_many_schemes_is_refused():
    rows = [[str(number), "Scheme", Decimal(1)] for number in range(MAXIMUM_SCHEMES + 1)]

    assert refusal(rows, head=HEAD[:3]).code == "too_many_rows"


def test_read_plan_amounts_below_the_total_are_refused_and_remarks_are_not():
    remark, amount = ["Source: the paper"], ["12", "Late", Decimal(5)]
    rows = [["1", "Transfers", Decimal(10)], ["Total", None, Decimal(10)]]

    assert len(plan([*rows, remark], head=HEAD[:3]).rows) == 1
    assert refusal([*rows, amount], head=HEAD[:3]).code == "below_total"


def test_read_plan_a_value_in_a_column_without_heading_is_refused():
    refused = refusal([["1", "Transfers", Decimal(10), "stray"]], head=[*HEAD[:3], None])

    assert "stray" in refused.message
