"""A return as open data: typed columns, states told apart, safe text, and a package that describes itself."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from bcf_metrics.domain import completion, templates
from bcf_metrics.domain.templates import Template
from bcf_metrics.presenters import open_data
from tests.unit.bcf_metrics.conftest import Content


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def line(rows: list[dict[str, str]], field: str, number: str = "") -> dict[str, str]:
    (found,) = [row for row in rows if row["field"] == field and row["line"] == number]
    return found


def with_actual(content: Content, **changed: Any) -> Content:
    first, *others = content["expenditure"]
    return {**content, "expenditure": [{**first, **changed}, *others]}


@pytest.mark.parametrize(
    ("actual", "state", "until", "number"),
    [
        ("12.50", "stated", None, "12.50"),
        ("0.00", "nil", None, "0"),
        (None, "not_applicable", None, ""),
        (None, "not_yet_available", "2014-09-30", ""),
        (None, "suppressed", None, ""),
        (None, "missing", None, ""),
    ],
)
def test_each_empty_state_is_told_apart_and_only_nil_is_a_number(
    template: Template, southwark: Content, actual: str | None, state: str, until: str | None, number: str
) -> None:
    content = with_actual(southwark, actual=actual, state=state, until=until)

    row = line(read(open_data.csv_file(template, content).content), "expenditure.actual", "1")

    assert (row["state"], row["number"], row["available_on"]) == (state, number, until or "")
    assert row["text"] == ""


def test_numbers_dates_and_texts_have_columns_of_their_own(template: Template, southwark: Content) -> None:
    rows = read(open_data.csv_file(template, southwark).content)

    assert line(rows, "expenditure.plan", "1")["number"] == "5621000.00"
    assert line(rows, "answers.section_75_expected_on")["date"] == "2015-04-01"
    assert line(rows, "conditions.answer", "1")["text"] == "Yes"
    assert line(rows, "answers.section_75_in_place")["state"] == "answered"


def test_text_that_a_spreadsheet_would_run_is_guarded_and_the_contact_left_out(
    template: Template, southwark: Content
) -> None:
    answers = {**southwark["answers"], "narrative": "=cmd|' /C calc'!A0", "finance_commentary": None}
    found = open_data.csv_file(template, {**southwark, "answers": answers}).content

    rows = read(found)
    assert line(rows, "answers.narrative")["text"] == "'=cmd|' /C calc'!A0"
    assert line(rows, "answers.finance_commentary")["state"] == "not_answered"
    assert b"metrics@southwark-council.example" not in found
    assert b"020 7946 0000" not in found


@pytest.mark.parametrize("code", ["2015-16", "2025-26"])
def test_the_dictionary_explains_every_field_of_the_layout_and_every_state(code: str, southwark: Content) -> None:
    template = templates.load(code)
    content = {**southwark, "period": {**southwark["period"], "financial_year": "2025/26"}}
    rows = read(open_data.dictionary_file(template, content).content)

    explained = {row["field"] for row in rows}
    used = {row["field"] for row in read(open_data.csv_file(template, content).content)}
    assert used <= explained
    assert {row["label"] for row in rows if row["field"] == "state"} >= {"nil", "missing", "suppressed", "answered"}


def test_the_package_describes_its_files_and_the_same_return_gives_the_same_bytes(
    template: Template, southwark: Content
) -> None:
    made = open_data.package_file(template, southwark)

    assert made.content == open_data.package_file(template, southwark).content
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        package = json.loads(archive.read("datapackage.json"))
        for resource in package["resources"]:
            data = archive.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            assert resource["bytes"] == len(data)
            header = next(csv.reader(io.StringIO(data.decode())))
            assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert package["profile"] == "tabular-data-package"
    assert "not signed off" in package["description"]
    assert package["name"] == "bcf-return-southwark-quarter-1-2014-15-version-1-data-package"


def test_every_entry_but_the_contact_has_a_line(template: Template, southwark: Content) -> None:
    rows = read(open_data.csv_file(template, southwark).content)

    expected = [entry for entry in completion.entries(template, southwark) if entry.field.code not in open_data.CONTACT]
    assert len(rows) == len(expected)
