"""What a return would lose by another layout, and what a layout may not be published with."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import policy_drafts, templates
from bcf_metrics.domain.policy_losses import empty_tabs, lost, places, unknown_sheets

LAYOUT = templates.layout("2015-16")
ALL = {str(number) for number in range(1, 7)}


def without(code: str) -> dict[str, Any]:
    layout = deepcopy(LAYOUT)
    index = next(index for index, row in enumerate(policy_drafts.fields(layout)) if row["field"]["code"] == code)
    policy_drafts.remove({}, layout, "fields", index)
    return layout


def test_answer_whose_field_is_gone_would_be_lost() -> None:
    (label, _) = places(LAYOUT)["narrative"]

    assert lost({"narrative": "Words", "email": "a@b"}, LAYOUT, without("narrative"), conditions=ALL) == [label]
    assert lost({"narrative": "  ", "email": "a@b"}, LAYOUT, without("narrative"), conditions=ALL) == []


def test_answer_of_another_type_would_be_lost() -> None:
    other = deepcopy(LAYOUT)
    row = next(row["field"] for row in policy_drafts.fields(other) if row["field"]["code"] == "narrative")
    row["type"] = "date"

    assert len(lost({"narrative": "Words"}, LAYOUT, other, conditions=ALL)) == 1


def test_answer_to_a_condition_that_is_gone_would_be_lost() -> None:
    given = {"conditions.1.answer": "Yes", "conditions.6.answer": "No"}

    (told,) = lost(given, LAYOUT, LAYOUT, conditions=ALL - {"6"})

    assert told.endswith("of condition 6")


@given(st.sets(st.sampled_from(sorted(places(LAYOUT)))))
def test_the_same_layout_loses_nothing_and_none_loses_everything(answered: set[str]) -> None:
    answers = {".1.".join(place.split(".")) if "." in place else place: "Yes" for place in answered}
    bare = deepcopy(LAYOUT) | {"tabs": [tab for tab in deepcopy(LAYOUT["tabs"]) if tab["kind"] == "checklist"]}

    assert lost(answers, LAYOUT, LAYOUT, conditions=ALL) == []
    assert bool(lost(answers, LAYOUT, bare, conditions=ALL)) is bool(answered)
    assert lost({"V7:totals": "Why"}, LAYOUT, bare, conditions=ALL) == []


def test_tabs_that_ask_nothing_and_sheets_that_are_not_there_are_told() -> None:
    layout = deepcopy(LAYOUT)
    layout["tabs"].append({"code": "new", "title": "New", "kind": "form", "help": "", "checked": False, "fields": []})
    content = {"signatories": [{"name": "The chair", "sheets": ["new", "gone"]}]}

    assert empty_tabs(layout) == ["New"]
    assert unknown_sheets(content, layout) == ["The chair vouches for gone"]
    assert (empty_tabs(LAYOUT), empty_tabs(None), unknown_sheets(content, None)) == ([], [], [])


@pytest.mark.parametrize("template", templates.load_all(), ids=lambda template: template.code)
def test_layouts_that_ship_are_whole(template: templates.Template) -> None:
    assert empty_tabs(templates.layout(template.code)) == []
