"""Who pays and who receives what of a pool's over- and underspends, to the penny.

Every share is an exact fraction until it is rounded once: down to the penny, with the pennies left over one each to the
largest remainders, ties to the larger contribution to the pool, then to the key that sorts first. For each group and
direction, amount = shares + from contingency + to contingency + carried forward + unresolved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from integration_hub.core.money import NIL, split_largest_remainder, total
from pooled_budgets.domain.risk_share.terms import (
    OTHERS,
    Basis,
    Cap,
    Direction,
    Group,
    Method,
    Netting,
    Pool,
    Scheme,
    Tier,
)


@dataclass(frozen=True)
class Line:
    """What one tier took, in pounds. `number` is its place in the list, from 1; `weights` say how it was split."""

    number: int
    tier: Tier
    amount: Decimal
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    weights: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Capped:
    """A partner brought down to its cap, and who bears the excess; nobody where it is unresolved."""

    partner: str
    excess: Decimal
    to: Mapping[str, Decimal]


@dataclass(frozen=True)
class Entry:
    """The settlement of one group in one direction, in pounds. `shares` are those after the caps."""

    group: Group
    direction: Direction
    amount: Decimal
    lines: tuple[Line, ...]
    capped: tuple[Capped, ...]
    shares: Mapping[str, Decimal]
    from_contingency: Decimal
    to_contingency: Decimal
    carried_forward: Decimal
    unresolved: Decimal

    @property
    def accounted_for(self) -> Decimal:
        """What the parts add up to: the amount itself, always."""
        parts = [self.from_contingency, self.to_contingency, self.carried_forward, self.unresolved]
        return total([*self.shares.values(), *parts])


@dataclass(frozen=True)
class Settlement:
    """All entries in the order of the groups, with what each partner pays and receives, in pounds."""

    entries: tuple[Entry, ...]
    pays: Mapping[str, Decimal]
    receives: Mapping[str, Decimal]
    contingency_opening: Decimal
    contingency_closing: Decimal

    @property
    def carried_forward(self) -> Decimal:
        return total(entry.carried_forward for entry in self.entries)

    @property
    def unresolved(self) -> Decimal:
        """What a board has to settle: no rule says who bears it."""
        return total(entry.unresolved for entry in self.entries)


def settle(pool: Pool) -> Settlement:
    """Settle every group in order; they draw on one contingency. Raises MoneyError where weights cannot share."""
    contingency = pool.contingency
    entries = []
    for group in pool.groups:
        for direction, amount in amounts(group, pool.schemes_of(group)):
            entry = _settle(pool, group, direction, amount, contingency)
            contingency += entry.to_contingency - entry.from_contingency
            entries.append(entry)
    return Settlement(
        entries=tuple(entries),
        pays=_by_partner(pool, entries, Direction.OVERSPEND),
        receives=_by_partner(pool, entries, Direction.UNDERSPEND),
        contingency_opening=pool.contingency,
        contingency_closing=contingency,
    )


def amounts(group: Group, schemes: Iterable[Scheme]) -> list[tuple[Direction, Decimal]]:
    """What a group has to share, in pounds above nil: one direction when net, each for itself when gross."""
    variances = [scheme.variance for scheme in schemes]
    if group.netting is Netting.NET:
        variances = [total(variances)]
    over = total(variance for variance in variances if variance > 0)
    under = -total(variance for variance in variances if variance < 0)
    found = [(Direction.OVERSPEND, over), (Direction.UNDERSPEND, under)]
    return [(direction, amount) for direction, amount in found if amount]


def weights_of(tier: Tier, direction: Direction, schemes: Iterable[Scheme], pool: Pool) -> Mapping[str, Decimal]:
    """What a tier's amount is split by; empty for a method that splits nothing."""
    match tier.method:
        case Method.FIXED | Method.WEIGHTS:
            return tier.weights
        case Method.PARTNER:
            return {tier.partner: Decimal(1)}
        case Method.LEAD:
            return _led(direction, schemes)
        case Method.CONTRIBUTIONS:
            own = _contributed(schemes) if tier.basis is Basis.SCHEME else {}
            return own if any(own.values()) else pool.partners
    return {}


