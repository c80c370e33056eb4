"""Every rule reads back as a sentence, and every share as steps that add up to it."""

from decimal import Decimal

import pytest

from pooled_budgets.domain.risk_share import reading, words
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.domain.risk_share.terms import Direction, Method, Tier
from tests.risk_share import worlds
from tests.risk_share.examples import INPUT, changed, scheme, whole_pool

NAMES = {"council": "Sutton Council", "ccg": "Sutton CCG"}


def test_rules_of_the_example_read_back_in_order():
    group = reading.read(INPUT).groups[0]

    assert words.rule_sentences(group, NAMES, is_only=True) == [
        "All schemes: overspends and underspends are set against each other first, and the rest is shared.",
        "The first part of an overspend: the contingency meets it until it is empty.",
        "The next part of the overspend, up to 2% of the budget of these schemes: "
        "Sutton Council 50% and Sutton CCG 50%.",
        "What is left of the overspend: in proportion to what each partner contributes to these schemes "
        "(to the whole pool, where none is stated).",
        "The whole underspend: it stays in the pool for next year.",
        "Sutton CCG bears at most £300,000.00 of an overspend; the excess goes to Sutton Council.",
    ]


def test_groups_that_name_schemes_and_gross_ones_say_so():
    pool = reading.read(changed(groups__0__schemes=["1", "2"], groups__0__netting="gross"))
    rest = reading.read(INPUT).groups[0]

    assert words.netting_sentence(pool.groups[0]) == (
        "Schemes 1 and 2: overspends are shared by one list of rules, underspends by another; "
        "neither offsets the other."
    )
    assert words.netting_sentence(rest).startswith("All schemes that no other group names: ")


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("method", Method)
def test_every_method_has_words_of_its_own(method: Method, direction: Direction):
    other = Direction.UNDERSPEND if direction is Direction.OVERSPEND else Direction.OVERSPEND
    said = {
        each: words.method_words(Tier(each, weights={"ccg": 100}, partner="ccg"), direction, NAMES) for each in Method
    }

    assert [each for each, sentence in said.items() if sentence == said[method]] == [method]
    if method in (Method.CONTINGENCY, Method.LEAD, Method.PARTNER):
        assert words.method_words(Tier(method, partner="ccg"), other, NAMES) != said[method]


def test_steps_name_the_rule_the_weights_and_the_odd_penny():
    halves = [{"method": "fixed", "shares": {"council": "50", "ccg": "50"}}]
    document = {
        "partners": {"council": "2.00", "ccg": "1.00"},
        "schemes": [scheme("1", "100.01", "council")],
        "groups": [whole_pool(halves, caps=[{"partner": "ccg", "amount": "10.00", "excess_to": "council"}])],
    }
    settlement = settle(reading.read(document))

    assert [
        (step.words, str(step.amount)) for step in words.steps(settlement, "council", Direction.OVERSPEND, NAMES)
    ] == [
        (
            "Whole pool, rule 1: Sutton Council 50% and Sutton CCG 50%. Of £100.01, 50 of 100 is £50.00 and a part of "
            "a penny; Sutton Council takes one of the pennies left over.",
            "50.01",
        ),
        ("Whole pool: takes over what Sutton CCG bears above its cap.", "40.00"),
    ]
    assert [str(step.amount) for step in words.steps(settlement, "ccg", Direction.OVERSPEND, NAMES)] == [
        "50.00",
        "-40.00",
    ]


def test_steps_of_random_pools_add_up_for_every_partner():
    for seed in range(500):
        settlement = settle(reading.read(worlds.pool(seed)))
        names = {key: key.title() for key in settlement.pays}
        for partner in settlement.pays:
            over = words.steps(settlement, partner, Direction.OVERSPEND, names)
            under = words.steps(settlement, partner, Direction.UNDERSPEND, names)
            assert sum(step.amount for step in over) == settlement.pays[partner]
            assert sum(step.amount for step in under) == settlement.receives[partner]


@pytest.mark.parametrize(("number", "text"), [("33.30", "33.3"), ("100", "100"), ("301402", "301,402"), ("0.0", "0")])
def test_plain_numbers_drop_only_what_says_nothing(number: str, text: str):
    assert words.plain(Decimal(number)) == text
