import copy
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcf_metrics.domain import completion, templates
from bcf_metrics.domain.shapes import ShapeError
from bcf_metrics.domain.templates import Template
from bcf_metrics.presenters import workbook
from tests.unit.bcf_metrics.presenters.formulas import Sheets

Content = dict[str, Any]

SHEETS = [
    "Checklist",
    "Cover",
    "Budget arrangements",
    "National conditions",
    "Income and expenditure",
    "Supporting metrics",
    "Narrative",
]


def opened(template: Template, content: Content, *, cached: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook.build(template, content)), data_only=cached)


def find_row(sheet: Any, label: str, *, column: int = 1) -> int:
    rows = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == label]
    assert rows, f"{label} is not in column {column} of {sheet.title}"
    return rows[0]


def checklist(book: openpyxl.Workbook) -> list[tuple[Any, ...]]:
    sheet = book["Checklist"]
    first = find_row(sheet, "Field", column=2) + 1
    rows = []
    for row in sheet.iter_rows(min_row=first, max_col=5, values_only=True):
        if row[0] is None:
            break
        rows.append(row)
    return rows


def worked_out_differs(template: Template, content: Content) -> list[str]:
    """The cells whose formula gives something else than the value that was written beside it."""
    live = opened(template, content)
    cached = opened(template, content, cached=True)
    sheets = Sheets(live)
    differences = []
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                written = cached[sheet.title][cell.coordinate].value
                reached = sheets.value(sheet.title, cell.coordinate)
                if (written or "") != reached and not (written == 0 and reached == 0):
                    differences.append(f"{sheet.title}!{cell.coordinate}: {written!r}, {reached!r}")
    return differences


def test_build_has_the_sheets_of_the_template_in_order(template: Template, southwark: Content) -> None:
    assert opened(template, southwark).sheetnames == SHEETS


def test_build_for_a_year_that_asks_it_has_payment_for_performance(template: Template, southwark: Content) -> None:
    southwark["period"] |= {"financial_year": "2015/16", "label": "Quarter 1 2015/16", "due_on": "2015-08-28"}

    book = opened(template, southwark, cached=True)

    assert "Payment for performance" in book.sheetnames
    assert book["Checklist"]["B3"].value == "Incomplete Template"


def test_build_twice_gives_the_same_bytes(template: Template, southwark: Content) -> None:
    assert workbook.build(template, southwark) == workbook.build(template, copy.deepcopy(southwark))


def test_build_stamps_the_content_and_no_clock(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)

    assert book.properties.created.isoformat() == "2014-07-28T00:00:00"
    assert {prop.name: prop.value for prop in book.custom_doc_props.props} == {
        "Template": "2015-16",
        "Area code": "E09000028",
        "Period": "Quarter 1 2014/15",
        "Version": "1",
        "Content SHA-256": workbook.contents.digest(southwark),
    }


def test_build_of_a_complete_return_shows_it_without_recalculation(template: Template, southwark: Content) -> None:
    book = opened(template, southwark, cached=True)

    assert book["Checklist"]["B3"].value == "Complete Template"
    assert {row[3] for row in checklist(book)} == {"Yes"}
    assert book["Cover"]["B3"].value == "Yes"


def test_build_checklist_has_a_linked_row_for_each_check(template: Template, southwark: Content) -> None:
    book = opened(template, southwark, cached=True)
    checks = completion.assess(template, southwark).checks
    rows = checklist(book)

    assert [(row[0], row[1]) for row in rows] == [(check.entry.tab.title, check.entry.label) for check in checks]
    sheet = book["Checklist"]
    first = find_row(sheet, "Field", column=2) + 1
    for number, row in enumerate(rows, start=first):
        assert sheet.cell(number, 3).hyperlink.location == f"'{row[0]}'!{row[2]}"


def test_build_of_an_unanswered_field_says_no_and_what_to_do(template: Template, southwark: Content) -> None:
    southwark["answers"]["section_75_expected_on"] = None

    book = opened(template, southwark, cached=True)

    [row] = [row for row in checklist(book) if row[3] == "No"]
    assert row[1] == "If it is not in place, the date on which it will be"
    assert row[4] == 'Enter a date where "Are the funds pooled by a section 75 agreement?" is "No"'
    assert book["Checklist"]["B3"].value == "Incomplete Template"
    assert book["Budget arrangements"]["B3"].value == "No"


def test_build_formulas_agree_with_python_for_a_complete_return(template: Template, southwark: Content) -> None:
    assert worked_out_differs(template, southwark) == []


