"""A return taken away as a workbook and loaded back: nothing changes by itself, and each change is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bcf_metrics.domain import answers, cell_reading, completion, policy_years, round_trip, templates
from bcf_metrics.domain import content as contents
from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.cell_reading import answer_of
from bcf_metrics.domain.round_trip import FIXED, GONE, MOVED, STALE, WRONG, Loaded, StampRefused
from bcf_metrics.domain.templates import AMOUNTS, Field, FieldType, Template
from bcf_metrics.presenters import workbook
from integration_hub.core.spreadsheets import reader
from tests.unit.bcf_metrics.conftest import content_of_southwark

Content = dict[str, Any]
ID = "0b9c1f9e-3f1e-4a53-9d0a-0d6f2f1b7a11"
TODAY = date(2014, 7, 28)
YEARS = [year for year in policy_years.load_all() if year.loaded and year.return_template]


def cells_of(template: Template, content: Content) -> list[Cell]:
    return [
        Cell(
            entry=entry,
            key="" if entry.locked or entry.path.startswith("metrics") else entry.path,
            source="from the plan" if entry.locked else "",
            code=answers.code_of(entry, contents.row_of(content, entry.path)),
        )
        for entry in completion.entries(template, content)
    ]


def built(template: Template, content: Content) -> bytes:
    keys = {cell.entry.path: cell.key for cell in cells_of(template, content) if cell.key}
    return workbook.build(template, content, origin=workbook.Origin(ID, keys))


def opened(file: bytes) -> reader.Workbook:
    return reader.read(BytesIO(file), "return.xlsx")


def loaded(file: bytes, template: Template, now: Content, *, on: date = TODAY) -> Loaded:
    book = opened(file)
    return round_trip.compare(round_trip.read_stamp(book), book, cells_of(template, now), on=on)


def edited(file: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The file as a spreadsheet program saves it after somebody worked in it."""
    book = openpyxl.load_workbook(BytesIO(file))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def cell_of(book: openpyxl.Workbook, path: str) -> Any:
    """The cell of an entry, by the name that the workbook gives it."""
    name = workbook.NAME_PART.sub(lambda found: f"_{int(found['row']) + 1}_", f"return_{path.removeprefix('answers.')}")
    sheet, address = next(book.defined_names[name].destinations)
    return book[sheet][address.replace("$", "")]


def put(path: str, value: Any) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        cell_of(book, path).value = value

    return change


@pytest.fixture
def draft(southwark: Content) -> Content:
    return southwark | {"version": None, "as_at": "2014-07-14"}


# What any answer may hold. Surrogates are no text; what no cell can hold is refused before it is kept.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "",
        "=1+1",
        "-5",
        "+44 20",
        "'quoted",
        "_x0041_",
        "nil",
        "0012",
        "1.50",
        "two\nlines",
        "two\r\nlines",
        "é😀",
        "2014-07-28",
    ]
)
pounds = st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False).map(lambda amount: f"{amount:.2f}")
days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)


def answer(field: Field) -> st.SearchStrategy[str | None]:
    if field.type in AMOUNTS:
        return st.none() | pounds
    if field.type is FieldType.DATE:
        return st.none() | days
    if field.choices:
        return st.none() | st.sampled_from([code for code, _ in field.choices])
    return st.none() | texts


@st.composite
def amounts(draw: st.DrawFn, column: str) -> dict[str, Any]:
    reasons = answers.ACTUAL_REASONS if column == "actual" else answers.FORECAST_REASONS
    state = draw(st.sampled_from(["stated", "missing", *reasons]))
    key = contents.AMOUNT_KEYS[column]
    found: dict[str, Any] = {column: draw(pounds) if state == "stated" else None, key: str(state)}
    if state == "nil":
        found[column] = draw(st.sampled_from([None, "0.00"]))
    if column == "actual":
        found["until"] = draw(days) if state == "not_yet_available" else None
    return found


@st.composite
def returns(draw: st.DrawFn, template: Template, label: str) -> Content:
    """A return of a year with every kind of answer in it."""
    content = content_of_southwark()
    content |= {"template": template.code, "version": None, "as_at": draw(days)}
    content["period"] |= {"financial_year": label, "label": f"Quarter 1 {label}"}
    content["answers"] = {field.code: draw(answer(field)) for field in template.single_fields() if not field.prefill}
    for row in content["conditions"]:
        row |= {"answer": draw(st.none() | st.sampled_from(_choices(template))), "expected_on": draw(st.none() | days)}
        row["comment"] = draw(texts)
    for rows in ("income", "expenditure"):
        for row in content[rows]:
            for column in contents.AMOUNT_KEYS:
                row |= draw(amounts(column))
            row["note"] = draw(texts)
    for row in content["metrics"]:
        row |= {"commentary": draw(texts), "progress_words": draw(texts)}
    return content


def _choices(template: Template) -> list[str]:
    columns = [column for table in template.tables() if table.rows == "conditions" for column in table.columns]
    return next(([code for code, _ in column.choices] for column in columns if column.code == "answer"), ["Yes"])


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.code)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(data=st.data())
def test_export_then_import_changes_nothing(year: policy_years.PolicyYear, data: st.DataObject) -> None:
    template = templates.load(year.return_template)
    content = data.draw(returns(template, year.label))

    found = loaded(built(template, content), template, content)

    assert found == Loaded((), ())


