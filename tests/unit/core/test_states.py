from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integration_hub.core import states
from integration_hub.core.states import (
    EFFECTS,
    AmountState,
    Figure,
    FigureState,
    FigureStateError,
    InTotal,
    InWorkbook,
    OnChart,
    TargetState,
    is_owed,
    state_words,
    total,
)

UNTIL = date(2014, 9, 30)
PAGE = Path(states.__file__).parents[2] / "docs" / "domain" / "empty-figures.md"


def empty(state: FigureState | AmountState) -> Figure:
    return Figure(state=state, until=UNTIL if state is FigureState.NOT_YET_AVAILABLE else None)


def test_effects_cover_every_state() -> None:
    assert set(EFFECTS) == {*FigureState, *AmountState, *TargetState} - {TargetState.SET}


def test_effects_page_is_in_step_with_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == states.effects_page(), (
        "Run: python -m integration_hub.core.states > docs/domain/empty-figures.md"
    )


def test_effects_only_stated_and_nil_give_a_number_anywhere() -> None:
    numbered = {FigureState.STATED, FigureState.NIL}

    assert {s for s, e in EFFECTS.items() if e.in_total in (InTotal.ADDS, InTotal.ADDS_NIL)} == numbered
    assert {s for s, e in EFFECTS.items() if e.on_chart is not OnChart.GAP} == numbered
    assert {s for s, e in EFFECTS.items() if e.in_workbook is not InWorkbook.WORDS} == numbered


def test_effects_only_missing_leaves_the_checklist_unanswered() -> None:
    unanswered = {state for state, effect in EFFECTS.items() if not effect.answers_the_checklist}

    assert unanswered == {FigureState.MISSING}


@pytest.mark.parametrize("state", [state for state in TargetState if state is not TargetState.SET])
def test_target_states_without_a_number_have_their_row_in_the_table(
    state: TargetState,
) -> None:
    assert "target" in EFFECTS[state].used_for


def test_state_words_of_a_date_are_in_full() -> None:
    assert state_words(FigureState.NOT_YET_AVAILABLE, until=UNTIL) == "not yet available until 30 September 2014"
    assert state_words(TargetState.SET) == "set"


@pytest.mark.parametrize(
    ("value", "state", "until", "code"),
    [
        (None, FigureState.STATED, None, "no_value"),
        (Decimal(1), FigureState.NIL, None, "value_and_reason"),
        (Decimal(3), FigureState.MISSING, None, "value_and_reason"),
        (None, FigureState.NOT_YET_AVAILABLE, None, "no_date"),
        (None, FigureState.SUPPRESSED, UNTIL, "date_without_reason"),
    ],
)
def test_figure_that_contradicts_itself_is_refused(
    value: Decimal | None, state: FigureState, until: date | None, code: str
) -> None:
    with pytest.raises(FigureStateError) as refusal:
        Figure(value=value, state=state, until=until)

    assert refusal.value.code == code


def test_total_with_every_kind_of_figure_adds_two_and_names_the_gaps() -> None:
    figures = [
        Figure(value=Decimal("10.10")),
        *(empty(s) for s in [*FigureState, *AmountState] if s != "stated"),
    ]

    summed = total(figures)

    assert summed.amount == Decimal("10.10")
    assert summed.left_out == (
        "not yet available until 30 September 2014",
        "suppressed",
        "missing",
        "to be confirmed",
        "not stated",
    )
    assert summed.complete is False


def test_total_of_nil_and_not_applicable_is_complete() -> None:
    summed = total(
        [
            empty(FigureState.NIL),
            empty(FigureState.NOT_APPLICABLE),
            Figure(value=Decimal("75.00")),
        ]
    )

    assert (summed.amount, summed.complete) == (Decimal("75.00"), True)


@pytest.mark.parametrize("state", list(FigureState))
def test_is_owed_before_its_date_is_true_only_for_missing(state: FigureState) -> None:
    figure = Figure(value=Decimal(1)) if state is FigureState.STATED else empty(state)

    assert is_owed(figure, on=date(2014, 9, 29)) is (state is FigureState.MISSING)


def test_is_owed_on_its_date_is_true_for_one_that_was_not_yet_available() -> None:
    figure = empty(FigureState.NOT_YET_AVAILABLE)

    assert is_owed(figure, on=UNTIL) is True
    assert figure.as_at(UNTIL).words == "missing"


@pytest.mark.parametrize("state", list(FigureState))
def test_words_of_an_empty_figure_never_print_a_nought(state: FigureState) -> None:
    if state is FigureState.STATED:
        assert Figure(value=Decimal(0)).words == ""
    elif state is not FigureState.NOT_YET_AVAILABLE:
        assert "0" not in empty(state).words


@pytest.mark.parametrize("value", [None, Decimal(0), Decimal("0.0000")])
def test_figure_of_nil_counts_as_nought_with_or_without_it_written(
    value: Decimal | None,
) -> None:
    figure = Figure(value=value, state=FigureState.NIL)

    assert (figure.words, figure.counted) == ("nil", Decimal("0.00"))


def test_total_of_the_worked_example_is_as_printed() -> None:
    months = [
        Figure(value=Decimal(40)),
        Figure(value=Decimal(35)),
        Figure(state=FigureState.NOT_YET_AVAILABLE, until=UNTIL),
    ]

    summed = total(months)

    assert (summed.amount, summed.added) == (Decimal("75.00"), 2)
    assert summed.left_out == ("not yet available until 30 September 2014",)
    assert f'"{summed.left_out[0]}"' in PAGE.read_text(encoding="utf-8")


def test_total_that_adds_nothing_says_so() -> None:
    assert total([empty(FigureState.MISSING), empty(FigureState.NOT_APPLICABLE)]).added == 0
