"""A projected outturn as people write it: an amount, or a reason why there is none."""

from datetime import date
from decimal import Decimal

import pytest

from integration_hub.core.money import MoneyError
from integration_hub.core.states import FigureState
from pooled_budgets.domain import figures
from pooled_budgets.domain.figures import Figure

LATER = date(2014, 9, 30)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("£5,621,000.00", Decimal("5621000.00")),
        (" 214000 ", Decimal("214000.00")),
        ("0", Decimal("0.00")),
        ("-1,234.50", Decimal("-1234.50")),
        ("(40)", Decimal("-40.00")),
    ],
)
def test_read_an_amount_gives_it_with_two_places(text, amount):
    assert figures.read(text) == Figure(amount, FigureState.STATED)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("nil", Figure(Decimal("0.00"), FigureState.NIL)),
        ("Not applicable", Figure(None, FigureState.NOT_APPLICABLE)),
        ("n/a", Figure(None, FigureState.NOT_APPLICABLE)),
        ("SUPPRESSED", Figure(None, FigureState.SUPPRESSED)),
        ("missing", Figure(None, FigureState.MISSING)),
        ("not yet available until 30 September 2014", Figure(None, FigureState.NOT_YET_AVAILABLE, LATER)),
        ("not available until 30/09/2014", Figure(None, FigureState.NOT_YET_AVAILABLE, LATER)),
    ],
)
def test_read_a_reason_gives_no_number_but_nil(text, figure):
    assert figures.read(text) == figure


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("£214,00", "thousands"),
        ("about 40", "not_a_number"),
        ("1.234", "decimals"),
        ("40k", "suffix"),
        ("not yet available", "until"),
        ("not yet available until soon", "until"),
        ("not yet available until 31 December 9999", "until"),
        ("not yet available until 01/01/0001", "until"),
        ("not yet available until 31 December 1999", "until"),
        ("1e5", "exponent"),
    ],
)
def test_read_anything_else_is_refused_with_its_code(text, code):
    with pytest.raises(MoneyError) as refusal:
        figures.read(text)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "figure",
    [
        Figure.stated(Decimal("214000.00")),
        Figure.empty(FigureState.NIL),
        Figure.empty(FigureState.SUPPRESSED),
        Figure.empty(FigureState.NOT_YET_AVAILABLE, LATER),
    ],
)
def test_code_says_the_same_as_the_words(figure):
    assert figures.words_of(figure.code) == figure.words
    assert figures.is_code(figure.code)


def test_code_of_nil_differs_from_that_of_a_stated_nought():
    assert Figure.empty(FigureState.NIL).code != Figure.stated(Decimal("0.00")).code


def test_words_of_nothing_recorded_are_no_figure():
    assert figures.words_of("") == "nothing recorded"


@pytest.mark.parametrize(("state", "until"), [(FigureState.NOT_YET_AVAILABLE, None), (FigureState.MISSING, LATER)])
def test_empty_where_reason_and_date_do_not_fit_is_refused(state, until):
    with pytest.raises(MoneyError, match="date"):
        Figure.empty(state, until)


def test_state_on_the_day_a_figure_was_due_is_missing():
    state = FigureState.NOT_YET_AVAILABLE

    assert figures.state_on(state, LATER, date(2014, 9, 29)) == state
    assert figures.state_on(state, LATER, LATER) == FigureState.MISSING
    assert figures.state_on(FigureState.SUPPRESSED, None, LATER) == FigureState.SUPPRESSED


@pytest.mark.parametrize(
    ("on", "figure"),
    [
        (date(2014, 6, 30), Figure(None, "not_yet_available", date(2014, 7, 1))),
        (date(2014, 7, 1), Figure(None, "missing")),
    ],
)
def test_what_nobody_entered_is_missing_from_the_day_after_the_period(on, figure):
    assert Figure.absent(date(2014, 6, 30), on) == figure
