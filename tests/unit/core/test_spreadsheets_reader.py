import io
import json
import os
import signal
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from integration_hub.core.spreadsheets import child, guard, reader, scan
from integration_hub.core.spreadsheets.guard import SheetRefused
from integration_hub.core.spreadsheets.reader import Cell, CellError, read
from integration_hub.core.spreadsheets.texts import csv_bytes


def made(fill) -> io.BytesIO:
    """A workbook whose sheet "Plan" was filled by `fill(book, sheet)`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet("Plan"))
    book.close()
    out.seek(0)
    return out


def values(upload: io.BytesIO, name: str = "plan.xlsx") -> dict[str, object]:
    """Every value of an upload by its address, empty cells left out."""
    sheets = read(upload, name).sheets
    return {
        cell.address: cell.value for sheet in sheets for row in sheet.rows for cell in row if cell.value is not None
    }


def test_read_keeps_every_kind_of_value_at_its_address():
    def fill(book, sheet):
        def shown(pattern):
            return book.add_format({"num_format": pattern})

        sheet.write_number("C9", 214000.07)
        sheet.write_number("C10", 123456789012.35)
        sheet.write_number("C11", -1234.5)
        sheet.write_number("C12", 7)
        sheet.write_boolean("D1", True)
        sheet.write_datetime("D2", date(2014, 7, 28), shown("dd/mm/yyyy"))
        sheet.write_datetime("D3", datetime(2014, 7, 28, 13, 30), shown("dd/mm/yyyy hh:mm"))  # noqa: DTZ001 - as Excel
        sheet.write_datetime("D4", time(13, 30), shown("hh:mm"))
        sheet.write_datetime("D5", timedelta(hours=30), shown("[h]:mm"))
        sheet.write_string("E1", "=not a formula")
        sheet.write_string("E2", " two\nlines ")
        sheet.write_string("E3", "00123")
        sheet.write_formula("F1", "=1+1", None, 2)
        sheet.write_formula("F2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("F3", '="a"&"b"', None, "ab")

    assert values(made(fill)) == {
        "Plan!C9": Decimal("214000.07"),
        "Plan!C10": Decimal("123456789012.35"),
        "Plan!C11": Decimal("-1234.5"),
        "Plan!C12": Decimal("7"),
        "Plan!D1": True,
        "Plan!D2": date(2014, 7, 28),
        "Plan!D3": datetime(2014, 7, 28, 13, 30),  # noqa: DTZ001 - Excel keeps no time zone
        "Plan!D4": time(13, 30),
        "Plan!D5": timedelta(hours=30),
        "Plan!E1": "=not a formula",
        "Plan!E2": " two\nlines ",
        "Plan!E3": "00123",
        "Plan!F1": Decimal("2"),
        "Plan!F2": CellError("#DIV/0!"),
        "Plan!F3": "ab",
    }


def test_read_formula_that_was_never_calculated_is_an_error_not_an_empty_cell():
    book = openpyxl.Workbook()
    book.active["A1"] = "=SUM(B1:B9)"
    book.active["B1"] = "#REF!"
    out = io.BytesIO()
    book.save(out)

    found = values(out)

    assert found == {"Sheet!A1": CellError("uncalculated"), "Sheet!B1": CellError("#REF!")}
    assert "save it" in found["Sheet!A1"].message
    assert "#REF!" in found["Sheet!B1"].message


def test_read_lost_value_beyond_the_others_widens_the_sheet():
    book = openpyxl.Workbook()
    book.active["A1"] = "Scheme"
    book.active["D5"] = "=A1"
    out = io.BytesIO()
    book.save(out)

    (sheet,) = read(out, "plan.xlsx").sheets

    assert [len(row) for row in sheet.rows] == [4] * 5
    assert sheet.rows[4][3] == Cell("Sheet", 4, 3, CellError("uncalculated"))


def test_read_gives_sheets_in_order_with_hidden_ones_marked_and_charts_left_out():
    def fill(book, sheet):
        sheet.write_string("A1", "a")
        book.add_chartsheet("Chart").set_chart(filled_chart(book))
        hidden = book.add_worksheet("Lists")
        hidden.write_string("B2", "b")
        hidden.hide()
        book.add_worksheet("Empty")

    def filled_chart(book):
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Plan!$A$1:$A$2"})
        return chart

    workbook = read(made(fill), "plan.xlsx")

    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in workbook.sheets] == [
        ("Plan", False, 1),
        ("Lists", True, 2),
        ("Empty", False, 0),
    ]
    assert workbook.sheet("lists").rows[1][1].address == "Lists!B2"
    assert workbook.sheet("Other") is None


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(-(10**14) + 1, 10**14 - 1), min_size=1, max_size=200))
def test_read_of_any_pennies_gives_the_same_pennies(pennies):
    amounts = [Decimal(number).scaleb(-2) for number in pennies]

    found = values(made(lambda _, sheet: sheet.write_column("A1", amounts)))

    assert list(found.values()) == amounts


def test_read_leaves_the_upload_open_and_at_its_beginning():
    upload = made(lambda _, sheet: sheet.write_string("A1", "a"))

    read(upload, "plan.xlsx")

    assert upload.tell() == 0


def test_read_cell_far_from_the_rest_is_refused_for_the_empty_area_between():
    def fill(book, sheet):
        sheet.write_string("A1", "a")
        sheet.write_string("IV19999", "b")

    with pytest.raises(SheetRefused) as refusal:
        read(made(fill), "plan.xlsx")

    assert refusal.value.code == "outside"
    assert "IV19999" in refusal.value.message


def test_read_text_repeated_until_it_fills_the_memory_is_refused_and_the_caller_lives():
    # Every cell points at one long shared text: 0.1 MB of file, 6 GB of cells.
    upload = made(lambda _, sheet: [sheet.write_string(row, 0, "x" * 32_000) for row in range(2)])
    out = io.BytesIO()
    with zipfile.ZipFile(upload) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                row = '<c t="s"><v>0</v></c>' * 20
                cells = "".join(f'<row r="{number}">{row}</row>' for number in range(1, 10_001))
                start, _, rest = content.decode().partition("<sheetData>")
                content = f"{start}<sheetData>{cells}</sheetData>{rest.partition('</sheetData>')[2]}".encode()
            compression = zipfile.ZIP_STORED if part.filename.endswith("sheet1.xml") else zipfile.ZIP_DEFLATED
            new.writestr(part.filename, content, compress_type=compression)

    with pytest.raises(SheetRefused) as refusal:
        read(out, "plan.xlsx")

    assert refusal.value.code == "too_heavy"


def stand_in(tmp_path, monkeypatch, code: str) -> io.BytesIO:
    """Let a small program take the place of the child, and give an ordinary upload to read with it."""
    script = tmp_path / "child.py"
    script.write_text(code)
    monkeypatch.setattr(reader, "_CHILD", script)
    return made(lambda _, sheet: sheet.write_string("A1", "a"))


def test_read_parser_that_aborts_is_a_refusal(tmp_path, monkeypatch, caplog):
    upload = stand_in(tmp_path, monkeypatch, "import os; os.abort()")

    with pytest.raises(SheetRefused) as refusal:
        read(upload, "plan.xlsx")

    assert refusal.value.code == "too_heavy"
    assert f"ended with -{signal.SIGABRT.value}" in caplog.text


def test_read_parser_that_never_ends_is_stopped(tmp_path, monkeypatch):
    number = tmp_path / "number"
    code = f"import os, time; open({str(number)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    upload = stand_in(tmp_path, monkeypatch, code)
    monkeypatch.setattr(reader, "SECONDS", 1)

    with pytest.raises(SheetRefused) as refusal:
        read(upload, "plan.xlsx")

    assert refusal.value.code == "too_heavy"
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


def test_read_parser_gets_nothing_of_the_environment_and_nothing_of_the_application(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the parser")
    folder = os.path.dirname(child.__file__)
    code = (
        f"import json, os, sys; sys.path.insert(0, {folder!r})\n"
        "import child\n"
        "ours = [name for name in sys.modules if name.startswith(('django', 'integration_hub', 'celery'))]\n"
        "told = json.dumps({'environment': list(os.environ), 'modules': ours, 'folder': os.getcwd()})\n"
        "print(json.dumps({'refused': ['told', told]}))\n"
    )

    with pytest.raises(SheetRefused) as refusal:
        read(stand_in(tmp_path, monkeypatch, code), "plan.xlsx")

    told = json.loads(refusal.value.message)
    # Python itself may add LC_CTYPE where there is no locale.
    assert set(told["environment"]) <= {"PYTHONUTF8", "LC_CTYPE"}
    assert told["modules"] == []
    assert told["folder"] == "/"


def test_child_takes_limits_on_memory_time_and_output(tmp_path, monkeypatch):
    folder = os.path.dirname(child.__file__)
    code = (
        f"import sys; sys.path.insert(0, {folder!r})\n"
        "import child, json, resource as r\n"
        "child.limit()\n"
        "found = [r.getrlimit(k)[0] for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)]\n"
        "print(json.dumps({'refused': ['told', json.dumps(found)]}))\n"
    )

    with pytest.raises(SheetRefused) as refusal:
        read(stand_in(tmp_path, monkeypatch, code), "plan.xlsx")

    assert refusal.value.message == f"[{768 * 2**20}, 10, {64 * 2**20}, 0]"


@pytest.mark.parametrize(
    "raw",
    [
        "Scheme,Amount\r\nCafé £,1\r\n".encode(),
        "Scheme,Amount\r\nCafé £,1\r\n".encode("utf-8-sig"),
        "Scheme,Amount\r\nCafé £,1\r\n".encode("cp1252"),
        "Scheme\tAmount\r\nCafé £\t1\r\n".encode("utf-16"),
        "Scheme;Amount\nCafé £;1\n".encode(),
        'Scheme,Amount\n"Café £","1"'.encode(),
    ],
)
def test_read_csv_in_the_usual_encodings_and_marks_gives_the_same_cells(raw):
    (sheet,) = read(io.BytesIO(raw), "plan 2014.csv").sheets

    assert sheet.name == "plan 2014"
    assert [[cell.value for cell in row] for row in sheet.rows] == [["Scheme", "Amount"], ["Café £", "1"]]
    assert sheet.rows[1][0].address == "plan 2014!A2"


def test_read_csv_rows_of_different_length_are_filled_with_empty_cells():
    (sheet,) = read(io.BytesIO(b'a,b,c\n\n1,"two\nlines"\n'), "plan.csv").sheets

    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["a", "b", "c"],
        [None, None, None],
        ["1", "two\nlines", None],
    ]


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        (b"", "empty", "empty"),
        (b"a,b\n\0\0\0,c\n", "not_text", "not text"),
        (b"a,b\n\x81\xff,c\n", "encoding", "CSV UTF-8"),
        (b"\xff\xfea", "encoding", "CSV UTF-8"),
        (b"a,b\n" * 20_001, "too_many_rows", "20,000 rows"),
        (b"a," * 256 + b"a\n", "outside", "256 columns"),
        (b"a\n" * 10_000 + b"a," * 200 + b"\n", "too_many_cells", "500,000 cells"),
        (b"x" * 32_768 + b",b\n", "long_text", "32,767 characters"),
        (b'a,b\n"open,1\n' + b"x,1\n" * 40_000, "csv_quotes", "quotation mark"),
        (b'a,b\n"shut"x,1\n', "csv_quotes", "line 2"),
        (b"a,b\n" + b"x" * 140_000 + b",1\n", "csv_quotes", "a cell has more than 131,072 characters"),
        (b"PK\x03\x04" + bytes(100), "damaged", "again"),
    ],
)
def test_read_csv_that_cannot_be_taken_is_refused_with_what_to_do(raw, code, says):
    with pytest.raises(SheetRefused) as refusal:
        read(io.BytesIO(raw), "plan.csv")

    assert refusal.value.code == code
    assert says in refusal.value.message


def test_read_csv_of_our_own_making_gives_the_texts_back():
    texts = ["=1+1", "-5 beds", "'=quoted", "@home", "+44", "-123.45", "plain", "it's"]

    found = values(io.BytesIO(csv_bytes([texts])), "plan.csv")

    assert list(found.values()) == texts


def test_cell_text_is_fit_for_a_message():
    assert Cell("S", 0, 0, Decimal("1E+3")).text == "1000"
    assert Cell("S", 0, 0, CellError("#REF!")).text == "#REF!"
    assert Cell("S", 0, 0, date(2014, 7, 28)).text == "2014-07-28"
    assert Cell("S", 0, 0, None).text == ""


def test_column_letters_follow_the_alphabet():
    assert [scan.column_letters(number) for number in (1, 26, 27, 256, 16384)] == ["A", "Z", "AA", "IV", "XFD"]


def test_largest_upload_is_ten_megabytes():
    assert guard.MAXIMUM_BYTES == 10 * 2**20
