"""Every colour that a document uses, and the contrast of each pair."""

import re

import pytest

from integration_hub.core.documents import palette
from reports.presenters.html import STYLE_SHEET
from reports.presenters.pdf import TEMPLATES


@pytest.mark.parametrize(("ink", "ground"), palette.TEXT_PAIRS)
def test_text_contrast_is_at_least_four_and_a_half(ink: str, ground: str) -> None:
    assert palette.contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("line", "ground"), palette.GRAPHIC_PAIRS)
def test_graphic_contrast_is_at_least_three(line: str, ground: str) -> None:
    assert palette.contrast(line, ground) >= 3


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


def test_style_sheet_uses_no_colour_outside_the_palette() -> None:
    known = {colour for pair in (*palette.TEXT_PAIRS, *palette.GRAPHIC_PAIRS) for colour in pair} | {palette.RULE}
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", STYLE_SHEET.read_text(encoding="utf-8")))

    assert used
    assert used <= known


def test_style_sheet_sets_each_tone_as_the_palette_says() -> None:
    sheet = STYLE_SHEET.read_text(encoding="utf-8")

    for name, tone in palette.TONES.items():
        rule = re.search(rf"\.report-status--{name} {{(.*?)}}", sheet, re.DOTALL)
        assert rule is not None, name
        assert f"background: {tone.ground};" in rule[1]
        assert f"color: {tone.ink};" in rule[1]


def test_typst_templates_take_their_colours_from_the_palette() -> None:
    for template in TEMPLATES.glob("*.typ"):
        assert not re.findall(r"rgb\(\"|#[0-9a-f]{6}\b", template.read_text(encoding="utf-8")), template.name