def _settle(pool: Pool, group: Group, direction: Direction, amount: Decimal, contingency: Decimal) -> Entry:
    """Fill the tiers in order; each takes what is left, up to its own limit."""
    schemes = pool.schemes_of(group)
    budget = total(scheme.budget for scheme in schemes)
    left, from_contingency, to_contingency, carried = amount, NIL, NIL, NIL
    lines: list[Line] = []
    shares: dict[str, Decimal] = {}
    for number, tier in enumerate(group.tiers(direction), start=1):
        taken = left if tier.limit is None else min(left, tier.limit.width(budget))
        if tier.method is Method.CONTINGENCY and direction is Direction.OVERSPEND:
            taken = min(taken, contingency - from_contingency)
        if not taken:
            continue
        left -= taken
        if tier.method is Method.CONTINGENCY:
            if direction is Direction.OVERSPEND:
                from_contingency += taken
            else:
                to_contingency += taken
            lines.append(Line(number, tier, taken))
        elif tier.method is Method.CARRY_FORWARD:
            carried += taken
            lines.append(Line(number, tier, taken))
        else:
            weights = weights_of(tier, direction, schemes, pool)
            split = _split(taken, weights, pool)
            for partner, share in split.items():
                shares[partner] = shares.get(partner, NIL) + share
            lines.append(Line(number, tier, taken, split, weights))
    capped: list[Capped] = []
    if direction is Direction.OVERSPEND:
        shares, capped = apply_caps(shares, group.caps, pool)
    return Entry(
        group=group,
        direction=direction,
        amount=amount,
        lines=tuple(lines),
        capped=tuple(capped),
        shares={partner: shares[partner] for partner in pool.partners if shares.get(partner)},
        from_contingency=from_contingency,
        to_contingency=to_contingency,
        carried_forward=carried,
        unresolved=left + total(move.excess for move in capped if not move.to),
    )


def apply_caps(
    shares: Mapping[str, Decimal], caps: Iterable[Cap], pool: Pool
) -> tuple[dict[str, Decimal], list[Capped]]:
    """Bring partners down to their caps one at a time, in order; each is brought down once at most."""
    borne = {partner: shares.get(partner, NIL) for partner in pool.partners}
    by_partner = {cap.partner: cap for cap in caps}
    moves: list[Capped] = []
    while True:
        over = [partner for partner in _in_order(pool) if _is_over(borne, by_partner, partner)]
        if not over:
            return borne, moves
        cap = by_partner[over[0]]
        excess = borne[cap.partner] - cap.amount
        borne[cap.partner] = cap.amount
        to = _excess_of(cap, excess, borne, by_partner, pool)
        for partner, share in to.items():
            borne[partner] += share
        moves.append(Capped(cap.partner, excess, to))


def _excess_of(
    cap: Cap, excess: Decimal, borne: Mapping[str, Decimal], caps: Mapping[str, Cap], pool: Pool
) -> dict[str, Decimal]:
    """Who takes a partner's excess; empty where nobody may. Whoever was brought down stands at its cap."""
    if cap.excess_to != OTHERS:
        return {cap.excess_to: excess} if _has_room(borne, caps, cap.excess_to) else {}
    weights = {partner: weight for partner, weight in pool.partners.items() if _has_room(borne, caps, partner)}
    return _split(excess, weights, pool) if any(weights.values()) else {}


def _is_over(borne: Mapping[str, Decimal], caps: Mapping[str, Cap], partner: str) -> bool:
    return partner in caps and borne[partner] > caps[partner].amount


def _has_room(borne: Mapping[str, Decimal], caps: Mapping[str, Cap], partner: str) -> bool:
    return partner not in caps or borne[partner] < caps[partner].amount


def _in_order(pool: Pool) -> list[str]:
    """The larger contribution to the pool first, then the key that sorts first."""
    return sorted(pool.partners, key=lambda partner: (-pool.partners[partner], partner))


def _split(amount: Decimal, weights: Mapping[str, Decimal], pool: Pool) -> dict[str, Decimal]:
    """Pounds by weight, to the penny, without those who get nothing."""
    split = split_largest_remainder(amount, weights, tie_order=_in_order(pool))
    return {partner: share for partner, share in split.items() if share}


def _contributed(schemes: Iterable[Scheme]) -> dict[str, Decimal]:
    """What partners contribute to those of the schemes that state their own contributions."""
    found: dict[str, Decimal] = {}
    for scheme in schemes:
        for partner, amount in (scheme.contributions or {}).items():
            found[partner] = found.get(partner, NIL) + amount
    return found


def _led(direction: Direction, schemes: Iterable[Scheme]) -> dict[str, Decimal]:
    """By lead, the variances of that direction of the schemes that it leads; those of the other are not netted."""
    found: dict[str, Decimal] = {}
    for scheme in schemes:
        variance = scheme.variance if direction is Direction.OVERSPEND else -scheme.variance
        if variance > 0:
            found[scheme.lead] = found.get(scheme.lead, NIL) + variance
    return found


def _by_partner(pool: Pool, entries: Iterable[Entry], direction: Direction) -> dict[str, Decimal]:
    chosen = [entry for entry in entries if entry.direction is direction]
    return {partner: total(entry.shares.get(partner, NIL) for entry in chosen) for partner in pool.partners}
