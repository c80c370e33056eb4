from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import answers, completion
from bcf_metrics.domain.answers import Cell, name_of
from bcf_metrics.domain.templates import Template
from integration_hub.core.states import AmountState, FigureState

TODAY = date(2014, 7, 14)
Content = dict[str, Any]


@pytest.fixture
def cells(template: Template, southwark: Content) -> dict[str, Cell]:
    """Each entry of the return by its path."""
    return {
        entry.path: Cell(entry=entry, key=entry.path, source="", code="")
        for entry in completion.entries(template, southwark)
    }


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("answers.email", "finance@southwark-council.example"),
        ("answers.signed_off_by_board", "Yes"),
        ("answers.sign_off_expected_on", "2014-07-28"),
        ("answers.narrative", "Line one\nline two"),
        ("income[0].actual", "1300000.00"),
        ("income[0].actual", "0.00"),
        ("income[0].actual", "nil"),
        ("income[0].actual", "not_yet_available:2014-09-30"),
        ("income[0].forecast", "to_be_confirmed"),
        ("income[0].forecast", ""),
        ("conditions[0].answer", "No - In Progress"),
    ],
)
def test_problem_of_an_answer_that_can_be_kept_is_nothing(cells: dict[str, Cell], path: str, code: str) -> None:
    assert answers.problem(cells[path], code, on=TODAY) == ""


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("answers.email", "finance at southwark", "e-mail address"),
        ("answers.signed_off_by_board", "Perhaps", "Choose one"),
        ("answers.sign_off_expected_on", "soon", "real date"),
        ("answers.sign_off_expected_on", "1014-07-28", "real date"),
        ("answers.narrative", "x" * 32_001, "32,000"),
        ("answers.narrative", "\N{SLIGHTLY SMILING FACE}" * 16_001, "32,002 characters"),
        ("income[0].actual", "about a million", "0.00 or more"),
        ("income[0].actual", "-1.00", "0.00 or more"),
        ("income[0].actual", "1.005", "with pence"),
        ("income[0].actual", "100000000.01", "£100,000,000.00"),
        ("income[0].actual", "not_yet_available", "date until which"),
        ("income[0].actual", "not_yet_available:2014-07-14", "not in the future"),
        ("income[0].actual", "missing", "Choose one of the reasons"),
        ("income[0].forecast", "not_yet_available:2014-09-30", "Choose one of the reasons"),
    ],
)
def test_problem_of_an_answer_that_cannot_be_kept_says_what_to_do(
    cells: dict[str, Cell], path: str, code: str, words: str
) -> None:
    assert words in answers.problem(cells[path], code, on=TODAY)


def test_words_print_an_answer_as_people_read_it(cells: dict[str, Cell]) -> None:
    assert answers.words(cells["income[0].actual"].field, "1300000.00") == "£1,300,000.00"
    assert answers.words(cells["income[0].actual"].field, "not_yet_available:2014-09-30") == (
        "not yet available until 30 September 2014"
    )
    assert answers.words(cells["answers.sign_off_expected_on"].field, "2014-07-28") == "28 July 2014"
    assert answers.words(cells["metrics[0].status"].field, "on_track") == "On track"
    assert answers.words(cells["income[0].actual"].field, "") == ""


def test_code_of_reads_amount_and_reason_from_the_content(template: Template, southwark: Content) -> None:
    southwark["expenditure"][1]["actual"], southwark["expenditure"][1]["state"] = None, "missing"
    entries = {entry.path: entry for entry in completion.entries(template, southwark)}

    def code(path: str, row: dict[str, Any]) -> str:
        return answers.code_of(entries[path], row)

    assert code("income[0].actual", southwark["income"][0]) == "not_yet_available:2014-09-30"
    assert code("income[0].plan", southwark["income"][0]) == "1300000.00"
    assert code("expenditure[1].actual", southwark["expenditure"][1]) == ""
    assert answers.code_of(entries["answers.email"], None) == southwark["answers"]["email"]


@given(st.decimals(min_value=0, max_value=Decimal("100000000"), places=2))
def test_split_gives_back_what_of_amount_wrote(amount: Decimal) -> None:
    assert answers.split(answers.of_amount(amount, FigureState.STATED)) == (f"{amount:.2f}", "stated", None)


def test_split_of_reasons() -> None:
    assert answers.split(answers.of_amount(None, AmountState.NOT_STATED)) == (None, "not_stated", None)
    assert answers.split(answers.of_amount(None, FigureState.MISSING)) == (None, "missing", None)
    later = answers.of_amount(None, FigureState.NOT_YET_AVAILABLE, date(2014, 9, 30))
    assert answers.split(later) == (None, "not_yet_available", "2014-09-30")


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_name_of_never_gives_two_keys_one_name(first: str, second: str) -> None:
    assert (name_of(first) == name_of(second)) == (first == second)
    assert not set(name_of(first)) & set(" \t\n\"'<>&#.[]")
