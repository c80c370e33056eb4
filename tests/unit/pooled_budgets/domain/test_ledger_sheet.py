"""Ledger extracts: reading, control totals, and which row goes where."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.quarters import FinancialMonth, FinancialYear
from integration_hub.core.spreadsheets.reader import CellError, Sheet, Workbook
from pooled_budgets.domain import ledger_sheet
from pooled_budgets.domain.ledger_sheet import Controls, ExtractRefused, Portion, Row

YEAR = FinancialYear(2014)
HEAD = ["Ledger code", "Period", "Date", "Amount", "Description", "Reference"]


def workbook(*rows, hidden=False):
    return Workbook((Sheet("S", tuple(map(tuple, rows)), hidden=hidden),))


def read(*rows, head=HEAD):
    return ledger_sheet.read_extract(workbook(head, *rows), year=YEAR)


def test_rows_are_read_with_period_date_and_pounds():
    extract = read(
        ["A1", Decimal(3), date(2014, 6, 5), Decimal("100.25"), " Home  care ", "INV 1"],
        ["A2", "April 2014", None, "(£40.00)", "Income", None],
        ["A3", "P13", None, "-1", None, None],
        [None] * 6,
        ["A4", None, "01/03/2015", "0", "Nil", None],
    )

    assert extract.problems == ()
    assert extract.rows == (
        Row(2, "A1", 3, date(2014, 6, 5), Decimal("100.25"), "Home care", "INV 1"),
        Row(3, "A2", 1, date(2014, 4, 30), Decimal("-40.00"), "Income", ""),
        Row(4, "A3", 13, date(2015, 3, 31), Decimal("-1.00"), "A3", ""),
        Row(6, "A4", 12, date(2015, 3, 1), Decimal("0.00"), "Nil", ""),
    )
    assert [Row.from_list(row.as_list()) for row in extract.rows] == list(extract.rows)


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        ([None, 3, None, "1.00", "x", None], "A2", "code is missing"),
        (["A", "Smarch", None, "1.00", "x", None], "B2", "no period"),
        (["A", Decimal(14), None, "1.00", "x", None], "B2", "no period"),
        (["A", None, "31/02/2014", "1.00", "x", None], "C2", "no date"),
        (["A", "3", "01/01/0001", "1.00", "x", None], "C2", "real date"),
        (["A", None, date(2014, 3, 31), "1.00", "x", None], "C2", "not in 2014/15"),
        (["A", None, None, "1.00", "x", None], "C2", "no period and no date"),
        (["A", 3, None, "1.005", "x", None], "D2", "at most two"),
        (["A", 3, None, None, "x", None], "D2", "no amount"),
        (["A", 3, None, CellError("#REF!"), "x", None], "D2", "#REF!"),
        (["A", 3, None, "1.00", "x" * 301, None], "E2", "300"),
        (["A", 3, None, "1.00", "x\x00y", None], "E2", "cannot be kept"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(row, cell, words):
    row = [Decimal(value) if isinstance(value, int) else value for value in row]
    extract = read(row, ["B", Decimal(1), None, "2.00", "y", None])

    assert [problem.cell for problem in extract.problems] == [cell]
    assert words in extract.problems[0].message
    assert [found.code for found in extract.rows] == ["B"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["Ledger code", "Period", "Description"], "no_headings"),
        (["Code", "Amount", "Description"], "no_column"),
        (["Code", "Period", "Amount"], "no_column"),
        (["Code", "Account", "Period", "Amount", "Description"], "column_twice"),
    ],
)
def test_a_sheet_that_is_no_extract_is_refused(head, code):
    with pytest.raises(ExtractRefused) as refused:
        read(["A"] * len(head), head=head)
    assert refused.value.code == code
    with pytest.raises(ExtractRefused):
        read()
    with pytest.raises(ExtractRefused):
        ledger_sheet.read_extract(workbook(HEAD, ["A", "1", None, "1", "x", None], hidden=True), year=YEAR)


def words(extract, stated=Controls()):  # noqa: B008 - frozen
    return [problem.message for problem in ledger_sheet.compare(extract, stated)]


def test_control_totals_must_hold_whoever_states_them():
    rows = [["A", Decimal(1), None, "10.00", "x", None], ["B", Decimal(1), None, "-4.00", "y", None]]
    bare = read(*rows)
    own = read(*rows, ["Total", None, None, "6.00", None, None], ["Count", None, None, Decimal(2), None, None])

    assert words(own) == []
    assert words(bare, Controls(2, Decimal("6.00"))) == []
    assert "State both" in words(bare)[0]
    assert "State both" in words(bare, Controls(count=2))[0]
    assert words(bare, Controls(3, Decimal("6.01"))) == [
        "You stated 3 rows; the file has 2 rows.",
        "You stated a total of £6.01; the rows add up to £6.00, a difference of -£0.01.".replace("-", "\u2212")
        if "\u2212" in words(bare, Controls(3, Decimal("6.01")))[1]
        else "You stated a total of £6.01; the rows add up to £6.00, a difference of -£0.01.",
    ]
    wrong = read(*rows, ["Total", None, None, "7.00", None, None], ["Count", None, None, Decimal(2), None, None])
    assert [message.split(";")[0] for message in words(wrong)] == ["The file states a total of £7.00"]


amounts = st.decimals(-1000, 1000, places=2)
rows = st.lists(st.tuples(st.sampled_from(["A1", "a1", "B", "C", "D"]), amounts), max_size=30)


@given(rows)
def test_no_penny_is_lost_between_posted_parked_and_nil(given_rows):
    made = [
        Row(number, code, number % 3 + 1, FinancialMonth(YEAR, 1).ends_on, amount, "x", "")
        for number, (code, amount) in enumerate(given_rows)
    ]
    lines = {"a1": "one", "b": "two", "c": None}
    portions = ledger_sheet.portions(made)
    found = ledger_sheet.sort(portions, lines)

    assert [Portion.from_list(portion.as_list()) for portion in portions] == list(portions)
    assert [(portion.code, portion.month) for portion in portions] == list(
        dict.fromkeys((row.code, row.month) for row in made)
    )
    assert found.posted_sum.rows + found.parked_sum.rows + found.nil == len(made)
    assert found.nil == sum(row.amount == 0 for row in made)
    assert found.posted_sum.amount + found.parked_sum.amount == sum((row.amount for row in made), Decimal(0))
    for line in ("one", "two"):
        own = [row.amount for row in made if row.amount and lines.get(row.code.casefold()) == line]
        assert found.by_line().get(line, (0, 0)) == (len(own), sum(own))
    for code in ("C", "D"):
        own = [row.amount for row in made if row.amount and row.code == code]
        assert found.by_code().get(code, (0, 0)) == (len(own), sum(own))


def test_the_fingerprint_changes_with_any_code_and_not_with_their_order():
    first = ledger_sheet.fingerprint({"a": 1, "b": None})

    assert first == ledger_sheet.fingerprint({"b": None, "a": 1})
    assert len({first, ledger_sheet.fingerprint({"a": 1}), ledger_sheet.fingerprint({"a": 2, "b": None})}) == 3
