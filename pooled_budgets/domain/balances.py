"""Agreement of balances: what the partners' books have for a line, and which differences are still open.

A difference is the largest statement less the smallest. It is settled when somebody settled exactly that amount; where
a partner states another figure afterwards, it is open again. One statement alone differs from nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integration_hub.core import money

TIMING, ERROR, DISPUTE = "timing", "error", "dispute"


@dataclass(frozen=True)
class Typed:
    """What the partners said of a difference: its pounds then, its kind, whose it is, and how it was settled."""

    amount: Decimal
    kind: str
    owner: str
    person: str
    note: str = ""
    settled: str = ""


@dataclass(frozen=True)
class Balance:
    """One line at the end of a quarter: pounds by partner's name, as far as they have stated them."""

    key: Any
    words: str
    stated: Mapping[str, Decimal]
    typed: Typed | None = None

    @property
    def difference(self) -> Decimal | None:
        """How far the statements are apart; None while fewer than two partners have stated theirs."""
        if len(self.stated) < 2:
            return None
        return max(self.stated.values()) - min(self.stated.values())

    @property
    def is_settled(self) -> bool:
        """Whether this very difference was settled."""
        return self.typed is not None and bool(self.typed.settled) and self.typed.amount == self.difference

    @property
    def is_open(self) -> bool:
        """Whether the partners' figures differ and that is not settled."""
        return bool(self.difference) and not self.is_settled

    @property
    def difference_words(self) -> str:
        """ "£1.00 apart: NHS Southwark CCG £9.00, Southwark Council £10.00"."""
        figures = ", ".join(f"{partner} {money.pounds(amount)}" for partner, amount in sorted(self.stated.items()))
        return f"{money.pounds(self.difference or money.NIL)} apart: {figures}"
