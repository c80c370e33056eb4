"""Where a metric comes from: renamed, rebased or replaced between policy years, and what that does to its series.

A line says what a metric of one year was in an earlier year. It joins the two by a factor (a figure of the earlier year
times the factor is on the basis of the later), or breaks the series and says why. A metric without a line goes on under
its code from the year before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

ONE = Fraction(1)
_FACTOR = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?|[0-9]{1,9}/[0-9]{1,9}")
_YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})")


class Kind(StrEnum):
    """What happened to the metric."""

    RENAMED = "renamed"  # the same thing under another name or code
    REBASED = "rebased"  # the same thing counted another way
    REPLACED = "replaced"  # another thing in its place


KINDS = {Kind.RENAMED: "Renamed", Kind.REBASED: "Counted another way", Kind.REPLACED: "Replaced"}


class LineageError(ValueError):
    """A line that leads nowhere: to its own or a later year, with a factor that is no number above 0, or no reason."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the metric `code` of the financial year `year` (2021 is 2021/22) was in an earlier one.

    `factor` is None where the series breaks.
    """

    year: int
    code: str
    former_year: int
    former: str
    kind: Kind
    factor: Fraction | None
    reason: str
    checked: bool

    def __post_init__(self) -> None:
        if self.former_year >= self.year:
            raise LineageError("A metric comes from an earlier year.")
        if self.factor is not None and self.factor <= 0:
            raise LineageError("A factor is above 0.")
        if not self.reason.strip():
            raise LineageError("Say why the series is joined or breaks.")

    @property
    def breaks(self) -> bool:
        return self.factor is None


@dataclass(frozen=True)
class Step:
    """A year of a series: what the metric is called in it. `line` leads to it from the step before, where one does."""

    year: int
    code: str
    line: Line | None = None


@dataclass(frozen=True)
class Run:
    """Steps without a break, oldest first. `factors` bring the figures of each to the basis of the last."""

    steps: tuple[Step, ...]
    factors: tuple[Fraction, ...]


def factor_of(text: str) -> Fraction | None:
    """The factor in "1", "0.95" or "1/12"; None for nothing. Raises LineageError for anything else, and for 0."""
    words = text.strip()
    if not words:
        return None
    if not _FACTOR.fullmatch(words) or words.endswith("/0"):
        raise LineageError("Enter a factor such as 1, 0.95 or 1/12.")
    try:
        found = Fraction(words)
    except ZeroDivisionError as error:
        raise LineageError("Enter a factor such as 1, 0.95 or 1/12.") from error
    if found <= 0:
        raise LineageError("A factor is above 0.")
    return found


def year_of(code: str) -> int:
    """The financial year of a policy year's code: 2019 for "2019-20". Raises LineageError."""
    found = _YEAR.fullmatch(code.strip())
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise LineageError("Enter a year such as 2019-20.")
    return int(found[1])


def lines_of(year: int, rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of one policy year, from plain data. Raises LineageError."""
    return [
        Line(
            year=year,
            code=row["code"],
            former_year=year_of(row["former_year"]),
            former=row["former"],
            kind=Kind(row["kind"]),
            factor=factor_of(row["factor"]),
            reason=row["reason"],
            checked=row["checked"],
        )
        for row in rows
    ]


def path(year: int, code: str, lines: Iterable[Line], *, first: int, last: int) -> tuple[Step, ...]:
    """The steps of the series to which a metric of a year belongs, from the years `first` to `last`, oldest first.

    Where a metric was followed by several, the series ends: none of them is its one successor. Each step is of a later
    year than the one before, so there is no way round in a circle.
    """
    by_key = {(line.year, line.code): line for line in lines}
    steps = [Step(year, code)]
    while True:
        eldest = steps[0]
        line = by_key.get((eldest.year, eldest.code))
        earlier = Step(line.former_year, line.former) if line else Step(eldest.year - 1, eldest.code)
        if earlier.year < first:
            break
        steps[0] = Step(eldest.year, eldest.code, line)
        steps.insert(0, earlier)
    while steps[-1].year < last:
        newest = steps[-1]
        following = _following(newest, by_key)
        if following is None or following.year > last:
            break
        steps.append(following)
    return tuple(steps)


def runs(steps: Sequence[Step]) -> tuple[Run, ...]:
    """The steps cut at each break, with the factors that bring each to the basis of the last of its run."""
    cut: list[list[Step]] = []
    for step in steps:
        if not cut or (step.line is not None and step.line.breaks):
            cut.append([])
        cut[-1].append(step)
    return tuple(Run(tuple(found), tuple(_factors(found))) for found in cut)


def _following(step: Step, by_key: Mapping[tuple[int, str], Line]) -> Step | None:
    """The one step that comes after; None where there are several, or another metric took the code over."""
    named = sorted(
        (line for line in by_key.values() if (line.former_year, line.former) == (step.year, step.code)),
        key=lambda line: (line.code != step.code, line.year, line.code),
    )
    if named and (len(named) == 1 or named[0].code == step.code):
        return Step(named[0].year, named[0].code, named[0])
    goes_on = (step.year + 1, step.code)
    return Step(*goes_on) if not named and goes_on not in by_key else None


def _factors(steps: Sequence[Step]) -> list[Fraction]:
    found = [ONE]
    for step in reversed(steps[1:]):
        found.insert(0, found[0] * (step.line.factor or ONE if step.line else ONE))
    return found
