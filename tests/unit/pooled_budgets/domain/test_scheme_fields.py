"""The fields of a line by year: what each year asks for, from the shipped lists."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooled_budgets.domain import scheme_fields as fields
from pooled_budgets.domain import value_lists
from pooled_budgets.domain.scheme_fields import Lists, check, fields_of, la_percent, settled

YEARS = (2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025)


def lists(year):
    plain, of_type = {}, {value_lists.SUB_TYPE: {}, value_lists.UNIT: {}}
    for row in value_lists.shipped().values:
        if row.financial_year != year:
            continue
        if row.parent:
            of_type[row.kind].setdefault(row.parent, []).append(row.name)
        else:
            plain.setdefault(row.kind, []).append(row.name)
    return Lists(plain, of_type)


def whole(year, **changes):
    """A line that the year takes, with changes."""
    known = lists(year)
    scheme_type = known.choices(fields.TYPE)[0]
    units = known.choices(fields.UNIT, scheme_type)
    values = {
        "description": "Equipment at home",
        fields.TYPE: scheme_type,
        fields.SUB_TYPE: next(iter(known.choices(fields.SUB_TYPE, scheme_type)), ""),
        fields.OBJECTIVE: next(iter(known.choices(fields.OBJECTIVE)), ""),
        fields.OUTPUTS: Decimal(12) if units else None,
        fields.UNIT: units[0] if units else "",
        fields.AREA: "Social Care",
        fields.COMMISSIONER: "Local Authority",
        fields.PROVIDER: "Local Authority",
        fields.NEW: "New",
    }
    return settled(values | changes, year=year)


def problems(year, **changes):
    return [(problem.field, problem.code) for problem in check(whole(year, **changes), year=year, lists=lists(year))]


@pytest.mark.parametrize("year", YEARS)
def test_check_a_whole_line_of_the_year_is_taken(year):
    assert problems(year) == []


@pytest.mark.parametrize(
    ("year", "changes", "expected"),
    [
        (2016, {"description": ""}, [("description", "required")]),
        (2016, {"scheme_type": ""}, [("scheme_type", "required")]),
        (2016, {"new_or_existing": "Existing"}, [("previous_expenditure", "required")]),
        (2017, {"new_or_existing": "Existing"}, []),
        (2017, {"area_of_spend": "Roads"}, [("area_of_spend", "not_in_list")]),
        (2017, {"area_of_spend": "Other"}, [("area_other", "required")]),
        (2017, {"area_of_spend": "Other", "area_other": "Housing"}, []),
        (2017, {"commissioner": "Joint"}, [("nhs_percent", "required")]),
        (2017, {"commissioner": "Joint", "nhs_percent": Decimal("100.01")}, [("nhs_percent", "per_cent")]),
        (2017, {"commissioner": "NHS England"}, [("commissioner", "not_in_list")]),
        (2017, {"scheme_type": "Other"}, [("type_other", "required")]),
        (2019, {"impact_nea": "Enormous"}, [("impact_nea", "not_in_list")]),
        (2021, {"sub_type": ""}, [("sub_type", "required")]),
        (2021, {"sub_type": "Handyperson services"}, [("sub_type", "not_in_list")]),
        (2021, {"scheme_type": "Housing Related Schemes"}, [("sub_type", "not_in_list")]),
        (2021, {"outputs": None, "output_unit": ""}, []),
        (2023, {"outputs": None}, [("outputs", "required")]),
        (2023, {"outputs": None, "output_unit": ""}, [("outputs", "required"), ("output_unit", "required")]),
        (2023, {"output_unit": "WTEs gained"}, [("output_unit", "not_in_list")]),
        (2023, {"sub_type": "Other"}, [("type_other", "required")]),
        (2025, {"objective": ""}, [("objective", "required")]),
        (2025, {"objective": "Roads"}, [("objective", "not_in_list")]),
    ],
)
def test_check_names_what_is_wrong(year, changes, expected):
    assert problems(year, **changes) == expected


def test_the_years_ask_for_different_fields():
    assert "objective" in fields_of(2025)
    assert {"sub_type", "commissioner", "new_or_existing", "nhs_percent"}.isdisjoint(fields_of(2025))
    assert "sub_type" not in fields_of(2016)
    assert [name for name in fields_of(2019) if name.startswith("impact")] == list(fields.IMPACTS)
    assert "previous_expenditure" in fields_of(2016)
    assert "previous_expenditure" not in fields_of(2017)
    assert (fields.label("scheme_type", 2024), fields.label("scheme_type", 2025)) == ("Scheme type", "Activity")


def test_settled_the_share_of_the_nhs_follows_from_a_single_commissioner():
    assert settled({"commissioner": "CCG"}, year=2017)["nhs_percent"] == 100
    assert settled({"commissioner": "Local Authority", "nhs_percent": Decimal(40)}, year=2017)["nhs_percent"] == 0
    assert settled({"commissioner": "Joint", "nhs_percent": Decimal(40)}, year=2017)["nhs_percent"] == 40


def test_settled_drops_what_the_year_does_not_have():
    assert settled({"objective": "Timely discharge from hospital"}, year=2017)["objective"] == ""


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_nhs_and_local_authority_make_a_hundred(nhs):
    assert nhs + la_percent(nhs) == 100


def test_check_of_a_year_that_is_not_loaded_demands_nothing_and_refuses_the_impossible():
    values = settled({"description": "", "nhs_percent": None}, year=2014)

    assert check(values, year=2014, lists=Lists()) == []
    wrong = values | {"outputs": Decimal(-1), "percent_of_spend": Decimal(101)}
    assert [problem.field for problem in check(wrong, year=2014, lists=Lists())] == ["outputs", "percent_of_spend"]


def test_settled_of_a_year_that_is_not_loaded_keeps_what_was_written():
    assert settled({"description": "Rapid response"}, year=2014, is_loaded=False)["description"] == "Rapid response"
