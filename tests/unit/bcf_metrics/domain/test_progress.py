from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain.progress import (
    Actual,
    Basis,
    Better,
    Judgement,
    ProgressError,
    Status,
    Target,
    judge,
    profile_from_cumulative,
    profile_to_date,
    rate,
    rate_agrees,
    round_half_up,
)
from integration_hub.core.states import Figure, FigureState, TargetState

APRIL_AND_MAY = "April and May"
APRIL_TO_DECEMBER = "April to December 2014"
LAST_YEAR = "2013/14 year end"
MEETING = date(2014, 7, 28)

numbers = st.decimals(min_value=0, max_value=10**8, places=4, allow_nan=False, allow_infinity=False)


def judged(
    target: str | None,
    actual: str | FigureState,
    *,
    better: Better = Better.LOWER,
    basis: Basis = Basis.CUMULATIVE,
    target_period: str = "",
    period: str = "",
    lagged: bool = False,
    quarter: int = 1,
    profile: tuple[str, ...] | None = None,
    target_state: TargetState = TargetState.SET,
    until: date | None = None,
    unit: str = "",
    on: date = MEETING,
) -> Judgement:
    figure = Figure(state=actual, until=until) if isinstance(actual, FigureState) else Figure(value=Decimal(actual))
    return judge(
        better=better,
        target=Target(
            basis=basis,
            period=target_period,
            value=None if target is None else Decimal(target),
            state=target_state,
            profile=None if profile is None else tuple(Decimal(part) for part in profile),
        ),
        actual=Actual(figure=figure, period=period, lagged=lagged),
        quarter=quarter,
        on=on,
        unit=unit,
    )


def test_judge_cumulative_at_quarter_1_uses_the_even_profile() -> None:
    judgement = judged("167", "23")

    assert judgement.status is Status.ON_TRACK
    assert judgement.expected == Decimal("41.75")
    assert judgement.difference == Decimal("-18.75")
    assert judgement.comparison == "23 against 41.75, the profile to the end of quarter 1 of 167 for the year (even)"
    assert judgement.lagged is False


def test_judge_cumulative_with_an_agreed_profile_uses_it() -> None:
    judgement = judged("167", "23", profile=("22", "45", "50", "50"))

    assert judgement.status is Status.NOT_ON_TRACK
    assert judgement.comparison == (
        "23 against 22, the profile to the end of quarter 1 of 167 for the year (by quarter 22, 45, 50 and 50)"
    )


def test_judge_cumulative_at_quarter_2_doubles_the_even_profile() -> None:
    assert judged("167", "80", quarter=2).expected == Decimal("83.5")


def test_judge_cumulative_over_the_whole_year_compares_with_the_target() -> None:
    judgement = judged("167", "168", quarter=4)

    assert judgement.status is Status.NOT_ON_TRACK
    assert judgement.comparison == "168 against 167 for the year"


def test_judge_cumulative_with_last_years_figure_refuses_to_compare() -> None:
    judgement = judged("167", "23", period="2013/14", lagged=True)

    assert judgement.status is Status.DATA_NOT_AVAILABLE
    assert judgement.expected is None
    assert judgement.comparison == (
        "No comparison: the figure is for 2013/14, and a target over the year is judged on the year so far"
    )


def test_judge_same_period_compares_like_with_like() -> None:
    judgement = judged(
        "424",
        "808",
        basis=Basis.SAME_PERIOD,
        target_period=APRIL_AND_MAY,
        period=APRIL_AND_MAY,
    )

    assert judgement.status is Status.NOT_ON_TRACK
    assert judgement.difference == Decimal(384)
    assert judgement.comparison == "808 against 424, both for April and May"


def test_judge_same_period_with_different_periods_has_no_status() -> None:
    judgement = judged("424", "300", basis=Basis.SAME_PERIOD, period=APRIL_AND_MAY)

    assert judgement.status is Status.DATA_NOT_AVAILABLE
    assert judgement.comparison == "No comparison: the figure is for April and May and the target for quarter 1"


def test_judge_point_from_last_year_is_judged_and_says_that_it_lags() -> None:
    judgement = judged(
        "85",
        "88",
        better=Better.HIGHER,
        basis=Basis.POINT,
        period=LAST_YEAR,
        lagged=True,
        unit="percent",
    )

    assert judgement.status is Status.ON_TRACK
    assert judgement.lagged is True
    assert judgement.comparison == "88% against 85%; the latest figure is for 2013/14 year end"
    assert judgement.lag_note == "Latest figure: 2013/14 year end"


