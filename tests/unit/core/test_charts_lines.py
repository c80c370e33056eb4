"""The chart: safe under a strict policy, readable, and true to its amounts."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from integration_hub.core.charts import WIDTH, Bar, Group, Panel, grouped_bars, scale_for, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"


def draw(*groups: Group, title: str = "Title", description: str = "What it shows.") -> tuple[Panel, ET.Element]:
    panel = grouped_bars(
        "c",
        title=title,
        description=description,
        series=("Budget", "Projected outturn"),
        groups=groups,
        scale=scale_for(groups),
    )
    return panel, ET.fromstring(panel.svg)


def bars_of(root: ET.Element) -> list[tuple[Decimal, Decimal]]:
    """Start and length of each bar: rectangles after the two of the legend and those in patterns."""
    rectangles = root.findall(f"{SVG}rect")[2:]
    return [(Decimal(node.attrib["x"]), Decimal(node.attrib["width"])) for node in rectangles]


def group(name: str, *amounts: str | None) -> Group:
    return Group(
        name, tuple(Bar(None, "missing") if a is None else Bar(Decimal(a), f"£{Decimal(a):,}") for a in amounts)
    )


def test_grouped_bars_lengths_are_in_proportion() -> None:
    _, root = draw(group("One", "4000", "1000"), group("Two", "2000", "3000"))

    lengths = [length for _, length in bars_of(root)]
    assert [round(length / lengths[1]) for length in lengths] == [4, 1, 2, 3]


def test_grouped_bars_small_amount_beside_a_large_one_is_seen() -> None:
    _, root = draw(group("Small", "54000", "1"), group("Large", "5621000", "5621000"))

    assert min(length for _, length in bars_of(root)) == 2


def test_grouped_bars_nil_has_no_bar_and_missing_has_its_reason() -> None:
    panel, root = draw(group("One", "1000", None), Group("Two", (Bar(Decimal(0), "nil"), Bar(Decimal(500), "£500"))))

    assert len(bars_of(root)) == 2
    assert ">missing<" in panel.svg
    assert ">nil<" in panel.svg


def test_grouped_bars_negative_amount_goes_left_of_nil() -> None:
    _, root = draw(group("One", "1000", "-500"))

    (positive, length), (negative, back) = bars_of(root)
    assert negative + back == positive
    assert round(length / back) == 2


def test_grouped_bars_line_at_nil_crosses_no_name() -> None:
    _, root = draw(group("One", "1000", "2000"), group("Two", "1000", "-500"))

    names = [float(node.attrib["y"]) for node in root.iter(f"{SVG}text") if node.get("font-weight")]
    lines = [(float(node.attrib["y1"]), float(node.attrib["y2"])) for node in root.iter(f"{SVG}line")]
    assert len(lines) == len(names) == 2
    assert not any(top <= name <= bottom for name in names for top, bottom in lines)


def test_grouped_bars_everything_fits_the_drawing() -> None:
    long = "Existing NHS transfers within social care budget and a number of other services besides"
    panel, root = draw(group(long, "5621000", "5621000"), group("Other", "-2000000.55", None))

    for node in root.iter(f"{SVG}text"):
        words = node.text or ""
        assert float(node.attrib["x"]) + float(text_width(words, 15)) <= WIDTH, words
        assert 0 < float(node.attrib["y"]) < panel.height


def test_grouped_bars_use_presentation_attributes_only() -> None:
    _, root = draw(group("One", "1000", "2000"))

    for node in root.iter():
        assert node.tag.removeprefix(SVG) in {"svg", "title", "desc", "defs", "pattern", "rect", "path", "line", "text"}
        assert not any(name == "style" or name.startswith("on") or "href" in name for name in node.attrib)


def test_grouped_bars_are_named_and_described() -> None:
    panel, root = draw(group("One", "1000", "2000"), title="Budget & outturn", description="Two bars.")

    ids = {node.attrib["id"]: node.text for node in root.iter() if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.attrib["role"] == "img"
    assert [ids[name] for name in root.attrib["aria-labelledby"].split()] == ["Budget & outturn", "Two bars."]
    assert panel.alternative == "Budget & outturn. Two bars."


def test_grouped_bars_second_series_differs_by_pattern_not_by_colour_alone() -> None:
    panel, root = draw(group("One", "1000", "2000"))

    fills = [node.attrib["fill"] for node in root.findall(f"{SVG}rect")][2:]
    assert fills == ["#0b5c63", "url(#c-fill-1)"]
    assert 'id="c-fill-1"' in panel.svg


def test_grouped_bars_names_cannot_break_out() -> None:
    _, root = draw(group('<script>alert(1)</script> & "quoted"', "1000", "2000"))

    assert not list(root.iter(f"{SVG}script"))
    assert "<script>alert(1)</script>" in " ".join(node.text or "" for node in root.iter(f"{SVG}text"))


def test_wrap_keeps_every_word_within_the_width() -> None:
    lines = wrap("Admission avoidance: enhanced rapid response", 15, 160)

    assert " ".join(lines) == "Admission avoidance: enhanced rapid response"
    assert len(lines) == 3
    assert all(text_width(line, 15) <= 160 for line in lines)


@pytest.mark.parametrize("groups", [[], [group("One", None, None)], [group("One", "0", "0")]])
def test_scale_for_nothing_to_show_does_not_fail(groups: list[Group]) -> None:
    assert scale_for(groups).at(Decimal(0)) == 0
