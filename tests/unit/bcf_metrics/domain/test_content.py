import json
from typing import Any

import pytest

from bcf_metrics.domain import content as contents
from bcf_metrics.domain.shapes import ShapeError

Content = dict[str, Any]


def test_canonical_ignores_the_order_of_keys_and_survives_json(southwark: Content) -> None:
    turned = dict(reversed(southwark.items()))
    again = json.loads(contents.canonical(southwark))

    assert contents.canonical(turned) == contents.canonical(southwark) == contents.canonical(again)
    assert contents.digest(again) == contents.digest(southwark)


def test_digest_changes_with_a_penny(southwark: Content) -> None:
    before = contents.digest(southwark)
    southwark["expenditure"][0]["plan"] = "5621000.01"

    assert contents.digest(southwark) != before
    assert len(before) == 64


def test_content_may_name_the_lines_on_which_the_partners_books_differ(southwark: Content) -> None:
    difference = {"line": "7", "name": "Hospital discharge", "words": "The council states £10.00 less."}

    contents.validate(southwark | {"balances": [difference]})

    with pytest.raises(ShapeError, match=r"balances\[0\]"):
        contents.validate(southwark | {"balances": [difference | {"amount": "10.00"}]})


def test_canonical_refuses_what_json_has_no_word_for(southwark: Content) -> None:
    southwark["expenditure"][0]["plan"] = float("nan")

    with pytest.raises(ValueError, match="JSON compliant"):
        contents.canonical(southwark)


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (("as_at",), "28 July 2014", "as_at: expected a date"),
        (
            ("fund", "financial_year"),
            "2014-15",
            "fund.financial_year: expected a financial year such as 2014/15",
        ),
        (("period", "quarter"), 5, "period.quarter: expected a whole number from 1 to 4"),
        (("income", 0, "plan"), "1,300,000", "income[0].plan: expected pounds as text"),
        (("income", 0, "plan"), None, None),
        (("income", 0, "actual"), "5.00", "income[0].actual: '5.00' contradicts the state not_yet_available"),
        (("income", 0, "until"), None, "income[0].actual: not yet available is for an actual, with the date"),
        (("expenditure", 0, "actual"), None, "expenditure[0].actual: None contradicts the state stated"),
        (("expenditure", 3, "actual"), "0.00", None),
        (("expenditure", 3, "actual"), "1.00", "expenditure[3].actual: '1.00' contradicts the state nil"),
        (("metrics", 0, "status"), "fine", "metrics[0].status: expected one of on_track"),
        (("answers", "narrative"), "x" * 32768, "answers.narrative: expected at most 32,767 characters"),
        (("answers", "phone"), 7, "answers.phone: expected text, found 7"),
        (("surprise",), 1, "unknown key 'surprise'"),
    ],
)
def test_validate_names_the_place_of_each_mistake(
    southwark: Content, place: tuple[Any, ...], value: Any, problem: str | None
) -> None:
    inner: Any = southwark
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value

    if problem is None:
        contents.validate(southwark)
    else:
        with pytest.raises(ShapeError) as refusal:
            contents.validate(southwark)
        assert problem in refusal.value.message


def test_found_follows_a_path_and_gives_none_past_its_end(southwark: Content) -> None:
    assert contents.found(southwark, "period.label") == "Quarter 1 2014/15"
    assert contents.found(southwark, "period.nothing") is None
    assert contents.found(southwark, "status_words.more") is None


def test_is_signed_needs_every_signature_for_this_version(southwark: Content) -> None:
    assert contents.is_signed(southwark) is False
    for row in southwark["signatures"]:
        row |= {"signed_at": "2014-07-30T10:00:00", "version": 1}
    assert contents.is_signed(southwark) is True
    assert contents.is_signed(southwark | {"version": 2}) is False
    southwark["signatures"][1]["signed_at"] = None
    assert contents.is_signed(southwark) is False


def test_is_signed_without_any_signature_needed_is_false(southwark: Content) -> None:
    assert contents.is_signed(southwark | {"signatures": []}) is False
