"""The rules on a fund's money: met, not met, or not to be said; never by taking unknown for nought."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooled_budgets.domain.rules_on_money import Basis, FencedSource, MoneyLine, Outcome, results, split_outturn

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
FLOORS = {
    "nhs_minimum": Decimal("10000000.00"),
    "social_care_floor": Decimal("6000000.00"),
    "out_of_hospital_floor": Decimal("2000000.00"),
    "dfg": Decimal("500000.00"),
}
NHS = FencedSource("nhs", "NHS minimum", Decimal("10000000.00"), "stated", "nhs_minimum")
GRANT = FencedSource("dfg", "DFG", Decimal("500000.00"), "stated", "dfg")


def line(
    amount, *, area="Social Care", fence="nhs_minimum", source="nhs", nhs="0", name="scheme 1, line 1", unknown=""
):
    return MoneyLine(
        source=source,
        ring_fence=fence,
        name=name,
        area_of_spend=area,
        nhs_percent=None if nhs is None else Decimal(nhs),
        amount=None if amount is None else Decimal(amount),
        unknown=unknown,
    )


LINES = [
    line("6000000.00"),
    line("2000000.00", area="Community Health", nhs="100", name="scheme 2, line 1"),
    line("2000000.00", area="Acute", nhs="100", name="scheme 3, line 1"),
    line("500000.00", fence="dfg", source="dfg", name="scheme 4, line 1"),
]


def outcomes(lines=LINES, sources=(NHS, GRANT), published=FLOORS, basis=Basis.PLAN, *, ended=False):
    found = results(list(sources), list(lines), published, basis=basis, year_has_ended=ended)
    return {
        f"{each.rule} {each.title.split(':')[0]}" if each.rule == "spent_exactly" else each.rule: each for each in found
    }


def changed(place, **more):
    given = dict(vars(LINES[place])) | more
    return [*LINES[:place], MoneyLine(**given), *LINES[place + 1 :]]


def test_a_plan_that_ties_meets_every_rule():
    assert {each.outcome for each in outcomes().values()} == {Outcome.MET}
    assert len(outcomes()) == 6


@pytest.mark.parametrize(
    ("lines", "rule", "difference"),
    [
        (changed(0, amount=Decimal("5999999.99")), "social_care_floor", "-0.01"),
        (changed(1, amount=Decimal("1900000.00")), "out_of_hospital_floor", "-100000.00"),
        (changed(1, nhs_percent=Decimal(50)), "out_of_hospital_floor", "-1000000.00"),
        (changed(1, area_of_spend="Acute"), "out_of_hospital_floor", "-2000000.00"),
        (changed(3, amount=Decimal("500000.01")), "spent_exactly DFG", "0.01"),
    ],
)
def test_a_penny_too_few_or_too_many_is_told_in_pounds(lines, rule, difference):
    found = outcomes(lines)[rule]

    assert (found.outcome, found.difference) == (Outcome.NOT_MET, Decimal(difference))


@pytest.mark.parametrize(
    ("amount", "rule", "outcome"),
    [
        ("9999999.99", "nhs_minimum", Outcome.NOT_MET),
        ("10000000.01", "nhs_minimum", Outcome.MET),
    ],
)
def test_the_minimum_is_a_minimum(amount, rule, outcome):
    source = FencedSource("nhs", "NHS minimum", Decimal(amount), "stated", "nhs_minimum")

    assert outcomes(sources=(source, GRANT))[rule].outcome is outcome


def test_the_grant_is_exactly_the_determination():
    source = FencedSource("dfg", "DFG", Decimal("500000.01"), "stated", "dfg")

    assert outcomes(sources=(NHS, source))["dfg"].outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("lines", "sources", "published", "rule", "because"),
    [
        (LINES, (NHS, GRANT), {}, "nhs_minimum", "no published amount is loaded for the area and year"),
        (LINES, (NHS, GRANT), {}, "social_care_floor", "no published amount is loaded for the area and year"),
        (
            changed(0, area_of_spend=""),
            (NHS, GRANT),
            FLOORS,
            "social_care_floor",
            "scheme 1, line 1 has no area of spend",
        ),
        (
            changed(0, amount=None, unknown="is to be confirmed"),
            (NHS, GRANT),
            FLOORS,
            "social_care_floor",
            "scheme 1, line 1 is to be confirmed",
        ),
        (
            changed(1, nhs_percent=None),
            (NHS, GRANT),
            FLOORS,
            "out_of_hospital_floor",
            "scheme 2, line 1 does not say who commissions it",
        ),
        (
            changed(0, ring_fence=""),
            (NHS, GRANT),
            FLOORS,
            "social_care_floor",
            "scheme 1, line 1 names no source of a known stream",
        ),
        (
            LINES,
            (FencedSource("nhs", "NHS minimum", None, "to_be_confirmed", "nhs_minimum"), GRANT),
            FLOORS,
            "nhs_minimum",
            "NHS minimum has no amount",
        ),
    ],
)
def test_what_is_not_known_is_named_and_never_nought(lines, sources, published, rule, because):
    found = outcomes(lines, sources, published)[rule]

    assert (found.outcome, found.because) == (Outcome.CANNOT_BE_SAID, because)


def test_what_is_found_of_a_source_is_what_is_known_and_nothing_known_is_not_nil():
    some = outcomes(changed(0, amount=None, unknown="has no projected outturn"))["spent_exactly NHS minimum"]
    none = outcomes(changed(3, amount=None, unknown="has no projected outturn"))["spent_exactly DFG"]

    assert (some.found, some.is_partial, some.difference) == (Decimal("4000000.00"), True, None)
    assert (none.found, none.is_partial, none.difference) == (None, True, None)
    assert outcomes()["spent_exactly DFG"].is_partial is False


def test_a_floor_that_is_reached_is_met_whatever_is_not_known_besides():
    lines = [*LINES, line(None, name="scheme 9, line 1", unknown="is to be confirmed")]

    assert outcomes(lines)["social_care_floor"].outcome is Outcome.MET
    # An outturn may be below nil.
    assert outcomes(lines, basis=Basis.FORECAST)["social_care_floor"].outcome is Outcome.CANNOT_BE_SAID


def test_actuals_of_a_year_that_goes_on_fail_by_too_much_alone():
    low = [line("10.00"), *LINES[1:3], line("500000.01", fence="dfg", source="dfg", name="scheme 4, line 1")]
    going_on, ended = (outcomes(low, basis=Basis.ACTUAL, ended=end) for end in (False, True))

    assert going_on["social_care_floor"].because == "the year has not ended"
    assert ended["social_care_floor"].outcome is Outcome.NOT_MET
    assert going_on["spent_exactly NHS minimum"].outcome is Outcome.CANNOT_BE_SAID
    assert going_on["spent_exactly DFG"].outcome is Outcome.NOT_MET


def test_more_than_three_reasons_are_counted():
    lines = [line(None, name=f"scheme {n}", unknown="is not stated") for n in range(5)]

    because = outcomes(lines)["spent_exactly NHS minimum"].because

    assert because == "scheme 0 is not stated, scheme 1 is not stated, scheme 2 is not stated and 2 more"


@given(st.lists(AMOUNTS, min_size=1, max_size=12), AMOUNTS)
def test_a_source_is_spent_exactly_where_its_lines_add_up_to_it(amounts, income):
    lines = [line(amount, name=f"scheme {n}") for n, amount in enumerate(amounts)]
    source = FencedSource("nhs", "NHS minimum", income, "stated", "nhs_minimum")

    found = outcomes(lines, (source,))["spent_exactly NHS minimum"]

    assert found.difference == sum(amounts) - income
    assert (found.outcome is Outcome.MET) == (found.difference == 0)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12))
def test_an_outturn_over_its_lines_is_the_whole_to_the_penny(outturn, budgets):
    parts = split_outturn(outturn, budgets)

    assert parts is None if not any(budgets) else sum(parts) == outturn
