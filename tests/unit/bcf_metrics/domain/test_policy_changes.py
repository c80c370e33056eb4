import copy
from typing import Any

import pytest

from bcf_metrics.domain import policy_content, policy_drafts, policy_years, templates
from bcf_metrics.domain.policy_changes import Change, compare, compare_layouts, words_of


@pytest.fixture
def content() -> dict[str, Any]:
    return policy_content.dump(policy_years.load("2025-26"))


def test_compare_of_a_year_with_itself_finds_nothing(content: dict[str, Any]) -> None:
    assert compare(content, copy.deepcopy(content)) == []


def test_compare_says_added_removed_and_from_what_to_what(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content)
    new["metrics"][0] |= {"precision": 2, "supplementary": True}
    new["reporting_periods"][0]["due_on"] = "2025-08-15"
    del new["national_conditions"][3]
    new["planning"].append({"name": "Addendum", "day": "2025-06-01", "checked": True})

    assert compare(content, new) == [
        Change("National conditions", "4. Oversight and support", "removed"),
        Change(
            "Metrics",
            "Emergency admissions of people aged 65 and over (EMER65)",
            "changed",
            "Decimal places",
            "0",
            "2",
        ),
        Change(
            "Metrics",
            "Emergency admissions of people aged 65 and over (EMER65)",
            "changed",
            "Supplementary",
            "no",
            "yes",
        ),
        Change("Reporting periods", "Quarter 1", "changed", "Due on", "nothing", "15 August 2025"),
        Change("Planning dates", "Addendum", "added"),
    ]


def test_compare_tells_nil_from_nothing(content: dict[str, Any]) -> None:
    assert (words_of(0), words_of("0"), words_of(None), words_of("")) == ("0", "0", "nothing", "nothing")


def test_compare_layouts_names_columns_by_their_table_and_rules_in_words() -> None:
    layout = templates.layout("2025-26")
    new = copy.deepcopy(layout)
    policy_drafts.put({}, new, "tabs", 1, {"title": "Cover sheet"})
    places = policy_drafts.fields(new)
    column = next(index for index, place in enumerate(places) if place["table"] and place["field"]["code"] == "comment")
    policy_drafts.put({}, new, "fields", column, {"required": "always"})

    changes = compare_layouts(layout, new)

    assert [(change.part, change.field) for change in changes] == [
        ("Tabs of the return", "Title"),
        ("Fields of the return", "Must be answered"),
    ]
    assert (changes[1].before, changes[1].after) == ('when "answer" is "No"', "always")
    assert {change.kind for change in compare_layouts(None, layout)} == {"added"}


@pytest.mark.parametrize("part", ["conditions", "fields"])
def test_remove_takes_the_one_row_out(content: dict[str, Any], part: str) -> None:
    layout = copy.deepcopy(templates.layout("2025-26"))
    rows = policy_drafts.rows(content, layout, part)
    gone = rows[1]
    number = len(rows)

    policy_drafts.remove(content, layout, part, 1)

    left = policy_drafts.rows(content, layout, part)
    assert len(left) == number - 1
    assert not any(row is gone for row in left)
