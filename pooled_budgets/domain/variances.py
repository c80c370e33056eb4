"""Which variances need an explanation, and whether the one that was given still fits.

Variance is projected outturn less budget. It needs an explanation where it is above the fund's threshold in pounds, or
above its per cent of the budget; any variance of a budget of 0.00 is above every per cent.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integration_hub.core import money


@dataclass(frozen=True)
class Threshold:
    """Pounds, per cent of the budget, or both; None does not look."""

    pounds: Decimal | None = None
    percent: Decimal | None = None

    def is_above(self, variance: Decimal, budget: Decimal) -> bool:
        """Whether a variance, over or under, needs an explanation."""
        size = abs(variance)
        if self.pounds is not None and size > self.pounds:
            return True
        return self.percent is not None and size * 100 > self.percent * abs(budget)

    @property
    def words(self) -> str:
        """ "more than £50,000.00, or more than 5% of the budget"."""
        parts = []
        if self.pounds is not None:
            parts.append(f"more than {money.pounds(self.pounds)}")
        if self.percent is not None:
            parts.append(f"more than {self.percent.normalize():f}% of the budget")
        return ", or ".join(parts)


@dataclass(frozen=True)
class Explanation:
    """Why a variance is there: whose words, of which day, for which variance in pounds."""

    text: str
    author: str
    on: date
    variance: Decimal

    def age(self, today: date) -> int:
        """How many days old it is."""
        return (today - self.on).days

    def is_stale(self, variance: Decimal) -> bool:
        """Whether the variance is another one now than the one that was explained."""
        return variance != self.variance
