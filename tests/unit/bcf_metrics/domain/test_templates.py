import copy
import json
from typing import Any

import pytest

from bcf_metrics.domain import datafiles, templates
from bcf_metrics.domain.shapes import ShapeError
from bcf_metrics.domain.templates import Field, Table

Layout = dict[str, Any]


@pytest.fixture
def layout() -> Layout:
    return copy.deepcopy(templates.layout("2015-16"))


def test_load_all_reads_every_file_that_ships() -> None:
    assert [template.code for template in templates.load_all()] == datafiles.codes("return_templates")
    assert {"2015-16", "2025-26"} <= set(datafiles.codes("return_templates"))


@pytest.mark.parametrize("code", datafiles.codes("return_templates"))
def test_layout_survives_json_and_gives_the_same_template(code: str) -> None:
    again = json.loads(json.dumps(templates.layout(code)))

    assert templates.parse(again, name="database") == templates.load(code)


def test_template_2015_16_has_the_tabs_of_a_2014_15_return_in_order() -> None:
    template = templates.load("2015-16")

    assert [tab.title for tab in template.asked("2014/15")] == [
        "Checklist",
        "Cover",
        "Budget arrangements",
        "National conditions",
        "Income and expenditure",
        "Supporting metrics",
        "Narrative",
    ]
    assert "Payment for performance" in [tab.title for tab in template.asked("2015/16")]


@pytest.mark.parametrize(("code", "limit"), [("2015-16", "100000000"), ("2025-26", "1000000000")])
def test_template_amounts_keep_to_the_limit_of_their_time(code: str, limit: str) -> None:
    template = templates.load(code)
    columns = [column for table in template.tables() for column in table.columns]

    limits = {str(int(field.limit)) for field in [*template.single_fields(), *columns] if field.limit is not None}

    assert limits == {limit}


@pytest.mark.parametrize("code", datafiles.codes("return_templates"))
def test_template_keys_are_those_of_the_content(code: str) -> None:
    template = templates.load(code)

    assert {table.rows for table in template.tables()} <= {"conditions", "income", "expenditure", "metrics"}
    prefills = {field.prefill.split(".")[0] for field in template.single_fields() if field.prefill}
    assert prefills <= {"area", "period", "fund", "previous"}
    assert all(c.prefill in ("", "row") for table in template.tables() for c in table.columns)


def field_of(layout: Layout, code: str) -> Layout:
    return next(field for tab in layout["tabs"] for field in tab["fields"] if field["code"] == code)


def refused(layout: Layout) -> str:
    with pytest.raises(ShapeError) as refusal:
        templates.parse(layout, name="layout")
    return refusal.value.message


def test_parse_with_an_unknown_key_is_refused_by_its_place(layout: Layout) -> None:
    layout["tabs"][1]["fields"][0]["lable"] = "x"

    assert "tabs[1].fields[0]: unknown key 'lable'" in refused(layout)


def test_parse_with_a_bare_yes_is_refused(layout: Layout) -> None:
    field_of(layout, "signed_off_by")["required"] = {"when": {"field": "signed_off_by_board", "is": True}}

    assert "required.when.is: expected text, found True" in refused(layout)


@pytest.mark.parametrize(
    ("code", "change", "message"),
    [
        ("email", {"code": "phone"}, "field phone is given twice"),
        ("email", {"code": "E-mail"}, "a code has small letters"),
        ("email", {"limit": "5"}, "only a number has a limit"),
        ("email", {"choices": ["a"]}, "choices belong to a choice"),
        ("email", {"type": "choice"}, "a choice needs them"),
        (
            "email",
            {"required": {"when": {"field": "nothing", "is": "x"}}},
            "asks for nothing, which is no field",
        ),
        ("email", {"type": "money"}, "a number needs a limit"),
        ("income", {"row_label": "nothing"}, "row_label names no column: nothing"),
    ],
)
def test_parse_of_a_contradiction_is_refused(layout: Layout, code: str, change: Layout, message: str) -> None:
    field_of(layout, code).update(change)

    assert message in refused(layout)


@pytest.mark.parametrize("title", ["x" * 32, "Income/expenditure", "cover"])
def test_parse_with_a_sheet_that_cannot_be_named_is_refused(layout: Layout, title: str) -> None:
    layout["tabs"][2]["title"] = title

    assert "sheet" in refused(layout)


def test_parse_without_a_checklist_is_refused(layout: Layout) -> None:
    del layout["tabs"][0]

    assert "exactly one checklist" in refused(layout)


def test_parse_tells_fields_from_tables(layout: Layout) -> None:
    tabs = {tab.code: tab for tab in templates.parse(layout, name="layout").tabs}

    assert [type(item) for item in tabs["income_and_expenditure"].fields] == [Table, Table, Field, Field]


def test_read_refuses_a_key_given_twice(tmp_path: Any) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")

    with pytest.raises(ShapeError, match="the key 'a' is given twice"):
        datafiles.read(path)
