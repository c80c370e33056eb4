"""A metric's figures in the order of time: gaps kept as gaps, and what became of a figure that was provisional."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from bcf_metrics.domain.progress import Basis, Target, profile_to_date
from bcf_metrics.domain.value import Value
from integration_hub.core.quarters import Quarter
from integration_hub.core.states import Figure, FigureState, OnChart

NOBODY_RECORDED = Value(Figure(state=FigureState.MISSING), None)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A quarter of a series. `expected` is what the target asks for at it; `lagged` one for an earlier period."""

    quarter: Quarter
    value: Value
    expected: Decimal | Fraction | None = None
    provisional: bool = False
    lagged: bool = False

    def times(self, factor: Fraction) -> "Point":
        """The same on another basis: number and target times a factor."""
        if factor == 1 or (self.value.number is None and self.expected is None):
            return self
        number = self.value.number
        return replace(
            self,
            value=Value(self.value.figure, None if number is None else number * factor),
            expected=None if self.expected is None else Fraction(self.expected) * factor,
        )

    def as_at(self, day: date) -> "Point":
        """The same on a day: a figure that was to come by then is missing."""
        figure = self.value.figure.as_at(day)
        if figure is self.value.figure:
            return self
        return Point(quarter=self.quarter, value=Value(figure, None), expected=self.expected)

    @property
    def is_gap(self) -> bool:
        """Whether the line of a chart breaks here."""
        return self.value.figure.effect.on_chart is OnChart.GAP


def expected(target: Target, quarter: int) -> Decimal | None:
    """Where the target's line stands at a quarter; None without one, or where the target is for another period."""
    if target.value is None or target.basis is Basis.NONE:
        return None
    if target.basis is Basis.CUMULATIVE:
        return profile_to_date(target.value, quarter=quarter, profile=target.profile)
    named = target.period.casefold()
    if target.basis is Basis.SAME_PERIOD and named not in ("", f"quarter {quarter}"):
        return None
    return target.value


@dataclass(frozen=True, kw_only=True)
class Version:
    """What stood recorded for one quarter from a moment on."""

    value: Decimal | None
    state: str
    provisional: bool
    since: datetime


@dataclass(frozen=True)
class Settled:
    """A provisional figure that became final: both, when, and by how much they differ."""

    provisional: Decimal
    final: Decimal
    since: datetime

    @property
    def difference(self) -> Decimal:
        return self.final - self.provisional


def whole(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """Every quarter from the first to the last, without holes."""
    found = [first]
    while found[-1] < last:
        found.append(found[-1].following)
    return tuple(found)


def settled(versions: Sequence[Version]) -> Settled | None:
    """What became of the last provisional number, by all that stood recorded, oldest first; None while it is not final.

    A final figure that was corrected later is set against the same provisional number.
    """
    provisional: Decimal | None = None
    since: datetime | None = None
    for version in versions:
        if version.provisional:
            since = None
            provisional = version.value if version.value is not None else provisional
        elif since is None and version.value is not None:
            since = version.since
    newest = versions[-1] if versions else None
    if newest is None or newest.provisional or newest.value is None or provisional is None or since is None:
        return None
    return Settled(provisional, newest.value, since)