def test_judge_survey_one_point_under_is_not_on_track() -> None:
    judgement = judged("60", "59", better=Better.HIGHER, basis=Basis.POINT, unit="percent")

    assert judgement.status is Status.NOT_ON_TRACK
    assert judgement.comparison == "59% against 60%"


def test_judge_average_so_far_names_both_periods() -> None:
    judgement = judged("450", "455.5", basis=Basis.AVERAGE, target_period=APRIL_TO_DECEMBER)

    assert judgement.status is Status.NOT_ON_TRACK
    assert judgement.comparison == (
        "455.5 against 450, the average for April to December 2014; the figure is the average for quarter 1"
    )


def test_judge_without_data_is_not_available_and_keeps_the_target() -> None:
    judgement = judged("450", FigureState.MISSING, basis=Basis.AVERAGE, target_period=APRIL_TO_DECEMBER)

    assert judgement.status is Status.DATA_NOT_AVAILABLE
    assert judgement.target_words == "450"
    assert judgement.progress_words == "missing"
    assert judgement.comparison == ("No figure to compare with 450, the average for April to December 2014: missing")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2014, 9, 29), "not yet available until 30 September 2014"),
        (date(2014, 9, 30), "missing"),
        (date(2014, 10, 1), "missing"),
    ],
)
def test_judge_not_yet_available_becomes_missing_on_its_date(day: date, words: str) -> None:
    judgement = judged("450", FigureState.NOT_YET_AVAILABLE, until=date(2014, 9, 30), on=day)

    assert judgement.status is Status.DATA_NOT_AVAILABLE
    assert judgement.progress_words == words


@pytest.mark.parametrize("actual", ["12", FigureState.MISSING])
def test_judge_without_a_target_is_not_defined_whatever_the_actual(
    actual: str | FigureState,
) -> None:
    assert judged(None, actual, target_state=TargetState.NOT_YET_DEFINED).status is Status.NOT_DEFINED


def test_judge_on_no_basis_is_not_defined() -> None:
    assert judged("10", "3", basis=Basis.NONE).status is Status.NOT_DEFINED


def test_judge_nil_counts_as_nought_and_prints_nil() -> None:
    lower = judged("8", FigureState.NIL)
    higher = judged("8", FigureState.NIL, better=Better.HIGHER)

    assert (lower.status, higher.status) == (Status.ON_TRACK, Status.NOT_ON_TRACK)
    assert lower.comparison.startswith("nil against 2,")
    assert lower.difference == Decimal(-2)


@pytest.mark.parametrize("better", list(Better))
@pytest.mark.parametrize("actual", ["41.75", "41.7500"])
def test_judge_exactly_equal_is_on_track(better: Better, actual: str) -> None:
    assert judged("167", actual, better=better).status is Status.ON_TRACK


def test_judge_a_hair_over_is_not_on_track() -> None:
    assert judged("167", "41.7500001").status is Status.NOT_ON_TRACK


@given(target=numbers, actual=numbers, step=numbers, better=st.sampled_from(Better))
def test_judge_a_better_actual_never_loses_its_status(
    target: Decimal, actual: Decimal, step: Decimal, better: Better
) -> None:
    improved = max(actual - step, Decimal(0)) if better is Better.LOWER else actual + step
    before = judged(str(target), str(actual), better=better)
    after = judged(str(target), str(improved), better=better)

    assert not (before.status is Status.ON_TRACK and after.status is Status.NOT_ON_TRACK)


@given(target=numbers, actual=numbers)
def test_judge_the_two_directions_agree_only_where_equal(target: Decimal, actual: Decimal) -> None:
    lower = judged(str(target), str(actual), better=Better.LOWER)
    higher = judged(str(target), str(actual), better=Better.HIGHER)

    both = lower.status is Status.ON_TRACK and higher.status is Status.ON_TRACK
    assert both is (lower.difference == 0)
    assert Status.ON_TRACK in (lower.status, higher.status)


@given(parts=st.lists(numbers, min_size=4, max_size=4))
def test_profile_to_date_of_any_profile_ends_at_its_target(
    parts: list[Decimal],
) -> None:
    target = sum(parts, start=Decimal(0))
    steps = [profile_to_date(target, quarter=quarter, profile=parts) for quarter in (1, 2, 3, 4)]

    assert steps == sorted(steps)
    assert steps[-1] == target
    assert profile_to_date(target, quarter=4) == target


