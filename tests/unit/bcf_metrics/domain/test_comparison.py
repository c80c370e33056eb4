"""A return beside last quarter's: what differs, by how many pounds, and what cannot be compared."""

import copy
from decimal import Decimal

import pytest

from bcf_metrics.domain import answers, completion, templates
from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.comparison import GONE, NEW_ROW, NOT_ASKED_BEFORE, NOT_ASKED_NOW, Side, between


def side(template, content):
    cells = []
    for entry in completion.entries(template, content):
        table, bracket, rest = entry.path.partition("[")
        row = content[table][int(rest.partition("]")[0])] if bracket else None
        cells.append(Cell(entry=entry, key="", source="", code=answers.code_of(entry, row)))
    return Side(content["period"]["label"], cells, content)


@pytest.fixture
def later(southwark):
    return copy.deepcopy(southwark)


def compared(template, southwark, later):
    return between(side(template, southwark), side(template, later))


def test_a_return_like_the_last_differs_in_nothing(template, southwark, later):
    found = compared(template, southwark, later)
    assert found.rows == ()
    assert found.same == len(side(template, southwark).cells)


def test_an_amount_says_by_how_many_pounds(template, southwark, later):
    later["expenditure"][0]["forecast"] = "5620999.99"
    later["expenditure"][0]["forecast_state"] = "stated"
    southwark["expenditure"][0]["forecast"] = "5621000.00"
    southwark["expenditure"][0]["forecast_state"] = "stated"
    [row] = compared(template, southwark, later).different
    assert (row.before, row.after, row.pounds) == ("£5,621,000.00", "£5,620,999.99", Decimal("-0.01"))


def test_an_amount_that_is_empty_for_a_reason_has_no_difference_in_pounds(template, southwark, later):
    later["expenditure"][0] |= {"forecast": None, "forecast_state": "to_be_confirmed"}
    southwark["expenditure"][0] |= {"forecast": "5621000.00", "forecast_state": "stated"}
    [row] = compared(template, southwark, later).different
    assert (row.after, row.pounds) == ("to be confirmed", None)


def test_rows_are_matched_by_what_they_are_about(template, southwark, later):
    later["expenditure"].reverse()
    later["metrics"].reverse()
    assert compared(template, southwark, later).rows == ()


def test_a_new_scheme_and_one_that_is_gone_are_named(template, southwark, later):
    gone = later["expenditure"].pop(0)
    later["expenditure"].append({**gone, "scheme_no": "99", "name": "Falls service"})
    rows = compared(template, southwark, later).not_comparable
    assert {row.note for row in rows} == {NEW_ROW, GONE}
    assert all("Falls service" in row.label for row in rows if row.note == NEW_ROW)


def test_a_metric_in_another_unit_is_not_compared(template, southwark, later):
    southwark["metrics"][0] |= {"unit": "count"}
    later["metrics"][0] |= {"unit": "percent", "progress_words": "23%"}
    rows = compared(template, southwark, later).not_comparable
    assert rows
    assert {row.note for row in rows} == {"Not comparable: another unit, per cent instead of count"}


def test_what_another_layout_asks_is_not_compared(southwark, template):
    newer = copy.deepcopy(southwark)
    newer["template"] = "2025-26"
    newer["period"] = newer["period"] | {"financial_year": "2025/26", "label": "Quarter 2 2025/26"}
    old, new = side(template, southwark), side(templates.load("2025-26"), newer)
    assert NOT_ASKED_NOW in {row.note for row in between(old, new).not_comparable}
    assert NOT_ASKED_BEFORE in {row.note for row in between(new, old).not_comparable}
    for found in (between(old, new), between(new, old)):
        assert not {NEW_ROW, GONE} & {row.note for row in found.rows}


def test_a_table_without_rows_is_no_other_layout(template, southwark, later):
    southwark["expenditure"] = []
    notes = {row.note for row in compared(template, southwark, later).not_comparable}
    assert notes == {NEW_ROW}
