from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bcf_metrics.domain.entries import (
    FIELD_WORDS,
    NOTHING,
    NOTHING_CODES,
    Entered,
    commentary,
    merged,
    problems,
    shown,
)
from integration_hub.core.states import Figure, FigureState

TODAY = date(2014, 7, 14)
ALL = frozenset(FIELD_WORDS)


def found(**fields: Any) -> dict[str, str]:
    entered = Entered(**({"figure": Figure(value=Decimal(23))} | fields))
    return {problem.field: problem.code for problem in problems(entered, changed=ALL, places=0, on=TODAY)}


def test_problems_of_a_whole_entry_are_none() -> None:
    assert (
        found(
            value_period="April and May",
            numerator=Decimal(23),
            denominator=Decimal(27400),
            override_status="not_on_track",
            override_reason="Admissions rise in winter.",
        )
        == {}
    )


def test_problems_of_a_figure_with_more_decimals_than_the_metric_prints() -> None:
    assert found(figure=Figure(value=Decimal("23.5"))) == {"figure": "decimals"}


def test_problems_of_a_figure_below_nought() -> None:
    assert found(figure=Figure(value=Decimal(-1))) == {"figure": "negative"}


@pytest.mark.parametrize("until", [date(2014, 7, 14), date(2014, 1, 1)])
def test_problems_of_a_date_that_is_not_in_the_future(until: date) -> None:
    assert found(figure=Figure(state=FigureState.NOT_YET_AVAILABLE, until=until)) == {"until": "date_passed"}


@pytest.mark.parametrize("until", [date(1, 1, 1), date(1999, 12, 31), date(2100, 1, 1), date(9999, 12, 31)])
def test_problems_of_a_date_of_another_century(until: date) -> None:
    assert found(figure=Figure(state=FigureState.NOT_YET_AVAILABLE, until=until)) == {"until": "date_out_of_range"}


def test_problems_of_a_date_that_was_entered_before_and_has_passed_since_are_none() -> None:
    late = Entered(figure=Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 1, 1)), challenges="Chased.")

    assert list(problems(late, changed=frozenset({"challenges"}), places=0, on=TODAY)) == []


def test_problems_of_an_override_without_reason_and_a_reason_without_override() -> None:
    assert found(override_status="on_track") == {"override_reason": "reason_missing"}
    assert found(override_reason="It will come right.") == {"override_status": "status_missing"}
    assert found(override_status="splendid", override_reason="x") == {"override_status": "unknown_status"}


def test_problems_of_half_a_ratio_and_of_a_denominator_of_nought() -> None:
    assert found(numerator=Decimal(1)) == {"denominator": "ratio_half"}
    assert found(denominator=Decimal(1)) == {"numerator": "ratio_half"}
    assert found(numerator=Decimal(1), denominator=Decimal(0)) == {"denominator": "denominator_nil"}


def test_problems_of_a_text_that_is_too_long() -> None:
    assert found(challenges="x" * 4_001) == {"challenges": "too_long"}
    assert found(challenges="x" * 4_000) == {}


def test_codes_of_an_empty_figure_carry_its_date() -> None:
    later = Entered(figure=Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 9, 30)))

    assert later.codes()["figure"] == "not_yet_available:2014-09-30"
    assert shown("figure", later.codes()["figure"]) == "not yet available until 30 September 2014"
    assert shown("figure", "") == "nothing"
    assert shown("figure", "23") == "23"
    assert shown("figure", "not_yet_available:soon") == "not yet available until “soon”"
    assert shown("lagged", "") == "no"
    assert shown("override_status", "on_track") == "On track"


def test_merged_takes_only_what_was_changed() -> None:
    wanted = Entered(figure=Figure(value=Decimal(23)), challenges="New", action="New")

    now = merged(wanted, NOTHING, frozenset({"figure", "action"}))

    assert (now.figure.value, now.challenges, now.action) == (Decimal(23), "", "New")
    assert NOTHING.codes() | {"figure": ""} == NOTHING_CODES


def test_challenges_alone_are_the_commentary_as_they_stand() -> None:
    assert commentary(challenges=" Late. ", achievements="", support_needs=" ") == " Late. "


def test_commentary_heads_each_part_where_there_is_more_than_challenges() -> None:
    assert (
        commentary(challenges="Beds closed.", achievements="", support_needs="A nurse.")
        == "Challenges: Beds closed.\n\nSupport needs: A nurse."
    )


def test_problems_of_a_commentary_that_does_not_fit_the_cell_of_the_return() -> None:
    heads = len("Challenges: \n\nAchievements: ")
    assert found(challenges="x" * 2_000, achievements="y" * (2_000 - heads)) == {}
    assert found(challenges="x" * 2_000, achievements="y" * (2_001 - heads)) == {"challenges": "too_long_together"}
    # A mark that a spreadsheet counts as two.
    assert found(challenges="x", support_needs="\N{GRINNING FACE}" * 2_000) == {"support_needs": "too_long_together"}