@given(target=numbers)
def test_profile_to_date_even_takes_four_equal_and_exact_steps(target: Decimal) -> None:
    steps = [Fraction(profile_to_date(target, quarter=quarter)) for quarter in (1, 2, 3, 4)]

    assert steps == [Fraction(target) * quarter / 4 for quarter in (1, 2, 3, 4)]


def test_profile_that_misses_its_target_is_refused_with_the_difference() -> None:
    with pytest.raises(ProgressError) as refusal:
        judged("167", "23", profile=("40", "40", "40", "40"))

    assert refusal.value.code == "profile_total"
    assert "add up to 160" in refusal.value.message
    assert "by 7 in all" in refusal.value.message


@pytest.mark.parametrize(
    ("profile", "basis", "code"),
    [
        (("80", "87"), Basis.CUMULATIVE, "profile_parts"),
        (("40", "40", "40", "47"), Basis.POINT, "profile_not_used"),
    ],
)
def test_profile_of_the_wrong_kind_is_refused(profile: tuple[str, ...], basis: Basis, code: str) -> None:
    with pytest.raises(ProgressError) as refusal:
        judged("167", "23", profile=profile, basis=basis)

    assert refusal.value.code == code


@pytest.mark.parametrize("quarter", [0, 5])
def test_profile_to_date_outside_the_year_is_refused(quarter: int) -> None:
    with pytest.raises(ProgressError, match="1 to 4"):
        profile_to_date(Decimal(100), quarter=quarter)


def test_target_with_a_number_and_a_reason_is_refused() -> None:
    with pytest.raises(ProgressError, match="either a number or the reason"):
        Target(basis=Basis.POINT, value=Decimal(1), state=TargetState.NOT_YET_DEFINED)


def test_target_without_number_or_reason_is_refused() -> None:
    with pytest.raises(ProgressError, match="either a number or the reason"):
        Target(basis=Basis.POINT)


def test_profile_from_cumulative_gives_what_each_quarter_adds() -> None:
    ends = [Decimal(22), Decimal(67), Decimal(117), Decimal(167)]

    assert profile_from_cumulative(ends) == (
        Decimal(22),
        Decimal(45),
        Decimal(50),
        Decimal(50),
    )


def test_rate_per_100000_keeps_exactness_until_it_is_printed() -> None:
    computed = rate(Decimal(167), Decimal(27400), Decimal(100_000))

    assert computed.value == Fraction(16_700_000, 27_400)
    assert computed.rounded(1) == Decimal("609.5")


@pytest.mark.parametrize("denominator", [None, Decimal(0), Decimal("0.00")])
def test_rate_without_a_denominator_is_refused(denominator: Decimal | None) -> None:
    with pytest.raises(ProgressError) as refusal:
        rate(Decimal(5), denominator)

    assert (refusal.value.code, refusal.value.field) == (
        "denominator_nil",
        "denominator",
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "field"),
    [("-1", "2", "numerator"), ("1", "-2", "denominator")],
)
def test_rate_below_nil_is_refused_naming_the_part(numerator: str, denominator: str, field: str) -> None:
    with pytest.raises(ProgressError) as refusal:
        rate(Decimal(numerator), Decimal(denominator))

    assert refusal.value.field == field


@pytest.mark.parametrize(("typed", "agrees"), [("609.5", True), ("609.49", True), ("609.4", False)])
def test_rate_agrees_within_the_printed_places(typed: str, agrees: bool) -> None:
    computed = rate(Decimal(167), Decimal(27400), Decimal(100_000))

    assert rate_agrees(Decimal(typed), computed, places=1) is agrees


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.7552", 2, "0.76"),
        ("2.5", 0, "3"),
        ("87.18", 1, "87.2"),
    ],
)
def test_round_half_up_at_a_half_goes_away_from_nought(number: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Fraction(number), places)) == rounded


@given(
    numerator=st.integers(0, 10**6),
    denominator=st.integers(1, 10**6),
    places=st.integers(0, 4),
)
def test_rate_rounded_is_within_half_a_step(numerator: int, denominator: int, places: int) -> None:
    computed = rate(Decimal(numerator), Decimal(denominator), Decimal(100_000))

    assert abs(Fraction(computed.rounded(places)) - computed.value) <= Fraction(1, 2 * 10**places)
