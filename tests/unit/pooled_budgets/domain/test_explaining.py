"""A figure read back as steps that add up to it, for worked examples and for random pools."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integration_hub.core.money import MINUS
from pooled_budgets.domain import explaining
from pooled_budgets.domain.explaining import BudgetLine, Entered, LineMonth
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.explaining import explain_share
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.domain.risk_share.terms import Direction
from tests.risk_share import worlds
from tests.risk_share.examples import INPUT, changed, scheme, whole_pool

NAMES = {"council": "Council", "ccg": "CCG", "trust": "Trust"}
D = Decimal


def explained(document, partner, names=NAMES):
    pool = reading.read(document)
    return explain_share(settle(pool), pool, partner, names)


def by_contributions(partners, *schemes, **more):
    tiers = [{"method": "contributions"}]
    return {"groups": [whole_pool(tiers, tiers)], "partners": partners, "schemes": list(schemes), **more}


def test_example_a_reads_back_the_fraction_and_the_odd_penny():
    document = by_contributions(
        {"council": "6000000.00", "ccg": "10753000.00"}, scheme("1", "100000.01", "council"), scheme("2", "0.00", "ccg")
    )

    (group,) = explained(document, "ccg")
    (rule,) = group.rules

    assert (group.title, group.amount, group.share) == ("Whole pool: overspend", D("100000.01"), D("64185.53"))
    assert [each.number for each in group.schemes] == ["1"]
    assert [(part.name, part.weight, part.cut, part.odd_penny, part.share) for part in rule.parts] == [
        ("Council", "6,000,000", D("35814.48"), False, D("35814.48")),
        ("CCG", "10,753,000", D("64185.52"), True, D("64185.53")),
    ]
    assert rule.parts[1].exact.startswith("£64,185.52")
    assert rule.parts[1].exact.endswith("…")
    assert "That leaves 1 penny" in rule.rounding
    assert rule.rounding.endswith("key that sorts first: CCG.")


def test_example_b_reads_back_contingency_tiers_and_cap():
    document = changed()
    del document["schemes"][0]["contributions"]

    (group,) = explained(document, "ccg")

    assert [(rule.amount, len(rule.parts)) for rule in group.rules] == [
        (D("150000.00"), 0),
        (D("437000.00"), 2),
        (D("273000.00"), 2),
    ]
    assert [step.amount for step in group.own] == [D("218500.00"), D("161318.18"), D("-79818.18")]
    assert (group.share, [step.amount for step in group.besides]) == (D("300000.00"), [D("150000.00")])
    assert "over and under alike: £860,000.00" in group.netting
    assert group.rules[1].rounding == "Every part is whole pence: nothing is rounded."
    (other,) = explained(document, "council")
    assert [step.amount for step in other.own] == [D("218500.00"), D("111681.82"), D("79818.18")]
    assert INPUT["schemes"][0]["contributions"]  # the shared example is left as it was


def test_example_c_reads_back_both_directions_apart():
    tiers = [{"method": "lead"}]
    document = {
        "groups": [whole_pool(tiers, tiers, netting="gross")],
        "partners": {"council": "3000000.00", "ccg": "5957000.00"},
        "schemes": [
            scheme("1", "80234.56", "council"),
            scheme("2", "-48000.00", "ccg"),
            scheme("3", "500.00", "ccg"),
        ],
    }

    over, under = explained(document, "ccg")

    assert (over.share, [each.number for each in over.schemes]) == (D("500.00"), ["1", "3"])
    assert (under.share, [each.number for each in under.schemes]) == (D("48000.00"), ["2"])
    assert under.direction is Direction.UNDERSPEND
    assert "Only the underspends" in under.netting
    assert [group.share for group in explained(document, "council")] == [D("80234.56"), D("0.00")]


def test_example_d_gives_the_odd_penny_to_the_key_that_sorts_first():
    partners = dict.fromkeys(("council", "ccg", "trust"), "40000.00")

    (group,) = explained(by_contributions(partners, scheme("1", "100.00", "council")), "ccg")

    assert group.share == D("33.34")
    assert [(part.exact, part.cut, part.odd_penny) for part in group.rules[0].parts] == [
        ("£33.333333…", D("33.33"), False),
        ("£33.333333…", D("33.33"), True),
        ("£33.333333…", D("33.33"), False),
    ]


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_the_steps_of_random_pools_add_up_to_each_share(start):
    for seed in range(start, start + 250):
        pool = reading.read(worlds.pool(seed))
        settlement = settle(pool)
        names = {key: key for key in pool.partners}
        for partner in pool.partners:
            groups = explain_share(settlement, pool, partner, names)
            paid = sum((group.share for group in groups if group.direction is Direction.OVERSPEND), D(0))
            kept = sum((group.share for group in groups if group.direction is Direction.UNDERSPEND), D(0))
            assert (paid, kept) == (settlement.pays[partner], settlement.receives[partner])
            for group in groups:
                assert sum((step.amount for step in group.own), D(0)) == group.share
                counted = sum((each.variance for each in group.schemes), D(0))
                assert abs(counted) == group.amount
                for rule in group.rules:
                    # Cut parts and odd pennies make the rule's amount; nobody gets two pennies.
                    assert all(part.share - part.cut in (D("0.00"), D("0.01")) for part in rule.parts)
                    assert not rule.parts or sum((part.share for part in rule.parts), D(0)) == rule.amount


def line(number, budget, outturn, **more):
    return PositionLine(
        scheme_id=number,
        number=number,
        name=f"Scheme {number}",
        budget=None if budget is None else D(budget),
        budget_state="stated" if budget is not None else "to_be_confirmed",
        outturn=None if outturn is None else D(outturn),
        outturn_state="stated" if outturn is not None else "missing",
        **more,
    )


def test_figures_of_a_scheme_and_totals_are_whole():
    first, second = line("1", "1000.00", "1250.00"), line("2", "500.00", None)
    position = FundPosition("2014/15", "Quarter 1", None, (first, second), D("2000.00"), "stated")
    entered = Entered("Officer", datetime(2014, 7, 14, 12, tzinfo=UTC))
    lines = [
        BudgetLine("Line 1", D("700.00"), "stated", "NHS minimum", moved=D("100.00"), entered=entered),
        BudgetLine("Line 2", D("400.00"), "stated", moved=D("50.00"), moved_later=D("100.00")),
    ]
    told = [
        explaining.variance(first, "Quarter 1", entered),
        explaining.variance(second, "Quarter 1"),
        explaining.outturn(first, "Quarter 1", entered, None),
        explaining.budget(first, lines),
        explaining.unallocated(position, entered),
        *(explaining.in_all(position, column) for column in explaining.COLUMNS),
    ]

    # Where there is an amount, no state takes its place on the page.
    shown = [each for one in told for each in (one, *one.steps) if each.amount is not None]
    assert {each.state for each in shown} <= {"", "stated"}
    assert all(each.is_whole for each in told)
    amounts = [str(each.amount) for each in told]
    assert amounts[:5] == ["250.00", "None", "1250.00", "1000.00", "500.00"]
    assert amounts[5:] == ["1500.00", "1250.00", "250.00"]
    assert told[1].state == "missing"
    assert [str(step.amount) for step in told[3].steps] == ["600.00", "100.00", "350.00", "50.00", "-100.00"]
    assert told[6].notes == ("It leaves out scheme 2, whose figure is not there.",)


def test_a_line_by_month_is_whole_or_names_the_months_that_are_missing():
    april = LineMonth("April 2014", is_open=False, amount=D("40.00"))
    quiet = LineMonth("May 2014", is_open=False, amount=None)
    june = LineMonth("June 2014", is_open=True, amount=D("60.00"))
    told = explaining.by_month("1. Home care", "key", [april, quiet, june], D("40.00"))

    assert (told.amount, told.state, told.is_whole) == (D("100.00"), "", True)
    assert [(step.state, step.note, step.counts) for step in told.steps] == [
        ("", "", True),
        ("", "nothing was posted", True),
        ("", "", True),
        ("", "", False),
    ]
    gap = explaining.by_month("1. Home care", "key", [april, LineMonth("July 2014", is_open=True, amount=None)], None)
    assert (gap.amount, gap.state, gap.is_whole) == (None, "missing", True)
    assert gap.notes == ("Nobody has said what is expected in July 2014.",)


def test_what_changed_since_is_named_step_by_step():
    then = explaining.variance(line("1", "1000.00", None), "Quarter 1")
    now = explaining.variance(line("1", "1000.00", "990.00"), "Quarter 1")

    assert [(each.words, each.then, each.now) for each in explaining.changes(then, now)] == [
        ("Variance of scheme 1", "missing", f"{MINUS}£10.00"),
        ("Outturn projected at Quarter 1", "missing", "£990.00"),
    ]
    assert explaining.changes(now, now) == []
