"""The shipped lists: whole, marked as not checked, and in step with the policy years that ship."""

from bcf_metrics.domain import policy_years
from pooled_budgets.domain import ring_fences
from pooled_budgets.domain.value_lists import KINDS, SUB_TYPE, TYPE, UNIT, ShippedValue, shipped


def test_nothing_of_the_lists_was_compared_with_its_document():
    rows = [*shipped().streams, *shipped().values]

    assert {row.checked for row in rows} == {False}
    assert all(row.source for row in rows)


def test_each_row_has_a_key_of_its_own_in_its_year():
    for rows in (shipped().streams, shipped().values):
        keys = [(row.financial_year, row.key) for row in rows]
        assert len(set(keys)) == len(keys)


def test_sub_types_and_units_hang_on_a_type_of_the_same_year():
    types = {(row.financial_year, row.name) for row in shipped().values if row.kind == TYPE}
    hanging = [row for row in shipped().values if row.kind in (SUB_TYPE, UNIT)]

    assert {row.kind for row in shipped().values} == set(KINDS)
    assert {(row.financial_year, row.parent) for row in hanging} <= types


def test_a_key_stays_when_a_row_moves_in_its_file():
    first = ShippedValue(2023, "provider", "", "NHS", 1, "source", False)

    assert first.key == ShippedValue(2023, "provider", "", "NHS", 7, "another", True).key
    assert first.key != ShippedValue(2023, "commissioner", "", "NHS", 1, "source", False).key


def test_streams_of_the_policy_years_are_among_them():
    keys = {(row.financial_year, row.key) for row in shipped().streams}
    wanted = {
        (year.financial_year, stream.code)
        for year in policy_years.load_all()
        for stream in year.funding_streams
        if year.financial_year >= 2015
    }

    assert wanted - keys == set()


def test_years_in_which_the_discharge_money_stood_apart_keep_it_apart():
    apart = {(row.financial_year, row.ring_fence) for row in shipped().streams if "discharge" in row.ring_fence}

    assert apart == {(year, fence) for year in (2022, 2023, 2024) for fence in ("la_discharge", "nhs_discharge")}


def test_money_moves_within_one_source_or_one_known_ring_fence_alone():
    may = ring_fences.may_move

    assert may(from_fence="dfg", to_fence="nhs_minimum", same_source=True)
    assert may(from_fence="additional", to_fence="additional", same_source=False)
    assert not may(from_fence="dfg", to_fence="nhs_minimum", same_source=False)
    assert not may(from_fence="", to_fence="", same_source=False)
