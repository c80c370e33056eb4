"""The line over quarters: true to its numbers, broken at each gap, safe under a strict policy."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest

from integration_hub.core.charts import WIDTH, Panel, text_width
from integration_hub.core.linecharts import LINE, TARGET, Dot, Level, line

SVG = "{http://www.w3.org/2000/svg}"


def dot(number: int | str | None, **more: object) -> Dot:
    return Dot(label="Q1 14/15", number=None if number is None else Fraction(number), **more)  # type: ignore[arg-type]


def draw(
    *dots: Dot, levels: Sequence[Level] = (), name: str = "Metric", unit: str = "days"
) -> tuple[Panel, ET.Element]:
    panel = line("c", title="Title", description="What it shows.", name=name, unit=unit, dots=dots, levels=levels)
    return panel, ET.fromstring(panel.svg)


def joins(root: ET.Element) -> list[ET.Element]:
    """The pieces of the line, without the samples of the legend."""
    return [node for node in root.findall(f"{SVG}line") if node.get("stroke") == LINE]


def circles(root: ET.Element) -> list[tuple[float, float]]:
    return [(float(node.attrib["cx"]), float(node.attrib["cy"])) for node in root.findall(f"{SVG}circle")]


def texts(root: ET.Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def test_higher_numbers_stand_higher_and_in_proportion() -> None:
    _, root = draw(dot(10), dot(20), dot(40))

    (_, first), (_, second), (_, third) = circles(root)
    assert first - second == pytest.approx((second - third) / 2, abs=0.1)


def test_line_breaks_at_a_gap_and_the_gap_has_its_letter() -> None:
    _, root = draw(dot(10), dot(20), dot(None, gap="M", gap_words="Missing"), dot(30))

    assert len(joins(root)) == 1
    assert len(circles(root)) == 3
    assert {"M", "Missing"} <= set(texts(root))


def test_marks_are_told_apart_by_shape() -> None:
    _, root = draw(dot(0, nil=True), dot(5, flagged=True), dot(6, provisional=True), dot(7))

    fills = [node.get("fill") for node in root.findall(f"{SVG}circle")]
    assert len(root.findall(f"{SVG}rect")) == len(root.findall(f"{SVG}path")) == 1
    assert fills == ["#ffffff", LINE]
    assert {"Nil: counts as 0", "Provisional"} <= set(texts(root))


def test_target_is_a_step_at_each_quarter_that_has_one() -> None:
    _, root = draw(dot(10, target=Fraction(12)), dot(11), dot(13, target=Fraction(15)))

    steps = [node for node in root.findall(f"{SVG}line") if node.get("stroke") == TARGET]
    assert len(steps) == 2
    assert float(steps[0].attrib["y1"]) > float(steps[1].attrib["y1"])
    assert "Target at the quarter" in texts(root)


def test_levels_are_named() -> None:
    _, root = draw(
        dot(10), dot(12), levels=[Level("Mean", Fraction(11), ""), Level("Upper process limit", Fraction(20), "6 4")]
    )

    assert {"Mean", "Upper process limit"} <= set(texts(root))
    assert "20" in texts(root)


def test_scale_begins_at_nought_unless_that_would_flatten_the_line() -> None:
    _, low = draw(dot(30), dot(50))
    _, high = draw(dot(970), dot(990))

    assert "0" in texts(low)
    assert "0" not in texts(high)


@pytest.mark.parametrize("numbers", [[], [None], ["0"], ["7", "7"], ["-3", "4"], ["0.001", "0.002"], ["1000000", "5"]])
def test_anything_can_be_drawn_and_fits(numbers: list[str | None]) -> None:
    panel, root = draw(*(dot(number) for number in numbers))

    for node in root.iter(f"{SVG}text"):
        words, x = node.text or "", float(node.get("x", 0))
        width = float(text_width(words, 14))
        anchor = node.get("text-anchor")
        start = x - (width if anchor == "end" else width / 2 if anchor == "middle" else 0)
        if node.get("y") != "5":  # a sample of the legend, moved with its group
            assert start >= -1, words
            assert start + width <= WIDTH + 1, words
            assert 0 < float(node.attrib["y"]) < panel.height


def test_labels_leave_each_other_room_and_the_newest_has_its_own() -> None:
    dots = [Dot(label=f"Q{number % 4 + 1} {number // 4 + 10}/11", number=Fraction(number)) for number in range(36)]
    _, root = draw(*dots)

    labels = [node for node in root.findall(f"{SVG}text") if (node.text or "").startswith("Q")]
    places = [float(node.attrib["x"]) for node in labels]
    assert labels[-1].text == dots[-1].label
    assert all(b - a >= float(text_width("Q4 10/11", 14)) for a, b in pairwise(places))


def test_names_cannot_break_out_and_nothing_needs_a_style_or_script() -> None:
    _, root = draw(dot(1, gap="<b>", gap_words="<i>"), name="<script>alert(1)</script> & more")

    assert not list(root.iter(f"{SVG}script"))
    for node in root.iter():
        assert not any(name == "style" or name.startswith("on") or "href" in name for name in node.attrib)
