"""The page and the saved file: sound markup, fit for the strictest policy, labelled regions and headers."""

from typing import Any

import pytest

from integration_hub.core.documents.blocks import Document
from reports.presenters import document, html
from reports.presenters.html import STYLE_SHEET
from tests.unit.reports import reading
from tests.unit.reports.reading import Element

Json = dict[str, Any]


@pytest.fixture
def report(southwark: Json) -> Document:
    return document.build(southwark)


@pytest.fixture
def tree(report: Document) -> Element:
    return reading.html_tree(html.fragment(report))


def every_element(tree: Element) -> list[Element]:
    found = []
    for child in tree.children:
        if isinstance(child, Element):
            found += [child, *every_element(child)]
    return found


def test_fragment_holds_no_style_and_no_script(tree: Element) -> None:
    for element in every_element(tree):
        assert element.name not in {"script", "style", "link", "iframe", "object"}
        assert not any(name == "style" or name.startswith("on") for name in element.attributes)


def test_fragment_ids_are_its_own_and_unique(tree: Element) -> None:
    ids = [element.attributes["id"] for element in every_element(tree) if "id" in element.attributes]

    assert ids
    assert len(ids) == len(set(ids))
    assert all(name.startswith("report-") for name in ids)


def test_fragment_leaves_the_first_heading_level_to_the_page(tree: Element) -> None:
    assert not tree.every("h1")
    assert tree.every("h2")[0].text().strip() == "Recommendations"


def test_fragment_each_table_scrolls_in_a_labelled_region_that_takes_the_focus(tree: Element) -> None:
    regions = [element for element in every_element(tree) if element.attributes.get("role") == "region"]
    captions = {caption.attributes["id"] for caption in tree.every("caption")}

    assert len(regions) == len(tree.every("table")) == 9
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-labelledby"] in captions


def test_fragment_table_headers_have_scope_and_the_total_is_in_the_foot(tree: Element) -> None:
    scheme_table = tree.every("table")[2]
    (head,), (body,), (foot,) = (scheme_table.every(part) for part in ("thead", "tbody", "tfoot"))

    assert {cell.attributes["scope"] for cell in head.every("th")} == {"col"}
    assert [cell.attributes["scope"] for cell in body.every("th")] == ["row"] * 7
    assert foot.every("th")[0].text().strip() == "Total"
    assert [cell.classes for cell in foot.every("td")] == [["report-figure"]] * 3 + [[]]


def test_fragment_status_has_words_a_colour_and_a_hidden_shape(tree: Element) -> None:
    status = next(element for element in every_element(tree) if "report-status--not_on_track" in element.classes)
    (shape,) = status.every("span")

    assert shape.attributes["aria-hidden"] == "true"
    assert " ".join(status.text().split()) == "\N{BLACK UP-POINTING TRIANGLE} Not on track"


def test_fragment_drawing_is_followed_by_its_table(tree: Element) -> None:
    (report_element,) = (child for child in tree.children if isinstance(child, Element))
    names = [(child.name, child.classes[:1]) for child in report_element.children if isinstance(child, Element)]

    place = names.index(("figure", ["report-chart"]))
    assert names[place + 1] == ("div", ["report-table-region"])


def test_fragment_escapes_what_people_wrote(southwark: Json) -> None:
    southwark["title"] = southwark["key_issues"][0] = "<script>alert(1)</script>"
    report = document.build(southwark)

    for markup in (html.fragment(report), html.standalone(report).decode()):
        assert "<script" not in markup
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup


def test_fragment_ends_with_version_and_snapshot(tree: Element, report: Document) -> None:
    last = tree.every("p")[-1]

    assert last.classes == ["report-foot"]
    assert last.text() == report.foot


def test_standalone_is_a_whole_page_with_its_own_style(report: Document) -> None:
    page = html.standalone(report).decode()
    tree = reading.html_tree(page.replace("<!DOCTYPE html>", "", 1))

    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert tree.every("html")[0].attributes["lang"] == "en-GB"
    assert tree.every("title")[0].text() == report.title
    assert [heading.text() for heading in tree.every("h1")] == [report.title]
    assert tree.every("style")[0].text() == STYLE_SHEET.read_text(encoding="utf-8")
    assert not tree.every("script", "link", "img")


def test_standalone_exempt_report_says_so_first(exempt: Json) -> None:
    page = reading.html_tree(html.standalone(document.build(exempt)).decode())

    assert page.every("p")[0].text() == "Exempt: not for publication"
