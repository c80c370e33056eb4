"""A column pasted from a spreadsheet: taken whole, or refused with the line that is wrong."""

from decimal import Decimal

import pytest

from pooled_budgets.domain import paste

NUMBERS = ["1", "2", "11"]


def amounts(result):
    return {number: figure.amount for number, figure in result.figures.items()}


def test_read_one_column_follows_the_order_of_the_rows():
    result = paste.read("5,621,000\r\n£1,048,000.00\r\n214000\r\n", NUMBERS)

    assert amounts(result) == {"1": Decimal(5621000), "2": Decimal(1048000), "11": Decimal(214000)}


def test_read_two_columns_goes_by_number_in_any_order_and_may_leave_schemes_out():
    result = paste.read("11\t214,000\n1\tnil", NUMBERS)

    assert {number: figure.words for number, figure in result.figures.items()} == {"11": "£214,000.00", "1": "nil"}


@pytest.mark.parametrize(
    ("text", "line", "value", "words"),
    [
        ("1\t10\n2\t£214,00\n11\t3", 2, "£214,00", "groups of three"),
        ("1\t10\n6\t20", 2, "6", "no scheme of this number"),
        ("1\t10\n1\t20", 2, "1", "twice"),
        ("10\n\n30", 2, "", "no amount"),
        ("10\ntwenty\n30", 2, "twenty", "not an amount"),
        ("1\t10.005\n2\t1", 1, "10.005", "decimals"),
    ],
)
def test_read_a_bad_line_names_it_and_takes_nothing(text, line, value, words):
    result = paste.read(text, NUMBERS)

    assert result.figures == {}
    assert [(problem.line, problem.value) for problem in result.problems] == [(line, value)]
    assert words in result.problems[0].words
    assert "Expected:" in result.problems[0].words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing was pasted"),
        ("10\n20", "2 lines were pasted for 3 schemes"),
        ("1\t2\t3", "3 columns"),
    ],
)
def test_read_a_block_of_another_shape_is_refused_as_a_whole(text, words):
    result = paste.read(text, NUMBERS)

    assert result.figures == {}
    assert [problem.line for problem in result.problems] == [0]
    assert words in result.problems[0].words


def test_read_every_bad_line_is_named():
    result = paste.read("x\n2\ny", NUMBERS)

    assert [problem.line for problem in result.problems] == [1, 3]


def test_read_a_total_that_ties_is_taken_and_left_out():
    result = paste.read("1\t10\n2\t20\nTotal\t£30.00", NUMBERS)

    assert amounts(result) == {"1": Decimal(10), "2": Decimal(20)}


def test_read_a_total_that_does_not_tie_names_the_difference():
    result = paste.read("1\t10\n2\t20\nTotal\t£31.50", NUMBERS)

    assert result.figures == {}
    assert "£1.50 more" in result.problems[0].words
