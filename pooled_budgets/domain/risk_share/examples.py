"""A worked example of each group of rules, so that whoever writes them sees what they do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pooled_budgets.domain.risk_share.settling import Entry, settle
from pooled_budgets.domain.risk_share.terms import Direction, Pool

# An odd penny, so that rounding shows.
VARIANCE: Final = Decimal("100000.01")


@dataclass(frozen=True)
class Example:
    """What happens when one scheme of a group is over or under its budget by VARIANCE, and every other is on it."""

    scheme: str
    direction: Direction
    entry: Entry


def examples(pool: Pool) -> Iterator[Example]:
    """For each group with a scheme, one overspend and one underspend."""
    on_budget = [replace(scheme, outturn=scheme.budget) for scheme in pool.schemes]
    for group in pool.groups:
        first = next(iter(pool.schemes_of(group)), None)
        if first is None:
            continue
        for direction in Direction:
            variance = VARIANCE if direction is Direction.OVERSPEND else -VARIANCE
            schemes = tuple(
                replace(scheme, outturn=scheme.budget + variance) if scheme.number == first.number else scheme
                for scheme in on_budget
            )
            (entry,) = settle(replace(pool, schemes=schemes)).entries
            yield Example(first.number, direction, entry)
