"""What is asked of a metric's figure, in three strengths: it cannot be, it needs a reason, it is good to know.

What cannot be is refused when it is entered (`impossible`). The rest (`found`) is a finding of the return: a reason is
given there, is kept and shown to whoever signs, and without it the return is neither ready nor sent. A check that
nobody can do because something is not known is not done. The thresholds are ours: docs/domain/metrics.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bcf_metrics.domain import spc
from bcf_metrics.domain.completion import Level
from bcf_metrics.domain.entries import Problem
from bcf_metrics.domain.progress import PERCENT, Status
from bcf_metrics.domain.spc import Number
from bcf_metrics.domain.value import shown
from bcf_metrics.domain.words import exact
from integration_hub.core.dates import long_date

# A change against the last quarter of more than so many percent of it needs a reason. No document states one.
CHANGE_PERCENT = Decimal(50)


class Check(StrEnum):
    """A check of one figure, by the code that the return lists it under."""

    CHANGE = "M1"
    OUTLIER = "M2"
    FALLS = "M3"
    EARLY_FINAL = "M4"
    NO_ACTION = "M5"
    # The return's own, which a waiver may be given for as well.
    RATE = "V7"
    COMMENTARY = "V6"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Check.CHANGE: "A large change against the last quarter",
    Check.OUTLIER: "Outside the process limits of the figures before",
    Check.FALLS: "Counts up over the year and has fallen",
    Check.EARLY_FINAL: "Final before its source can be",
    Check.NO_ACTION: "Not on track and no action",
    Check.RATE: "A percentage above 100, or a figure that its ratio does not give",
    Check.COMMENTARY: "The commentary that a metric needs that is not on track or has no data",
}
LEVELS = {
    Check.CHANGE: Level.JUSTIFY,
    Check.OUTLIER: Level.JUSTIFY,
    Check.FALLS: Level.JUSTIFY,
    Check.EARLY_FINAL: Level.JUSTIFY,
    Check.NO_ACTION: Level.INFORM,
}
# What an approver may waive until a day: whatever asks for a reason, and the commentary that is required.
WAIVABLE = (Check.CHANGE, Check.OUTLIER, Check.FALLS, Check.EARLY_FINAL, Check.RATE, Check.COMMENTARY)
# The checks that are done here, by the beginning of a finding's key.
OWN = tuple(f"{check}:" for check in LEVELS)


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """What a metric's definition says of its figures; a limit or a lag that it does not state is not looked at."""

    change_percent: Decimal = CHANGE_PERCENT
    lowest: Decimal | None = None
    highest: Decimal | None = None
    # Days after the quarter's end before which its source has no final figure.
    lag_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A figure that is there, and what it is held against. `history` are the quarters before, oldest first, with gaps.

    `last` is the quarter just before in words. `same_year` says whether that quarter is of the same financial year.
    `entered_on` is the day on which it was entered as it stands.
    """

    label: str
    number: Fraction
    unit: str
    places: int
    history: Sequence[Number] = ()
    last: str = ""
    same_year: bool = True
    counts_up: bool = False
    provisional: bool = True
    ends_on: date
    entered_on: date
    status: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Flag:
    """What a check found, in words that begin with the metric's name."""

    check: Check
    message: str

    @property
    def level(self) -> Level:
        return LEVELS[self.check]


def parse(found: Mapping[str, Any] | None) -> Thresholds:
    """The thresholds as a definition's details have them, as text; nothing there leaves the plain ones."""
    given = found or {}
    lag = given.get("lag_days")
    return Thresholds(
        change_percent=Decimal(given.get("change_percent") or CHANGE_PERCENT),
        lowest=_decimal(given.get("lowest")),
        highest=_decimal(given.get("highest")),
        lag_days=None if lag is None else int(lag),
    )


