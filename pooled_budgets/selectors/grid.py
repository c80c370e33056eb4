"""The monitoring grid as the reader may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integration_hub.core import money
from integration_hub.core.quarters import FinancialMonth
from partners.models import User
from pooled_budgets.domain.month_grid import MONTHS, Cell, GridLine
from pooled_budgets.models import Fund, MonthForecast
from pooled_budgets.selectors import ledger, months
from pooled_budgets.selectors.months import MonthState


@dataclass(frozen=True)
class Grid:
    """Every line by every month; `drafts` counts the forecasts that only the keeper's people see."""

    months: tuple[MonthState, ...]
    lines: tuple[GridLine, ...]
    drafts: int
    released_at: datetime | None

    @property
    def names(self) -> list[str]:
        """What the columns are called: "April 2014"."""
        return [month_name(state) for state in self.months]

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
    # Up to 1,800 rows: their values, no objects.
    forecasts = (
        MonthForecast.objects.visible_to(user)
        .filter(line__scheme__fund=fund)
        .values_list("line", "period__number", "amount", "released_at")
    )
    expected = {(line, number): amount for line, number, amount, _ in forecasts}
    releases = [released_at for *_, released_at in forecasts]
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
    )


def month_name(state: MonthState) -> str:
    month = state.period
    return f"{FinancialMonth.containing(month.starts_on).name} {month.starts_on.year}"
