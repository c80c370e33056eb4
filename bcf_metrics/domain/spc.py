"""Statistical process control of one metric's own history: an XmR chart, as NHS England's "Making Data Count" has it.

The mean and the average moving range of the figures give the limits that chance alone stays within. Four rules flag
what is probably no chance: docs/domain/metrics.md. All is exact; round to print.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from bcf_metrics.domain.progress import Better

# Below so many figures the limits move too much with each new one: nothing is flagged.
FEWEST = 12
RUN = 7
TREND = 7
NEAR, OF = 2, 3
WIDTH = Fraction(266, 100)

Number = Fraction | None


class Rule(StrEnum):
    """Why a figure is flagged."""

    OUTSIDE = "outside"
    RUN = "run"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"

    @property
    def words(self) -> str:
        return RULE_WORDS[self]


RULE_WORDS = {
    Rule.OUTSIDE: "outside the process limits",
    Rule.RUN: f"one of {RUN} or more in a row on the same side of the mean",
    Rule.TREND: f"one of {TREND} or more in a row that all rise or all fall",
    Rule.NEAR_LIMIT: f"one of {NEAR} of {OF} in a row that lie near the same process limit",
}


class Variation(StrEnum):
    """What the newest figure says."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    TOO_FEW = "too_few"

    @property
    def words(self) -> str:
        return VARIATION_WORDS[self]

    @property
    def icon(self) -> str:
        """A mark that is told apart without colour."""
        return VARIATION_ICONS[self]


VARIATION_WORDS = {
    Variation.COMMON_CAUSE: "No significant change: the figures vary as chance alone would have them",
    Variation.IMPROVEMENT: "Improving: more than chance alone would show",
    Variation.CONCERN: "Getting worse: more than chance alone would show",
    Variation.TOO_FEW: "Too few figures to tell change from chance",
}
VARIATION_ICONS = {
    Variation.COMMON_CAUSE: "\N{ALMOST EQUAL TO}",
    Variation.IMPROVEMENT: "\N{BLACK UP-POINTING TRIANGLE}",
    Variation.CONCERN: "\N{BLACK DOWN-POINTING TRIANGLE}",
    Variation.TOO_FEW: "?",
}


class Assurance(StrEnum):
    """Whether the process, left as it is, can be relied on to meet the target."""

    ALWAYS = "always"
    NEVER = "never"
    BY_CHANCE = "by_chance"
    NO_TARGET = "no_target"

    @property
    def words(self) -> str:
        return ASSURANCE_WORDS[self]


ASSURANCE_WORDS = {
    Assurance.ALWAYS: "The target will be met each time if nothing changes",
    Assurance.NEVER: "The target will not be met unless something changes",
    Assurance.BY_CHANCE: "The target will be met sometimes and missed sometimes, by chance",
    Assurance.NO_TARGET: "There is no target to hold against the limits",
}


@dataclass(frozen=True)
class Limits:
    """Mean and process limits of a series, exact."""

    mean: Fraction
    lower: Fraction
    upper: Fraction

    def is_outside(self, number: Fraction) -> bool:
        return not self.lower <= number <= self.upper

    def near(self, number: Fraction) -> int:
        """1 in the outer third above the mean or beyond it, -1 in the outer third below, else 0."""
        third = (self.upper - self.mean) * 2 / 3
        if third and abs(number - self.mean) > third:
            return 1 if number > self.mean else -1
        return 0

    def side(self, number: Fraction) -> int:
        """1 above the mean, -1 below, 0 on it."""
        return (number > self.mean) - (number < self.mean)


@dataclass(frozen=True)
class Flag:
    """A figure that the rules mark, by its place in the series; `high` says on which side, or in which direction."""

    place: int
    rule: Rule
    high: bool


@dataclass(frozen=True)
class Chart:
    """What the rules find in a series; without limits there were too few figures."""

    counted: int
    limits: Limits | None
    flags: tuple[Flag, ...]
    variation: Variation

    def of(self, place: int) -> tuple[Flag, ...]:
        """The flags of one figure."""
        return tuple(flag for flag in self.flags if flag.place == place)


