"""What an agreement says about over- and underspends, as plain values: partners, schemes, groups, tiers and caps.

Amounts are Decimal pounds of whole pence. A partner is named by its key, a scheme by its number. `reading.read` makes
these from JSON and refuses what cannot settle every penny; `settling.settle` takes them as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from integration_hub.core.money import NIL, PENNY

REST: Final = "rest"
OTHERS: Final = "others"


class Direction(StrEnum):
    OVERSPEND = "overspend"
    UNDERSPEND = "underspend"


class Netting(StrEnum):
    """Whether a group's overspends and underspends offset each other before they are shared."""

    NET = "net"
    GROSS = "gross"


class Method(StrEnum):
    """Who bears, or keeps, what a tier takes."""

    CONTINGENCY = "contingency"
    CONTRIBUTIONS = "contributions"
    FIXED = "fixed"
    WEIGHTS = "weights"
    LEAD = "lead"
    PARTNER = "partner"
    CARRY_FORWARD = "carry_forward"


class Basis(StrEnum):
    """Which contributions weigh: those to the group's own schemes, or those to the whole pool."""

    SCHEME = "scheme"
    POOL = "pool"


@dataclass(frozen=True)
class Limit:
    """The most that one tier takes: pounds, or percent of the group's total scheme budget. One of them is None."""

    amount: Decimal | None = None
    percent_of_budget: Decimal | None = None

    def width(self, budget: Decimal) -> Decimal:
        """In pounds, a percentage rounded half up to the penny."""
        if self.amount is not None:
            return self.amount
        if self.percent_of_budget is None:
            raise ValueError("A limit is an amount or a percentage.")
        exact = Fraction(budget) * Fraction(self.percent_of_budget) / 100
        return Decimal(int(exact * 100 + Fraction(1, 2))) * PENNY


@dataclass(frozen=True)
class Tier:
    """One step of a direction. `weights` are percentages for FIXED; `partner` is named for PARTNER alone."""

    method: Method
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    partner: str = ""
    basis: Basis = Basis.SCHEME
    limit: Limit | None = None


@dataclass(frozen=True)
class Cap:
    """The most that a partner bears of a group's overspend, in pounds, and who bears the rest: a key, or OTHERS."""

    partner: str
    amount: Decimal
    excess_to: str


@dataclass(frozen=True)
class Scheme:
    """Budget and outturn (actual or forecast) of a scheme, in pounds. Its own contributions may be left out."""

    number: str
    budget: Decimal
    outturn: Decimal
    lead: str
    contributions: Mapping[str, Decimal] | None = None

    @property
    def variance(self) -> Decimal:
        """Outturn less budget: an overspend is above nil."""
        return self.outturn - self.budget


@dataclass(frozen=True)
class Group:
    """Schemes that are settled together. `schemes` is None for all that no other group names."""

    name: str
    schemes: tuple[str, ...] | None
    overspend: tuple[Tier, ...]
    underspend: tuple[Tier, ...]
    netting: Netting = Netting.NET
    caps: tuple[Cap, ...] = ()

    def tiers(self, direction: Direction) -> tuple[Tier, ...]:
        return self.overspend if direction is Direction.OVERSPEND else self.underspend


@dataclass(frozen=True)
class Pool:
    """A pool of one year with its rules. `partners` maps each to its contribution; `contingency` is held back."""

    partners: Mapping[str, Decimal]
    schemes: tuple[Scheme, ...]
    groups: tuple[Group, ...]
    contingency: Decimal = NIL

    def schemes_of(self, group: Group) -> list[Scheme]:
        """A group's schemes in the order of the pool."""
        if group.schemes is not None:
            return [scheme for scheme in self.schemes if scheme.number in group.schemes]
        named = {number for other in self.groups for number in other.schemes or ()}
        return [scheme for scheme in self.schemes if scheme.number not in named]
