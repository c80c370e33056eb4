"""A partner's share read back as steps: each group's variances, each rule with its exact split, each cap.

Everything comes from the engine's own result (`settling.Settlement`); nothing is worked out a second time but the exact
fraction that a share was rounded from. Worked example D of the risk share: £100.00 in three equal parts is £33.33 each
and one penny over, which goes to the partner whose key sorts first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from integration_hub.core.money import NIL, PENNY, pounds, total
from pooled_budgets.domain.risk_share.settling import Entry, Line, Settlement
from pooled_budgets.domain.risk_share.terms import Direction, Netting, Pool, Scheme
from pooled_budgets.domain.risk_share.words import Step, method_words, plain, steps
from pooled_budgets.domain.words import count, listed


@dataclass(frozen=True)
class Part:
    """One partner's part of a rule's amount: what it weighs, its exact part, and how that became pounds and pence."""

    partner: str
    name: str
    weight: str
    exact: str
    cut: Decimal
    share: Decimal

    @property
    def odd_penny(self) -> bool:
        """Whether one of the pennies left over went to it."""
        return self.share > self.cut


@dataclass(frozen=True)
class RuleSteps:
    """What one rule took, and how it was split to the penny. No parts where nothing was split."""

    title: str
    amount: Decimal
    parts: tuple[Part, ...]
    rounding: str


@dataclass(frozen=True)
class GroupSteps:
    """A group in one direction: the schemes whose variances made the amount, the rules that shared it, the caps."""

    title: str
    direction: Direction
    amount: Decimal
    netting: str
    schemes: tuple[Scheme, ...]
    rules: tuple[RuleSteps, ...]
    # The pounds of this amount that no partner bears or keeps, in words: from the contingency, carried forward, …
    besides: tuple[Step, ...]
    # The partner's own steps; they add up to `share`.
    own: tuple[Step, ...]
    share: Decimal


def explain_share(settlement: Settlement, pool: Pool, partner: str, names: Mapping[str, str]) -> list[GroupSteps]:
    """How a partner's pounds came about, group by group; the shares add up to what it pays, and what it receives."""
    found = [_group(settlement, entry, pool, partner, names) for entry in settlement.entries]
    for direction, whole in ((Direction.OVERSPEND, settlement.pays), (Direction.UNDERSPEND, settlement.receives)):
        if total(group.share for group in found if group.direction is direction) != whole[partner]:
            raise AssertionError("The steps do not add up to the share.")
    return found


def _group(settlement: Settlement, entry: Entry, pool: Pool, partner: str, names: Mapping[str, str]) -> GroupSteps:
    alone = Settlement(
        entries=(entry,),
        pays=_of_entry(entry, partner, Direction.OVERSPEND),
        receives=_of_entry(entry, partner, Direction.UNDERSPEND),
        contingency_opening=settlement.contingency_opening,
        contingency_closing=settlement.contingency_closing,
    )
    return GroupSteps(
        title=f"{entry.group.name}: {entry.direction.value}",
        direction=entry.direction,
        amount=entry.amount,
        netting=_netting_words(entry),
        schemes=tuple(_counted(entry, pool)),
        rules=tuple(_rule(entry, line, names) for line in entry.lines),
        besides=tuple(_besides(entry)),
        own=tuple(steps(alone, partner, entry.direction, names)),
        share=entry.shares.get(partner, NIL),
    )


def _of_entry(entry: Entry, partner: str, direction: Direction) -> dict[str, Decimal]:
    return {partner: entry.shares.get(partner, NIL) if entry.direction is direction else NIL}


def _netting_words(entry: Entry) -> str:
    if entry.group.netting is Netting.NET:
        return f"The variances of its schemes are added up, over and under alike: {pounds(entry.amount)}."
    return f"Only the {entry.direction.value}s of its schemes are added up: {pounds(entry.amount)}."


def _counted(entry: Entry, pool: Pool) -> list[Scheme]:
    """The schemes whose variances make the amount."""
    schemes = [scheme for scheme in pool.schemes_of(entry.group) if scheme.variance]
    if entry.group.netting is Netting.NET:
        return schemes
    is_over = entry.direction is Direction.OVERSPEND
    return [scheme for scheme in schemes if (scheme.variance > 0) is is_over]


def _rule(entry: Entry, line: Line, names: Mapping[str, str]) -> RuleSteps:
    whole = sum((Fraction(weight) for weight in line.weights.values()), Fraction(0))
    parts = []
    for partner, weight in line.weights.items():
        exact = Fraction(line.amount) * Fraction(weight) / whole
        cut = Decimal(int(exact * 100)) * PENNY
        parts.append(
            Part(partner, names[partner], plain(weight), _exact_words(exact), cut, line.shares.get(partner, NIL))
        )
    what = method_words(line.tier, entry.direction, names)
    return RuleSteps(f"Rule {line.number}: {what}", line.amount, tuple(parts), _rounding_words(parts))


def _rounding_words(parts: list[Part]) -> str:
    taking = [part.name for part in parts if part.odd_penny]
    if not parts:
        return ""
    if not taking:
        return "Every part is whole pence: nothing is rounded."
    return (
        f"Each part is cut down to the penny. That leaves {count(len(taking), 'penny', 'pennies')}, one each to the "
        f"largest remainders, ties to the larger contribution and then to the key that sorts first: {listed(taking)}."
    )


def _exact_words(exact: Fraction) -> str:
    """Pounds to the millionth, marked where they go on."""
    millionths = exact * 1_000_000
    shown = Decimal(int(millionths)) / 1_000_000
    if millionths.denominator == 1:
        return f"£{shown:,.2f}" if (exact * 100).denominator == 1 else f"£{plain(shown)}"
    return f"£{shown:,.6f}…"


def _besides(entry: Entry) -> list[Step]:
    found = (
        ("Met from the contingency", entry.from_contingency),
        ("Added to the contingency", entry.to_contingency),
        ("Carried forward to next year", entry.carried_forward),
        ("Unresolved: a board has to settle it", entry.unresolved),
    )
    return [Step(words, amount) for words, amount in found if amount]