def test_build_formulas_agree_with_python_for_the_layout_of_2025_26(southwark: Content) -> None:
    southwark["template"] = "2025-26"
    southwark["period"] |= {"financial_year": "2025/26", "label": "Quarter 1 2025/26"}
    southwark["conditions"][1] |= {"answer": "No", "comment": ""}
    template = templates.load("2025-26")

    assert worked_out_differs(template, southwark) == []
    assert opened(template, southwark).sheetnames == [
        "Checklist",
        "Cover",
        "National conditions",
        "Metrics",
        "Expenditure",
    ]


@pytest.mark.parametrize(
    ("email", "answer"),
    [("a@b", "Yes"), ("@b", "No"), ("a@", "No"), ("a@@b", "No"), ("a b@c", "No"), ("ab", "No")],
)
def test_build_checks_an_email_address_as_python_does(
    template: Template, southwark: Content, email: str, answer: str
) -> None:
    southwark["answers"]["email"] = email

    live = opened(template, southwark)
    rows = checklist(opened(template, southwark, cached=True))

    number = [row[1] for row in rows].index("E-mail")
    assert rows[number][3] == answer
    first = find_row(live["Checklist"], "Field", column=2) + 1
    assert Sheets(live).value("Checklist", f"D{first + number}") == answer


ANSWERS = st.sampled_from(
    [
        None,
        "",
        " ",
        "Yes",
        "No",
        "yes",
        "x",
        "a@b",
        "a@@b",
        "@b",
        "a b@c",
        "2014-09-30",
        "1999-12-31",
        "3014-01-01",
        "2014-02-30",
        "0",
        "12.50",
        "-1",
        "100000000",
        "100000000.01",
        "=1+1",
        "\N{GRINNING FACE}" * 21,
        'a "b"',
        "1e3",
    ]
)
AMOUNTS = st.sampled_from(
    [
        ("0.00", "stated"),
        ("100000000.00", "stated"),
        ("100000000.01", "stated"),
        ("-0.01", "stated"),
        ("0.10", "stated"),
        (None, "nil"),
        ("0.00", "nil"),
        (None, "missing"),
        (None, "not_applicable"),
        (None, "not_stated"),
        (None, "to_be_confirmed"),
        (None, "suppressed"),
    ]
)


@st.composite
def changes(draw: st.DrawFn) -> Content:
    """What to lay over a return: any answer anywhere."""
    template = templates.load("2015-16")
    typed = [field.code for field in template.single_fields() if not field.prefill]
    return {
        "answers": draw(st.dictionaries(st.sampled_from(typed), ANSWERS, max_size=len(typed))),
        "conditions": draw(st.lists(st.tuples(ANSWERS, ANSWERS, ANSWERS), min_size=6, max_size=6)),
        "expenditure": draw(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=7, max_size=7)),
        "income": draw(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=2, max_size=2)),
        "statuses": draw(st.lists(st.sampled_from([None, *completion_statuses()]), min_size=6, max_size=6)),
        "year": draw(st.sampled_from(["2014/15", "2015/16"])),
        "quarter": draw(st.sampled_from([1, 4])),
        "previous": draw(st.sampled_from(["Yes", "No", None])),
    }


def completion_statuses() -> list[str]:
    return ["on_track", "not_on_track", "data_not_available", "not_defined"]


def changed(content: Content, change: Content) -> Content:
    made = copy.deepcopy(content)
    made["answers"] |= change["answers"]
    made["period"] |= {"financial_year": change["year"], "quarter": change["quarter"]}
    made["previous"] = {"section_75_in_place": change["previous"]}
    for row, (answer, expected_on, comment) in zip(made["conditions"], change["conditions"], strict=True):
        row |= {"answer": answer, "expected_on": expected_on, "comment": comment or ""}
    for key in ("income", "expenditure"):
        for row, (plan, forecast, actual) in zip(made[key], change[key], strict=True):
            row |= {"plan": plan[0], "forecast": forecast[0], "actual": actual[0], "until": None}
            row |= {"plan_state": plan[1], "forecast_state": forecast[1], "state": actual[1]}
    for row, status in zip(made["metrics"], change["statuses"], strict=True):
        row["status"] = status
    return made


@given(change=changes())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_build_formulas_agree_with_python_for_any_answers(
    template: Template, southwark: Content, change: Content
) -> None:
    assert worked_out_differs(template, changed(southwark, change)) == []


