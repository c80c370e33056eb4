from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import checks
from bcf_metrics.domain.checks import LEVELS, WAIVABLE, Check, Checked, Thresholds
from bcf_metrics.domain.completion import Level
from bcf_metrics.domain.progress import PERCENT

CALM = [Fraction(number) for number in (51, 49) * 7]
FIGURE = Checked(
    label="Delays",
    number=Fraction(51),
    unit="days",
    places=0,
    history=CALM,
    last="Quarter 4 2013/14",
    ends_on=date(2014, 6, 30),
    entered_on=date(2014, 7, 14),
)


def codes(thresholds: Thresholds | None = None, **fields: Any) -> list[Check]:
    return [flag.check for flag in checks.found(replace(FIGURE, **fields), thresholds)]


def refused(**given: Any) -> list[str]:
    plain = {"number": None, "numerator": None, "denominator": None, "is_share": True}
    return [problem.code for problem in checks.impossible(**(plain | given))]


def test_a_figure_like_those_before_is_flagged_for_nothing() -> None:
    assert codes() == []


@pytest.mark.parametrize(("number", "flagged"), [("74", True), ("73.5", False), ("24.5", False), ("24", True)])
def test_a_change_of_more_than_half_of_the_last_quarter_needs_a_reason(number: str, flagged: bool) -> None:
    """49 before: half of it is 24.5, and a change of just that much is none of more."""
    assert (Check.CHANGE in codes(number=Fraction(number), history=[Fraction(49)])) is flagged


def test_a_change_is_told_with_both_figures_and_the_threshold() -> None:
    (flag,) = checks.found(replace(FIGURE, number=Fraction(808), history=[Fraction(424)]))

    assert flag.level is Level.JUSTIFY
    assert flag.message == (
        "Delays: 808 is 90.6% above the 424 of Quarter 4 2013/14, more than 50%. Correct it, or say why."
    )


def test_a_definition_states_another_threshold() -> None:
    ten = checks.parse({"change_percent": "10"})
    assert codes(ten, number=Fraction(54), history=[Fraction(49)]) == [Check.CHANGE]
    assert codes(ten, number=Fraction("53.9"), history=[Fraction(49)]) == []


@pytest.mark.parametrize("last", [None, Fraction(0)])
def test_nothing_is_held_against_a_gap_or_against_nought(last: Fraction | None) -> None:
    assert codes(number=Fraction(1000), history=[last]) == []


def test_a_figure_outside_the_limits_of_those_before_needs_a_reason() -> None:
    """The limits are 44.68 and 55.32: docs/domain/metrics.md."""
    assert codes(number=Fraction(56)) == [Check.OUTLIER]
    assert codes(number=Fraction(55)) == []
    assert codes(number=Fraction(56), history=CALM[:11]) == []


def test_a_figure_that_counts_up_is_asked_only_why_it_falls() -> None:
    assert codes(counts_up=True, number=Fraction(500)) == []
    assert codes(counts_up=True, number=Fraction(48)) == [Check.FALLS]
    # The first quarter begins anew.
    assert codes(counts_up=True, number=Fraction(1), same_year=False) == []


def test_a_final_figure_before_its_source_has_one_needs_a_reason() -> None:
    lag = Thresholds(lag_days=15)
    assert codes(lag, provisional=False) == [Check.EARLY_FINAL]
    assert codes(lag, provisional=False, entered_on=date(2014, 7, 15)) == []
    assert codes(lag) == []
    assert codes(provisional=False) == []


def test_a_target_that_is_missed_without_an_action_is_told_and_asks_nothing() -> None:
    (flag,) = checks.found(replace(FIGURE, status="not_on_track", action=" "))
    assert (flag.check, flag.level) == (Check.NO_ACTION, Level.INFORM)
    assert codes(status="not_on_track", action="Daily calls.") == []


def test_what_needs_a_reason_stands_before_what_is_only_told() -> None:
    assert codes(number=Fraction(808), status="not_on_track") == [Check.CHANGE, Check.OUTLIER, Check.NO_ACTION]


def test_no_part_is_more_than_its_whole() -> None:
    assert refused(numerator=Decimal(40), denominator=Decimal(39)) == ["above_the_whole"]
    assert refused(numerator=Decimal(39), denominator=Decimal(39)) == []
    assert refused(numerator=Decimal(40), denominator=Decimal(39), is_share=False) == []
    # Without a denominator there is no rate, which is told as that.
    assert refused(numerator=Decimal(40), denominator=Decimal(0)) == []
    assert checks.is_share(unit=PERCENT, multiplier=Decimal(100))
    assert not checks.is_share(unit="per 100,000", multiplier=Decimal(100_000))


def test_a_figure_beyond_the_limits_of_its_metric_cannot_be() -> None:
    limits = checks.parse({"lowest": "1", "highest": "91"})
    assert refused(number=Decimal(92), thresholds=limits) == ["above_the_limit"]
    assert refused(number=Decimal("0.5"), thresholds=limits) == ["below_the_limit"]
    assert refused(number=Decimal(91), thresholds=limits) == []
    assert refused(number=Decimal(10_000)) == []


def test_whatever_asks_for_a_reason_can_be_waived() -> None:
    assert {check for check, level in LEVELS.items() if level is Level.JUSTIFY} <= set(WAIVABLE)


@given(
    number=st.fractions(min_value=0, max_value=10**6),
    last=st.fractions(min_value=Fraction(1, 100), max_value=10**6),
    scale=st.fractions(min_value=Fraction(1, 100), max_value=1000),
)
def test_a_change_does_not_depend_on_the_unit(number: Fraction, last: Fraction, scale: Fraction) -> None:
    here = codes(number=number, history=[last])
    there = codes(number=number * scale, history=[last * scale])
    assert here == there
