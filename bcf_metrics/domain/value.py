"""One metric's value from what was entered: the number itself, or numerator over denominator times a multiplier.

Nothing here is rounded but `shown`. What each of the five empty states does to totals, charts, reminders and the
workbook is one table, EFFECTS in integration_hub.core.states; a value without a number carries its state along.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bcf_metrics.domain.progress import PERCENT, rate, rate_agrees, round_half_up
from bcf_metrics.domain.words import exact
from integration_hub.core.states import Figure


@dataclass(frozen=True)
class Value:
    """A figure, with its exact number where there is one: that of the ratio it was derived from, else as entered."""

    figure: Figure
    number: Fraction | None

    def shown(self, *, places: int, unit: str = "") -> str:
        """The number as it is printed, "87.2%", or why there is none: "nil", "missing"."""
        if self.number is None or self.figure.words:
            return self.figure.words
        return shown(self.number, places=places, unit=unit)


def shown(number: Fraction, *, places: int, unit: str = "") -> str:
    """A number to so many decimal places: "87.2%", "1,234"; ending zeros are left out."""
    return f"{exact(round_half_up(number, places))}{'%' if unit == PERCENT else ''}"


def derive(numerator: Decimal, denominator: Decimal | None, multiplier: Decimal = Decimal(1)) -> Fraction:
    """The exact value of a ratio. 0 of some is 0; of none there is no rate.

    Raises ProgressError where the denominator is nil or empty, or either is below 0.
    """
    return rate(numerator, denominator, multiplier).value


def value_of(
    figure: Figure,
    *,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    multiplier: Decimal | None = None,
    places: int = 0,
) -> Value:
    """The value of what stands recorded, for a metric that prints so many places.

    Without a `multiplier` the figure is no ratio of the two. One that was typed beside a ratio that does not give it
    stands as it was typed.
    """
    counted = figure.counted
    if counted is None:
        return Value(figure, None)
    if multiplier is None or numerator is None or not denominator:
        return Value(figure, Fraction(counted))
    found = rate(numerator, denominator, multiplier)
    return Value(figure, found.value if rate_agrees(counted, found, places=places) else Fraction(counted))
