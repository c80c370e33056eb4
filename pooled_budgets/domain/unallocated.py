"""What of a fund's money stands in no line yet: by source and in all, or why that cannot be said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integration_hub.core import emptyfigures, money
from pooled_budgets.domain.words import listed

NO_SOURCE = "No source named"


@dataclass(frozen=True)
class Source:
    """Money into the fund, in pounds; `amount` None with the state that says why."""

    key: Any
    name: str
    amount: Decimal | None
    state: str


@dataclass(frozen=True)
class Line:
    """A budget line, in pounds; `source` is the key of where its money comes from, None where nobody said."""

    source: Any
    name: str
    budget: Decimal | None
    state: str


@dataclass(frozen=True)
class Balance:
    """Money in, what stands in lines, and what is left, in pounds. `because` says why `unallocated` is None."""

    key: Any
    name: str
    income: Decimal | None
    income_state: str
    in_lines: Decimal
    unallocated: Decimal | None
    because: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the lines hold more than came in."""
        return self.unallocated is not None and self.unallocated < 0


def balances(sources: Sequence[Source], lines: Sequence[Line]) -> list[Balance]:
    """A balance for each source in its order, then one for the lines without a source, where there are any."""
    found = [_balance(source, [line for line in lines if line.source == source.key]) for source in sources]
    known = {source.key for source in sources}
    orphans = [line for line in lines if line.source not in known]
    if orphans:
        found.append(_balance(Source(None, NO_SOURCE, money.NIL, "stated"), orphans))
    return found


def in_all(sources: Sequence[Source], lines: Sequence[Line]) -> Balance:
    """Everything that comes in less everything in lines."""
    unknown = _unknown((source.name, source.amount, source.state) for source in sources)
    amounts = [source.amount for source in sources if source.amount is not None]
    if not sources:
        unknown = ["no source is entered"]
    return _left(
        Source(None, "Total", None if unknown else money.total(amounts), "stated" if not unknown else "not_stated"),
        lines,
        unknown,
    )


def _balance(source: Source, lines: Sequence[Line]) -> Balance:
    return _left(source, lines, _unknown([(source.name, source.amount, source.state)]))


def _left(source: Source, lines: Sequence[Line], unknown: list[str]) -> Balance:
    unknown = unknown + _unknown((line.name, line.budget, line.state) for line in lines)
    in_lines = money.total(line.budget for line in lines if line.budget is not None)
    if unknown or source.amount is None:
        because = f"Cannot be said while {listed(unknown)}"
        return Balance(source.key, source.name, source.amount, source.state, in_lines, None, because)
    return Balance(source.key, source.name, source.amount, source.state, in_lines, source.amount - in_lines)


def _unknown(amounts: Iterable[tuple[str, Decimal | None, str]]) -> list[str]:
    return [f"{name} is {emptyfigures.words(state)}" for name, amount, state in amounts if amount is None]
