"""Is a metric on track? One judgement from a target, an actual and the way the two compare."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from bcf_metrics.domain.words import exact, listed
from integration_hub.core.states import (
    Figure,
    TargetState,
    state_words,
)

QUARTERS = 4
PERCENT = "percent"


class Better(StrEnum):
    """The direction that is an improvement."""

    LOWER = "lower"
    HIGHER = "higher"


class Basis(StrEnum):
    """What the actual is compared with."""

    CUMULATIVE = "cumulative"  # the year so far, with the profile to date
    SAME_PERIOD = "same_period"  # the target for exactly the actual's period
    POINT = "point"  # the latest figure there is, with the target as it stands
    AVERAGE = "average"  # an average so far, with the average that is the target
    NONE = "none"  # with nothing: shown for information


class Status(StrEnum):
    """The answer, with the words of the national return."""

    ON_TRACK = "on_track"
    NOT_ON_TRACK = "not_on_track"
    DATA_NOT_AVAILABLE = "data_not_available"
    NOT_DEFINED = "not_defined"

    @property
    def words(self) -> str:
        return STATUS_WORDS[self]


STATUS_WORDS = {
    Status.ON_TRACK: "On track",
    Status.NOT_ON_TRACK: "Not on track",
    Status.DATA_NOT_AVAILABLE: "Data not available",
    Status.NOT_DEFINED: "Not defined",
}


class ProgressError(ValueError):
    """Input that cannot be judged or computed. `code` says why, `field` which argument is at fault."""

    def __init__(self, code: str, message: str, *, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target and the period it is for, in words; no words mean the quarter reported.

    `profile` splits one that counts over the year into what each quarter adds; None means evenly.
    """

    basis: Basis
    value: Decimal | None = None
    state: TargetState = TargetState.SET
    period: str = ""
    profile: tuple[Decimal, ...] | None = None

    def __post_init__(self) -> None:
        if (self.value is not None) is not (self.state is TargetState.SET):
            raise ProgressError(
                "target_state",
                "A target is either a number or the reason that there is none.",
                field="value",
            )
        if self.profile is not None:
            check_profile(self.profile, target=self.value, basis=self.basis)


