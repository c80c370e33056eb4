"""The arithmetic of a succession: exact shares, and money that is neither made nor lost."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.quarters import FinancialYear
from partners.domain.succession import (
    STAYS,
    Heir,
    Line,
    divide,
    elapsed,
    heirs_of,
    problems,
    with_one_denominator,
)

YEAR = FinancialYear(2022)
SIXTY_FORTY = [Heir("west", Fraction(3, 5), keeps=True), Heir("east", Fraction(2, 5))]
NAMES = {"ccg": "CCG", "icb": "ICB", "other": "Other ICB", "a": "Area A", "b": "Area B"}


def line(predecessor: str, successor: str, share: str = "1", *, area: str = "", keeps: bool = True, position: int = 1):
    return Line(position, predecessor, successor, area, Fraction(share), keeps)


@pytest.mark.parametrize(
    ("on", "part"),
    [
        (date(2022, 4, 1), Fraction(0)),
        (date(2022, 7, 1), Fraction(1, 4)),
        (date(2023, 1, 1), Fraction(3, 4)),
        (date(2022, 4, 16), Fraction(1, 24)),
        (date(2023, 2, 15), (10 + Fraction(14, 28)) / 12),
        (date(2023, 3, 31), (11 + Fraction(30, 31)) / 12),
        (date(2021, 12, 1), Fraction(0)),
        (date(2023, 4, 1), Fraction(1)),
    ],
)
def test_elapsed_counts_whole_months_as_twelfths_and_days_of_their_month(on, part):
    assert elapsed(YEAR, on) == part


def test_divide_sixty_forty_gives_the_odd_penny_to_the_largest_remainder():
    # 0.6 x 100.01 = 60.006 and 0.4 x 100.01 = 40.004: the penny left goes to .6 of a penny.
    assert divide(Decimal("100.01"), SIXTY_FORTY) == {
        "west": Decimal("60.01"),
        "east": Decimal("40.00"),
        STAYS: Decimal("0.00"),
    }


def test_divide_equal_remainders_give_the_penny_to_whoever_keeps():
    halves = [Heir("east", Fraction(1, 2)), Heir("west", Fraction(1, 2), keeps=True)]

    assert divide(Decimal("0.01"), halves)["west"] == Decimal("0.01")


def test_divide_in_the_year_leaves_the_predecessor_its_months():
    parts = divide(Decimal("1000000.01"), [Heir("icb", Fraction(1), keeps=True)], before=Fraction(1, 4))

    assert parts == {"icb": Decimal("750000.01"), STAYS: Decimal("250000.00")}


@given(
    pennies=st.integers(0, 10**14),
    weights=st.lists(st.integers(1, 997), min_size=1, max_size=7),
    months=st.integers(0, 11),
)
def test_divide_conserves_money_whatever_the_shares_and_month(pennies, weights, months):
    heirs = [Heir(str(n), Fraction(weight, sum(weights)), keeps=n == 0) for n, weight in enumerate(weights)]
    amount = Decimal(pennies) / 100
    before = Fraction(months, 12)

    parts = divide(amount, heirs, before=before)

    assert sum(parts.values()) == amount
    exact = {heir.key: Fraction(pennies) * heir.share * (1 - before) for heir in heirs}
    assert all(abs(Fraction(parts[key]) * 100 - exact[key]) < 1 for key in exact)


@given(st.lists(st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000), min_size=1, max_size=6))
def test_one_denominator_keeps_each_fraction_exact(shares):
    numerators, denominator = with_one_denominator(shares)

    assert [Fraction(numerator, denominator) for numerator in numerators] == shares


def test_heirs_of_an_area_are_those_whose_line_names_it_or_everything():
    lines = [line("ccg", "icb", area="a"), line("ccg", "other", area="b")]

    assert [heir.key for heir in heirs_of(lines, "ccg", "a")] == ["icb"]
    assert [heir.key for heir in heirs_of(lines, "ccg", "b")] == ["other"]
    assert heirs_of(lines, "ccg", "c") == []
    assert [heir.key for heir in heirs_of([line("ccg", "icb")], "ccg", "c")] == ["icb"]


def test_problems_none_where_each_area_is_taken_whole():
    lines = [line("ccg", "icb", area="a"), line("ccg", "other", area="b")]

    assert problems(lines, names=NAMES, served={"ccg": frozenset("ab")}, keeps_rest=False) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "Say who succeeds whom"),
        ([line("ccg", "icb", "2/3")], "The shares of CCG add up to 2/3, not to 1."),
        (
            [line("ccg", "icb", "1/2"), line("ccg", "other", "1/2")],
            "Mark one successor of CCG, and one alone, that takes what cannot be divided.",
        ),
        ([line("ccg", "icb", keeps=False)], "Mark one successor of CCG"),
        ([line("ccg", "icb", area="a")], "CCG also serves Area B: say who takes that."),
        ([line("ccg", "icb", area="a"), line("ccg", "other")], "name an area in every line or in none"),
        ([line("ccg", "icb"), line("icb", "other")], "ICB stands on both sides."),
        (
            [line("ccg", "icb", area="a"), line("ccg", "icb", area="b"), line("ccg", "other", area="c")],
            "CCG does not serve c on that day.",
        ),
    ],
)
def test_problems_name_what_stands_against_the_lines(lines, words):
    found = problems(lines, names=NAMES, served={"ccg": frozenset("ab")}, keeps_rest=False)

    assert any(words in problem.message for problem in found), found


def test_problems_of_a_boundary_change_leave_the_rest_where_it_is():
    served = {"ccg": frozenset("ab")}

    assert problems([line("ccg", "icb", area="a")], names=NAMES, served=served, keeps_rest=True) == []
    assert (
        "name the area that moves"
        in problems([line("ccg", "icb")], names=NAMES, served=served, keeps_rest=True)[0].message
    )
