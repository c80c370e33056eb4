"""Moving money between the schemes of a fund: what stands in the way, and what the budgets are afterwards.

Plain Python; amounts are pounds. The fund's total never changes, no line goes below nil or below what is spent, and
money never leaves the source that it came from.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from integration_hub.core.money import NIL, pounds

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """A budget line as it stands. `source` is what its money came from, None where that is not stated.

    `budget` is None where it is not stated; `spent` is what the ledger shows, None where nothing is known.
    """

    words: str
    scheme: Hashable
    budget: Decimal | None
    source: Hashable | None = None
    source_words: str = ""
    spent: Decimal | None = None


@dataclass(frozen=True)
class Obstacle:
    """Why the money cannot move; `field` is the input that it is about."""

    code: str
    message: str
    field: str


def obstacle(source: Line, target: Line, amount: Decimal) -> Obstacle | None:
    """The first reason why an amount cannot move from one line to another; None where it can."""
    if amount <= NIL:
        return Obstacle("nothing", "Enter an amount above nil. To move money back, turn the two lines round.", "amount")
    if source.scheme == target.scheme:
        return Obstacle("same_scheme", "Choose lines of two different schemes: money moves between them.", "to_line")
    return _not_stated(source, target) or _across(source, target) or _too_much(source, amount)


def _not_stated(source: Line, target: Line) -> Obstacle | None:
    for line, field in ((source, "from_line"), (target, "to_line")):
        if line.budget is None:
            return Obstacle(
                "not_stated",
                f"The budget of {line.words} is not stated yet, so nothing can move. State it first.",
                field,
            )
    return None


def _across(source: Line, target: Line) -> Obstacle | None:
    if source.source == target.source:
        return None
    return Obstacle(
        "ring_fence",
        f"{source.words} is paid from {source.source_words or 'a source that is not stated'}, and {target.words} from "
        f"{target.source_words or 'a source that is not stated'}. Money never moves from one source to another: choose "
        "a line with the same source.",
        "to_line",
    )


def _too_much(line: Line, amount: Decimal) -> Obstacle | None:
    budget = line.budget if line.budget is not None else NIL
    if amount > budget:
        return Obstacle(
            "below_nil",
            f"{line.words} has a budget of {pounds(budget)}. At most that can move away from it.",
            "amount",
        )
    if line.spent is not None and amount > budget - line.spent:
        free = max(NIL, budget - line.spent)
        return Obstacle(
            "below_spent",
            f"{line.words} has a budget of {pounds(budget)}, of which {pounds(line.spent)} is spent. At most "
            f"{pounds(free)} can move away from it.",
            "amount",
        )
    return None


def moved(budgets: Mapping[Key, Decimal], moves: Iterable[tuple[Key, Key, Decimal]]) -> dict[Key, Decimal]:
    """The budgets after moves of (from, to, amount), in order: original + virements. Their sum stays the same."""
    after = dict(budgets)
    for source, target, amount in moves:
        after[source] -= amount
        after[target] += amount
    return after