@dataclass(frozen=True, kw_only=True)
class Actual:
    """A figure and the period it is for, in words; no words mean the quarter reported.

    A lagged figure is for a period before the year or quarter that it is reported in.
    """

    figure: Figure
    period: str = ""
    lagged: bool = False


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The status and the words that show how it was reached.

    `expected` is the number that the actual was compared with; `difference` is actual less expected.
    Both are None where nothing was compared.
    """

    status: Status
    target_words: str
    target_period: str
    progress_words: str
    progress_period: str
    comparison: str
    expected: Decimal | None = None
    difference: Decimal | None = None
    lagged: bool = False
    lag_note: str = ""


@dataclass(frozen=True)
class Rate:
    """A rate kept with what it was computed from; `value` is exact, so round only to print."""

    numerator: Decimal
    denominator: Decimal
    multiplier: Decimal

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator) * Fraction(self.multiplier) / Fraction(self.denominator)

    def rounded(self, places: int) -> Decimal:
        """The rate to a number of decimal places, halves away from zero."""
        return round_half_up(self.value, places)


def judge(
    *,
    better: Better,
    target: Target,
    actual: Actual,
    quarter: int,
    on: date,
    unit: str = "",
) -> Judgement:
    """Judge one metric at a quarter (1 to 4) of the year, as things stand on a day.

    Exactly equal is on track. Nil counts as 0. A target without a number is not defined; an actual without
    one, or one for another period than the target's, is data not available. `unit` "percent" prints "%".
    """
    reported = f"quarter {quarter}"
    target = replace(target, period=target.period or reported)
    actual = replace(actual, period=actual.period or reported)
    figure = actual.figure.as_at(on)
    progress = figure.words or _number(figure.value, unit)
    judgement = Judgement(
        status=Status.DATA_NOT_AVAILABLE,
        target_words=_target_words(target, unit),
        target_period=target.period,
        progress_words=progress,
        progress_period=actual.period if figure.counted is not None else "",
        comparison="",
    )
    if target.basis is Basis.NONE:
        words = "Shown for information: there is nothing to compare with"
        return replace(judgement, status=Status.NOT_DEFINED, comparison=words)
    if target.value is None:
        words = f"No comparison: the target is {state_words(target.state)}"
        return replace(judgement, status=Status.NOT_DEFINED, comparison=words)
    if figure.counted is None:
        words = f"No figure to compare with {_target_phrase(target, unit)}: {figure.words}"
        return replace(judgement, comparison=words)
    mismatch = _mismatch(target, actual)
    if mismatch:
        return replace(judgement, comparison=mismatch)

    expected = target.value
    if target.basis is Basis.CUMULATIVE:
        expected = profile_to_date(target.value, quarter=quarter, profile=target.profile)
    words = f"{progress} against {_expected_phrase(target, actual, quarter, expected, unit)}"
    return replace(
        judgement,
        status=Status.ON_TRACK if _meets(figure.counted, expected, better) else Status.NOT_ON_TRACK,
        comparison=f"{words}; the latest figure is for {actual.period}" if actual.lagged else words,
        expected=expected,
        difference=figure.counted - expected,
        lagged=actual.lagged,
        lag_note=f"Latest figure: {actual.period}" if actual.lagged else "",
    )


def profile_to_date(target: Decimal, *, quarter: int, profile: Sequence[Decimal] | None = None) -> Decimal:
    """What should have been reached by the end of a quarter (1 to 4), exactly: 41.75 of 167 at quarter 1.

    Even without a profile. Raises ProgressError for another quarter or a profile that misses its target.
    """
    if not 1 <= quarter <= QUARTERS:
        raise ProgressError("quarter", f"The quarter is {quarter}; it must be 1 to 4.", field="quarter")
    if profile is None:
        # A quarter of a decimal number is always a decimal number: nothing is rounded here.
        return target * quarter / QUARTERS
    check_profile(profile, target=target, basis=Basis.CUMULATIVE)
    return sum(profile[:quarter], start=Decimal(0))


def profile_from_cumulative(ends: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """What each quarter adds, from where the year should stand at the end of each: 40, 80 gives 40, 40."""
    return tuple(end - before for end, before in zip(ends, (Decimal(0), *ends), strict=False))


def check_profile(profile: Sequence[Decimal], *, target: Decimal | None, basis: Basis) -> None:
    """Refuse a profile that is not four parts adding up to the target exactly."""
    if basis is not Basis.CUMULATIVE or target is None:
        raise ProgressError(
            "profile_not_used",
            "Only a target that counts over the year has a profile. Remove it.",
            field="profile",
        )
    if len(profile) != QUARTERS:
        raise ProgressError(
            "profile_parts",
            f"Enter four quarters; there are {len(profile)}.",
            field="profile",
        )
    reached = sum(profile, start=Decimal(0))
    if reached != target:
        raise ProgressError(
            "profile_total",
            f"The four quarters add up to {exact(reached)}, and the target is {exact(target)}. "
            f"Change them by {exact(target - reached)} in all.",
            field="profile",
        )


def rate(numerator: Decimal, denominator: Decimal | None, multiplier: Decimal = Decimal(1)) -> Rate:
    """The exact rate, for example 167 admissions among 27,400 people times 100,000.

    Raises ProgressError where the denominator is nil or empty, or either is below 0.
    """
    if not denominator:
        raise ProgressError(
            "denominator_nil",
            "There is no rate without a denominator. Enter it, or choose why the figure is empty.",
            field="denominator",
        )
    if denominator < 0 or numerator < 0:
        at_fault = "denominator" if denominator < 0 else "numerator"
        raise ProgressError("below_nil", f"The {at_fault} is below 0. Enter 0 or more.", field=at_fault)
    return Rate(numerator, denominator, multiplier)


def rate_agrees(value: Decimal, computed: Rate, *, places: int) -> bool:
    """Whether a rate that somebody typed is the computed one, to the places that the metric prints."""
    return round_half_up(Fraction(value), places) == computed.rounded(places)


def round_half_up(number: Fraction, places: int) -> Decimal:
    """A fraction as a decimal with so many places; halves go away from zero."""
    scaled = number * 10**places
    # Twice the number decides the half exactly; Decimal division first would round twice.
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def _meets(actual: Decimal, expected: Decimal, better: Better) -> bool:
    return actual <= expected if better is Better.LOWER else actual >= expected


def _mismatch(target: Target, actual: Actual) -> str:
    """Why the two periods do not allow the comparison, or nothing."""
    if target.basis is Basis.CUMULATIVE and actual.lagged:
        return (
            f"No comparison: the figure is for {actual.period}, and a target over the year is judged on the year so far"
        )
    if target.basis is Basis.SAME_PERIOD and actual.period.casefold() != target.period.casefold():
        return f"No comparison: the figure is for {actual.period} and the target for {target.period}"
    return ""


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{exact(value)}%" if unit == PERCENT else exact(value)


def _target_words(target: Target, unit: str) -> str:
    if target.basis is Basis.NONE and target.value is None:
        return "no target"
    return state_words(target.state) if target.value is None else _number(target.value, unit)


def _target_phrase(target: Target, unit: str) -> str:
    """The target on its own: "450, the average for April to December 2014"."""
    number = _number(target.value, unit)
    return f"{number}, the average for {target.period}" if target.basis is Basis.AVERAGE else number


def _expected_phrase(target: Target, actual: Actual, quarter: int, expected: Decimal, unit: str) -> str:
    """What the actual was compared with, and where that number comes from."""
    number = _number(expected, unit)
    if target.basis is Basis.SAME_PERIOD:
        return f"{number}, both for {target.period}"
    if target.basis is Basis.AVERAGE:
        named = actual.lagged or actual.period.casefold() == target.period.casefold()
        so_far = "" if named else f"; the figure is the average for {actual.period}"
        return f"{number}, the average for {target.period}{so_far}"
    if target.basis is Basis.CUMULATIVE and quarter == QUARTERS:
        return f"{number} for the year"
    if target.basis is Basis.CUMULATIVE:
        spread = "even" if target.profile is None else f"by quarter {listed([exact(part) for part in target.profile])}"
        whole = _number(target.value, unit)
        return f"{number}, the profile to the end of quarter {quarter} of {whole} for the year ({spread})"
    return number
