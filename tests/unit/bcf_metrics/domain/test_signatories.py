"""Who has to sign: the capacities of the policy year, for each partner that has such a person."""

import pytest

from bcf_metrics.domain import datafiles, policy_years, templates
from bcf_metrics.domain.policy_years import ShapeError
from bcf_metrics.domain.signatories import Party, earlier_keys, key, parse, slots

COUNCIL = Party("council", is_council=True, is_nhs=False, is_areas_council=True)
SECOND = Party("second", is_council=True, is_nhs=False)
CCG = Party("ccg", is_council=False, is_nhs=True)
TRUST = Party("trust", is_council=False, is_nhs=False)


def keys(code, *parties):
    return [slot.key for slot in slots(policy_years.load(code).signatories, parties)]


def test_the_preparatory_year_asks_three():
    assert keys("2014-15", CCG, COUNCIL) == [
        "ccg/accountable_officer",
        "council/chief_executive",
        "council/board_chair",
    ]


def test_2025_26_asks_the_section_151_officer_too_and_no_deputy_for_the_chief_executives():
    assert keys("2025-26", CCG, COUNCIL) == [
        "ccg/nhs_chief_executive",
        "council/chief_executive",
        "council/section_151_officer",
        "council/board_chair",
    ]
    in_person = {row.code for row in policy_years.load("2025-26").signatories if not row.delegable}
    assert in_person == {"chief_executive", "section_151_officer", "nhs_chief_executive"}
    assert all(row.checked for row in policy_years.load("2025-26").signatories)


def test_the_chair_signs_for_the_areas_council_alone():
    assert keys("2014-15", COUNCIL, SECOND) == [
        "council/chief_executive",
        "council/board_chair",
        "second/chief_executive",
    ]


def test_a_partner_of_which_the_year_names_nobody_has_any_approver_sign():
    assert keys("2014-15", TRUST, CCG) == ["trust", "ccg/accountable_officer"]
    assert keys("2016-17", CCG, COUNCIL) == ["ccg", "council"]


def test_each_vouches_for_its_sheets_and_one_without_sheets_for_all():
    by_code = {row.code: row for row in policy_years.load("2014-15").signatories}
    assert by_code["board_chair"].vouches_for("income_and_expenditure")
    assert not by_code["chief_executive"].vouches_for("income_and_expenditure")
    assert by_code["accountable_officer"].vouches_for("income_and_expenditure")


def test_the_sheets_that_a_year_names_are_those_of_its_layout():
    for year in policy_years.load_all():
        if year.signatories:
            tabs = {tab.code for tab in templates.load(year.return_template).tabs}
            assert {sheet for row in year.signatories for sheet in row.sheets} <= tabs


def test_a_predecessors_signature_counts_in_the_same_capacity():
    found = earlier_keys({"icb": frozenset({"ccg"})}, ["accountable_officer"])
    assert found == {"icb": frozenset({"ccg"}), "icb/accountable_officer": frozenset({"ccg/accountable_officer"})}


def test_key_of_no_capacity_is_the_partner():
    assert (key("council", ""), key("council", "chief_executive")) == ("council", "council/chief_executive")


def test_parse_reads_what_was_frozen_with_a_version():
    row = {"code": "c", "name": "C", "of": "nhs", "held_by": ["director"], "delegable": True, "checked": False}
    assert parse([row])[0].sheets == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"of": "parliament"}, "of"), ({"held_by": ["mayor"]}, "held_by"), ({"delegable": "no"}, "delegable")],
)
def test_a_capacity_that_cannot_be_is_refused(fields, words):
    data = datafiles.read(datafiles.DATA / "policy_years" / "2014-15.yaml")
    data["signatories"][0] |= fields
    with pytest.raises(ShapeError, match=words):
        policy_years.parse(data, name="test")


def test_a_capacity_given_twice_is_refused():
    data = datafiles.read(datafiles.DATA / "policy_years" / "2014-15.yaml")
    data["signatories"].append(data["signatories"][0])
    with pytest.raises(ShapeError, match="chief_executive is given twice"):
        policy_years.parse(data, name="test")