def impossible(
    *,
    number: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    is_share: bool,
    unit: str = "",
    thresholds: Thresholds | None = None,
) -> Iterator[Problem]:
    """What no reason makes right. `is_share` says that numerator over denominator is a percentage of a whole.

    That there is no rate without a denominator is told by bcf_metrics.domain.entries.
    """
    if is_share and numerator is not None and denominator and numerator > denominator:
        yield Problem(
            "numerator",
            "above_the_whole",
            f"{exact(numerator)} of {exact(denominator)} is more than the whole. The numerator of a percentage is a "
            "part of its denominator: correct one of them.",
        )
    within = thresholds or Thresholds()
    if number is None:
        return
    printed = shown(Fraction(number), places=4, unit=unit)
    if within.lowest is not None and number < within.lowest:
        yield Problem("figure", "below_the_limit", f"{printed} is below {exact(within.lowest)}, the metric's lowest.")
    if within.highest is not None and number > within.highest:
        yield Problem("figure", "above_the_limit", f"{printed} is above {exact(within.highest)}, the metric's highest.")


def found(figure: Checked, thresholds: Thresholds | None = None) -> tuple[Flag, ...]:
    """Everything that the checks find in a figure, the gravest first."""
    within = thresholds or Thresholds()
    flags = [*_change(figure, within), *_outlier(figure), *_falls(figure), *_early(figure, within), *_action(figure)]
    return tuple(sorted(flags, key=lambda flag: (list(Level).index(flag.level), flag.check)))


def _change(figure: Checked, within: Thresholds) -> Iterator[Flag]:
    """A figure that counts up changes by what the year adds: it is not held against the last quarter here."""
    last = figure.history[-1] if figure.history else None
    # Nothing is a share of nought.
    if figure.counts_up or not last:
        return
    percent = abs(figure.number - last) * 100 / abs(last)
    if percent > Fraction(within.change_percent):
        way = "above" if figure.number > last else "below"
        yield Flag(
            check=Check.CHANGE,
            message=(
                f"{figure.label}: {_printed(figure, figure.number)} is {shown(percent, places=1)}% {way} the "
                f"{_printed(figure, last)} of {figure.last}, more than {exact(within.change_percent)}%. Correct it, or "
                "say why."
            ),
        )


def _outlier(figure: Checked) -> Iterator[Flag]:
    limits = None if figure.counts_up else spc.outlier(figure.history, figure.number)
    if limits is not None:
        yield Flag(
            check=Check.OUTLIER,
            message=(
                f"{figure.label}: {_printed(figure, figure.number)} lies outside the process limits of the figures "
                f"before, {_printed(figure, limits.lower)} to {_printed(figure, limits.upper)}. Correct it, or say why."
            ),
        )


def _falls(figure: Checked) -> Iterator[Flag]:
    last = figure.history[-1] if figure.history and figure.same_year else None
    if figure.counts_up and last is not None and figure.number < last:
        yield Flag(
            check=Check.FALLS,
            message=(
                f"{figure.label}: it counts up over the year, and {_printed(figure, figure.number)} is below the "
                f"{_printed(figure, last)} of {figure.last}. Correct it, or say why."
            ),
        )


def _early(figure: Checked, within: Thresholds) -> Iterator[Flag]:
    if within.lag_days is None or figure.provisional:
        return
    first = figure.ends_on + timedelta(days=within.lag_days)
    if figure.entered_on < first:
        yield Flag(
            check=Check.EARLY_FINAL,
            message=(
                f"{figure.label}: it was entered as final on {long_date(figure.entered_on)}, and its source has final "
                f"figures from {long_date(first)}. Make it provisional, or say why."
            ),
        )


def _action(figure: Checked) -> Iterator[Flag]:
    if figure.status == Status.NOT_ON_TRACK and not figure.action.strip():
        yield Flag(check=Check.NO_ACTION, message=f"{figure.label}: it is not on track and no action is entered.")


def is_share(*, unit: str, multiplier: Decimal | None) -> bool:
    """Whether numerator over denominator times the multiplier is a percentage of a whole."""
    return unit == PERCENT and multiplier == 100


def _printed(figure: Checked, number: Fraction) -> str:
    return shown(number, places=figure.places, unit=figure.unit)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
