"""Where answers go in an official workbook: found by label, proposed, compared with the last file."""

import json
from typing import Any

import pytest

from bcf_metrics.domain import cell_map
from bcf_metrics.domain.cell_map import MapEntry, Outlines, find
from bcf_metrics.domain.official import value_of
from bcf_metrics.domain.templates import Template
from integration_hub.core.spreadsheets.patch import Workbook
from tests.factories import official


def outlines(**given: str | int) -> Outlines:
    workbook = Workbook(official.blank(**given))  # type: ignore[arg-type]
    return {name: workbook.outline(name) for name in workbook.sheets}


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        (MapEntry("x", "1. Cover", "Quarter"), "C5"),
        (MapEntry("x", "1. COVER", " health and  wellbeing board: "), "C4"),
        (MapEntry("x", "3. Income", "Planned", right=0, down=1), "C4"),
        (MapEntry("x", "3. Income", "Total", right=4), "F7"),
        (MapEntry("x", "1. Cover", "Please complete every yellow cell", right=1), "E2"),
        (MapEntry("x", "1. Cover", "Please complete every yellow cell.", right=0, down=1), "A3"),
    ],
)
def test_a_cell_is_found_beside_its_label_whatever_the_capitals(entry: MapEntry, address: str) -> None:
    found = find(outlines(), entry)

    assert (found.address, found.problem) == (address, "")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (MapEntry("x", "9. Other", "Quarter"), "The workbook has no sheet “9. Other”."),
        (MapEntry("x", "1. Cover", "Nowhere"), "“Nowhere” stands not on sheet “1. Cover”."),
        (MapEntry("x", "1. Cover", "Quarter", nth=2), "“Quarter” stands only 1 times on sheet “1. Cover”."),
        (MapEntry("x", "3. Income", "Total"), "C7 holds a formula of the workbook."),
        (MapEntry("x", "1. Cover", "Comments", right=2), "D9 is inside a merged block, which begins at C9."),
    ],
)
def test_a_line_that_leads_nowhere_says_why(entry: MapEntry, problem: str) -> None:
    assert find(outlines(), entry).problem == problem


def test_a_moved_label_takes_its_answer_along_and_the_difference_is_told() -> None:
    old, new = outlines(), outlines(area="Local authority")
    used = [MapEntry("x", "1. Cover", "Health and Wellbeing Board")]

    found = cell_map.differences(old, new, used)

    assert [(row.kind, row.label, row.before, row.after, row.used) for row in found] == [
        ("gone", "Health and Wellbeing Board", "B4", "", True),
        ("added", "Local authority", "", "B4", False),
    ]


def test_a_sheet_that_came_or_went_is_told() -> None:
    found = cell_map.differences(outlines(), outlines(cover="Cover"), [MapEntry("x", "1. Cover", "Quarter")])

    assert [(row.kind, row.sheet, row.used) for row in found] == [
        ("sheet gone", "1. Cover", True),
        ("sheet added", "Cover", False),
    ]


def test_two_files_alike_have_no_difference() -> None:
    assert cell_map.differences(outlines(), outlines(), []) == []


def test_a_label_that_moved_down_is_told_with_both_places() -> None:
    old = outlines()
    moved = {**old, "1. Cover": _one_row_down(old["1. Cover"])}

    found = cell_map.differences(old, moved, [MapEntry("x", "1. Cover", "Quarter")])

    assert ("moved", "Quarter", "B5", "B6") in [(row.kind, row.label, row.before, row.after) for row in found]
    assert found[0].used
    assert find(moved, MapEntry("x", "1. Cover", "Quarter")).address == "C6"


def _one_row_down(outline: cell_map.Outline) -> cell_map.Outline:
    cells = {(row + 1, column): seen for (row, column), seen in outline.cells.items()}
    return cell_map.Outline(outline.name, cells, (), ())


def test_text_in_the_way_of_a_column_is_told_and_an_invitation_is_none() -> None:
    outline = outlines()["3. Income"]

    assert cell_map.in_the_way(outline, (6, 1)) == "Total"
    assert cell_map.in_the_way(outline, (3, 2)) == ""
    seen = cell_map.Seen("<Please select>", formula=False)
    assert cell_map.in_the_way(cell_map.Outline("x", {(0, 0): seen}, (), ()), (0, 0)) == ""


def target(key: str, words: str) -> cell_map.Target:
    return cell_map.Target(key, words, "Sheet")


def test_columns_are_proposed_where_more_than_one_heading_matches_and_never_over_labels() -> None:
    found = [
        target("expenditure[*].name", "Expenditure: Scheme name, every line"),
        target("expenditure[*].scheme_no", "Expenditure: Scheme ID, every line"),
        target("expenditure[*].actual", "Expenditure: Actual, every line"),
        target("income[*].source", "Income: Source, every line"),
    ]

    proposed = cell_map.propose(outlines(), found)

    assert [(entry.target, entry.sheet, entry.down) for entry in proposed] == [
        ("expenditure[*].name", "4. Expenditure", 1),
        ("expenditure[*].scheme_no", "4. Expenditure", 1),
    ]
    assert cell_map.propose(outlines(), found[2:]) == []


def test_a_line_is_put_anew_in_its_place_added_at_the_end_or_taken_out() -> None:
    first, second, third = (MapEntry(name, "s", name) for name in "abc")

    assert cell_map.changed([first, second], third, replaces="a") == [third, second]
    assert cell_map.changed([first, second], third, replaces="") == [first, second, third]
    assert cell_map.changed([first, second], None, replaces="a") == [second]
    assert cell_map.changed([first, second, third], MapEntry("b", "s", "z"), replaces="a") == [
        MapEntry("b", "s", "z"),
        third,
    ]


def test_map_and_outline_are_kept_as_plain_data_and_come_back_the_same() -> None:
    entries = [MapEntry("answers.email", "1. Cover", "Quarter", 2, 3, 4)]
    outline = outlines()["1. Cover"]

    assert cell_map.from_data(json.loads(json.dumps(cell_map.to_data(entries)))) == entries
    assert cell_map.outline_from_data(json.loads(json.dumps(cell_map.outline_to_data(outline)))) == outline


def test_numerator_and_denominator_of_a_metric_can_be_placed(template: Template, southwark: dict[str, Any]) -> None:
    southwark["metrics"][2] |= {"value": "87.2", "numerator": "34", "denominator": "39"}

    found = {target.key: target for target in cell_map.targets(template, southwark)}

    column = cell_map.of_column("metrics[*].numerator", found.values())
    assert [value_of(target.entry) for target in column if target.entry] == [None, None, 34, None, None, None]
    denominator = found["metrics[REABL91].denominator"]
    assert denominator.words == "Reablement: still at home 91 days after discharge: Denominator"
    assert denominator.entry is not None
    assert value_of(denominator.entry) == 39
    assert {target.key for target in cell_map.columns_of(template)} <= set(found)
