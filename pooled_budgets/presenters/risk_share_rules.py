"""Rules read back in words, beside the inputs that they were typed into and on the page of a version."""

from collections.abc import Mapping, Sequence
from typing import Any

from pooled_budgets.domain.risk_share import reading, words
from pooled_budgets.domain.risk_share.examples import examples
from pooled_budgets.domain.risk_share.inputs import FundFigures, trial
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.terms import Direction, Pool
from pooled_budgets.presenters.risk_share import Block, GroupRules, example_blocks, rules_read_back


def read_back(figures: FundFigures, groups: Sequence[Mapping[str, Any]]) -> list[GroupRules]:
    """Each group as sentences. Rules that name what this fund does not have are told as such."""
    try:
        pool = reading.read(trial(figures, {"groups": list(groups)}))
    except RuleRefused as refusal:
        return [GroupRules("These rules do not fit this fund", (f"{refusal.field}: {refusal.message}.",))]
    return rules_read_back(pool.groups, figures.names)


def read_back_in(form: Any, pool: Pool, names: Mapping[str, str]) -> None:
    """Put each sentence under the inputs that it reads back."""
    for row, group in zip(form.groups, pool.groups, strict=True):
        row.sentence = words.netting_sentence(group, is_only=len(pool.groups) == 1)
        for direction in Direction:
            tiers = group.tiers(direction)
            for number, (inputs, tier) in enumerate(zip(row.tiers[direction.value], tiers, strict=True)):
                inputs.sentence = words.tier_sentence(
                    tier, direction, names, is_first=not number, is_last=number == len(tiers) - 1
                )
        for inputs, cap in zip(row.caps, group.caps, strict=True):
            inputs.sentence = words.cap_sentence(cap, names)


def worked(pool: Pool, names: Mapping[str, str]) -> list[Block]:
    """An overspend and an underspend of each group, worked by these rules."""
    return example_blocks(examples(pool), names)