def limits_of(numbers: Sequence[Number]) -> Limits | None:
    """Mean and limits of the figures that are there; None without two neighbours.

    A moving range is between neighbours alone: across a gap nobody knows how the figure moved.
    """
    there = [number for number in numbers if number is not None]
    ranges = [abs(b - a) for a, b in itertools.pairwise(numbers) if a is not None and b is not None]
    if not ranges:
        return None
    mean = sum(there, Fraction(0)) / len(there)
    reach = WIDTH * sum(ranges, Fraction(0)) / len(ranges)
    return Limits(mean, mean - reach, mean + reach)


def chart(numbers: Sequence[Number], *, better: Better) -> Chart:
    """Limits and flags of a series in the order of time; None is a gap, which breaks runs and trends."""
    counted = sum(number is not None for number in numbers)
    limits = limits_of(numbers) if counted >= FEWEST else None
    if limits is None:
        return Chart(counted, None, (), Variation.TOO_FEW)
    found = {*_outside(numbers, limits), *_runs(numbers, limits), *_trends(numbers), *_near(numbers, limits)}
    flags = tuple(sorted(found, key=lambda flag: (flag.place, list(Rule).index(flag.rule), flag.high)))
    return Chart(counted, limits, flags, _variation(numbers, flags, better))


def assurance(limits: Limits | None, target: Decimal | Fraction | None, *, better: Better) -> Assurance:
    """Whether chance alone keeps the figures on the good side of the target."""
    if limits is None or target is None:
        return Assurance.NO_TARGET
    aim = Fraction(target)
    lower_is_better = better is Better.LOWER
    if limits.upper <= aim if lower_is_better else limits.lower >= aim:
        return Assurance.ALWAYS
    if limits.lower > aim if lower_is_better else limits.upper < aim:
        return Assurance.NEVER
    return Assurance.BY_CHANCE


def outlier(history: Sequence[Number], number: Fraction) -> Limits | None:
    """The limits of the figures before, where a new one falls outside them; None where it fits or they are too few."""
    if sum(earlier is not None for earlier in history) < FEWEST:
        return None
    limits = limits_of(history)
    return limits if limits is not None and limits.is_outside(number) else None


def _outside(numbers: Sequence[Number], limits: Limits) -> Iterator[Flag]:
    for place, number in enumerate(numbers):
        if number is not None and limits.is_outside(number):
            yield Flag(place, Rule.OUTSIDE, number > limits.mean)


def _runs(numbers: Sequence[Number], limits: Limits) -> Iterator[Flag]:
    sides = [0 if number is None else limits.side(number) for number in numbers]
    for side in (1, -1):
        for start, end in _stretches([found == side for found in sides]):
            if end - start >= RUN:
                yield from (Flag(place, Rule.RUN, side > 0) for place in range(start, end))


def _trends(numbers: Sequence[Number]) -> Iterator[Flag]:
    pairs = list(itertools.pairwise(numbers))
    for high in (True, False):
        moves = [a is not None and b is not None and a != b and (b > a) is high for a, b in pairs]
        for start, end in _stretches(moves):
            # So many moves join one figure more.
            if end - start + 1 >= TREND:
                yield from (Flag(place, Rule.TREND, high) for place in range(start, end + 1))


def _near(numbers: Sequence[Number], limits: Limits) -> Iterator[Flag]:
    for start in range(len(numbers) - OF + 1):
        window = numbers[start : start + OF]
        if None in window:
            continue
        sides = [0 if number is None else limits.near(number) for number in window]
        for side in (1, -1):
            if sides.count(side) >= NEAR:
                yield from (
                    Flag(start + place, Rule.NEAR_LIMIT, side > 0) for place, near in enumerate(sides) if near == side
                )


def _stretches(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where marks follow each other: start, and the place after the last."""
    start = None
    for place, marked in enumerate([*marks, False]):
        if marked and start is None:
            start = place
        elif not marked and start is not None:
            yield start, place
            start = None


def _variation(numbers: Sequence[Number], flags: Sequence[Flag], better: Better) -> Variation:
    """By the flags of the newest figure; one outside its limits weighs more than the direction of a trend."""
    newest = max(place for place, number in enumerate(numbers) if number is not None)
    of_newest = [flag for flag in flags if flag.place == newest]
    if not of_newest:
        return Variation.COMMON_CAUSE
    return Variation.IMPROVEMENT if of_newest[0].high is (better is Better.HIGHER) else Variation.CONCERN
