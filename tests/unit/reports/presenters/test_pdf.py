"""The PDF: tagged, titled, described, and the same bytes each time."""

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from integration_hub.core.documents.blocks import Chart, Document
from reports.presenters import document, pdf
from tests.unit.reports import reading

Json = dict[str, Any]


@pytest.fixture
def report(southwark: Json) -> Document:
    return document.build(southwark)


@pytest.fixture
def opened(report: Document) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf.render(report)))


def font_names(opened: pikepdf.Pdf) -> set[str]:
    """The faces of every page, without the six letters that mark a subset."""
    fonts = [font for page in opened.pages for font in page.resources.get("/Font", {}).values()]
    return {str(font.BaseFont).split("+")[-1].split("-Identity")[0] for font in fonts}


def test_render_declares_the_accessibility_standard(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert opened.Root.MarkInfo.Marked


def test_render_says_its_language_and_shows_its_title(opened: pikepdf.Pdf, report: Document) -> None:
    assert str(opened.Root.Lang) == "en-GB"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert str(opened.docinfo.Title) == report.title
    assert str(opened.docinfo.Author) == "Southwark Council"


def test_render_tags_the_title_once_and_headings_in_order(report: Document) -> None:
    tree = reading.pdf_tree(pdf.render(report))

    (title,) = tree.every("Title")
    assert reading.squeeze(title.text()) == reading.squeeze(report.title)
    levels = [int(tag.name[1:]) for tag in tree.every("H1", "H2", "H3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_render_each_table_has_a_caption_and_scoped_column_headers(report: Document) -> None:
    tables = reading.pdf_tree(pdf.render(report)).every("Table")

    assert len(tables) == 9
    for table in tables:
        (head,) = table.every("THead")
        headers = head.every("TH")
        assert len(table.every("Caption")) == 1
        assert len(headers) == len(table.every("TBody")[0].every("TR")[0].every("TD"))
        assert {header.scope for header in headers} == {"Column"}


def test_render_table_over_several_pages_is_one_table(southwark: Json) -> None:
    first = southwark["schemes"][0]
    southwark["schemes"] = [{**first, "number": str(number)} for number in range(1, 61)]
    total = f"{5_621_000 * 60}.00"
    southwark["scheme_total"].update(budget=total, outturn=total)
    report = document.build(southwark)

    assert reading.of_pdf(pdf.render(report)).tables == reading.of_blocks(report).tables


def test_render_each_picture_has_its_words(report: Document) -> None:
    pictures = reading.pdf_tree(pdf.render(report)).every("Figure")

    alternatives = [panel.alternative for block in report.blocks if isinstance(block, Chart) for panel in block.panels]
    assert [picture.alternative for picture in pictures] == alternatives
    assert "Budgets run from £54,000 (scheme 7) to £5,621,000 (scheme 1)." in alternatives[0]


def test_render_numbers_each_page_and_repeats_the_foot(report: Document) -> None:
    content = pdf.render(report)
    with pikepdf.open(io.BytesIO(content)) as opened:
        pages = len(opened.pages)
        shown = [_all_text(page) for page in opened.pages]

    assert pages > 3
    for number, text in enumerate(shown, start=1):
        assert reading.squeeze(f"Page {number} of {pages}") in text
        assert reading.squeeze(report.foot) in text


def _all_text(page: pikepdf.Page) -> str:
    """Every character that is drawn on a page, page furniture too."""
    fonts = {name: reading._character_map(font) for name, font in page.resources.Font.items()}
    current: dict[int, str] = {}
    words = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            words += reading._decode(operands[0], current)
    return reading.squeeze(words)


def test_render_exempt_report_says_so_on_every_page(exempt: Json) -> None:
    with pikepdf.open(io.BytesIO(pdf.render(document.build(exempt)))) as opened:
        assert all("Exempt:notforpublication" in _all_text(page) for page in opened.pages)


def test_render_open_report_says_nothing_of_exemption(report: Document) -> None:
    with pikepdf.open(io.BytesIO(pdf.render(report))) as opened:
        assert not any("Exempt" in _all_text(page) for page in opened.pages)


def test_render_twice_gives_the_same_bytes(southwark: Json) -> None:
    assert pdf.render(document.build(southwark)) == pdf.render(document.build(southwark))


def test_render_character_without_a_glyph_is_replaced_and_the_rest_stays(southwark: Json) -> None:
    southwark["key_issues"] = ["Thumbs up \U0001f44d and \N{CJK UNIFIED IDEOGRAPH-6F22} from the ward of Ŵy."]
    numbered = reading.of_pdf(pdf.render(document.build(southwark))).numbered

    assert "Thumbsup\N{WHITE SQUARE}and\N{WHITE SQUARE}fromthewardofŴy." in numbered


def test_render_embeds_every_face(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        for font in page.resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_render_is_set_in_the_shipped_faces(opened: pikepdf.Pdf) -> None:
    assert all(Path(directory).is_dir() for directory in settings.REPORT_FONT_DIRS)
    assert font_names(opened) == {"SourceSans3-Regular", "SourceSans3-Bold"}


def test_picture_is_a_png_three_times_as_wide_as_the_drawing(report: Document) -> None:
    (panel,) = next(block.panels for block in report.blocks if isinstance(block, Chart))
    content = pdf.picture(panel)

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(content[16:20], "big") == 3 * panel.width
    assert abs(int.from_bytes(content[20:24], "big") - 3 * panel.height) <= 3
