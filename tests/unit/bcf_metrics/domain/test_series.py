"""A series keeps its gaps, and what became of a provisional figure."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bcf_metrics.domain.progress import Basis, Target
from bcf_metrics.domain.series import Point, Settled, Version, expected, settled, whole
from bcf_metrics.domain.value import Value, value_of
from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.states import Figure, FigureState, TargetState

LATER = Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 9, 30))


def quarter(number: int, year: int = 2014) -> Quarter:
    return Quarter(FinancialYear(year), number)


def point(number: int, value: int | None, *, year: int = 2014, state: FigureState = FigureState.MISSING) -> Point:
    figure = Figure(value=Decimal(value)) if value is not None else Figure(state=state)
    return Point(quarter=quarter(number, year), value=value_of(figure))


def moment(day: int) -> datetime:
    return datetime(2014, 7, day, tzinfo=UTC)


def version(value: str | None, day: int, *, provisional: bool) -> Version:
    return Version(
        value=None if value is None else Decimal(value),
        state="stated" if value else "missing",
        provisional=provisional,
        since=moment(day),
    )


def test_quarters_follow_each_other_without_holes() -> None:
    assert [one.label for one in whole(quarter(3), quarter(1, 2015))] == [
        "Quarter 3 2014/15",
        "Quarter 4 2014/15",
        "Quarter 1 2015/16",
    ]
    assert whole(quarter(3), quarter(3)) == (quarter(3),)


@pytest.mark.parametrize(
    ("state", "is_gap"),
    [
        (FigureState.NIL, False),
        (FigureState.MISSING, True),
        (FigureState.NOT_APPLICABLE, True),
        (FigureState.SUPPRESSED, True),
    ],
)
def test_line_breaks_where_there_is_no_number_and_not_at_nil(state: FigureState, is_gap: bool) -> None:
    assert point(1, None, state=state).is_gap is is_gap
    assert not point(1, 5).is_gap


@pytest.mark.parametrize(
    ("basis", "period", "wanted"),
    [
        (Basis.CUMULATIVE, "", "83.5"),
        (Basis.POINT, "", "167"),
        (Basis.AVERAGE, "2014/15", "167"),
        (Basis.SAME_PERIOD, "quarter 2", "167"),
        (Basis.SAME_PERIOD, "April and May", None),
        (Basis.NONE, "", None),
    ],
)
def test_line_of_the_target_at_a_quarter(basis: Basis, period: str, wanted: str | None) -> None:
    target = Target(basis=basis, value=Decimal(167), period=period)

    assert expected(target, 2) == (Decimal(wanted) if wanted else None)


def test_target_not_yet_defined_has_no_line() -> None:
    assert expected(Target(basis=Basis.POINT, state=TargetState.NOT_YET_DEFINED), 1) is None


def test_figure_that_was_to_come_is_missing_from_its_day_on() -> None:
    waiting = Point(quarter=quarter(1), value=Value(LATER, None), expected=Decimal(3))

    assert waiting.as_at(date(2014, 9, 29)) is waiting
    assert waiting.as_at(date(2014, 9, 30)).value.figure.state is FigureState.MISSING
    assert waiting.as_at(date(2014, 9, 30)).expected == 3


def test_provisional_that_became_final_keeps_the_difference() -> None:
    found = settled(
        [
            version("20", 1, provisional=True),
            version("23", 2, provisional=True),
            version("25", 3, provisional=False),
            version("25", 4, provisional=False),
        ]
    )

    assert found == Settled(Decimal(23), Decimal(25), moment(3))
    assert found is not None
    assert found.difference == 2


def test_corrected_final_figure_is_set_against_the_provisional_one() -> None:
    found = settled(
        [
            version("23", 1, provisional=True),
            version("25", 2, provisional=False),
            version("22", 3, provisional=False),
        ]
    )

    assert found == Settled(Decimal(23), Decimal(22), moment(2))


def test_final_taken_back_to_provisional_begins_anew() -> None:
    versions = [
        version("23", 1, provisional=True),
        version("25", 2, provisional=False),
        version("26", 3, provisional=True),
    ]

    assert settled(versions) is None
    assert settled([*versions, version("26", 4, provisional=False)]) == Settled(Decimal(26), Decimal(26), moment(4))


def test_nothing_is_settled_without_both_figures() -> None:
    assert settled([]) is None
    assert settled([version("23", 1, provisional=False)]) is None
    assert settled([version(None, 1, provisional=True), version("23", 2, provisional=False)]) is None
    assert settled([version("23", 1, provisional=True), version(None, 2, provisional=False)]) is None