def test_build_totals_tie_to_the_penny(template: Template, southwark: Content) -> None:
    sheet = opened(template, southwark, cached=True)["Income and expenditure"]
    header = find_row(sheet, "Scheme")
    row = find_row(sheet, "11") + 1
    lines = [[sheet.cell(number, column).value for number in range(header + 1, row)] for column in (3, 4, 5)]
    sums = [sum(Decimal(str(v)) for v in line if isinstance(v, int | float)) for line in lines]

    assert [Decimal(str(sheet.cell(row, column).value)) for column in (3, 4, 5)] == sums
    assert sums == [Decimal(8957000), Decimal(8957000), Decimal("61728.35")]
    assert [sheet.cell(row + 1, column).value for column in (3, 4, 5)] == [8957000, 8957000, 61728.35]
    assert [sheet.cell(row + 2, column).value for column in (3, 4, 5)] == [0, 0, 0]


def test_build_total_that_adds_nothing_is_no_figure_and_never_nought(template: Template, southwark: Content) -> None:
    sheet = opened(template, southwark, cached=True)["Income and expenditure"]
    row = find_row(sheet, "Total of the lines above")

    assert sheet.cell(row, 5).value == "no figure"
    assert sheet.cell(row + 3, 1).value == (
        "The totals leave out: 2 x actual not yet available until 30 September 2014."
    )


@pytest.mark.parametrize(
    ("state", "until", "value"),
    [
        ("nil", None, 0),
        ("not_applicable", None, "not applicable"),
        ("suppressed", None, "suppressed"),
        ("missing", None, "missing"),
        ("not_yet_available", "2014-09-30", "not yet available until 30 September 2014"),
        ("not_yet_available", "2014-07-28", "missing"),
    ],
)
def test_build_empty_figure_is_in_words_and_only_nil_is_a_number(
    template: Template, southwark: Content, state: str, until: str | None, value: str | int
) -> None:
    southwark["expenditure"][0] |= {"actual": None, "state": state, "until": until}

    sheet = opened(template, southwark)["Income and expenditure"]

    cell = sheet.cell(find_row(sheet, "1"), 5)
    assert cell.value == value
    assert cell.number_format.endswith(';"nil"') is (state == "nil")


def test_build_text_like_a_formula_stays_text(template: Template, southwark: Content) -> None:
    dangerous = '=HYPERLINK("http://example.org","x")'
    southwark["answers"]["completed_by"] = dangerous
    southwark["conditions"][0]["comment"] = "+1"
    southwark["area"]["name"] = "@Southwark"

    book = opened(template, southwark)

    cell = book["Cover"].cell(find_row(book["Cover"], "Completed by"), 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (dangerous, "s", True)
    assert book["National conditions"]["F8"].data_type == "s"
    assert book["Cover"].cell(find_row(book["Cover"], "Health and Wellbeing Board area"), 2).data_type == "s"


def test_build_amount_below_nil_stays_a_number_and_is_not_complete(template: Template, southwark: Content) -> None:
    southwark["expenditure"][0] |= {"actual": "-123.45", "state": "stated"}

    book = opened(template, southwark, cached=True)
    sheet = book["Income and expenditure"]

    assert sheet.cell(find_row(sheet, "1"), 5).value == -123.45
    assert [row[1] for row in checklist(book) if row[3] == "No"] == [
        "Existing NHS transfers within social care budget: Actual"
    ]


def test_build_locks_what_the_hub_fills_in_and_nothing_else(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)
    entries = completion.entries(template, southwark)
    names = {row[1]: (row[0], row[2]) for row in checklist(opened(template, southwark, cached=True))}

    assert all(sheet.protection.sheet for sheet in book)
    for entry in entries:
        if entry.label in names:
            sheet, cell = names[entry.label]
            assert book[sheet][cell].protection.locked is entry.locked, entry.path
    assert book["Cover"]["B6"].protection.locked is True
    assert book["Checklist"]["B3"].protection.locked is True


def test_build_validates_what_is_typed(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2)
        for rule in book["Income and expenditure"].data_validations.dataValidation
    }
    sheet = book["Income and expenditure"]
    first, last = find_row(sheet, "1"), find_row(sheet, "11")
    kind, formula, _ = rules[f"E{first}:E{last}"]

    assert kind == "custom"
    assert f"E{first}>=0,E{first}<=100000000.00,ROUND(E{first},2)=E{first}" in formula
    assert '"not applicable"' in formula
    assert len(formula) <= 255
    answers = {str(r.sqref): (r.type, r.formula1) for r in book["National conditions"].data_validations.dataValidation}
    assert answers["D8:D13"] == ("list", '"Yes,No,No - In Progress"')
    assert answers["E8:E13"][0] == "date"
    cover = {str(r.sqref): (r.type, r.formula1) for r in book["Cover"].data_validations.dataValidation}
    signed = find_row(book["Cover"], "Has the return been signed off for the Health and Wellbeing Board?")
    assert cover[f"B{signed}"] == ("list", '"Yes,No"')


