from typing import Any

import pytest

from bcf_metrics.domain import datafiles, policy_content, policy_years
from bcf_metrics.domain.shapes import ShapeError


@pytest.fixture
def content() -> dict[str, Any]:
    return policy_content.dump(policy_years.load("2015-16"))


@pytest.mark.parametrize("code", datafiles.codes(policy_years.FOLDER))
def test_every_year_that_ships_goes_to_plain_data_and_back(code: str) -> None:
    year = policy_years.load(code)
    content = policy_content.dump(year)

    assert policy_content.parse(content, name=code) == year
    assert policy_content.dump(policy_content.parse(content, name=code)) == content
    assert policy_content.digest(content) == policy_content.digest(dict(reversed(content.items())))


@pytest.mark.parametrize(
    ("part", "wrong", "words"),
    [
        ("metrics", {"precision": 9}, r"metrics\[0\].precision: expected a whole number from 0 to 4"),
        ("metrics", {"better": "sideways"}, r"metrics\[0\].better: expected one of lower, higher"),
        ("reporting_periods", {"due_on": "soon"}, r"reporting_periods\[0\].due_on: expected a date"),
        ("national_conditions", {"number": 0}, r"national_conditions\[0\].number: expected a whole number"),
        ("funding_streams", {"england_millions": "much"}, r"funding_streams\[0\].england_millions: expected a number"),
    ],
)
def test_parse_names_the_place_of_each_fault(
    content: dict[str, Any], part: str, wrong: dict[str, Any], words: str
) -> None:
    content[part][0] |= wrong

    with pytest.raises(ShapeError, match=words):
        policy_content.parse(content, name="a working copy")


def test_empty_is_a_year_that_can_be_worked_on() -> None:
    shipped = policy_content.dump(policy_years.load("2026-27"))

    year = policy_content.parse(policy_content.empty(shipped), name="new")

    assert (year.loaded, year.checked, year.metrics, year.code) == (True, False, (), "2026-27")
