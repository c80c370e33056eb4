"""The three-way merge: nobody's change is lost, and what two changed differently is named."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pooled_budgets.domain import terms
from pooled_budgets.domain.merging import ABSENT, merge

SIDES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2))
MANY = settings(max_examples=500, deadline=None)


@MANY
@given(SIDES, SIDES)
def test_one_side_that_changed_nothing_takes_the_other(base, changed):
    assert merge(base, changed, base).values == changed
    assert merge(base, base, changed).values == changed
    assert merge(base, changed, changed).values == changed
    assert merge(base, changed, base).conflicts == ()


@MANY
@given(SIDES, SIDES, SIDES)
def test_names_in_conflict_are_exactly_those_that_both_changed_differently(base, theirs, mine):
    found = merge(base, theirs, mine)
    expected = {
        name
        for name in {*base, *theirs, *mine}
        if len({side.get(name, ABSENT) for side in (base, theirs, mine)}) == 3
        or (
            base.get(name, ABSENT) not in (theirs.get(name, ABSENT), mine.get(name, ABSENT))
            and theirs.get(name, ABSENT) != mine.get(name, ABSENT)
        )
    }

    assert {conflict.name for conflict in found.conflicts} == expected


@MANY
@given(SIDES, SIDES, SIDES)
def test_who_came_first_makes_no_difference(base, theirs, mine):
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)

    assert one.values == other.values
    assert [conflict.name for conflict in one.conflicts] == [conflict.name for conflict in other.conflicts]


@MANY
@given(SIDES, SIDES, SIDES)
def test_no_change_is_lost(base, theirs, mine):
    found = merge(base, theirs, mine, keep="abcdef")

    assert found.conflicts == ()
    for name in {*base, *theirs, *mine}:
        was = base.get(name, ABSENT)
        wanted = mine if mine.get(name, ABSENT) != was else theirs
        assert found.values.get(name, ABSENT) == wanted.get(name, ABSENT)


def test_two_variations_of_different_clauses_go_together_and_of_one_are_refused_by_its_name():
    base = terms.empty(title="BCF", kind="section_75", parties=[{"id": "1", "name": "Council"}])
    theirs, mine = terms.whole(terms.flat(base)), terms.whole(terms.flat(base))
    theirs["clauses"]["a"]["summary"] = "Fewer falls"
    theirs["notice_months"] = 6
    mine["clauses"]["b"]["summary"] = "Uplift"
    mine["parties"].append({"id": "2", "name": "CCG"})
    found = merge(terms.flat(base), terms.flat(theirs), terms.flat(mine))
    together = terms.whole(found.values)

    assert found.conflicts == ()
    assert together["clauses"]["a"]["summary"] == "Fewer falls"
    assert together["clauses"]["b"]["summary"] == "Uplift"
    assert [party["name"] for party in together["parties"]] == ["CCG", "Council"]
    mine["notice_months"] = 12
    clash = merge(terms.flat(base), terms.flat(theirs), terms.flat(mine))
    assert [(terms.label(found.name), found.theirs, found.mine) for found in clash.conflicts] == [
        ("Months of notice", 6, 12)
    ]


def test_terms_come_back_whole_and_differ_by_name():
    before = terms.empty(title="BCF", kind="section_75", parties=[{"id": "1", "name": "Council"}])
    after = terms.whole(terms.flat(before))

    assert after == before
    assert terms.digest(after) == terms.digest(before)
    after["clauses"]["c"]["reference"] = "clause 9.2"
    after["host"] = "1"
    after["parties"] = []
    assert [(change.label, change.before, change.after) for change in terms.difference(before, after)] == [
        ("Host partner", "Not stated", "Council"),
        ("Clause (c): where it stands", "Not stated", "clause 9.2"),
        ("Party", "Council", ""),
    ]
