import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration_hub.core.spreadsheets.reader import read
from integration_hub.core.spreadsheets.texts import (
    csv_bytes,
    csv_cell,
    download_name,
    looks_like_formula,
    without_guard,
)
from integration_hub.core.spreadsheets.writer import INPUT, PREFILLED, Book, Box, sheet_name

CREATED = datetime(2014, 7, 28, 9, 30, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+44 20",
    "-5 beds",
    "@home",
    "{=1}",
    "\t=1",
    "http://example.org",
    "00123",
    "1e5",
]


def book() -> Book:
    return Book(title="Scheme plan", created=CREATED)


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_write_text_that_looks_like_a_formula_stays_text():
    writer = book()
    sheet = writer.sheet("Plan")
    for row, text in enumerate(HOSTILE):
        sheet.write_text(row, 0, text)

    cells = [row[0] for row in opened(writer.finish())["Plan"].iter_rows()]

    assert [cell.value for cell in cells] == HOSTILE
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [looks_like_formula(text) for text in HOSTILE]
    assert all(cell.hyperlink is None for cell in cells)


def test_write_money_keeps_its_sign_and_pennies_as_a_number():
    writer = book()
    sheet = writer.sheet("Plan")
    amounts = [Decimal("-123.45"), Decimal("0.00"), Decimal("999999999999.99"), Decimal("214000.07")]
    for row, amount in enumerate(amounts):
        sheet.write_money(row, 0, amount)
    data = writer.finish()

    read_back = [row[0].value for row in read(io.BytesIO(data), "plan.xlsx").sheets[0].rows]
    cell = opened(data)["Plan"]["A1"]

    assert read_back == amounts
    assert cell.value == -123.45
    assert cell.data_type == "n"
    assert cell.number_format.startswith("£#,##0.00")


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
        ),
        min_size=1,
        max_size=30,
    )
)
def test_write_any_text_is_read_back_as_it_was(texts):
    writer = book()
    sheet = writer.sheet("Plan")
    for row, text in enumerate(texts):
        sheet.write_text(row, 0, text)

    found = [row[0].value for row in read(io.BytesIO(writer.finish()), "plan.xlsx").sheets[0].rows]

    assert found == texts


def test_write_number_that_a_cell_cannot_hold_is_refused():
    sheet = book().sheet("Plan")

    with pytest.raises(ValueError, match="exactly"):
        sheet.write_number(0, 0, Decimal("12345678901234567.89"))


def test_write_text_too_long_for_a_cell_is_refused_not_dropped():
    sheet = book().sheet("Plan")

    with pytest.raises(ValueError, match="32,767"):
        sheet.write_text(0, 0, "x" * 32_768)


def test_write_outside_the_sheet_is_refused_not_dropped():
    sheet = book().sheet("Plan")

    with pytest.raises(ValueError, match="outside"):
        sheet.write_text(2_000_000, 0, "x")


def test_protected_sheet_unlocks_what_is_to_be_filled_in():
    writer = book()
    sheet = writer.sheet("Plan", protected=True)
    sheet.write_blank(0, 0, INPUT)
    sheet.write_text(0, 1, "Southwark", PREFILLED)

    plan = opened(writer.finish())["Plan"]

    assert plan.protection.sheet
    assert not plan["A1"].protection.locked
    assert plan["B1"].protection.locked


def test_sheet_layout_is_kept():
    writer = book()
    sheet = writer.sheet("Plan", widths=[30, 12], freeze=(1, 1), repeat_header=0)
    sheet.write_header(0, ["Scheme", "Budget"])
    sheet.write_date(1, 0, date(2014, 7, 28))
    writer.define_name("Plan_date", sheet, Box(1, 0, 1, 0))
    writer.define_name("Plan_all", sheet, Box(0, 0, 1, 1))

    workbook = opened(writer.finish())
    plan = workbook["Plan"]

    assert plan.freeze_panes == "B2"
    assert round(plan.column_dimensions["A"].width) == 31
    assert plan.print_title_rows == "$1:$1"
    assert plan.page_setup.orientation == "landscape"
    assert plan["A1"].font.bold
    assert plan["A2"].value == datetime(2014, 7, 28)  # noqa: DTZ001 - Excel keeps no time zone
    assert workbook.defined_names["Plan_date"].attr_text == "'Plan'!$A$2"
    assert workbook.defined_names["Plan_all"].attr_text == "'Plan'!$A$1:$B$2"


def test_name_that_excel_does_not_take_is_refused():
    writer = book()
    sheet = writer.sheet("Plan")

    with pytest.raises(ValueError, match="A1"), pytest.warns(UserWarning, match="defined_name"):
        writer.define_name("A1", sheet, Box(0, 0, 0, 0))


def test_rules_for_cells_say_what_to_enter():
    writer = book()
    sheet = writer.sheet("Plan")
    sheet.allow_money(Box(0, 1, 9, 1))
    sheet.allow_money(Box(0, 2, 9, 2), minimum=None)
    sheet.allow_list(Box(0, 3, 9, 3), ["Yes", "No"])
    sheet.allow_list(Box(0, 4, 9, 4), "=Lists!$A$1:$A$20")
    sheet.allow_date(Box(0, 5, 9, 5), first=date(2014, 4, 1), last=date(2015, 3, 31))
    sheet.allow_length(Box(0, 6, 9, 6), maximum=500)
    sheet.allow_number(Box(0, 7, 9, 7), minimum=Decimal(0), maximum=Decimal(100))

    rules = {str(rule.sqref): rule for rule in opened(writer.finish())["Plan"].data_validations.dataValidation}

    assert rules["B1:B10"].formula1 == "AND(ISNUMBER(B1),B1>=0.00,B1<=100000000.00,ROUND(B1,2)=B1)"
    assert rules["B1:B10"].error == "Enter pounds and pence, from 0.00 to 100,000,000.00, with at most two decimals."
    assert "C1>=-100000000.00" in rules["C1:C10"].formula1
    assert rules["D1:D10"].formula1 == '"Yes,No"'
    assert rules["E1:E10"].formula1 == "Lists!$A$1:$A$20"
    assert rules["F1:F10"].error == "Enter a date from 1 April 2014 to 31 March 2015."
    assert (rules["G1:G10"].type, rules["G1:G10"].formula1) == ("textLength", "500")
    assert (rules["H1:H10"].type, float(rules["H1:H10"].formula2)) == ("decimal", 100)


