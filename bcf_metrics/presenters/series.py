"""A metric's series in words: the chart, the table that says the same, what was entered when. Nothing here queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bcf_metrics.domain.entries import SAID
from bcf_metrics.domain.entries import shown as shown_code
from bcf_metrics.domain.lineage import KINDS, Line
from bcf_metrics.domain.progress import PERCENT, Better, round_half_up
from bcf_metrics.domain.spc import FEWEST, Variation
from bcf_metrics.domain.value import shown
from bcf_metrics.domain.words import exact, listed
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.series import MetricSeries, SeriesRow
from integration_hub.core import linecharts
from integration_hub.core.charts import Panel
from integration_hub.core.dates import long_date
from integration_hub.core.linecharts import Dot, Level, Mark
from integration_hub.core.states import FigureState
from pooled_budgets.domain.words import count, moment

GAPS = {
    FigureState.MISSING: ("M", "Missing: due, and nobody has entered it"),
    FigureState.NOT_APPLICABLE: ("N", "Not applicable: there can be no figure"),
    FigureState.NOT_YET_AVAILABLE: ("L", "Later: the source publishes it on a later date"),
    FigureState.SUPPRESSED: ("S", "Suppressed: too small to print"),
}
NOT_RELEASED = ("R", "Not released by the partner that enters it")
NO_PLAN = ("\N{EN DASH}", "No plan for this metric in that year")
OTHER_UNIT = ("U", "Counted in another unit before the break: the table has the figure")
AHEAD = "not due yet"
TONES = {
    Variation.COMMON_CAUSE: "neutral",
    Variation.IMPROVEMENT: "good",
    Variation.CONCERN: "bad",
    Variation.TOO_FEW: "neutral",
}
BETTER = {Better.LOWER: "Lower is better", Better.HIGHER: "Higher is better"}


@dataclass(frozen=True, kw_only=True)
class QuarterRow:
    """One quarter in the table."""

    label: str
    figure: str
    target: str
    status: str = ""
    status_words: str = ""
    is_draft: bool = False
    provisional: bool = False
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    entered: str = ""
    # What leads here from the quarters before, where the metric was another, or was counted otherwise.
    joint: str = ""
    joint_unchecked: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was written about one quarter."""

    label: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Entered:
    """A figure as somebody entered it."""

    at: datetime
    label: str
    words: str
    who: str

    @property
    def when(self) -> str:
        return moment(self.at)


@dataclass(frozen=True, kw_only=True)
class TargetChange:
    """A target that stood from a moment on."""

    when: str
    words: str
    rationale: str


def chart(series: MetricSeries) -> Panel:
    """The line over the quarters, with its target, its limits and a letter for each gap."""
    flagged = {flag.place for flag in series.chart.flags}
    gaps = [row.quarter.short_label for row in series.rows if _gap(row, series)[0]]
    marks = _marks(series)
    counted = count(len(series.rows) - len(gaps), "quarter", "quarters")
    return linecharts.line(
        "series",
        title=f"{series.plan.name}, by quarter",
        description=(
            f"A line over {counted} with its target"
            f"{' and its process limits' if series.chart.limits else ''}. "
            f"{f'It breaks at {listed(gaps)}. ' if gaps else ''}"
            f"{''.join(f'{mark.letter}: {mark.words}. ' for mark in marks)}"
            "The table below has the same figures in words."
        ),
        name=series.plan.name,
        unit="percent" if series.plan.unit == PERCENT else series.plan.unit,
        dots=[_dot(row, series, flagged=place in flagged) for place, row in enumerate(series.rows)],
        levels=_levels(series),
        marks=marks,
    )


def joint_words(line: Line) -> str:
    """What leads from one metric to another: "Breaks before 2021/22: replaced NEA of 2019/20. Counts ..."."""
    what = f"{KINDS[line.kind].lower()}, from {line.former} of {_year(line.former_year)}"
    reason = line.reason.rstrip(". ")
    if line.factor is None:
        return f"The series breaks before {_year(line.year)}: {what}. {reason}"
    return f"Joined before {_year(line.year)} by the factor {factor_words(line.factor)}: {what}. {reason}"


def factor_words(factor: Fraction) -> str:
    """A factor exactly: "0.95", or "1/3" where no decimal ends."""
    left = factor.denominator
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    return exact(Decimal(factor.numerator) / Decimal(factor.denominator)) if left == 1 else str(factor)


