"""Page, Word and PDF hold the same words, tables and figures, each read back from the finished file."""

from collections.abc import Callable
from typing import Any

import pytest

from integration_hub.core.documents.blocks import Document
from reports.presenters import document, html, pdf, word
from tests.unit.reports import reading

Json = dict[str, Any]

FORMATS: dict[str, Callable[[Document], reading.Read]] = {
    "page": lambda report: reading.of_html(html.fragment(report)),
    "html file": lambda report: reading.of_html(html.standalone(report).decode()),
    "word": lambda report: reading.of_word(word.render(report)),
    "pdf": lambda report: reading.of_pdf(pdf.render(report)),
}


@pytest.fixture(params=["southwark", "incomplete", "withheld", "exempt"])
def report(request: pytest.FixtureRequest) -> Document:
    return document.build(request.getfixturevalue(request.param))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_each_block_of_the_report(report: Document, name: str) -> None:
    expected, read = reading.of_blocks(report), FORMATS[name](report)

    assert read.headings == expected.headings
    assert read.numbered == expected.numbered
    assert read.bullets == expected.bullets
    assert read.pairs == expected.pairs
    assert read.captions == expected.captions
    assert read.tables == expected.tables


def test_every_format_prints_the_same_amounts_equally_often(report: Document) -> None:
    found = {name: _amounts_in_words_and_tables(read(report)) for name, read in FORMATS.items()}

    assert len(found["page"]) > 30
    assert found["html file"] == found["page"]
    assert found["word"] == found["page"]
    assert found["pdf"] == found["page"]


def test_every_format_says_that_an_outturn_is_not_released(withheld: Json) -> None:
    report = document.build(withheld)

    for name, read in FORMATS.items():
        cells = [
            row[2] for table in read(report).tables for row in table if row[0].startswith(("Scheme3:", "Scheme7:"))
        ]
        assert cells == ["notreleased", "notreleased"], name


def _amounts_in_words_and_tables(read: reading.Read) -> list[str]:
    cells = [cell for table in read.tables for row in table for cell in row]
    return reading.amounts(" ".join([*read.numbered, *(value for _, value in read.pairs), *cells]))


def test_every_format_shows_pasted_lines_as_paragraphs_and_bullets(southwark: Json) -> None:
    southwark["key_issues"] = ["First.\nSecond.\n\N{BULLET} one\n\uf0b7 two\n\N{BULLET} three\nLast."]
    report = document.build(southwark)

    for name, read in FORMATS.items():
        assert read(report).bullets == ["one", "two", "three"], name
        assert read(report).numbered[6:9] == ["First.", "Second.", "Last."], name


def test_no_format_takes_text_for_markup(southwark: Json) -> None:
    nasty = 'Health & <b>care</b> {{ 7*7 }} {% now "Y" %} #read("/etc/passwd") *bold* _x_ @ref $a$ \\n \x0b\x00 end'
    southwark["key_issues"] = [nasty]
    southwark["schemes"][0]["name"] = nasty
    report = document.build(southwark)
    kept = reading.squeeze(nasty.replace("\x0b\x00", ""))

    for name, read in FORMATS.items():
        assert kept.removesuffix("end") in "".join(read(report).numbered), name
        assert f"Scheme1:{kept}" in [row[0] for table in read(report).tables for row in table], name
