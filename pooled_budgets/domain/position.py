"""Where a fund stands at the end of a period: budget, projected outturn and variance, with what is missing in view.

Variance is projected outturn less budget: above nil is an overspend. No amount is ever put in the place of a
missing one, so a total over some schemes says that it is incomplete and which schemes it leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integration_hub.core import money
from integration_hub.core.states import AmountState, FigureState
from pooled_budgets.domain.figures import Figure

# States that leave a total complete: nil adds 0.00, and what is not applicable can have no figure.
_COMPLETE = frozenset({FigureState.STATED, FigureState.NIL, FigureState.NOT_APPLICABLE})


@dataclass(frozen=True)
class PositionLine:
    """One scheme at the end of a period, in pounds. An amount is None exactly where its state gives a reason."""

    scheme_id: Any
    number: str
    name: str
    budget: Decimal | None
    budget_state: str
    outturn: Decimal | None
    outturn_state: str
    available_on: date | None = None
    as_printed: str = ""
    note: str = ""
    forecast_note: str = ""
    source: str = ""
    provisional: bool = True
    illustrative: bool = False
    entered_by: str = ""
    entered_at: datetime | None = None
    released_at: datetime | None = None
    as_at: date | None = None
    # What was recorded; a figure that was to come and did not is missing above, and still to come here.
    recorded: Figure | None = None

    @property
    def variance(self) -> Decimal | None:
        if self.budget is None or self.outturn is None:
            return None
        return self.outturn - self.budget

    @property
    def variance_state(self) -> str:
        """Why there is no variance: the reason of whichever amount is not there; empty where there is one."""
        if self.variance is not None:
            return ""
        return self.budget_state if self.budget is None else self.outturn_state

    @property
    def notes(self) -> tuple[str, ...]:
        """What the plan and the forecast say about the scheme."""
        return tuple(note for note in (self.note, self.forecast_note) if note)

    @property
    def is_outturn_missing(self) -> bool:
        """Whether a total over outturns is incomplete without this one."""
        return self.outturn_state not in _COMPLETE

    @property
    def is_recorded(self) -> bool:
        return self.recorded is not None


@dataclass(frozen=True)
class Totals:
    """Sums over the schemes, in pounds; None where no scheme has the amount.

    `variance` is the sum of the schemes' own variances, so that like is set against like where outturns are missing.
    """

    budget: Decimal | None
    outturn: Decimal | None
    variance: Decimal | None
    missing: tuple[str, ...]
    without_budget: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def outturn_state(self) -> str:
        """Why there is no total; empty where there is one."""
        if self.outturn is not None:
            return ""
        return FigureState.MISSING if self.missing else FigureState.NOT_APPLICABLE

    @property
    def is_budget_complete(self) -> bool:
        return not self.without_budget


@dataclass(frozen=True)
class FundPosition:
    """A fund's lines in the plan's order, their totals, and how the plan ties to the fund's own total."""

    financial_year: str
    period_label: str
    as_at: date
    lines: tuple[PositionLine, ...]
    fund_total: Decimal | None
    fund_total_state: str

    @property
    def totals(self) -> Totals:
        return add_up(self.lines)

    @property
    def missing(self) -> tuple[str, ...]:
        """The numbers of the schemes whose outturn is still to come."""
        return self.totals.missing

    @property
    def unallocated(self) -> Decimal | None:
        """The fund's total less the schemes' budgets; below nil where the plan exceeds the fund."""
        if self.fund_total is None:
            return None
        return self.fund_total - (self.totals.budget or money.NIL)

    @property
    def unallocated_state(self) -> str:
        """Why nothing can be said to be unallocated; empty where it can."""
        return "" if self.fund_total is not None else self.fund_total_state

    @property
    def is_tied(self) -> bool:
        """Whether every pound of the fund stands in exactly one scheme."""
        return self.unallocated == 0 and self.totals.is_budget_complete

    @property
    def is_draft(self) -> bool:
        """Whether a figure here has not been released to the partners."""
        return any(line.is_recorded and line.released_at is None for line in self.lines)

    @property
    def released_at(self) -> datetime | None:
        """When the last of the figures was released; None while any is a draft, or none is recorded."""
        released = [line.released_at for line in self.lines if line.released_at is not None]
        return max(released) if released and not self.is_draft else None

    @property
    def has_outturns(self) -> bool:
        return any(line.is_recorded for line in self.lines)


def add_up(lines: Sequence[PositionLine]) -> Totals:
    """Add the schemes up, each column over the amounts that it has."""
    return Totals(
        budget=_sum([line.budget for line in lines]),
        outturn=_sum([line.outturn for line in lines]),
        variance=_sum([line.variance for line in lines]),
        missing=tuple(line.number for line in lines if line.is_outturn_missing),
        without_budget=tuple(line.number for line in lines if line.budget is None),
    )


def budget_of(lines: Sequence[tuple[Decimal | None, str]]) -> tuple[Decimal | None, str]:
    """A scheme's budget from its budget lines (amount, state): their sum, or the state of the first without one."""
    for amount, state in lines:
        if amount is None:
            return None, state
    if not lines:
        return None, AmountState.NOT_STATED
    return _sum([amount for amount, _ in lines]), AmountState.STATED


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return money.total(known) if known else None
