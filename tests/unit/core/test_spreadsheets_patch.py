"""Filling in a workbook of somebody else's: what is written, what is refused, and what stays byte for byte."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration_hub.core.spreadsheets import patch, reader, scan
from integration_hub.core.spreadsheets.guard import SheetRefused
from integration_hub.core.spreadsheets.package import Package
from integration_hub.core.spreadsheets.patch import CellsRefused, Patched, Workbook, Write
from tests.factories import official

COVER, INCOME = "1. Cover", "3. Income"
WORKBOOK = "xl/workbook.xml"
SHEET1, SHEET2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts(content or official.blank()).items():
            archive.writestr(part, change(data) if part == name else data)
    return out.getvalue()


def filled(*writes: Write, content: bytes | None = None) -> Patched:
    return Workbook(content or official.blank()).fill(writes)


def value(result: Patched, sheet: str, address: str) -> object:
    return openpyxl.load_workbook(io.BytesIO(result.content))[sheet][address].value


def refusals(*writes: Write, content: bytes | None = None) -> list[tuple[str, str]]:
    with pytest.raises(CellsRefused) as refusal:
        filled(*writes, content=content)
    return [(problem.address, problem.code) for problem in refusal.value.problems]


def unmarked() -> bytes:
    return with_part(WORKBOOK, lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""))


def test_only_the_sheets_written_and_the_mark_to_recalculate_change() -> None:
    before = unmarked()

    result = filled(
        Write(COVER, "C4", "Southwark", "Area"),
        Write(INCOME, "C4", Decimal("5621000.07"), "Planned"),
        content=before,
    )

    old, new = parts(before), parts(result.content)
    changed = {name for name in old if old[name] != new[name]}
    assert list(old) == list(new)
    assert changed == {SHEET1, SHEET2, WORKBOOK} == {part.name for part, _ in result.changed}
    assert {name for name in old if "drawing" in name or "media" in name or "chart" in name} <= set(old) - changed
    assert {part.name: part.sha256 for part in result.equal} == {
        name: hashlib.sha256(data).hexdigest() for name, data in old.items() if name not in changed
    }
    assert new[WORKBOOK].replace(b' fullCalcOnLoad="1"', b"") == old[WORKBOOK]
    scan.scan(io.BytesIO(result.content))


def test_a_workbook_that_is_marked_already_keeps_its_workbook_part() -> None:
    result = filled(Write(COVER, "C4", "Southwark"))

    assert WORKBOOK in {part.name for part in result.equal}


@pytest.mark.parametrize(
    ("there", "becomes"),
    [
        (b'<calcPr calcId="1" fullCalcOnLoad="0"/>', b'<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        (b'<calcPr calcId="1"></calcPr>', b'<calcPr calcId="1" fullCalcOnLoad="1"></calcPr>'),
        (b"", b'</definedNames><calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_the_mark_is_put_wherever_the_workbook_part_has_its_place(there: bytes, becomes: bytes) -> None:
    other = with_part(WORKBOOK, lambda xml: xml.replace(b'<calcPr calcId="124519" fullCalcOnLoad="1"/>', there))

    assert becomes in parts(filled(Write(COVER, "C4", "Southwark"), content=other).content)[WORKBOOK]


def test_in_a_sheet_written_only_the_cells_and_the_kept_values_of_formulas_differ() -> None:
    before = official.blank()

    result = filled(Write(INCOME, "C4", Decimal("1.50")), content=before)

    old, new = parts(before)[SHEET2], parts(result.content)[SHEET2]
    assert result.dropped == tuple(f"{INCOME}!{cell}" for cell in ("E4", "E5", "E6", "C7", "D7"))
    without_values = old.replace(b"</f><v>0</v>", b"</f>")
    assert new == re.sub(rb'(<c r="C4" s="[0-9]+")/>', rb"\1><v>1.5</v></c>", without_values)


def test_each_cell_written_is_listed_with_what_it_held_before() -> None:
    first = filled(Write(COVER, "C4", "Lambeth"))

    again = filled(Write(COVER, "C4", "Southwark", "Area"), Write(COVER, "A1", "Return"), content=first.content)

    found = [(cell.address, cell.label, cell.before, cell.after) for cell in again.written]
    assert found == [("C4", "Area", "Lambeth", "Southwark"), ("A1", "", "Quarterly return", "Return")]


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1", "-2", "@x", 'a & b < c > "d"', "  two  spaces ", "line\nline", "_x0041_", "£é漢😀"],
)
def test_text_stays_the_text_it_is(text: str) -> None:
    result = filled(Write(COVER, "C4", text))

    sheet = openpyxl.load_workbook(io.BytesIO(result.content))[COVER]
    assert sheet["C4"].data_type in ("s", "inlineStr")
    read = reader.read(io.BytesIO(result.content), "filled.xlsx").sheet(COVER)
    assert read is not None
    assert read.cell(3, 2).value == text
    assert Workbook(result.content).outline(COVER).cells[(3, 2)].text == text


def test_numbers_dates_and_truths_are_typed_and_keep_the_style_of_the_cell() -> None:
    result = filled(
        Write(INCOME, "C4", Decimal("-123.45")),
        Write(INCOME, "D4", 0),
        Write(COVER, "C7", date(2014, 7, 28)),
        Write(COVER, "C6", date(2014, 7, 28)),
        Write(COVER, "C5", True),
    )

    assert value(result, INCOME, "C4") == -123.45
    assert value(result, INCOME, "D4") == 0
    assert str(value(result, COVER, "C7")) == "2014-07-28 00:00:00"
    assert value(result, COVER, "C6") == "28/07/2014"
    assert value(result, COVER, "C5") is True
    book = openpyxl.load_workbook(io.BytesIO(result.content))
    assert book[INCOME]["C4"].number_format == "£#,##0.00"
    assert book[COVER]["C7"].protection.locked is False


def test_a_cell_that_is_not_there_yet_is_put_in_its_place_with_the_style_of_its_column() -> None:
    result = filled(Write(COVER, "F30", "low"), Write(COVER, "A5", "left"), Write(COVER, "Z4", "right"))

    book = openpyxl.load_workbook(io.BytesIO(result.content))
    assert [book[COVER][cell].value for cell in ("F30", "A5", "Z4")] == ["low", "left", "right"]
    rows = parts(result.content)[SHEET1]
    assert rows.index(b'r="A5"') < rows.index(b'r="B5"') < rows.index(b'r="F30"')


def test_a_cell_is_emptied_and_keeps_its_style() -> None:
    first = filled(Write(INCOME, "C4", 5))

    again = filled(Write(INCOME, "C4", None), content=first.content)

    assert value(again, INCOME, "C4") is None
    assert re.search(rb'<c r="C4" s="[0-9]+"/>', parts(again.content)[SHEET2])


def test_a_percentage_goes_in_hundredths_where_the_cell_shows_one() -> None:
    styles = lambda xml: xml.replace(b'formatCode="\xc2\xa3#,##0.00"', b'formatCode="0.0%"')  # noqa: E731
    shown = with_part("xl/styles.xml", styles)

    result = filled(Write(INCOME, "C4", Decimal(85), percentage=True), content=shown)

    assert value(result, INCOME, "C4") == 0.85
    assert value(filled(Write(INCOME, "C4", Decimal(85), percentage=True)), INCOME, "C4") == 85


def test_a_cell_with_a_formula_a_missing_sheet_and_the_inside_of_a_block_are_refused_by_name() -> None:
    before = official.blank()

    found = refusals(
        Write(INCOME, "E4", 1, "Difference"),
        Write("5. Metrics", "C4", 1),
        Write(COVER, "D9", "x"),
        Write(COVER, "C4", "good"),
        Write(COVER, "4C", "x"),
        Write(COVER, "C4", "twice"),
        Write(COVER, "C5", Decimal("0.12345678901234567890")),
        Write(COVER, "C6", "x" * 32_768),
        content=before,
    )

    assert dict(found) == {
        "E4": "formula",
        "C4": "twice",
        "D9": "merged",
        "4C": "no_address",
        "C5": "value",
        "C6": "value",
    } | {"C4": "twice"}
    assert ("C4", "no_sheet") in found
    assert before == official.blank()
    with pytest.raises(CellsRefused, match=r"3\. Income!E4 \(Difference\): a formula stands in this cell"):
        filled(Write(INCOME, "E4", 1, "Difference"))


def test_cells_that_one_formula_fills_together_are_refused() -> None:
    change = lambda xml: xml.replace(b"<f>D4-C4</f>", b'<f t="array" ref="E4:F5">D4-C4</f>')  # noqa: E731
    array = with_part(SHEET2, change)

    assert refusals(Write(INCOME, "F5", 1), content=array) == [("F5", "formula")]


def test_a_sheet_whose_tags_carry_a_prefix_is_filled_alike() -> None:
    def prefixed(xml: bytes) -> bytes:
        plain = re.sub(rb"<(/?)(?!\?)", rb"<\1x:", xml)
        return plain.replace(b"xmlns=", b"xmlns:x=")

    result = filled(Write(COVER, "C4", "Southwark"), content=with_part(SHEET1, prefixed))

    assert value(result, COVER, "C4") == "Southwark"
    assert f"{COVER}!E4" in result.dropped


def test_rows_and_cells_without_numbers_of_their_own_are_found() -> None:
    bare = with_part(SHEET2, lambda xml: re.sub(rb'(<(?:row|c)) r="[A-Z]*[0-9]+"', rb"\1", _no_gaps(xml)))

    assert Workbook(bare).outline(INCOME).cells[(2, 0)].text == "Source"


def _no_gaps(xml: bytes) -> bytes:
    return xml.replace(b'<row r="3"', b'<row r="1"/><row r="2"/><row r="3"')


def test_the_outline_tells_texts_formulas_and_blocks() -> None:
    outline = Workbook(official.blank()).outline(COVER)

    assert outline.cells[(3, 1)].text == "Health and Wellbeing Board"
    assert outline.cells[(3, 4)].formula
    assert outline.block((8, 3)).first == (8, 2)
    assert list(Workbook(official.blank()).sheets) == [COVER, INCOME, "4. Expenditure", "Checklist", "Lists"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"no workbook at all", "not_workbook"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (official.blank()[:-400], "damaged"),
        (b"\0" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        Workbook(content)

    assert refusal.value.code == code


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(SheetRefused) as refusal:
        Workbook(with_part(SHEET1, lambda xml: xml + b" " * 40_000_000))

    assert refusal.value.code == "compression"


@pytest.mark.parametrize(
    ("part", "code"),
    [(SHEET1, "doctype"), (WORKBOOK, "doctype"), ("xl/sharedStrings.xml", "doctype")],
)
def test_declared_entities_are_refused(part: str, code: str) -> None:
    hostile = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    content = with_part(part, lambda xml: xml.replace(b"?>", b"?>" + hostile, 1))

    with pytest.raises(SheetRefused) as refusal:
        Workbook(content).outline(COVER)

    assert refusal.value.code == code


def test_remarks_between_cells_and_other_encodings_are_refused() -> None:
    remark = with_part(SHEET1, lambda xml: xml.replace(b"<sheetData>", b'<sheetData><!-- <c r="C4"/> -->'))
    wide = with_part(SHEET1, lambda xml: xml.decode().encode("utf-16"))

    for content, code in ((remark, "hidden_text"), (wide, "encoding")):
        with pytest.raises(SheetRefused) as refusal:
            filled(Write(COVER, "C4", "x"), content=content)
        assert refusal.value.code == code


def test_two_names_for_the_same_bytes_are_refused() -> None:
    content = bytearray(official.blank())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        first, second = archive.infolist()[:2]
        place = content.index(second.filename.encode(), archive.start_dir) - 46 + 42
    content[place : place + 4] = first.header_offset.to_bytes(4, "little")

    with pytest.raises(SheetRefused):
        Workbook(bytes(content))


def test_parts_written_as_a_stream_are_carried_over_whole() -> None:
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, data in parts(official.blank()).items():
            archive.writestr(name, data)
    content = bytes(out.data)

    result = filled(Write(COVER, "C4", "Southwark"), content=content)

    assert value(result, COVER, "C4") == "Southwark"
    made = Package(result.content)
    assert all(made.packed(part.name) == Package(content).packed(part.name) for part in result.equal)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 40), st.integers(0, 30)),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
            st.integers(-(10**12), 10**12),
            st.decimals(min_value=-(10**9), max_value=10**9, places=2),
        ),
        max_size=20,
    )
)
def test_whatever_is_written_is_read_again_and_nothing_else_changes(cells: dict[tuple[int, int], object]) -> None:
    blank = official.blank()
    free = {place: v for place, v in cells.items() if not (place[0] >= 20 and place[1] == 4)}
    before = Workbook(blank).outline("Lists")
    writes = [Write("Lists", patch.address_of(place), v) for place, v in free.items()]  # type: ignore[arg-type]

    after = Workbook(Workbook(blank).fill(writes).content).outline("Lists")

    expected = {place: seen.text for place, seen in before.cells.items() if place not in free}
    for place, v in free.items():
        text = v if isinstance(v, str) else f"{Decimal(str(v)).normalize() if v else Decimal(0):f}"
        if text:
            expected[place] = text
    assert {place: seen.text for place, seen in after.cells.items()} == expected