def _year(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"


def _marks(series: MetricSeries) -> list[Mark]:
    found = [(place, row.joint) for place, row in enumerate(series.rows) if row.joint is not None]
    return [
        Mark(place, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26], joint_words(line), line.breaks)
        for number, (place, line) in enumerate(found)
    ]


def table(series: MetricSeries) -> list[QuarterRow]:
    """The quarters, newest first."""
    return [_quarter(series, place) for place in reversed(range(len(series.rows)))]


def said(series: MetricSeries) -> list[Said]:
    """Challenges, achievements, support needs and action of each quarter that has any, newest first."""
    found = [Said(label=one.quarter.label, parts=_parts(one.row)) for one in reversed(series.rows) if one.row]
    return [one for one in found if one.parts]


def entered(series: MetricSeries) -> list[Entered]:
    """Every figure that was entered, newest first; what changed nothing of the figure is left out."""
    found = [one for row in series.rows for one in _entered(row, series)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def short(row: SeriesRow) -> str:
    """One quarter in as few words as a narrow cell has room for."""
    if row.row is None:
        return "no plan"
    plan = row.row.plan
    if row.row.is_withheld:
        return row.row.progress_words
    on = row.basis or plan
    return row.value.shown(places=on.metric.precision, unit=on.unit)


def targets(series: MetricSeries) -> list[TargetChange]:
    """What the target was from when on, newest first; nothing while it never changed."""
    found: list[TargetChange] = []
    before: tuple[Any, ...] | None = None
    for version in series.targets:
        stands = (version.target, version.target_period, version.profile, version.rationale)
        if stands != before:
            words = _target_words(version, series.plan.unit)
            found.append(TargetChange(when=moment(version.pgh_created_at), words=words, rationale=version.rationale))
        before = stands
    return found[::-1] if len(found) > 1 else []


def _parts(row: FigureRow) -> tuple[tuple[str, str], ...]:
    headed = (*((heading, getattr(row, field)) for field, heading in SAID.items()), ("Action", row.action))
    return tuple((heading, text) for heading, text in headed if text)


def _target_words(version: Any, unit: str) -> str:
    if version.target is None:
        return "not yet defined"
    period = f" ({version.target_period})" if version.target_period else ""
    ends = [exact(Decimal(end)) for end in version.profile]
    return f"{_number(version.target, unit)}{period}{f', by quarter {listed(ends)}' if ends else ''}"


def limits_words(series: MetricSeries) -> str:
    """What chance alone would show, or why that cannot be said."""
    limits = series.chart.limits
    if series.counts_up:
        return "The figures count up over the year, so their steps are no chance variation and have no limits."
    if limits is None:
        return (
            f"Process limits are drawn from {FEWEST} figures on; there {_are(series.chart.counted)}. "
            "Until then nothing is flagged."
        )
    low, high = _clipped(series, limits.lower), _clipped(series, limits.upper)
    return (
        f"The mean is {_printed(series, limits.mean)}. Figures from {_printed(series, low)} to "
        f"{_printed(series, high)} are what chance alone would show."
    )


def _are(number: int) -> str:
    return f"are {number}" if number != 1 else "is 1"


def _dot(row: SeriesRow, series: MetricSeries, *, flagged: bool) -> Dot:
    gap, gap_words = _gap(row, series)
    number = row.value.number
    expected = row.point.expected
    return Dot(
        label=f"Q{row.quarter.number} {row.quarter.year.start % 100:02d}/{(row.quarter.year.start + 1) % 100:02d}",
        number=None if gap else number,
        target=None if expected is None or gap == OTHER_UNIT[0] else Fraction(expected),
        gap=gap,
        gap_words=gap_words,
        nil=row.value.figure.state == FigureState.NIL,
        provisional=row.point.provisional,
        flagged=flagged,
    )


def _gap(row: SeriesRow, series: MetricSeries) -> tuple[str, str]:
    """The letter and words of a quarter without a number; nothing for one with a number, or one that is to come."""
    if row.row is None:
        return NO_PLAN
    if not row.point.is_gap or row.is_ahead:
        other = row.basis is not None and row.basis.unit != series.plan.unit and not row.is_ahead
        return OTHER_UNIT if other else ("", "")
    if row.row.is_withheld:
        return NOT_RELEASED
    return GAPS[FigureState(row.value.figure.state)]


def _levels(series: MetricSeries) -> list[Level]:
    limits = series.chart.limits
    if limits is None:
        return []
    first, last = series.run
    return [
        Level("Upper process limit", _clipped(series, limits.upper), "6 4", first, last),
        Level("Mean", limits.mean, "", first, last),
        Level("Lower process limit", _clipped(series, limits.lower), "2 4", first, last),
    ]


def _clipped(series: MetricSeries, number: Fraction) -> Fraction:
    """A limit as it is drawn: no figure is below 0, and no percentage above 100."""
    number = max(number, Fraction(0))
    return min(number, Fraction(100)) if series.plan.unit == PERCENT else number


def _printed(series: MetricSeries, number: Fraction) -> str:
    return shown(number, places=series.plan.metric.precision, unit=series.plan.unit)


def _quarter(series: MetricSeries, place: int) -> QuarterRow:
    one = series.rows[place]
    row = one.row
    if row is None:
        return QuarterRow(label=one.quarter.label, figure=NO_PLAN[1].lower(), target="")
    expected = one.point.expected
    figure = row.figure
    return QuarterRow(
        label=one.quarter.label,
        figure=AHEAD if one.is_ahead else short(one),
        target=_target(one, Fraction(expected)) if expected is not None else "no target at the quarter",
        status="" if one.is_ahead else row.status,
        status_words=row.status_words,
        is_draft=row.is_draft,
        provisional=row.provisional,
        notes=tuple(_notes(one, series)),
        flags=tuple(f"{'High' if flag.high else 'Low'}: {flag.rule.words}" for flag in series.chart.of(place)),
        entered=f"{figure.entered_by}, {moment(figure.entered_at)}" if figure else "",
        joint=joint_words(one.joint) if one.joint else "",
        joint_unchecked=one.joint is not None and not one.joint.checked,
    )


def _target(one: SeriesRow, number: Fraction) -> str:
    plan = one.basis or one.row.plan  # type: ignore[union-attr]  # only a row with a plan has a target
    return shown(number, places=plan.metric.precision, unit=plan.unit)


def _notes(one: SeriesRow, series: MetricSeries) -> Iterator[str]:
    row = one.row
    figure = row.figure if row is not None else None
    if row is None or figure is None:
        return
    plan = row.plan
    if one.factor != 1 and one.reported.value.number is not None:
        reported = one.reported.value.shown(places=plan.metric.precision, unit=plan.unit)
        yield f"Reported at the time: {reported}. Joined by the factor {factor_words(one.factor)}"
    if figure.numerator is not None and figure.denominator is not None:
        yield f"{exact(figure.numerator)} of {exact(figure.denominator)}"
    if figure.value_period:
        yield f"For {figure.value_period}{', an earlier period' if figure.lagged else ''}"
    if row.was_due_on:
        yield f"It was to come on {long_date(row.was_due_on)}"
    settled = one.settled
    if settled is not None:
        unit = plan.unit
        yield (
            f"Final since {moment(settled.since)}: provisional {_number(settled.provisional, unit)}, "
            f"final {_number(settled.final, unit)}, {_difference(settled.difference)}"
        )


def _difference(difference: Decimal) -> str:
    if not difference:
        return "no difference"
    return f"difference {'+' if difference > 0 else ''}{exact(difference)}"


def _number(value: Decimal, unit: str) -> str:
    return f"{exact(value)}{'%' if unit == PERCENT else ''}"


def _entered(row: SeriesRow, series: MetricSeries) -> Iterator[Entered]:
    before: tuple[Any, ...] | None = None
    for version in row.versions:
        stands = (version.value, version.state, version.available_on, version.provisional)
        if stands != before:
            yield Entered(
                at=version.entered_at,
                label=row.quarter.label,
                words=_version_words(version, row.row.plan.unit if row.row else series.plan.unit),
                who=str(version.entered_by),
            )
        before = stands


def _version_words(version: Any, unit: str) -> str:
    if version.state == FigureState.STATED:
        kind = "provisional" if version.provisional else "final"
        return f"{_number(round_half_up(Fraction(version.value), 4), unit)}, {kind}"
    until = f":{version.available_on.isoformat()}" if version.available_on else ""
    return shown_code("figure", f"{version.state}{until}")
