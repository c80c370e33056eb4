"""Rules and settlements in the words of a finance officer: each rule read back, each share as its steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from integration_hub.core.money import NIL, PENNY, pounds, total
from pooled_budgets.domain.risk_share.settling import Entry, Line, Settlement
from pooled_budgets.domain.risk_share.terms import (
    OTHERS,
    Basis,
    Cap,
    Direction,
    Group,
    Limit,
    Method,
    Netting,
    Tier,
)
from pooled_budgets.domain.words import listed

_BEARS = {Direction.OVERSPEND: "bears", Direction.UNDERSPEND: "keeps"}


@dataclass(frozen=True)
class Step:
    """One step towards a partner's total: what was done, and the pounds that it adds to (or takes off) the total."""

    words: str
    amount: Decimal


def rule_sentences(group: Group, names: Mapping[str, str], *, is_only: bool = False) -> list[str]:
    """A group's rules read back: netting, the tiers of both directions in order, then the caps."""
    found = [netting_sentence(group, is_only=is_only)]
    for direction in Direction:
        found += [
            tier_sentence(tier, direction, names, is_first=not place, is_last=place == len(group.tiers(direction)) - 1)
            for place, tier in enumerate(group.tiers(direction))
        ]
    return found + [cap_sentence(cap, names) for cap in group.caps]


def netting_sentence(group: Group, *, is_only: bool = False) -> str:
    """Which schemes the group settles, and whether they offset each other; `is_only` where there is no other group."""
    rest = "All schemes" if is_only else "All schemes that no other group names"
    schemes = rest if group.schemes is None else f"Schemes {listed(group.schemes)}"
    if group.schemes is not None and len(group.schemes) == 1:
        schemes = f"Scheme {group.schemes[0]}"
    if group.netting is Netting.NET:
        return f"{schemes}: overspends and underspends are set against each other first, and the rest is shared."
    return f"{schemes}: overspends are shared by one list of rules, underspends by another; neither offsets the other."


def tier_sentence(
    tier: Tier, direction: Direction, names: Mapping[str, str], *, is_first: bool = False, is_last: bool = False
) -> str:
    """One tier as a sentence, such as "Next, up to 2% of the budget of these schemes: Council 50%, CCG 50%."."""
    what = direction.value
    if is_first and is_last:
        opening = f"The whole {what}"
    elif is_first:
        opening = f"The first part of an {what}"
    elif is_last:
        opening = f"What is left of the {what}"
    else:
        opening = f"The next part of the {what}"
    limit = f", up to {limit_words(tier.limit)}" if tier.limit is not None else ""
    return f"{opening}{limit}: {method_words(tier, direction, names)}."


def limit_words(limit: Limit) -> str:
    if limit.amount is not None:
        return pounds(limit.amount)
    return f"{plain(limit.percent_of_budget or NIL)}% of the budget of these schemes"


def method_words(tier: Tier, direction: Direction, names: Mapping[str, str]) -> str:
    match tier.method:
        case Method.CONTINGENCY if direction is Direction.OVERSPEND:
            return "the contingency meets it until it is empty"
        case Method.CONTINGENCY:
            return "it is added to the contingency"
        case Method.CARRY_FORWARD:
            return "it stays in the pool for next year"
        case Method.PARTNER:
            return f"{names[tier.partner]} {_BEARS[direction]} all of it"
        case Method.LEAD:
            return (
                f"each lead {_BEARS[direction]} it in proportion to the {direction.value}s of the schemes that it leads"
            )
        case Method.FIXED:
            return listed([f"{names[partner]} {plain(share)}%" for partner, share in tier.weights.items()])
        case Method.WEIGHTS:
            weights = listed([f"{names[partner]} {plain(weight)}" for partner, weight in tier.weights.items()])
            return f"in proportion to these weights: {weights}"
        case _:
            where = (
                "the whole pool"
                if tier.basis is Basis.POOL
                else "these schemes (to the whole pool, where none is stated)"
            )
            return f"in proportion to what each partner contributes to {where}"


def cap_sentence(cap: Cap, names: Mapping[str, str]) -> str:
    receiver = (
        "the other partners, in proportion to what they contribute to the pool"
        if cap.excess_to == OTHERS
        else names[cap.excess_to]
    )
    return f"{names[cap.partner]} bears at most {pounds(cap.amount)} of an overspend; the excess goes to {receiver}."


def steps(settlement: Settlement, partner: str, direction: Direction, names: Mapping[str, str]) -> list[Step]:
    """How a partner's total came about, tier by tier and cap by cap. The amounts add up to the total."""
    found: list[Step] = []
    for entry in settlement.entries:
        if entry.direction is direction:
            found += [_share_step(entry, line, partner, names) for line in entry.lines if partner in line.weights]
            found += list(_cap_steps(entry, partner, names))
    if total(step.amount for step in found) != _total_of(settlement, partner, direction):
        raise AssertionError("The steps do not add up to the total.")
    return found


def _share_step(entry: Entry, line: Line, partner: str, names: Mapping[str, str]) -> Step:
    weights = {key: Fraction(weight) for key, weight in line.weights.items()}
    whole = sum(weights.values())
    share = line.shares.get(partner, NIL)
    exact = Fraction(line.amount) * weights[partner] / whole
    words = (
        f"{entry.group.name}, rule {line.number}: {method_words(line.tier, entry.direction, names)}. "
        f"Of {pounds(line.amount)}, {plain(line.weights[partner])} of {plain(_sum(line.weights))}"
    )
    below = Decimal(int(exact * 100)) * PENNY
    if share > below:
        words += f" is {pounds(below)} and a part of a penny; {names[partner]} takes one of the pennies left over"
    elif exact != Fraction(share):
        words += f" is {pounds(below)} and a part of a penny, which is cut off"
    return Step(f"{words}.", share)


def _cap_steps(entry: Entry, partner: str, names: Mapping[str, str]) -> Iterable[Step]:
    for move in entry.capped:
        if move.partner == partner:
            cap = next(cap for cap in entry.group.caps if cap.partner == partner)
            to = listed([names[key] for key in move.to]) if move.to else "nobody: a board has to settle it"
            words = f"{entry.group.name}: brought down to the cap of {pounds(cap.amount)}. The excess goes to {to}."
            yield Step(words, -move.excess)
        elif partner in move.to:
            words = f"{entry.group.name}: takes over what {names[move.partner]} bears above its cap."
            yield Step(words, move.to[partner])


def _total_of(settlement: Settlement, partner: str, direction: Direction) -> Decimal:
    return (settlement.pays if direction is Direction.OVERSPEND else settlement.receives)[partner]


def _sum(weights: Mapping[str, Decimal]) -> Decimal:
    return sum(weights.values(), Decimal(0))


def plain(number: Decimal) -> str:
    """A percentage or a weight without the noughts that say nothing: "33.3", "301,402"."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
