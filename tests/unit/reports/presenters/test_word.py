"""The Word file: styles that mean something, headers that repeat, pictures with words, nothing formatted by hand."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm

from integration_hub.core.documents.blocks import Chart, Document
from reports.presenters import document, word

Json = dict[str, Any]


@pytest.fixture
def report(southwark: Json) -> Document:
    return document.build(southwark)


@pytest.fixture
def opened(report: Document) -> WordDocument:
    return docx.Document(io.BytesIO(word.render(report)))


def field_instructions(part: Any) -> list[str]:
    return [field.get(qn("w:instr")) for field in part.iter(qn("w:fldSimple"))]


def test_render_has_title_author_and_language(opened: WordDocument, report: Document) -> None:
    about = opened.core_properties

    assert about.title == report.title
    assert about.author == "Southwark Council"
    assert about.language == "en-GB"
    assert about.created is not None
    assert about.created.isoformat() == "2014-07-14T09:30:00+00:00"
    languages = {node.get(qn("w:val")) for node in opened.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_render_is_a4_and_not_in_compatibility_mode(opened: WordDocument) -> None:
    section = opened.sections[0]
    modes = [
        node.get(qn("w:val"))
        for node in opened.settings.element.iter(qn("w:compatSetting"))
        if node.get(qn("w:name")) == "compatibilityMode"
    ]

    assert (round(section.page_width or 0, -3), round(section.page_height or 0, -3)) == (
        round(Cm(21), -3),
        round(Cm(29.7), -3),
    )
    assert modes == ["15"]


def test_render_uses_heading_styles_and_one_title(opened: WordDocument, report: Document) -> None:
    styles = [paragraph.style.name for paragraph in opened.paragraphs if paragraph.style is not None]

    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 9
    assert styles.count("Heading 2") == 10
    assert set(styles) <= {
        "Title",
        "Heading 1",
        "Heading 2",
        "Caption",
        "Report Organisation",
        "Report Note",
        "Report Paragraph",
        "Report Picture",
        "Report Remark",
        "Report End",
    }


def test_render_formats_nothing_by_hand(opened: WordDocument) -> None:
    for properties in opened.element.body.iter(qn("w:rPr")):
        assert [child.tag for child in properties] == [qn("w:rStyle")]
    for properties in opened.element.body.iter(qn("w:pPr")):
        assert {child.tag for child in properties} <= {qn("w:pStyle"), qn("w:keepNext")}


def test_render_header_row_repeats_and_rows_stay_whole(opened: WordDocument) -> None:
    tables = [table for table in opened.tables if table.style is not None and table.style.name == "Report Table"]

    assert len(tables) == 9
    for table in tables:
        marks = [{child.tag for child in row._tr.trPr} for row in table.rows]
        assert marks[0] == {qn("w:cantSplit"), qn("w:tblHeader")}
        assert all(mark == {qn("w:cantSplit")} for mark in marks[1:])


def test_render_tables_say_which_cells_are_headers(opened: WordDocument) -> None:
    looks = [table._tbl.tblPr.find(qn("w:tblLook")) for table in opened.tables]

    scheme_table = looks[3]
    assert [scheme_table.get(qn(f"w:{name}")) for name in ("firstRow", "lastRow", "firstColumn")] == ["1", "1", "1"]
    assert scheme_table.get(qn("w:val")) == "06E0"
    head = looks[0]
    assert [head.get(qn(f"w:{name}")) for name in ("firstRow", "lastRow", "firstColumn")] == ["0", "0", "1"]


def test_render_each_table_has_a_description(opened: WordDocument) -> None:
    described = [table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in opened.tables]

    assert described[0] == "Report details"
    assert all(described)


def test_render_captions_number_themselves(opened: WordDocument) -> None:
    instructions = field_instructions(opened.element.body)

    assert instructions.count(r"SEQ Table \* ARABIC") == 9
    assert instructions.count(r"SEQ Figure \* ARABIC") == 1


def test_render_second_picture_repeats_the_number_of_the_first(southwark: Json) -> None:
    first = southwark["schemes"][0]
    southwark["schemes"] = [{**first, "number": str(number)} for number in range(1, 13)]
    total = f"{5_621_000 * 12}.00"
    southwark["scheme_total"].update(budget=total, outturn=total)
    opened = docx.Document(io.BytesIO(word.render(document.build(southwark))))

    figures = [field for field in field_instructions(opened.element.body) if "Figure" in field]
    assert figures == [r"SEQ Figure \* ARABIC", r"SEQ Figure \c \* ARABIC"]


def test_render_picture_has_its_words(opened: WordDocument, report: Document) -> None:
    (chart,) = [block for block in report.blocks if isinstance(block, Chart)]
    (shape,) = opened.inline_shapes
    about = shape._inline.docPr

    assert about.get("descr") == chart.panels[0].alternative
    assert about.get("title") == chart.title
    assert shape.width <= Cm(17)


def test_render_page_foot_counts_pages(opened: WordDocument, report: Document) -> None:
    section = opened.sections[0]

    for footer in (section.footer, section.first_page_footer):
        assert field_instructions(footer._element) == ["PAGE", "NUMPAGES"]
        assert report.foot in footer.paragraphs[0].text


def test_render_numbered_paragraphs_share_one_run_of_numbers(opened: WordDocument) -> None:
    style = opened.styles["Report Paragraph"]
    number = style.element.pPr.find(qn("w:numPr")).find(qn("w:numId")).get(qn("w:val"))
    definitions = opened.part.numbering_part.element
    (run,) = [node for node in definitions.findall(qn("w:num")) if node.get(qn("w:numId")) == number]
    abstract = run.find(qn("w:abstractNumId")).get(qn("w:val"))
    (level,) = [
        node.find(qn("w:lvl"))
        for node in definitions.findall(qn("w:abstractNum"))
        if node.get(qn("w:abstractNumId")) == abstract
    ]

    assert level.find(qn("w:numFmt")).get(qn("w:val")) == "decimal"
    assert level.find(qn("w:pStyle")).get(qn("w:val")) == style.style_id
    # Restarting anywhere would take a number of its own on a paragraph.
    assert not list(opened.element.body.iter(qn("w:numPr")))


def test_render_short_table_stays_on_one_page(opened: WordDocument) -> None:
    funding = opened.tables[2]
    kept = [
        [paragraph.paragraph_format.keep_with_next for paragraph in row.cells[0].paragraphs] for row in funding.rows
    ]

    assert kept == [[True], [True], [True], [True], [None]]


def test_render_exempt_report_says_so_on_every_page(exempt: Json) -> None:
    section = docx.Document(io.BytesIO(word.render(document.build(exempt)))).sections[0]

    for header in (section.header, section.first_page_header):
        assert header.paragraphs[-1].text == "Exempt: not for publication"


def test_render_twice_gives_the_same_bytes(southwark: Json) -> None:
    first = word.render(document.build(southwark))

    assert word.render(document.build(southwark)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.testzip() is None
