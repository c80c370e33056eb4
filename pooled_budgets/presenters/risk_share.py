"""Rules read back, settlements and what-ifs as tables that a page draws."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from integration_hub.core.money import NIL
from pooled_budgets.domain.risk_share import words
from pooled_budgets.domain.risk_share.examples import Example
from pooled_budgets.domain.risk_share.settling import Entry, Settlement
from pooled_budgets.domain.risk_share.terms import Direction, Group

PARTS = (
    ("from_contingency", "Met from the contingency"),
    ("to_contingency", "Added to the contingency"),
    ("carried_forward", "Carried forward to next year"),
    ("unresolved", "Unresolved: a board has to settle it"),
)


@dataclass(frozen=True)
class PartnerRow:
    """One partner's part, in pounds. `net` is what it pays less what it receives."""

    key: str
    name: str
    contribution: Decimal
    pays: Decimal
    receives: Decimal

    @property
    def net(self) -> Decimal:
        return self.pays - self.receives


@dataclass(frozen=True)
class Block:
    """The settlement of one group in one direction: rows of (rule, amount, one share for each partner)."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, Decimal, tuple[Decimal | None, ...]], ...]
    total: tuple[Decimal, tuple[Decimal | None, ...]]


@dataclass(frozen=True)
class GroupRules:
    """A group's rules, each read back as a sentence."""

    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """A what-if beside the live figures: what each partner pays net, or why it cannot be said."""

    name: str
    state: str
    nets: tuple[Decimal, ...] = ()
    refusal: str = ""
    scenario_id: str = ""
    is_own: bool = False
    is_draft: bool = False


def rules_read_back(groups: Sequence[Group], names: Mapping[str, str]) -> list[GroupRules]:
    """Each group with its sentences."""
    only = len(groups) == 1
    return [GroupRules(group.name, tuple(words.rule_sentences(group, names, is_only=only))) for group in groups]


def partner_rows(
    settlement: Settlement, names: Mapping[str, str], contributions: Mapping[str, Decimal]
) -> list[PartnerRow]:
    """Every partner with what it pays and receives."""
    return [
        PartnerRow(key, names[key], contributions[key], settlement.pays[key], settlement.receives[key])
        for key in settlement.pays
    ]


def blocks(entries: Iterable[Entry], names: Mapping[str, str]) -> list[Block]:
    """Each entry of a settlement as a table that adds up."""
    return [_block(entry, names, f"{entry.group.name}: {entry.direction.value}") for entry in entries]


def example_blocks(examples: Iterable[Example], names: Mapping[str, str]) -> list[Block]:
    """Worked examples as the same tables."""
    return [
        _block(example.entry, names, f"{example.entry.group.name}: scheme {example.scheme}, {example.direction.value}")
        for example in examples
    ]


def _block(entry: Entry, names: Mapping[str, str], title: str) -> Block:
    partners = tuple(names)
    rows = []
    for line in entry.lines:
        what = words.method_words(line.tier, entry.direction, names)
        shares = tuple(line.shares.get(partner) for partner in partners)
        rows.append((f"Rule {line.number}: {what}", line.amount, shares))
    for move in entry.capped:
        shares = tuple(-move.excess if partner == move.partner else move.to.get(partner) for partner in partners)
        rows.append((f"{names[move.partner]} is brought down to its cap", NIL, shares))
    total = (entry.amount, tuple(entry.shares.get(partner, NIL) for partner in partners))
    return Block(title, tuple(names.values()), tuple(rows), total)


def parts(settlement: Settlement) -> list[tuple[str, Decimal]]:
    """What stays with no partner, where it is anything."""
    found = []
    for name, said in PARTS:
        amount = sum((getattr(entry, name) for entry in settlement.entries), NIL)
        if amount:
            found.append((said, amount))
    return found


def compared(shown: Compared, settlement: Settlement) -> Compared:
    """A what-if with what each partner pays, less what it receives."""
    nets = tuple(settlement.pays[key] - settlement.receives[key] for key in settlement.pays)
    return replace(shown, nets=nets)


def directions(settlement: Settlement, partner: str) -> list[Direction]:
    """In which directions a partner has a share."""
    found = []
    if settlement.pays.get(partner):
        found.append(Direction.OVERSPEND)
    if settlement.receives.get(partner):
        found.append(Direction.UNDERSPEND)
    return found
