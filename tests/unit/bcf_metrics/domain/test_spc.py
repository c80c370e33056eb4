"""Limits and flags of a metric's own history: each rule on its own, by hand-worked series."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain.progress import Better
from bcf_metrics.domain.spc import (
    ASSURANCE_WORDS,
    FEWEST,
    RULE_WORDS,
    VARIATION_ICONS,
    VARIATION_WORDS,
    Assurance,
    Chart,
    Limits,
    Rule,
    Variation,
    assurance,
    chart,
    limits_of,
    outlier,
)


def numbers(*given: int | None) -> list[Fraction | None]:
    return [None if number is None else Fraction(number) for number in given]


# It goes up and down by 2 about 50: mean 50, moving range 2, limits 50 - 5.32 and 50 + 5.32.
CALM = [51, 49] * 7


def drawn(*given: int | None, better: Better = Better.LOWER) -> Chart:
    return chart(numbers(*given), better=better)


def flagged(found: Chart, rule: Rule) -> list[int]:
    return [flag.place for flag in found.flags if flag.rule is rule]


def test_limits_are_the_mean_and_2_66_moving_ranges() -> None:
    assert limits_of(numbers(*CALM)) == Limits(Fraction(50), Fraction("44.68"), Fraction("55.32"))


def test_moving_range_is_between_neighbours_alone() -> None:
    # 10 to 12 is 2; 12 to 40 lies across the gap; 40 to 44 is 4: 3 on average.
    limits = limits_of(numbers(10, 12, None, 40, 44))

    assert limits is not None
    assert (limits.mean, limits.upper) == (Fraction("26.5"), Fraction("26.5") + Fraction("7.98"))


def test_no_neighbours_no_limits() -> None:
    assert limits_of(numbers(10, None, 12)) is None
    assert limits_of([]) is None


def test_calm_series_has_no_flag() -> None:
    found = drawn(*CALM)

    assert (found.flags, found.variation, found.counted) == ((), Variation.COMMON_CAUSE, 14)


def test_fewer_figures_than_the_least_have_neither_limits_nor_flags() -> None:
    found = drawn(*CALM[: FEWEST - 2], 500)

    assert (found.limits, found.flags, found.variation) == (None, (), Variation.TOO_FEW)
    assert drawn(*CALM[: FEWEST - 1], 500).limits is not None


def test_gaps_do_not_count_as_figures() -> None:
    assert drawn(*CALM[: FEWEST - 1], None, None).limits is None


@pytest.mark.parametrize(
    ("newest", "better", "variation"),
    [
        (90, Better.LOWER, Variation.CONCERN),
        (90, Better.HIGHER, Variation.IMPROVEMENT),
        (10, Better.LOWER, Variation.IMPROVEMENT),
        (10, Better.HIGHER, Variation.CONCERN),
    ],
)
def test_one_outside_the_limits(newest: int, better: Better, variation: Variation) -> None:
    found = drawn(*CALM, newest, better=better)

    assert flagged(found, Rule.OUTSIDE) == [14]
    assert found.variation is variation


def test_exactly_on_a_limit_is_inside() -> None:
    limits = limits_of(numbers(*CALM))

    assert limits is not None
    assert not limits.is_outside(limits.upper)
    assert limits.is_outside(limits.upper + Fraction(1, 10**6))


def test_seven_on_one_side_of_the_mean_are_a_run_and_six_are_none() -> None:
    seven = drawn(*[10, 20] * 4, 24, 22, 24, 22, 24, 22, 24)
    six = drawn(*[10, 20] * 4, 24, 22, 24, 22, 24, 22, 10)

    # The 20 before the seven lies above the mean as well.
    assert flagged(seven, Rule.RUN) == list(range(7, 15))
    assert flagged(six, Rule.RUN) == list(range(7, 14))
    assert flagged(drawn(*[10, 20] * 4, 10, 24, 22, 24, 22, 24, 22, 10), Rule.RUN) == []


def test_a_figure_on_the_mean_and_a_gap_break_a_run() -> None:
    base = [10, 30] * 4 + [10]

    assert flagged(drawn(*base, 30, 31, 32, None, 31, 30, 32, 31), Rule.RUN) == []
    assert flagged(drawn(*[20] * 14), Rule.RUN) == []


def test_seven_that_all_rise_are_a_trend() -> None:
    found = drawn(*CALM, 48, 49, 50, 51, 52, 53)

    # From the 48, six moves up would be seven figures; here there are five moves from it, so none.
    assert flagged(found, Rule.TREND) == []
    assert flagged(drawn(*CALM, 48, 49, 50, 51, 52, 53, 54), Rule.TREND) == list(range(14, 21))


def test_falling_trend_says_its_direction() -> None:
    found = drawn(*CALM[:-1], 54, 53, 52, 51, 50, 49, 48)

    assert {flag.high for flag in found.flags if flag.rule is Rule.TREND} == {False}
    assert found.variation is Variation.IMPROVEMENT


def test_two_equal_figures_break_a_trend() -> None:
    assert flagged(drawn(*CALM, 47, 48, 49, 50, 50, 51, 52, 53), Rule.TREND) == []


def test_two_of_three_near_the_same_limit() -> None:
    near = drawn(*CALM * 3, 55, 51, 55, 49, 51)

    assert near.limits is not None
    assert near.limits.upper > 55
    assert flagged(near, Rule.NEAR_LIMIT) == [42, 44]


def test_near_two_different_limits_is_no_flag() -> None:
    assert flagged(drawn(*[50, 54, 50, 46] * 4), Rule.NEAR_LIMIT) == []


def test_a_gap_breaks_three_in_a_row() -> None:
    assert flagged(drawn(*CALM * 3, 55, None, 55), Rule.NEAR_LIMIT) == []


def test_series_that_never_moves_has_no_flag() -> None:
    found = drawn(*[7] * 20)

    assert found.limits == Limits(Fraction(7), Fraction(7), Fraction(7))
    assert found.flags == ()


def test_flags_of_one_figure_begin_with_the_gravest() -> None:
    found = drawn(*CALM, 60, 61, 62, 63, 64, 65, 99)

    assert next(flag.rule for flag in found.of(20)) is Rule.OUTSIDE
    assert Rule.TREND in {flag.rule for flag in found.of(20)}


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        ("56", Better.LOWER, Assurance.ALWAYS),
        ("55.32", Better.LOWER, Assurance.ALWAYS),
        ("50", Better.LOWER, Assurance.BY_CHANCE),
        ("44", Better.LOWER, Assurance.NEVER),
        ("44", Better.HIGHER, Assurance.ALWAYS),
        ("56", Better.HIGHER, Assurance.NEVER),
        (None, Better.HIGHER, Assurance.NO_TARGET),
    ],
)
def test_assurance_holds_the_target_against_the_limits(target: str | None, better: Better, expected: Assurance) -> None:
    found = drawn(*CALM)

    assert assurance(found.limits, Decimal(target) if target else None, better=better) is expected


def test_no_assurance_without_limits() -> None:
    assert assurance(None, Decimal(1), better=Better.LOWER) is Assurance.NO_TARGET


def test_outlier_is_judged_by_the_figures_before_it_alone() -> None:
    history = numbers(*CALM)

    assert outlier(history, Fraction(56)) == limits_of(history)
    assert outlier(history, Fraction(55)) is None
    assert outlier(history[: FEWEST - 1], Fraction(900)) is None


def test_everything_has_words() -> None:
    assert set(RULE_WORDS) == set(Rule)
    assert set(VARIATION_WORDS) == set(VARIATION_ICONS) == set(Variation)
    assert set(ASSURANCE_WORDS) == set(Assurance)
    assert len(set(VARIATION_ICONS.values())) == len(Variation)
    assert all(one.words for one in (*Rule, *Variation, *Assurance))
    assert all(one.icon for one in Variation)


series = st.lists(st.one_of(st.none(), st.integers(0, 200).map(Fraction)), max_size=30)


@given(series)
def test_upside_down_is_the_same_the_other_way_round(given: Sequence[Fraction | None]) -> None:
    mirrored = [None if number is None else -number for number in given]
    one, other = chart(given, better=Better.LOWER), chart(mirrored, better=Better.HIGHER)

    assert {(flag.place, flag.rule, flag.high) for flag in one.flags} == {
        (flag.place, flag.rule, not flag.high) for flag in other.flags
    }
    assert one.variation is other.variation


@given(series, st.integers(1, 1000), st.integers(1, 50))
def test_another_unit_changes_no_flag(given: Sequence[Fraction | None], shift: int, scale: int) -> None:
    other = [None if number is None else number * scale + shift for number in given]

    assert chart(given, better=Better.LOWER).flags == chart(other, better=Better.LOWER).flags
