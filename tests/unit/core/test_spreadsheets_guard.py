import io
import re
import zipfile

import pytest
import xlsxwriter

from integration_hub.core.spreadsheets import guard, scan
from integration_hub.core.spreadsheets.guard import SheetRefused, check
from integration_hub.core.spreadsheets.reader import read

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    """An ordinary workbook of one sheet with a text and an amount."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Plan")
    sheet.write_string("A1", "Scheme")
    sheet.write_number("B1", 214000.07)
    book.close()
    return out.getvalue()


def changed(parts: dict[str, bytes | str]) -> io.BytesIO:
    """The ordinary workbook with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    out.seek(0)
    return out


def with_sheet(cells: str, *, start: str = HEAD, root: str = "worksheet") -> io.BytesIO:
    return changed({SHEET: f"{start}<{root} {MAIN}><sheetData>{cells}</sheetData></{root}>"})


def refusal_of(upload: io.BytesIO, name: str = "plan.xlsx") -> SheetRefused:
    with pytest.raises(SheetRefused) as refusal:
        check(upload, name)
    return refusal.value


class MeasuredUpload(io.RawIOBase):
    """A file that says how large it is and fails when anybody reads it."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("a file that is too large was read")


class EndlessUpload(io.RawIOBase):
    """A file without a size of its own: its end must be sought, its content never read."""

    def __init__(self, size: int) -> None:
        self._size = size

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset + (self._size if whence == 2 else 0)

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("a file that is too large was read")


def test_check_ordinary_workbook_is_taken_and_left_at_its_beginning():
    upload = io.BytesIO(workbook())

    assert check(upload, "Plan 2014-15.XLSX") == guard.XLSX
    assert upload.tell() == 0


@pytest.mark.parametrize("upload", [MeasuredUpload(50 * 1024 * 1024), EndlessUpload(50 * 1024 * 1024)])
def test_check_fifty_megabytes_is_refused_without_reading(upload):
    refusal = refusal_of(upload)

    assert refusal.code == "too_large"
    assert "50.0 MB; at most 10 MB" in refusal.message
    assert refusal.http_status == 400
    assert refusal.field == "file"


@pytest.mark.parametrize(
    ("content", "name", "code", "says"),
    [
        (b"", "plan.xlsx", "empty", "empty"),
        (b"Scheme,Amount\n1,2\n", "plan.xlsx", "not_workbook", ".csv"),
        (b"%PDF-1.4 report", "plan.pdf", "not_workbook", ".xlsx or a .csv"),
        (OLE + bytes(2000), "plan.xls", "old_format", "Save it as .xlsx"),
        (OLE + bytes(2000), "plan.xlsx", "old_format", "Save it as .xlsx"),
        (OLE + bytes(70_001) + "EncryptedPackage".encode("utf-16-le"), "plan.xlsx", "password", "Remove the password"),
        (b"PK\x03\x04" + bytes(500), "plan.xlsx", "damaged", "Save it again"),
        (workbook()[:-400], "plan.xlsx", "damaged", "Save it again"),
        (workbook()[:3000] + bytes(200) + workbook()[3200:], "plan.xlsx", "damaged", "again"),
        (workbook(), "plan.txt", "name", "ends in .xlsx"),
        (workbook(), "plan.csv", "name", "ends in .xlsx"),
        (workbook(), "plan.xlsm", "macros", ".xlsm"),
    ],
)
def test_check_file_of_another_kind_is_refused_with_what_to_do(content, name, code, says):
    refusal = refusal_of(io.BytesIO(content), name)

    assert refusal.code == code
    assert says in refusal.message


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"\0macro"}, "macros"),
        ({"xl/macrosheets/sheet1.xml": HEAD + "<a/>"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": HEAD + "<a/>"}, "external_links"),
        ({"xl/connections.xml": HEAD + "<a/>"}, "external_links"),
        ({"xl/embeddings/oleObject1.bin": b"\0"}, "embedded"),
        ({"xl/activeX/activeX1.xml": HEAD + "<a/>"}, "embedded"),
        ({"xl/../../../etc/cron.d/job": b"* * * * *"}, "part_names"),
        ({"/etc/passwd": b"root"}, "part_names"),
        ({"xl\\worksheets\\sheet9.xml": b"<a/>"}, "part_names"),
        ({"XL/Workbook.xml": HEAD + "<a/>"}, "part_names"),
        ({f"xl/media/image{number}.png": b"\x89PNG" for number in range(400)}, "too_many_parts"),
        ({"xl/media/image1.png": bytes(9_000_000)}, "compression"),
        ({f"xl/media/image{number}.png": bytes(1_000_000) for number in range(85)}, "expands"),
    ],
)
def test_check_dangerous_parts_are_refused_by_the_directory(parts, code):
    upload = changed(parts)

    assert refusal_of(upload).code == code
    with pytest.raises(SheetRefused) as refusal:
        guard.check_container(upload, "plan.xlsx")
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c x='>' r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c r = "A20001"><v>1</v></c></row>',
        '<row r="1"><c r="IW1"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="1">' + "<c><v>1</v></c>" * 257 + "</row>",
        '<row r="1"><c r="&#88;FD1"><v>1</v></c></row>',
    ],
)
def test_check_cell_far_outside_is_refused_however_it_is_written(cells):
    upload = with_sheet(cells)

    refusal = refusal_of(upload)

    assert upload.getbuffer().nbytes < 22_000
    assert refusal.code == "outside"
    assert "20,000 rows and 256 columns" in refusal.message


def test_check_far_cell_is_named_in_the_message():
    assert "Cell XFD1048576 " in refusal_of(with_sheet('<row r="9"><c r="XFD1048576"><v>1</v></c></row>')).message


def test_check_empty_row_numbered_at_the_end_of_the_sheet_is_taken():
    upload = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" ht="12.8"/>')

    assert check(upload, "plan.xlsx") == guard.XLSX


def test_check_ten_million_tiny_rows_in_little_space_are_refused():
    rows = io.BytesIO()
    with zipfile.ZipFile(rows, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(io.BytesIO(workbook())) as old:
        for part in old.infolist():
            if part.filename != SHEET:
                new.writestr(part.filename, old.read(part))
        with new.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(f"{HEAD}<worksheet {MAIN}><sheetData>".encode())
            for _ in range(100):
                sheet.write(b"<row/>" * 100_000)
            sheet.write(b"</sheetData></worksheet>")
    rows.seek(0)

    assert rows.getbuffer().nbytes < 1_000_000
    assert refusal_of(rows).code == "compression"


def test_check_more_rows_than_taken_is_refused_by_counting():
    refusal = refusal_of(with_sheet("<row/>" * 20_001))

    assert refusal.code == "too_many_rows"
    assert "20,000 rows" in refusal.message


def test_check_rows_as_many_as_taken_are_taken():
    assert check(with_sheet("<row/>" * 20_000), "plan.xlsx") == guard.XLSX


def test_check_more_cells_than_taken_over_all_sheets_is_refused(monkeypatch):
    monkeypatch.setattr(scan, "MAXIMUM_CELLS", 3)
    two_cells = f'{HEAD}<worksheet {MAIN}><sheetData><row><c r="A1"/><c r="B1"/></row></sheetData></worksheet>'

    assert refusal_of(changed({SHEET: two_cells, "xl/worksheets/sheet2.xml": two_cells})).code == "too_many_cells"
    assert check(changed({SHEET: two_cells}), "plan.xlsx") == guard.XLSX


def test_check_more_tags_than_taken_is_refused(monkeypatch):
    monkeypatch.setattr(scan, "MAXIMUM_ELEMENTS", 1000)

    assert refusal_of(with_sheet("<a/>" * 1001)).code == "too_many_cells"


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "docProps/app.xml", "xl/anything.dat"])
def test_check_entities_in_any_part_are_refused(part):
    bomb = f'{HEAD}<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><worksheet {MAIN}>&c;</worksheet>'

    assert refusal_of(changed({part: bomb})).code == "doctype"


@pytest.mark.parametrize(
    "content",
    [
        (HEAD.replace("UTF-8", "UTF-16") + "<worksheet/>").encode("utf-16"),
        (HEAD.replace("UTF-8", "UTF-16") + "<worksheet/>").encode("utf-16-le"),
        HEAD.replace("UTF-8", "ISO-8859-1") + "<worksheet/>",
    ],
)
def test_check_part_in_an_encoding_that_hides_tags_is_refused(content):
    assert refusal_of(changed({SHEET: content})).code == "encoding"


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: HEAD + "<worksheet><sheetData>"},
        {SHEET: "junk" + HEAD + '<worksheet><sheetData><row><c r="XFD1048576"/></row></sheetData></worksheet>'},
        {"xl/media/image1.png": b"\x89PNG <sheetData><row/></sheetData>"},
        {"xl/media/image1.png": b"\x89PNG" + bytes(range(1, 200)) * 330 + b"<sheetData/>" + bytes(9)},
        {SHEET: HEAD + f"<worksheet {MAIN}><sheetData><row><c r='a1'/></row></sheetData></worksheet>"},
        {SHEET: HEAD + f"<worksheet {MAIN}><sheetData><row><c r='A'/></row></sheetData></worksheet>"},
    ],
)
def test_check_part_that_no_program_writes_is_refused_as_damaged(parts):
    assert refusal_of(changed(parts)).code == "damaged"


def test_check_one_endless_tag_is_refused_before_it_is_read_again_and_again():
    # Digits that do not repeat, so that the ratio gives nothing away.
    noise = "".join(f"{number:x}" for number in range(1_200_000))

    assert refusal_of(with_sheet(f'<row a="{noise}"/>')).code == "damaged"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="2"><v>1.5</v></c><c r="C1"/></row>' * 3,
        '<row r="1" spans="1:2" x:y="0.25"><c r="IV19999" t="inlineStr"><is><t>a</t></is></c></row><row><c/></row>',
        '<row r="7"><c r="A7"><v>1</v></c></row><row><c><f>1+1</f></c><c t="e"><v>#REF!</v></c></row>',
        '<row r="7"><c r="A7"><v>1</v></c></row><row r="8"><c r="A8" t="e"><v>#N/A</v></c><c r="B8"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><f>B1</f></c></row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"/>',
        '<!-- <row r="1"><c r="A1"><v>1</v></c></row> --><row r="2"><c r="A2" t="str"><f>A1</f><v></v></c></row>',
    ],
)
@pytest.mark.parametrize("chunk", [7, 100, 64 * 1024])
def test_scan_finds_the_same_whether_plain_rows_are_parsed_or_only_counted(cells, chunk, monkeypatch):
    monkeypatch.setattr(scan, "_CHUNK", chunk)
    quick, slow = scan._XmlPart(), scan._XmlPart()
    sheet = f"{HEAD}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>".encode()
    for part in (quick, slow):
        for start in range(0, len(sheet), chunk):
            part.feed(sheet[start : start + chunk])
        part.finish()
        monkeypatch.setattr(scan, "_PLAIN", re.compile(b"(?!)"))

    # What stands in a comment may count; nothing must be left out.
    hidden = cells.count("<!--")
    assert quick.lost == slow.lost
    assert (quick._rows - slow._rows, quick.cells - slow.cells) in {(0, 0), (hidden, hidden)}


@pytest.mark.parametrize(
    "cells",
    ['<row r="1"><c r="A20001"/></row>', '<row r="1"><c r="IW1"/></row>', '<row r="1"><c r="AAA1"/></row>'],
)
def test_check_plain_rows_keep_within_the_limits(cells, monkeypatch):
    assert refusal_of(with_sheet(cells)).code == "outside"
    plain = '<row r="1"><c r="A1"/><c r="B1"/></row>'
    monkeypatch.setattr(scan, "MAXIMUM_CELLS", 3)
    assert refusal_of(with_sheet(plain * 2)).code == "too_many_cells"
    monkeypatch.setattr(scan, "MAXIMUM_ROWS", 1)
    assert refusal_of(with_sheet(plain * 2)).code == "too_many_rows"


def test_check_sheet_behind_another_root_or_name_is_still_counted():
    assert refusal_of(with_sheet("<row/>" * 20_001, root="calcChain")).code == "too_many_rows"


def test_check_comment_drawing_with_unmatched_tags_is_taken():
    drawing = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>one<br>two</v:shape></xml>'

    assert check(changed({"xl/drawings/vmlDrawing1.vml": drawing}), "plan.xlsx") == guard.XLSX


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["[Content_Types].xml", "xl/workbook.bin"], "binary_workbook"),
        (["mimetype", "content.xml"], "open_document"),
        (["[Content_Types].xml", "word/document.xml"], "not_workbook"),
        (["photo.jpg"], "not_workbook"),
    ],
)
def test_check_other_zip_files_are_refused_by_what_they_are(names, code):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")

    assert refusal_of(out).code == code


def test_check_part_marked_as_encrypted_is_refused():
    raw = bytearray(workbook())
    # The general purpose flag stands 8 bytes into each directory entry.
    raw[raw.index(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(io.BytesIO(bytes(raw))).code == "password"


def test_check_part_packed_by_an_unusual_method_is_refused():
    out = changed({})
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG", compress_type=zipfile.ZIP_LZMA)

    assert refusal_of(out).code == "damaged"


def test_check_csv_is_told_by_name_and_content():
    assert check(io.BytesIO(b"a,b\n1,2\n"), "plan.csv") == guard.CSV


def test_read_refuses_what_the_guard_refuses():
    with pytest.raises(SheetRefused) as refusal:
        read(with_sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "plan.xlsx")

    assert refusal.value.code == "outside"