def test_build_validates_numbers_from_0_to_100_million(template: Template, southwark: Content) -> None:
    southwark["period"] |= {"financial_year": "2015/16"}

    sheet = opened(template, southwark)["Payment for performance"]

    rules = [r for r in sheet.data_validations.dataValidation if r.type == "decimal"]
    assert [(r.operator, r.formula1, r.formula2) for r in rules] == [(None, "0.0", "100000000.0")] * 3


def test_build_names_each_field(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)
    sheet = book["Cover"]

    assert book.defined_names["return_email"].attr_text == f"'Cover'!$B${find_row(sheet, 'E-mail')}"
    assert book.defined_names["return_income_2_plan"].attr_text == "'Income and expenditure'!$C$9"
    assert len(book.defined_names) == len(completion.entries(template, southwark))


def test_build_types_dates_as_dates_and_choices_as_words(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)

    assert book["National conditions"]["E10"].value.isoformat() == "2015-03-31T00:00:00"
    assert book["Supporting metrics"]["E8"].value == "On track"


def test_build_of_a_draft_says_so_on_every_sheet_and_in_print(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)

    assert {sheet["A4"].value for sheet in book} == {"Draft: not signed off"}
    assert {sheet.oddHeader.center.text for sheet in book} == {"&BDraft: not signed off"}


def test_build_with_every_signature_for_this_version_is_no_draft(template: Template, southwark: Content) -> None:
    for row in southwark["signatures"]:
        row |= {
            "signed_at": "2014-07-30T10:00:00+01:00",
            "version": 1,
            "name_words": "Approver of demonstration",
        }

    book = opened(template, southwark)

    assert {sheet["A4"].value for sheet in book} == {"Signed off: version 1"}
    cover = book["Cover"]
    assert cover.cell(find_row(cover, "Southwark Council"), 3).value == "30 July 2014, version 1"


def test_build_with_a_signature_for_another_version_is_a_draft(template: Template, southwark: Content) -> None:
    for row in southwark["signatures"]:
        row |= {"signed_at": "2014-07-30T10:00:00+01:00", "version": 1}
    southwark["version"] = 2

    assert opened(template, southwark)["Cover"]["A4"].value == "Draft: not signed off"


def test_build_marks_what_is_illustrative(template: Template, southwark: Content) -> None:
    book = opened(template, southwark)
    cover, money = book["Cover"], book["Income and expenditure"]

    assert cover.cell(find_row(cover, "Contact number"), 3).value == "Illustrative."
    assert cover.cell(find_row(cover, "Completed by"), 3).value == "The person to ask about this return."
    assert [money["G8"].value, money["G9"].value] == ["illustrative", None]


def test_build_keeps_the_differences_and_the_note_on_the_layout(template: Template, southwark: Content) -> None:
    cover = opened(template, southwark)["Cover"]

    assert cover.cell(find_row(cover, "Layout"), 2).value == southwark["layout_note"]
    assert cover.cell(find_row(cover, "Difference in the sources"), 2).value == southwark["discrepancies"][0]


def test_build_lists_the_findings_that_no_formula_makes(template: Template, southwark: Content) -> None:
    southwark["totals"]["expenditure"]["plan"] = "8957000.01"

    sheet = opened(template, southwark)["Checklist"]

    row = find_row(sheet, "V10", column=3)
    assert sheet.cell(row, 1).value == "Must be put right"
    assert "a difference of £0.01" in sheet.cell(row, 2).value


def test_build_of_the_longest_narrative_keeps_every_character(template: Template, southwark: Content) -> None:
    southwark["answers"]["narrative"] = "Line of the narrative.\n" * 1390

    sheet = opened(template, southwark)["Narrative"]

    assert sheet["A7"].value == southwark["answers"]["narrative"]
    # Merged over more rows than it has lines, since no single row is high enough.
    box = next(area for area in sheet.merged_cells.ranges if (area.min_row, area.min_col) == (7, 1))
    assert box.size["rows"] > 1390


def test_build_without_rows_in_its_tables_still_makes_a_workbook(template: Template, southwark: Content) -> None:
    southwark |= {"conditions": [], "income": [], "expenditure": [], "metrics": [], "totals": {}}

    assert worked_out_differs(template, southwark) == []


def test_build_of_a_content_with_a_wrong_shape_is_refused(template: Template, southwark: Content) -> None:
    southwark["expenditure"][0]["plan"] = 5621000.0

    with pytest.raises(ShapeError, match=r"expenditure\[0\].plan: expected pounds as text"):
        workbook.build(template, southwark)


def test_build_is_a_sound_package(template: Template, southwark: Content) -> None:
    with zipfile.ZipFile(BytesIO(workbook.build(template, southwark))) as package:
        assert package.testzip() is None
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