def test_each_kind_of_answer_is_read_as_the_page_keeps_it(template: Template, draft: Content) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for path, value in (
            ("answers.email", "other@southwark-council.example"),
            ("answers.signed_off_by_board", "yes"),
            ("answers.sign_off_expected_on", "29/07/2014"),
            ("answers.narrative", "=not a formula"),
            ("income[0].actual", Decimal("1234.5")),
            ("income[1].actual", "not yet available until 31 October 2014"),
            ("expenditure[0].actual", "nil"),
            ("expenditure[1].actual", "Suppressed"),
            ("expenditure[2].actual", None),
            ("expenditure[5].actual", "£1,300.00"),
        ):
            cell = cell_of(book, path)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"

    found = loaded(edited(built(template, draft), change), template, draft)

    assert found.refused == ()
    assert {row.key: row.code for row in found.changes} == {
        "answers.email": "other@southwark-council.example",
        "answers.signed_off_by_board": "Yes",
        "answers.sign_off_expected_on": "2014-07-29",
        "answers.narrative": "=not a formula",
        "income[0].actual": "1234.50",
        "income[1].actual": "not_yet_available:2014-10-31",
        "expenditure[0].actual": "nil",
        "expenditure[1].actual": "suppressed",
        "expenditure[2].actual": "",
        "expenditure[5].actual": "1300.00",
    }
    cleared = next(row for row in found.changes if row.key == "expenditure[2].actual")
    assert (cleared.before, cleared.after, cleared.where) == ("£12,345.67", "", "Income and expenditure!E20")


def test_nil_and_a_stated_nought_stay_what_they_are(template: Template, draft: Content) -> None:
    draft["expenditure"][0] |= {"actual": "0.00", "state": "stated"}
    draft["expenditure"][1] |= {"actual": None, "state": "nil"}
    file = built(template, draft)

    assert loaded(file, template, draft) == Loaded((), ())
    typed = edited(file, put("expenditure[2].actual", 0))
    assert [row.code for row in loaded(typed, template, draft).changes] == ["0.00"]


def test_a_cell_that_was_changed_on_both_sides_is_refused_and_the_rest_kept(template: Template, draft: Content) -> None:
    file = edited(built(template, draft), put("answers.phone", "020 7946 0001"))
    file = edited(file, put("answers.completed_by", "Finance officer"))
    draft["answers"]["phone"] = "020 7946 0002"

    found = loaded(file, template, draft)

    assert [(row.key, row.code) for row in found.changes] == [("answers.completed_by", "Finance officer")]
    (stale,) = found.refused
    assert (stale.kind, stale.where, stale.yours, stale.now) == (STALE, "Cover!B13", "020 7946 0001", "020 7946 0002")
    assert round_trip.stale_words(stale, "A. Person", "14 July 2014 at 13:00") == (
        "Changed here since the file was downloaded: A. Person saved “020 7946 0002” on 14 July 2014 at 13:00; the "
        "file has “020 7946 0001”."
    )


def test_what_changed_on_the_hub_alone_and_what_both_made_alike_are_left(template: Template, draft: Content) -> None:
    file = edited(built(template, draft), put("answers.phone", "020 7946 0001"))
    draft["answers"] |= {"phone": "020 7946 0001", "completed_by": "Somebody else"}

    assert loaded(file, template, draft) == Loaded((), ())


def test_a_day_that_has_passed_since_the_download_is_no_change(template: Template, draft: Content) -> None:
    file = built(template, draft)

    assert loaded(file, template, draft | {"as_at": "2014-10-01"}) == Loaded((), ())


def test_a_prefilled_cell_that_was_changed_is_refused_by_name(template: Template, draft: Content) -> None:
    file = edited(built(template, draft), put("income[0].plan", 5))

    (row,) = loaded(file, template, draft).refused

    assert (row.kind, row.label, row.yours, row.now) == (
        FIXED,
        "Integration payment: Plan",
        "5",
        "£1,300,000.00",
    )


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("expenditure[0].actual", "about 500", "“about 500” is no amount. Enter pounds and pence, or the words nil"),
        ("expenditure[0].actual", "not_yet_available:soon", "is no amount"),
        ("expenditure[0].actual", "not yet available until 1 July 2014", "1 July 2014 is not in the future"),
        ("expenditure[0].actual", Decimal(-1), "below 0"),
        ("expenditure[0].actual", Decimal("0.005"), "more than two decimals"),
        ("expenditure[0].actual", Decimal(100000001), "above the return's limit of £100,000,000.00"),
        ("expenditure[0].actual", True, "“TRUE” is no amount"),
        ("answers.sign_off_expected_on", "soon", "is no date"),
        ("answers.sign_off_expected_on", "31 February 2014", "is no date"),
        ("answers.sign_off_expected_on", "1 January 1900", "Enter a real date"),
        ("answers.signed_off_by_board", "perhaps", "none of the answers. Choose Yes or No"),
        ("answers.email", "nobody", "Enter an e-mail address"),
        ("answers.phone", "0" * 41, "Shorten it to 40 or fewer"),
    ],
)
def test_what_cannot_be_an_answer_is_told_in_words(
    template: Template, draft: Content, path: str, value: Any, words: str
) -> None:
    cell = next(cell for cell in cells_of(template, draft) if cell.entry.path == path)

    code, problem = cell_reading.read(cell, value, on=TODAY)

    assert code == ""
    assert words in problem


