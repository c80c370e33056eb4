"""Kinds and their groups, the look of codes, and trees of footprints."""

from uuid import UUID

import pytest

from partners.domain import codes, kinds
from partners.domain.footprints import KINDS, Branch, branch, is_wider, tops, wider_than, within

A, B, C, D = (UUID(int=number) for number in range(1, 5))


def test_groups_hold_known_kinds_and_no_kind_has_the_code_of_a_group():
    for _, members in kinds.GROUPS.values():
        assert members <= set(kinds.KINDS)
    assert not set(kinds.GROUPS) & set(kinds.KINDS)
    assert kinds.kinds_of("council") == kinds.UPPER_TIER | {"district"}
    assert kinds.kinds_of("icb") == {"icb"}


@pytest.mark.parametrize(
    ("kind", "council", "commissioner"),
    [
        ("county", True, False),
        ("district", True, False),
        ("icb", False, True),
        ("pct", False, True),
        ("vcse", False, False),
    ],
)
def test_kind_tells_councils_and_commissioners(kind, council, commissioner):
    assert (kinds.is_council(kind), kinds.is_commissioner(kind)) == (council, commissioner)


@pytest.mark.parametrize(
    ("scheme", "code", "right"),
    [
        ("ods", "08Q", True),
        ("ods", "08q", False),
        ("ons", "E09000028", True),
        ("ons", "E0900002", False),
        ("ons", "W06000015", False),
        ("mhclg", "E5019", True),
        ("register", "SWK", True),
        ("register", "SW1", False),
        ("cassr", "709", True),
        ("other", "", False),
        ("other", "1234567", True),
    ],
)
def test_code_looks_right_as_its_scheme_says(scheme, code, right):
    assert codes.looks_right(scheme, code) is right


def test_footprint_lies_only_in_a_wider_kind():
    order = list(KINDS)
    assert is_wider("stp", "local_system")
    assert not is_wider("stp", "ics")
    assert not any(is_wider(kind, kind) for kind in order)
    assert not any(is_wider(narrow, wide) and is_wider(wide, narrow) for narrow in order for wide in order)


def test_wider_kinds_are_those_that_can_hold_a_footprint():
    assert wider_than("local_system") == ["nation", "region", "ics", "stp"]
    assert wider_than("ics") == ["nation", "region"]
    assert wider_than(None) == ["nation", "region", "ics", "stp", "local_system", "area", "locality"]


def test_within_is_a_footprint_with_all_that_lies_in_it():
    assert within(A, {B: A, C: B, D: D}) == {A, B, C}
    assert within(D, {B: A}) == {D}


def test_tree_has_each_footprint_in_its_parent():
    items = {A: "system", B: "area", C: "locality", D: "alone"}
    parents = {B: A, C: B}

    assert tops(items, parents) == [A, D]
    assert branch(A, items, {A: [B], B: [C]}) == Branch("system", [Branch("area", [Branch("locality", [])])])
