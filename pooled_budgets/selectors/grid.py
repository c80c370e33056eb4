"""The monitoring grid as the reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from integration_hub.core import money
from integration_hub.core.quarters import FinancialMonth
from partners.models import User, prepared_for
from pooled_budgets.domain.month_grid import MONTHS, Cell, GridLine
from pooled_budgets.models import Fund, MonthForecast
from pooled_budgets.selectors import ledger, months, schemes
from pooled_budgets.selectors.months import MonthState


@dataclass(frozen=True)
class Grid:
    """Every line by every month; `drafts` counts the forecasts that only the keeper's people see.

    `expected` and `posted` are all that stands behind the cells, by line and month.
    """

    months: tuple[MonthState, ...]
    lines: tuple[GridLine, ...]
    drafts: int
    released_at: datetime | None
    expected: Mapping[tuple[UUID, int], Decimal] = field(default_factory=dict)
    posted: Mapping[tuple[UUID, int], Decimal] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """What the columns are called: "April 2014"."""
        return [month_name(state) for state in self.months]

    def without(self, month: int) -> int:
        """How many lines nobody has said anything of in an open month: what it adds up to is incomplete."""
        return sum(month in line.missing for line in self.lines)

    def total(self, month: int) -> Decimal | None:
        """What a month adds up to; None where nothing stands in it."""
        amounts = [line.cells[month - 1].amount for line in self.lines]
        stated = [amount for amount in amounts if amount is not None]
        return money.total(stated) if stated else None


def grid(fund: Fund, user: User, *, on: date, writing: bool = False) -> Grid:
    """The fund's lines by month. Five queries, however many there are.

    `writing` opens the softly closed months to whom they are open on the day.
    """
    states = [state for state in months.states(fund) if state.period.number in MONTHS]
    if len(states) != len(MONTHS):
        # A year that is not set up, or half: nothing can be entered by month.
        return Grid((), (), 0, None)
    adjustments = max(MONTHS) + 1
    expected: dict[tuple[UUID, int], Decimal] = {}
    releases: list[datetime | None] = []
    for line, numbers, amounts, released in _forecasts(user, fund=fund.pk):
        expected |= {(line, number): amount for number, amount in zip(numbers, amounts, strict=True)}
        releases += released
    posted = ledger.by_line_and_month(fund, user)
    is_open = [state.is_open_to(user, on) if writing else state.is_open for state in states]
    lines = []
    for choice in ledger.lines(fund, user):
        key = choice.line.pk
        cells = tuple(
            Cell(
                state.period.number,
                (expected if opened else posted).get((key, state.period.number)),
                opened,
            )
            for state, opened in zip(states, is_open, strict=True)
        )
        spent = [posted[key, number] for number in (*MONTHS, adjustments) if (key, number) in posted]
        lines.append(
            GridLine(
                key=key,
                words=choice.words,
                budget=choice.line.budget,
                budget_state=choice.line.state,
                cells=cells,
                spent=money.total(spent) if spent else None,
                adjustments=posted.get((key, adjustments), money.NIL),
            )
        )
    return Grid(
        months=tuple(states),
        lines=tuple(lines),
        drafts=releases.count(None),
        released_at=min((released_at for released_at in releases if released_at is not None), default=None),
        expected=expected,
        posted=posted,
    )


@dataclass(frozen=True)
class LineFigures:
    """A line of the grid with its profile, what was posted and what is expected, each by month where there is one."""

    line: GridLine
    profile: Mapping[int, Decimal]
    actual: Mapping[int, Decimal]
    forecast: Mapping[int, Decimal]

    def counts(self, month: int) -> str:
        """What of a month is in the line's outturn: its actual, its forecast, or nothing yet ("missing")."""
        if month not in MONTHS or not self.line.cells[month - 1].is_open:
            return "actual"
        return "forecast" if month in self.forecast else "missing"


@dataclass(frozen=True)
class Figures:
    """Everything that stands in the grid, the adjustment period included."""

    months: tuple[MonthState, ...]
    lines: tuple[LineFigures, ...]
    drafts: int

    @property
    def names(self) -> dict[int, str]:
        return {state.period.number: month_name(state) for state in self.months if state.period.number in MONTHS} | {
            max(MONTHS) + 1: "Adjustments"
        }


def figures(fund: Fund, user: User, *, on: date) -> Figures:
    """The grid with the profile of each line. Eight queries, however many lines there are."""
    found = grid(fund, user, on=on)
    profiles = {row.line.pk: dict(enumerate(row.months, start=1)) for row in schemes.profiles(user, fund)}
    lines = [
        LineFigures(
            line=line,
            profile=profiles.get(line.key, {}),
            actual=_of_line(line.key, found.posted),
            forecast=_of_line(line.key, found.expected),
        )
        for line in found.lines
    ]
    return Figures(tuple(months.states(fund)), tuple(lines), found.drafts)


def _of_line(key: UUID, figures: Mapping[tuple[UUID, int], Decimal]) -> dict[int, Decimal]:
    numbers = (*MONTHS, max(MONTHS) + 1)
    return {number: figures[key, number] for number in numbers if (key, number) in figures}


@prepared_for
def _forecasts(user: User, *, fund: UUID) -> QuerySet[MonthForecast, tuple[Any, ...]]:
    """Each line with its months, their amounts and when they were released: up to 1,800 figures in 150 rows."""
    rows = MonthForecast.objects.visible_to(user).filter(line__scheme__fund=fund).order_by()
    order = ("period__number", "entered_at", "pk")
    return rows.values_list("line").annotate(
        numbers=ArrayAgg("period__number", order_by=order),
        amounts=ArrayAgg("amount", order_by=order),
        released=ArrayAgg("released_at", order_by=order),
    )


def month_name(state: MonthState) -> str:
    month = state.period
    return f"{FinancialMonth.containing(month.starts_on).name} {month.starts_on.year}"
