from typing import Any

import pytest

from bcf_metrics.domain import rules
from bcf_metrics.domain.rules import ALWAYS, NEVER

IS_NO = {"field": "a", "is": "No"}


@pytest.mark.parametrize(
    ("when", "answers", "holds"),
    [
        (IS_NO, {"a": "No"}, True),
        (IS_NO, {"a": "Yes"}, False),
        (IS_NO, {}, False),
        ({"field": "a", "is_not": "Yes"}, {}, True),
        ({"field": "a", "is_not": "Yes"}, {"a": "Yes"}, False),
        ({"field": "a", "in": ["x", "y"]}, {"a": "y"}, True),
        ({"field": "a", "in": ["x", "y"]}, {"a": "z"}, False),
        ({"field": "a", "answered": True}, {"a": "z"}, True),
        ({"field": "a", "answered": False}, {"a": "z"}, False),
        ({"differ": ["a", "b"]}, {"a": "1.0", "b": "1.00"}, False),
        ({"differ": ["a", "b"]}, {"a": "1.00", "b": "1.01"}, True),
        ({"differ": ["a", "b"]}, {"a": "1.00"}, False),
        ({"differ": ["a", "b"]}, {"a": "1.00", "b": "one"}, False),
        ({"all": [IS_NO, {"field": "b", "is": "x"}]}, {"a": "No", "b": "x"}, True),
        ({"all": [IS_NO, {"field": "b", "is": "x"}]}, {"a": "No"}, False),
        ({"any": [IS_NO, {"field": "b", "is": "x"}]}, {"b": "x"}, True),
        ({"any": [IS_NO, {"field": "b", "is": "x"}]}, {"b": "y"}, False),
        ({"not": IS_NO}, {"a": "No"}, False),
    ],
)
def test_rule_of_each_kind_holds_as_it_says(when: dict[str, Any], answers: dict[str, str], holds: bool) -> None:
    assert list(rules.shape({"when": when}, "rule")) == []
    assert rules.parse({"when": when}).holds(answers.get) is holds


def test_rule_always_and_never_hold_as_they_say() -> None:
    assert (rules.parse("always"), rules.parse("never")) == (ALWAYS, NEVER)
    assert (ALWAYS.holds({}.get), NEVER.holds({}.get)) == (True, False)


@pytest.mark.parametrize(
    "data",
    [
        "sometimes",
        True,
        {"when": IS_NO, "else": "never"},
        {"when": {"field": "a"}},
        {"when": {"field": "a", "is": True}},
        {"when": {"field": "a", "is": "No", "or": "x"}},
        {"when": {"differ": ["a"]}},
        {"when": {"all": IS_NO}},
        {"when": {"not": {"__import__": "os"}}},
    ],
)
def test_rule_of_an_unknown_form_is_refused(data: object) -> None:
    assert list(rules.shape(data, "rule"))


def test_rule_in_words_names_fields_and_answers_as_people_see_them() -> None:
    rule = rules.parse({"when": {"any": [{"field": "a", "in": ["x", "y"]}, {"differ": ["b", "c"]}]}})

    words = rule.words(str.upper, lambda _, value: value * 2)

    assert words == '"A" is "xx" or "yy" or "B" differs from "C"'


def test_rule_asked_lists_the_fields_it_needs() -> None:
    rule = rules.parse({"when": {"all": [{"not": IS_NO}, {"differ": ["b", "c"]}]}})

    assert list(rule.asked()) == ["a", "b", "c"]