def test_a_wrong_cell_is_told_with_its_address(template: Template, draft: Content) -> None:
    file = edited(built(template, draft), put("answers.email", "nobody"))

    found = loaded(edited(file, put("answers.phone", "1")), template, draft)

    assert [row.key for row in found.changes] == ["answers.phone"]
    assert [(row.kind, row.where, row.yours) for row in found.wrong] == [(WRONG, "Cover!B12", "nobody")]


def test_a_row_that_was_moved_takes_no_answer_with_it(template: Template, draft: Content) -> None:
    def sort(book: openpyxl.Workbook) -> None:
        for column in ("scheme_no", "name", "plan", "forecast", "actual", "note"):
            first, second = (cell_of(book, f"expenditure[{row}].{column}") for row in (3, 4))
            first.value, second.value = second.value, first.value

    found = loaded(edited(built(template, draft), sort), template, draft)

    assert found.changes == ()
    assert {row.key for row in found.refused if row.kind == MOVED} >= {"expenditure[3].actual", "expenditure[4].actual"}


def test_inserted_rows_take_no_answer_with_them(template: Template, draft: Content) -> None:
    def insert(book: openpyxl.Workbook) -> None:
        book["Cover"].insert_rows(8)

    found = loaded(edited(built(template, draft), insert), template, draft)

    assert found.changes == ()
    assert {row.kind for row in found.refused} == {MOVED, FIXED}


def test_a_field_that_is_gone_is_told(template: Template, draft: Content) -> None:
    file = edited(built(template, draft), put("expenditure[6].note", "Late start"))

    (row,) = loaded(file, template, draft | {"expenditure": draft["expenditure"][:6]}).refused

    assert (row.kind, row.yours) == (GONE, "Late start")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"area_code": "E09000012", "area": "Hackney"}, "other_area"),
        ({"period": "Quarter 2 2014/15"}, "other_period"),
        ({"return_id": "another"}, "other_return"),
        ({"template": "2025-26"}, "other_layout"),
        ({"layout_version": "2"}, "other_layout"),
    ],
)
def test_the_file_of_another_return_is_refused_as_a_whole(draft: Content, head: dict[str, str], code: str) -> None:
    wanted = round_trip.head_of(draft, return_id=ID, digest="")

    round_trip.check_belongs(wanted, wanted)
    with pytest.raises(StampRefused) as refusal:
        round_trip.check_belongs(wanted, replace(wanted, **head))

    assert refusal.value.code == code


def test_a_version_is_refused_as_a_whole(draft: Content) -> None:
    wanted = round_trip.head_of(draft, return_id=ID, digest="")

    with pytest.raises(StampRefused, match="version 1 of the return as it was sent"):
        round_trip.check_belongs(replace(wanted, version="1"), wanted)


def test_a_file_without_its_stamp_or_with_another_is_refused(template: Template, draft: Content) -> None:
    def unstamped(book: openpyxl.Workbook) -> None:
        del book[round_trip.SHEET]

    def restamped(book: openpyxl.Workbook) -> None:
        book[round_trip.SHEET]["B7"].value = "Quarter 2 2014/15"

    for change, code in ((unstamped, "no_stamp"), (restamped, "stamp_changed")):
        with pytest.raises(StampRefused) as refusal:
            loaded(edited(built(template, draft), change), template, draft)
        assert refusal.value.code == code


def test_a_sheet_that_is_missing_refuses_the_whole(template: Template, draft: Content) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Narrative"].title = "Our story"

    with pytest.raises(StampRefused, match="The sheet “Narrative” is not in the workbook any more"):
        loaded(edited(built(template, draft), rename), template, draft)


def test_the_stamp_is_out_of_sight_and_what_is_not_typed_is_locked(template: Template, draft: Content) -> None:
    book = openpyxl.load_workbook(BytesIO(built(template, draft)))

    assert book[round_trip.SHEET].sheet_state == "veryHidden"
    assert not cell_of(book, "answers.phone").protection.locked
    assert cell_of(book, "metrics[0].commentary").protection.locked


def test_the_words_of_a_state_are_read_only_where_the_cell_takes_it(template: Template, draft: Content) -> None:
    cells = {cell.entry.path: cell for cell in cells_of(template, draft)}

    assert answer_of(cells["income[0].forecast"], "to be confirmed") == ("to_be_confirmed", "")
    assert answer_of(cells["income[0].actual"], "to be confirmed")[1].startswith("“to be confirmed” is no amount")
    assert answer_of(cells["income[0].actual"], "missing") == ("", "")
    assert answer_of(cells["income[0].actual"], reader.CellError("#REF!"))[1].startswith("The formula gives #REF!")