def test_list_too_long_for_excel_is_refused_not_dropped():
    sheet = book().sheet("Plan")

    with pytest.raises(ValueError, match="too long"), pytest.warns(UserWarning, match="255"):
        sheet.allow_list(Box(0, 0, 0, 0), ["x" * 100, "y" * 100, "z" * 100])


def test_list_with_a_comma_in_a_choice_is_refused():
    sheet = book().sheet("Plan")

    with pytest.raises(ValueError, match="range of cells"):
        sheet.allow_list(Box(0, 0, 0, 0), ["Yes, in part", "No"])


def test_formula_carries_its_result_for_previewers():
    writer = book()
    sheet = writer.sheet("Plan")
    sheet.write_money(0, 0, Decimal("1.10"))
    sheet.write_formula(1, 0, "=SUM(A1:A1)", Decimal("1.10"))
    sheet.write_formula(2, 0, '=IF(A1>0,"Yes","No")', "Yes")
    sheet.write_link(3, 0, "'Plan'!A1", "Go to the amount")
    data = writer.finish()

    found = [row[0].value for row in read(io.BytesIO(data), "plan.xlsx").sheets[0].rows]

    assert found == [Decimal("1.1"), Decimal("1.1"), "Yes", "Go to the amount"]
    assert opened(data)["Plan"]["A2"].value == "=SUM(A1:A1)"
    assert opened(data)["Plan"]["A4"].hyperlink.location == "'Plan'!A1"


def test_same_content_gives_the_same_bytes_and_says_nothing_of_the_machine(monkeypatch):
    def one() -> bytes:
        writer = book()
        writer.sheet("Plan").write_text(0, 0, "a")
        return writer.finish()

    first = one()
    monkeypatch.setenv("USER", "somebody")

    assert one() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2014-07-28T09:30:00Z") == 2
    assert "Integration Hub" in core


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Income and expenditure", "Income and expenditure"),
        ("BCF 2014/15: [plan]*?", "BCF 2014 15 plan"),
        ("x" * 40, "x" * 31),
        ("'quoted'", "quoted"),
        ("", "Sheet"),
        ("///", "Sheet"),
        ("History", "History sheet"),
    ],
)
def test_sheet_name_is_one_that_excel_takes(name, expected):
    assert sheet_name(name) == expected


def test_sheet_name_taken_already_gets_a_number():
    taken = ["plan", "Plan (2)", "x" * 31]

    assert sheet_name("Plan", taken) == "Plan (3)"
    assert sheet_name("x" * 31, taken) == "x" * 27 + " (2)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-5 beds", "'-5 beds"),
        ("-", "'-"),
        ("@home", "'@home"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("  =1+1", "'  =1+1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("'=1", "''=1"),
        ("-1+1", "'-1+1"),
        ("-123.45", "-123.45"),
        ("it's", "it's"),
        ("00123", "00123"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (True, "TRUE"),
        (-5, "-5"),
        (Decimal("-123.45"), "-123.45"),
        (Decimal("1E+3"), "1000"),
        (date(2014, 7, 28), "2014-07-28"),
    ],
)
def test_csv_cell_neutralises_text_alone(value, expected):
    assert csv_cell(value) == expected


@pytest.mark.parametrize("value", [1.5, b"x", ["a"]])
def test_csv_cell_of_what_does_not_say_what_it_means_is_refused(value):
    with pytest.raises(TypeError):
        csv_cell(value)


@given(st.text())
def test_csv_cell_of_any_text_never_starts_a_formula_and_comes_back(text):
    cell = csv_cell(text)

    assert without_guard(cell) == text
    assert not looks_like_formula(cell)


def test_csv_bytes_open_with_accents_and_negatives_whole():
    data = csv_bytes([["Scheme", "Café £"], ["=1", Decimal("-123.45")]])

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Scheme", "Café £"], ["'=1", "-123.45"]]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("BCF return: Southwark 2014/15", "BCF-return-Southwark-2014-15.xlsx"),
        ("../../etc/passwd", "etc-passwd.xlsx"),
        ('a"; filename="b.exe\r\nX: y', "a-filename-b-exe-X-y.xlsx"),
        ("Café", "Cafe.xlsx"),
        ("con", "con-file.xlsx"),
        ("", "download.xlsx"),
        ("\N{SNOWMAN}", "download.xlsx"),
        ("x" * 300, "x" * 100 + ".xlsx"),
    ],
)
def test_download_name_is_one_that_every_system_takes(title, expected):
    assert download_name(title, "xlsx") == expected


def test_a_formula_is_written_as_it_is_and_a_text_in_it_that_looks_like_a_new_function_stays() -> None:
    book = Book(title="Formulas", created=datetime(2014, 7, 14, tzinfo=UTC))
    sheet = book.sheet("Sheet")
    sheet.write_formula(0, 0, '=IF(B1="","BASE(DAYS(1))","")', "BASE(DAYS(1))")

    made = openpyxl.load_workbook(io.BytesIO(book.finish()))

    assert made["Sheet"]["A1"].value == '=IF(B1="","BASE(DAYS(1))","")'
