"""A value from numerator and denominator: exact until it is printed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain.progress import ProgressError
from bcf_metrics.domain.value import derive, shown, value_of
from integration_hub.core.states import Figure, FigureState

D = Decimal


def test_ratio_is_exact_and_rounded_only_where_it_is_printed() -> None:
    value = value_of(Figure(value=D("87.2")), numerator=D(34), denominator=D(39), multiplier=D(100), places=1)

    assert value.number == Fraction(3400, 39)
    assert value.shown(places=1, unit="percent") == "87.2%"
    assert value.shown(places=2, unit="percent") == "87.18%"


def test_figure_that_its_ratio_does_not_give_stands_as_typed() -> None:
    value = value_of(Figure(value=D(90)), numerator=D(34), denominator=D(39), multiplier=D(100), places=1)

    assert value.number == 90


@pytest.mark.parametrize(
    "ratio",
    [
        {"numerator": D(3), "denominator": D(4)},
        {"numerator": None, "denominator": D(4), "multiplier": D(100)},
        {"numerator": D(3), "denominator": None, "multiplier": D(100)},
        {"numerator": D(3), "denominator": D(0), "multiplier": D(100)},
    ],
)
def test_figure_without_a_whole_ratio_is_the_number_entered(ratio: dict[str, Decimal | None]) -> None:
    assert value_of(Figure(value=D(23)), **ratio).number == 23  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "number", "words"),
    [
        (Figure(state=FigureState.NIL), Fraction(0), "nil"),
        (Figure(state=FigureState.NOT_APPLICABLE), None, "not applicable"),
        (Figure(state=FigureState.SUPPRESSED), None, "suppressed"),
        (Figure(state=FigureState.MISSING), None, "missing"),
        (
            Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 9, 30)),
            None,
            "not yet available until 30 September 2014",
        ),
    ],
)
def test_empty_figures_never_look_alike(figure: Figure, number: Fraction | None, words: str) -> None:
    value = value_of(figure)

    assert (value.number, value.shown(places=1, unit="percent")) == (number, words)


def test_nought_of_some_is_nought_and_is_printed_as_a_number() -> None:
    assert derive(D(0), D(12), D(100)) == 0
    assert value_of(Figure(value=D(0))).shown(places=0) == "0"


@pytest.mark.parametrize(
    ("numerator", "denominator", "field"),
    [(D(0), D(0), "denominator"), (D(3), D(0), "denominator"), (D(3), None, "denominator"), (D(-1), D(2), "numerator")],
)
def test_no_rate_without_a_denominator_or_below_nought(
    numerator: Decimal, denominator: Decimal | None, field: str
) -> None:
    with pytest.raises(ProgressError) as refused:
        derive(numerator, denominator)

    assert refused.value.field == field


@given(
    st.decimals(0, 10**6, places=4), st.decimals(D("0.0001"), 10**6, places=4), st.sampled_from([1, 100, 1000, 100_000])
)
def test_derived_value_times_its_denominator_gives_the_numerator_back(
    numerator: Decimal, denominator: Decimal, multiplier: int
) -> None:
    assert derive(numerator, denominator, D(multiplier)) * Fraction(denominator) / multiplier == Fraction(numerator)


@pytest.mark.parametrize(
    ("number", "places", "words"),
    [(Fraction(1, 3), 2, "0.33"), (Fraction(5, 2), 0, "3"), (Fraction(1234), 1, "1,234"), (Fraction(1, 2000), 2, "0")],
)
def test_shown_rounds_halves_up_and_leaves_ending_zeros_out(number: Fraction, places: int, words: str) -> None:
    assert shown(number, places=places) == words
