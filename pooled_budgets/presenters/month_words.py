"""The months of a fund and what was kept of them, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from integration_hub.core.money import pounds, total
from pooled_budgets import policies
from pooled_budgets.domain.words import count, listed, moment
from pooled_budgets.models import ClosedMonth, PeriodLock
from pooled_budgets.selectors.grid import Grid
from pooled_budgets.selectors.months import MonthState


def before_closing(found: Grid, month: int) -> list[str]:
    """What whoever closes a month to everybody should know: from then on its postings count and no forecast does."""
    words = []
    still_open = [
        name
        for state, name in zip(found.months, found.names, strict=True)
        if state.period.number < month and (state.is_open or state.is_soft)
    ]
    if still_open:
        words.append(f"Earlier months are still open: {listed(still_open)}.")
    unposted = [
        amount
        for (line, number), amount in found.expected.items()
        if number == month and amount and not found.posted.get((line, number))
    ]
    if unposted:
        words.append(
            f"Nothing is posted to {count(len(unposted), 'line', 'lines')} of which {pounds(total(unposted))} "
            f"{'was' if len(unposted) == 1 else 'were'} expected: once closed, the month counts as nothing spent on "
            f"{'it' if len(unposted) == 1 else 'them'}."
        )
    return words


@dataclass(frozen=True)
class MonthRow:
    """One month in the list: its state in a word, why, and every closing that was kept."""

    state: MonthState
    word: str
    tone: str
    why: str
    closings: tuple[ClosedMonth, ...]

    @property
    def is_locked_by_return(self) -> bool:
        return self.state.lock is not None and self.state.lock.kind == PeriodLock.RETURN

    @property
    def can_be_closed(self) -> bool:
        """Open, or softly closed: to everybody then."""
        return self.state.is_open or self.state.is_soft


@dataclass(frozen=True)
class KeptRow:
    """One line of a closed month as it was kept; pounds, None where nothing was."""

    name: str
    budget: Decimal | None
    budget_state: str
    posted: Decimal | None
    to_date: Decimal | None
    outturn: Decimal | None
    variance: Decimal | None


def rows(states: Sequence[MonthState], closings: Iterable[ClosedMonth]) -> list[MonthRow]:
    """Each month with its closings, newest first."""
    kept: dict[int, list[ClosedMonth]] = {}
    for closing in closings:
        kept.setdefault(closing.period.number, []).append(closing)
    return [
        MonthRow(state, *_word(state.lock), _why(state.lock), tuple(kept.get(state.period.number, ())))
        for state in states
    ]


def kept_rows(content: Mapping[str, Any]) -> list[KeptRow]:
    """The lines of a closing, from its frozen content alone."""
    names = ("budget", "posted", "to_date", "outturn", "variance")
    return [
        KeptRow(
            name=row["name"],
            budget_state=row["budget_state"],
            **{name: None if row[name] is None else Decimal(row[name]) for name in names},
        )
        for row in content["lines"]
    ]


def _word(lock: PeriodLock | None) -> tuple[str, str]:
    if lock is None:
        return "Open", "neutral"
    return {
        PeriodLock.SOFT: ("Closing", "waiting"),
        PeriodLock.HARD: ("Closed", "good"),
        PeriodLock.RETURN: ("Locked with its quarter", "info"),
    }[lock.kind]


def _why(lock: PeriodLock | None) -> str:
    if lock is None:
        return ""
    still = policies.who_may_still_write(lock, timezone.localdate())
    return (
        f"{lock.locked_by_name}, {moment(lock.locked_at)}: {lock.reason.rstrip('.')}.{still} "
        f"Who can lift it: {lock.who_can_lift}."
    )
