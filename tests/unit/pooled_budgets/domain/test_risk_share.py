"""The risk share: worked examples to the penny, refusals, and ten thousand random pools against a second program."""

import copy
import sys
import types
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from integration_hub.core.money import MoneyError
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.settling import settle
from tests.risk_share import oracle, worlds
from tests.risk_share.break_rules import BREAKS, ROOT, Break, broken
from tests.risk_share.examples import INPUT, RESULT, changed, scheme, whole_pool

CHUNK = 1_000
BY_CONTRIBUTION = [{"method": "contributions"}]


def settled(document: dict[str, Any]) -> dict[str, Any]:
    return reading.as_json(settle(reading.read(document)))


def pays(document: dict[str, Any]) -> dict[str, str]:
    return {key: row["pays"] for key, row in settled(document)["partners"].items()}


def receives(document: dict[str, Any]) -> dict[str, str]:
    return {key: row["receives"] for key, row in settled(document)["partners"].items()}


def one(variance: str, partners: dict[str, str], group: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A pool of one scheme with that variance."""
    lead = next(iter(partners))
    return {"partners": partners, "schemes": [scheme("1", variance, lead, **more)], "groups": [group]}


# Worked examples


def test_the_example_of_the_documentation_gives_its_result():
    assert settled(INPUT) == RESULT


def test_overspend_is_shared_by_contribution_with_the_odd_penny_to_the_larger_remainder():
    document = {
        "partners": {"council": "6000000.00", "ccg": "10753000.00"},
        "schemes": [scheme("1", "100000.01", "council"), scheme("2", "0.00", "ccg")],
        "groups": [whole_pool(BY_CONTRIBUTION)],
    }

    assert pays(document) == {"council": "35814.48", "ccg": "64185.53"}


def test_cap_moves_the_excess_to_the_partner_named():
    document = copy.deepcopy(INPUT)
    del document["schemes"][0]["contributions"]

    result = settled(document)

    lines = result["groups"][0]["lines"]
    assert [line["amount"] for line in lines] == ["150000.00", "437000.00", "273000.00"]
    assert lines[2]["shares"] == {"council": "111681.82", "ccg": "161318.18"}
    assert result["groups"][0]["capped"] == [{"partner": "ccg", "excess": "79818.18", "to": {"council": "79818.18"}}]
    assert pays(document) == {"council": "410000.00", "ccg": "300000.00"}


def test_gross_group_lets_each_lead_bear_and_keep_its_own():
    lead = [{"method": "lead"}]
    document = {
        "partners": {"council": "3000000.00", "ccg": "5957000.00"},
        "schemes": [
            scheme("1", "80234.56", "council"),
            scheme("2", "-48000.00", "ccg"),
            scheme("3", "500.00", "ccg"),
        ],
        "groups": [whole_pool(lead, lead, netting="gross")],
    }

    assert settled(document)["partners"] == {
        "council": {"pays": "80234.56", "receives": "0.00"},
        "ccg": {"pays": "500.00", "receives": "48000.00"},
    }


def test_three_equal_partners_leave_the_odd_penny_to_the_key_that_sorts_first():
    document = one("100.00", dict.fromkeys(["trust", "council", "ccg"], "40000.00"), whole_pool(BY_CONTRIBUTION))

    assert pays(document) == {"trust": "33.33", "council": "33.33", "ccg": "33.34"}


# Forms found in practice: a local authority of 6,350,000.00 and an integrated care board of 9,416,667.00

LA_AND_ICB = {"la": "6350000.00", "icb": "9416667.00"}


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        ({"method": "contributions"}, {"la": "49722.03", "icb": "73734.76"}),
        ({"method": "fixed", "shares": {"la": "60", "icb": "40"}}, {"la": "74074.07", "icb": "49382.72"}),
        ({"method": "fixed", "shares": {"la": "33.3", "icb": "66.7"}}, {"la": "41111.11", "icb": "82345.68"}),
        ({"method": "partner", "partner": "la"}, {"la": "123456.79", "icb": "0.00"}),
    ],
)
def test_single_form_found_in_practice(tier: dict[str, Any], expected: dict[str, str]):
    assert pays(one("123456.79", LA_AND_ICB, whole_pool([tier]))) == expected


def test_four_partners_share_by_contribution():
    partners = {"a": "50.00", "b": "30.00", "c": "15.00", "d": "5.00"}

    shares = pays(one("10000.01", partners, whole_pool(BY_CONTRIBUTION)))

    assert shares == {"a": "5000.01", "b": "3000.00", "c": "1500.00", "d": "500.00"}


def test_each_partner_bears_its_own_schemes_and_a_joint_one_is_split():
    own = [{"method": "lead"}]
    joint = [{"method": "fixed", "shares": {"la": "45", "icb": "55"}}]
    document = {
        "partners": LA_AND_ICB,
        "schemes": [
            scheme("A", "-25000.00", "la"),
            scheme("B", "78000.00", "icb"),
            scheme("C", "30000.01", "la"),
            scheme("D", "0.00", "la"),
        ],
        "groups": [
            whole_pool(own, own, netting="gross"),
            whole_pool(joint, joint) | {"name": "Joint", "schemes": ["C"]},
        ],
    }

    assert settled(document)["partners"] == {
        "la": {"pays": "13500.00", "receives": "25000.00"},
        "icb": {"pays": "94500.01", "receives": "0.00"},
    }


def test_capped_half_moves_the_rest_to_the_other():
    halves = [{"method": "fixed", "shares": {"la": "50", "icb": "50"}}]
    cap = {"partner": "la", "amount": "50000.00", "excess_to": "icb"}

    assert pays(one("123456.79", LA_AND_ICB, whole_pool(halves, caps=[cap]))) == {"la": "50000.00", "icb": "73456.79"}


def test_bands_are_widths_of_the_budget():
    bands = [
        {"method": "contributions", "limit": {"percent_of_budget": "0.5"}},
        {"method": "fixed", "shares": {"la": "50", "icb": "50"}, "limit": {"percent_of_budget": "1.5"}},
        {"method": "partner", "partner": "icb"},
    ]

    result = settled(one("450000.00", LA_AND_ICB, whole_pool(bands), budget="15766667.00"))

    # 0.5% is 78,833.335, half up; 1.5% is 236,500.005, half up: a penny more than the difference of the two edges.
    assert [line["amount"] for line in result["groups"][0]["lines"]] == ["78833.34", "236500.01", "134666.65"]


def test_first_call_on_a_risk_pool_leaves_the_rest_to_be_split():
    halves = {"method": "fixed", "shares": {"la": "50", "icb": "50"}}
    document = one("474749.60", LA_AND_ICB, whole_pool([{"method": "contingency"}, halves])) | {
        "contingency": "250000.00"
    }

    assert pays(document) == {"la": "112374.80", "icb": "112374.80"}
    result = settled(document | {"contingency": "500000.00"})
    assert result["contingency"] == {"opening": "500000.00", "closing": "25250.40"}
    assert pays(document | {"contingency": "500000.00"}) == {"la": "0.00", "icb": "0.00"}


def test_fixed_lines_stay_with_the_host_and_variable_ones_are_shared():
    def fixed(la: str, icb: str) -> list[dict[str, Any]]:
        return [{"method": "fixed", "shares": {"la": la, "icb": icb}}]

    host = [{"method": "partner", "partner": "la"}]
    document = {
        "partners": LA_AND_ICB,
        "schemes": [scheme("H", "123456.00", "la"), scheme("E", "-88889.00", "icb"), scheme("S", "60000.00", "la")],
        "groups": [
            whole_pool(fixed("40", "60"), fixed("40", "60")) | {"name": "Home care", "schemes": ["H"]},
            whole_pool(fixed("50", "50"), fixed("50", "50")) | {"name": "Equipment", "schemes": ["E"]},
            whole_pool(host, host) | {"name": "Fixed lines"},
        ],
    }

    assert settled(document)["partners"] == {
        "la": {"pays": "109382.40", "receives": "44444.50"},
        "icb": {"pays": "74073.60", "receives": "44444.50"},
    }


def test_proportion_to_the_schemes_own_contributions():
    own = {"contributions": {"la": "200000.00", "icb": "300000.00"}}

    shares = pays(one("30000.01", LA_AND_ICB, whole_pool(BY_CONTRIBUTION), **own))

    assert shares == {"la": "12000.00", "icb": "18000.01"}


def test_saving_climbs_a_ladder():
    ladder = [
        {"method": "carry_forward", "limit": {"amount": "100000.00"}},
        {"method": "fixed", "shares": {"la": "60", "icb": "40"}, "limit": {"amount": "150000.00"}},
        {"method": "fixed", "shares": {"la": "50", "icb": "50"}},
    ]

    document = one("-318000.07", LA_AND_ICB, whole_pool(BY_CONTRIBUTION, ladder))

    # The odd penny of the last half goes to the larger contribution.
    assert receives(document) == {"la": "124000.03", "icb": "94000.04"}
    assert settled(document)["carried_forward"] == "100000.00"


def test_slippage_by_population():
    populations = {"method": "weights", "weights": {"a": "141036", "b": "117935", "c": "80815"}}
    document = one("1400000.00", dict.fromkeys("abc", "1.00"), whole_pool([populations]))

    assert pays(document) == {"a": "581102.22", "b": "485920.55", "c": "332977.23"}


def test_dead_band_stays_with_the_lead():
    dead_band = [{"method": "lead", "limit": {"percent_of_budget": "2"}}, {"method": "contributions"}]
    document = one("25000.00", {"la": "1.00", "icb": "1.00"}, whole_pool(dead_band))

    # 2% of 1,000,000.00 stays with the lead; 5,000.00 are shared by equal contributions.
    assert pays(document) == {"la": "22500.00", "icb": "2500.00"}


# Rules one by one


def test_nil_variance_gives_no_entry():
    result = settled(one("0.00", LA_AND_ICB, whole_pool(BY_CONTRIBUTION)))

    assert result["groups"] == []
    assert result["partners"] == {key: {"pays": "0.00", "receives": "0.00"} for key in LA_AND_ICB}


def test_net_and_gross_differ_where_one_scheme_is_under():
    schemes = [scheme("1", "500.00", "la"), scheme("2", "-200.00", "icb")]
    host = [{"method": "partner", "partner": "la"}]
    document = {"partners": LA_AND_ICB, "schemes": schemes, "groups": [whole_pool(host, host)]}

    assert settled(document)["partners"]["la"] == {"pays": "300.00", "receives": "0.00"}
    document["groups"][0]["netting"] = "gross"
    assert settled(document)["partners"]["la"] == {"pays": "500.00", "receives": "200.00"}


def test_groups_draw_on_one_contingency_in_their_order():
    first = [{"method": "contingency"}, {"method": "partner", "partner": "la"}]
    document = {
        "partners": LA_AND_ICB,
        "contingency": "100.00",
        "schemes": [scheme("1", "80.00", "la"), scheme("2", "80.00", "icb")],
        "groups": [whole_pool(first) | {"name": "Second", "schemes": ["2"]}, whole_pool(first)],
    }

    result = settled(document)

    assert [entry["from_contingency"] for entry in result["groups"]] == ["80.00", "20.00"]
    assert result["groups"][0]["name"] == "Second"


def test_underspend_tops_up_the_contingency_for_later_groups():
    contingency = {"method": "contingency"}
    host = {"method": "partner", "partner": "la"}
    document = {
        "partners": LA_AND_ICB,
        "schemes": [scheme("1", "-60.00", "la"), scheme("2", "100.00", "icb")],
        "groups": [
            whole_pool([host], [contingency]) | {"name": "First", "schemes": ["1"]},
            whole_pool([contingency, host]),
        ],
    }

    result = settled(document)

    assert result["groups"][1]["from_contingency"] == "60.00"
    assert result["partners"]["la"]["pays"] == "40.00"
    assert result["contingency"] == {"opening": "0.00", "closing": "0.00"}


def test_percentage_limit_rounds_half_up():
    tiers = [{"method": "partner", "partner": "la", "limit": {"percent_of_budget": "0.5"}}, *BY_CONTRIBUTION]

    result = settled(one("10.00", {"la": "1.00"}, whole_pool(tiers), budget="1.00"))

    # Half a penny is a penny.
    assert result["groups"][0]["lines"][0]["amount"] == "0.01"


def test_ties_go_to_the_larger_contribution_before_the_key():
    halves = [{"method": "fixed", "shares": {"a": "50", "z": "50"}}]

    assert pays(one("0.01", {"a": "1.00", "z": "2.00"}, whole_pool(halves))) == {"a": "0.00", "z": "0.01"}
    assert pays(one("0.01", {"a": "1.00", "z": "1.00"}, whole_pool(halves))) == {"a": "0.01", "z": "0.00"}


def test_leads_weigh_by_their_own_overspends_and_are_not_netted():
    schemes = [scheme("1", "100.00", "la"), scheme("2", "-100.00", "la"), scheme("3", "300.00", "icb")]
    document = {"partners": LA_AND_ICB, "schemes": schemes, "groups": [whole_pool([{"method": "lead"}])]}

    assert pays(document) == {"la": "75.00", "icb": "225.00"}


def test_nil_own_contributions_fall_back_to_the_pool():
    own = {"contributions": {"la": "0.00"}}

    shares = pays(one("4.00", {"la": "1.00", "icb": "3.00"}, whole_pool(BY_CONTRIBUTION), **own))

    assert shares == {"la": "1.00", "icb": "3.00"}


def test_receiver_at_its_own_cap_takes_nothing_and_the_excess_is_unresolved():
    halves = [{"method": "fixed", "shares": {"la": "50", "icb": "50"}}]
    caps = [
        {"partner": "la", "amount": "10.00", "excess_to": "icb"},
        {"partner": "icb", "amount": "50.00", "excess_to": "la"},
    ]

    result = settled(one("100.00", LA_AND_ICB, whole_pool(halves, caps=caps)))

    assert result["groups"][0]["capped"] == [{"partner": "la", "excess": "40.00", "to": {}}]
    assert result["unresolved"] == "40.00"


def test_receiver_below_its_cap_takes_the_whole_excess_and_is_brought_down_in_its_turn():
    caps = [
        {"partner": "b", "amount": "10.00", "excess_to": "a"},
        {"partner": "a", "amount": "20.00", "excess_to": "b"},
    ]
    document = one("100.00", {"a": "1.00", "b": "2.00"}, whole_pool([{"method": "partner", "partner": "b"}], caps=caps))

    result = settled(document)

    assert result["groups"][0]["capped"] == [
        {"partner": "b", "excess": "90.00", "to": {"a": "90.00"}},
        {"partner": "a", "excess": "70.00", "to": {}},
    ]
    assert result["unresolved"] == "70.00"


def test_others_are_all_with_room_even_those_who_bear_nothing_so_far():
    cap = {"partner": "a", "amount": "10.00", "excess_to": "others"}
    host = [{"method": "partner", "partner": "a"}]

    shares = pays(one("40.00", {"a": "5.00", "b": "2.00", "c": "1.00"}, whole_pool(host, caps=[cap])))

    assert shares == {"a": "10.00", "b": "20.00", "c": "10.00"}


def test_others_who_contribute_nothing_leave_the_excess_unresolved():
    cap = {"partner": "a", "amount": "10.00", "excess_to": "others"}
    host = [{"method": "partner", "partner": "a"}]

    result = settled(one("40.00", {"a": "5.00", "b": "0.00"}, whole_pool(host, caps=[cap])))

    assert result["unresolved"] == "30.00"


def test_cap_does_not_hold_for_an_underspend():
    cap = {"partner": "la", "amount": "1.00", "excess_to": "icb"}
    host = [{"method": "partner", "partner": "la"}]

    assert receives(one("-40.00", LA_AND_ICB, whole_pool(host, host, caps=[cap]))) == {"la": "40.00", "icb": "0.00"}


def test_negative_outturn_is_net_income():
    host = [{"method": "partner", "partner": "la"}]
    document = one("0.00", LA_AND_ICB, whole_pool(host, host))
    document["schemes"][0] |= {"budget": "10.00", "outturn": "-5.00"}

    assert receives(document)["la"] == "15.00"


# Refusals

FIXED_60_30 = {"method": "fixed", "shares": {"council": "60", "ccg": "30"}}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (changed(groups__0__schemes=["1"]), "schemes[1].no"),
        (changed(groups=[INPUT["groups"][0] | {"schemes": ["1"]}] * 2), "groups[1].schemes"),
        (changed(groups=[INPUT["groups"][0]] * 2), "groups[1].schemes"),
        (changed(groups__0__schemes=["1", "2", "3"]), "groups[0].schemes"),
        (changed(groups__0__schemes=["1", "1", "2"]), "groups[0].schemes"),
        (changed(groups__0__schemes="some"), "groups[0].schemes"),
        (changed(schemes__1__no="1"), "schemes"),
        (changed(schemes__1__lead="trust"), "schemes[1].lead"),
        (changed(schemes__0__contributions={"trust": "1.00"}), "schemes[0].contributions.trust"),
        (changed(groups__0__overspend__2={"method": "partner", "partner": "trust"}), "groups[0].overspend[2].partner"),
        (changed(groups__0__overspend__2={"method": "partner"}), "groups[0].overspend[2].partner"),
        (
            changed(groups__0__overspend__2={"method": "weights", "weights": {"trust": "1"}}),
            "groups[0].overspend[2].weights.trust",
        ),
        (
            changed(groups__0__overspend__2={"method": "weights", "weights": {"ccg": "0", "council": "0.0"}}),
            "groups[0].overspend[2].weights",
        ),
        (
            changed(groups__0__overspend__2={"method": "weights", "weights": {"ccg": "-1"}}),
            "groups[0].overspend[2].weights.ccg",
        ),
        (
            changed(groups__0__overspend__2={"method": "weights", "weights": {"ccg": 1}}),
            "groups[0].overspend[2].weights.ccg",
        ),
        (changed(groups__0__overspend__2=FIXED_60_30), "groups[0].overspend[2].shares"),
        (
            changed(
                groups__0__overspend__2={
                    "method": "fixed",
                    "shares": {"council": "33.3333333333333333333333333", "ccg": "66.6666666666666666666666666"},
                }
            ),
            "groups[0].overspend[2].shares",
        ),
        (changed(groups__0__caps__0__partner="trust"), "groups[0].caps[0].partner"),
        (changed(groups__0__caps__0__excess_to="trust"), "groups[0].caps[0].excess_to"),
        (changed(groups__0__caps__0__excess_to="ccg"), "groups[0].caps[0].excess_to"),
        (changed(groups__0__caps=INPUT["groups"][0]["caps"] * 2), "groups[0].caps"),
        (changed(groups__0__overspend__2__limit={"amount": "1.00"}), "groups[0].overspend[2].limit"),
        (changed(groups__0__overspend=[{"method": "contingency"}]), "groups[0].overspend[0].method"),
        (changed(groups__0__overspend=[{"method": "carry_forward"}]), "groups[0].overspend[0].method"),
        (
            changed(groups__0__overspend__0={"method": "carry_forward", "limit": {"amount": "1.00"}}),
            "groups[0].overspend[0].method",
        ),
        (
            changed(groups__0__overspend__1__limit={"amount": "1.00", "percent_of_budget": "1"}),
            "groups[0].overspend[1].limit",
        ),
        (changed(groups__0__overspend__1__limit={}), "groups[0].overspend[1].limit"),
        (
            changed(groups__0__overspend__1__limit={"percent_of_budget": "-1"}),
            "groups[0].overspend[1].limit.percent_of_budget",
        ),
        (changed(groups__0__overspend__1__limit={"amount": "-1.00"}), "groups[0].overspend[1].limit.amount"),
        (changed(groups__0__overspend=[]), "groups[0].overspend"),
        (changed(groups__0__underspend=[]), "groups[0].underspend"),
        (changed(groups__0__overspend__2__method="luck"), "groups[0].overspend[2].method"),
        (changed(groups__0__overspend__2__basis="moon"), "groups[0].overspend[2].basis"),
        (changed(groups__0__overspend__0__basis="pool"), "groups[0].overspend[0].basis"),
        (changed(groups__0__netting="both"), "groups[0].netting"),
        (changed(groups__0__colour="red"), "groups[0].colour"),
        (changed(colour="red"), "colour"),
        (changed(schemes__0__colour="red"), "schemes[0].colour"),
        (changed(groups__0__caps__0__colour="red"), "groups[0].caps[0].colour"),
        (changed(partners={}), "partners"),
        (changed(partners={"others": "1.00"}), "partners.others"),
        (changed(partners=[]), "partners"),
        (
            changed(partners__council="0.00", partners__ccg="0.00", schemes__0__contributions={}),
            "groups[0].overspend[2]",
        ),
        (changed(groups__0__overspend="contingency"), "groups[0].overspend"),
        ({key: value for key, value in INPUT.items() if key != "groups"}, "groups"),
        ([], "the document"),
        (None, "the document"),
    ],
)
def test_rules_that_do_not_settle_every_penny_are_refused_by_field(document: Any, field: str):
    with pytest.raises(RuleRefused) as refused:
        reading.read(document)

    assert refused.value.field == field
    assert refused.value.message


@pytest.mark.parametrize(
    "value",
    [
        "1.001",
        "1e3",
        "+1.00",
        "NaN",
        "Infinity",
        "-Infinity",
        "",
        " 1.00",
        "1,000.00",
        "£1.00",
        "1.",
        ".5",
        "1000000000000000.00",
        "\N{ARABIC-INDIC DIGIT ONE}.00",
        1,
        1.5,
        None,
        True,
        Decimal("1.00"),
        ["1.00"],
    ],
)
@pytest.mark.parametrize(
    "path",
    ["partners__council", "contingency", "schemes__0__budget", "schemes__0__outturn", "groups__0__caps__0__amount"],
)
def test_money_that_is_not_plain_text_of_whole_pence_is_refused(path: str, value: Any):
    with pytest.raises(RuleRefused) as refused:
        reading.read(changed(**{path: value}))

    assert refused.value.field.replace("[0]", ".0").replace(".", "__") == path


@pytest.mark.parametrize(
    "path", ["partners__council", "contingency", "schemes__0__budget", "groups__0__caps__0__amount"]
)
def test_negative_money_is_refused_except_an_outturn(path: str):
    with pytest.raises(RuleRefused, match="below nil"):
        reading.read(changed(**{path: "-0.01"}))

    assert reading.read(changed(schemes__0__outturn="-0.01")).schemes[0].outturn == Decimal("-0.01")


# Random pools


@pytest.mark.parametrize("start", range(0, 10 * CHUNK, CHUNK))
def test_ten_thousand_random_pools_settle_as_a_second_program_settles_them(start: int):
    for seed in range(start, start + CHUNK):
        document = worlds.pool(seed)
        assert settled(document) == oracle.settle(document), f"worlds.pool({seed})"


def test_random_pools_reach_every_corner():
    seen: dict[str, int] = {}
    for seed in range(CHUNK):
        document = worlds.pool(seed)
        result = settled(document)
        corners = {f"{entry['direction']} {line['method']}" for entry in result["groups"] for line in entry["lines"]}
        moves = [move for entry in result["groups"] for move in entry["capped"]]
        corners |= {f"excess to {len(move['to'])}" for move in moves}
        corners |= {f"{len(moves)} brought down"} if moves else set()
        corners |= {"gross"} if any(group.get("netting") == "gross" for group in document["groups"]) else set()
        corners |= {"groups"} if len(document["groups"]) > 1 else set()
        for corner in corners:
            seen[corner] = seen.get(corner, 0) + 1

    methods = ("contingency", "fixed", "weights", "lead", "partner", "contributions")
    wanted = {f"{direction} {method}" for direction in ("overspend", "underspend") for method in methods}
    wanted |= {
        "underspend carry_forward",
        "excess to 0",
        "excess to 1",
        "excess to 2",
        "2 brought down",
        "gross",
        "groups",
    }
    assert {corner for corner in wanted if seen.get(corner, 0) < 10} == set()


@pytest.mark.parametrize("start", range(0, 2 * CHUNK, CHUNK))
def test_every_penny_has_an_owner_and_no_rule_is_stretched(start: int):
    for seed in range(start, start + CHUNK):
        pool = reading.read(worlds.pool(seed))
        settlement = settle(pool)
        purse = pool.contingency
        for entry in settlement.entries:
            assert entry.accounted_for == entry.amount > 0
            assert sum(line.amount for line in entry.lines) == entry.amount
            assert entry.from_contingency <= purse
            purse += entry.to_contingency - entry.from_contingency
            for line in entry.lines:
                assert line.amount > 0
                if line.weights:
                    assert sum(line.shares.values()) == line.amount
                    whole = sum(Fraction(weight) for weight in line.weights.values())
                    for partner, weight in line.weights.items():
                        exact = Fraction(line.amount) * Fraction(weight) / whole
                        assert abs(Fraction(line.shares.get(partner, 0)) - exact) < Fraction(1, 100)
            before = {key: sum(line.shares.get(key, Decimal(0)) for line in entry.lines) for key in pool.partners}
            for cap in entry.group.caps:
                if entry.direction == "overspend":
                    assert entry.shares.get(cap.partner, 0) <= max(cap.amount, 0)
                else:
                    assert entry.shares.get(cap.partner, 0) == before[cap.partner]
            brought_down = [move.partner for move in entry.capped]
            assert len(brought_down) == len(set(brought_down))
        assert purse == settlement.contingency_closing >= 0


@pytest.mark.parametrize("start", range(0, CHUNK, CHUNK))
def test_partner_without_any_weight_changes_nothing(start: int):
    for seed in range(start, start + CHUNK):
        document = worlds.pool(seed)
        with_guest = copy.deepcopy(document)
        with_guest["partners"]["zz guest"] = "0.00"

        result = settled(with_guest)

        assert result["partners"].pop("zz guest") == {"pays": "0.00", "receives": "0.00"}
        assert result == settled(document)


# The tests themselves


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: f"rule {each.rule}: {each.words}")
def test_broken_rule_is_noticed(each: Break, monkeypatch: pytest.MonkeyPatch):
    """A rule broken in the source gives another result than the second program for some random pool."""
    source = broken((ROOT / each.path).read_text(encoding="utf-8"), each)
    module = sys.modules[each.path.removesuffix(".py").replace("/", ".")]
    changed_module = types.ModuleType(module.__name__)
    monkeypatch.setitem(sys.modules, module.__name__, changed_module)
    exec(compile(source, each.path, "exec"), changed_module.__dict__)
    for name in ("settling", "reading"):
        whole = f"pooled_budgets.domain.risk_share.{name}"
        if whole != module.__name__:
            fresh = types.ModuleType(whole)
            monkeypatch.setitem(sys.modules, whole, fresh)
            exec(
                compile((ROOT / f"{whole.replace('.', '/')}.py").read_text(encoding="utf-8"), whole, "exec"),
                fresh.__dict__,
            )
    other_reading = sys.modules["pooled_budgets.domain.risk_share.reading"]
    other_settle = sys.modules["pooled_budgets.domain.risk_share.settling"].settle

    def notices(seed: int) -> bool:
        document = worlds.pool(seed)
        try:
            return other_reading.as_json(other_settle(other_reading.read(document))) != oracle.settle(document)
        except MoneyError:
            return True

    assert any(notices(seed) for seed in range(CHUNK))
