"""The words of a report: where they begin, and what keeps them from being printed."""

import pytest

from reports.domain.brief import IMPLICATION_KINDS, LABELS, NOT_ASSESSED, beginning, problems, unwritten


@pytest.fixture
def words():
    begun = beginning(period="Quarter 1 2014/15", fund="Better Care Fund", owner="Southwark Council")
    return unwritten(begun)


def test_beginning_asks_only_for_implications():
    begun = beginning(period="Quarter 1 2014/15", fund="Better Care Fund", owner="Southwark Council")

    assert [problem.field for problem in problems(begun)] == ["implications"] * len(IMPLICATION_KINDS)


def test_unwritten_keeps_what_was_written_and_is_complete():
    begun = beginning(period="Quarter 1 2014/15", fund="Better Care Fund", owner="Southwark Council")
    begun["implications"][0]["text"] = "Most of the money is committed."

    filled = unwritten(begun)

    assert problems(filled) == []
    assert filled["implications"][0] == {
        "kind": "Financial",
        "text": "Most of the money is committed.",
        "none_reason": "",
    }
    assert filled["implications"][1]["none_reason"] == NOT_ASSESSED
    assert begun["implications"][1]["none_reason"] == ""


def test_every_part_has_a_label(words):
    assert set(words) - {"illustrative"} <= set(LABELS)


EXEMPT = {"paragraph": "3", "reason": "Tender price", "public_interest": "Award not made"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"from": []}, "from"),
        ({"wards": ""}, "wards"),
        ({"classification": "Secret"}, "classification"),
        ({"classification": "Exempt"}, "exempt"),
        ({"classification": "Exempt", "exempt": [EXEMPT | {"paragraph": "8"}]}, "exempt"),
        ({"classification": "Exempt", "exempt": [EXEMPT | {"reason": ""}]}, "exempt"),
        ({"classification": "Exempt", "exempt": [EXEMPT | {"public_interest": ""}]}, "exempt"),
        ({"classification": "Open", "exempt": [EXEMPT]}, "exempt"),
        ({"recommendations": []}, "recommendations"),
        ({"recommendations": [{"kind": "applaud", "text": "That the Board applaud."}]}, "recommendations"),
        ({"implications": [{"kind": "Legal", "text": "", "none_reason": ""}]}, "implications"),
        ({"consultation": [{"consultee": "Legal", "sought": False, "included": True}]}, "consultation"),
    ],
)
def test_problems_names_the_part(words, change, field):
    assert [problem.field for problem in problems(words | change)] == [field]


@pytest.mark.parametrize(
    "change",
    [
        {"classification": "Exempt", "exempt": [EXEMPT]},
        {"consultation": [{"consultee": "Legal", "sought": True, "included": True}]},
        {"implications": [{"kind": "Legal", "text": "An agreement is needed.", "none_reason": ""}]},
        {"implications": []},
    ],
)
def test_problems_finds_none_in_complete_words(words, change):
    assert problems(words | change) == []
