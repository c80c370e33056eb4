"""Bars as SVG: every amount is printed, nothing needs a style or a script, and typed text cannot break out."""

import re
from decimal import Decimal
from xml.etree import ElementTree

from integration_hub.core import charts
from integration_hub.core.charts import Bar, Group

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawn(*groups, fluid=False):
    panel = charts.grouped_bars(
        "test",
        title="Budget & outturn",
        description="Two bars for each scheme.",
        series=("Budget", "Projected outturn"),
        groups=groups,
        scale=charts.scale_for(groups),
        fluid=fluid,
    )
    return panel, ElementTree.fromstring(panel.svg)


def bar(amount, words=None):
    return Bar(None if amount is None else Decimal(amount), words or f"£{amount}")


def widths(root):
    rects = root.findall(f"{NAMESPACE}rect")
    return [float(rect.get("width")) for rect in rects][2:]  # the first two are the legend's


def test_grouped_bars_have_title_description_and_no_style_or_script():
    panel, root = drawn(Group("1. Transfers", (bar(10), bar(5))))

    assert root.find(f"{NAMESPACE}title").text == "Budget & outturn"
    assert root.find(f"{NAMESPACE}desc").text == "Two bars for each scheme."
    assert root.get("role") == "img"
    assert not re.search(r"style=|<style|<script|\son\w+=|class=", panel.svg)


def test_grouped_bars_are_as_long_as_their_amounts():
    _, root = drawn(Group("1", (bar(1000), bar(500))), Group("2", (bar(250), bar(0))))

    long, half, quarter = widths(root)
    assert (round(long / half, 1), round(long / quarter, 1)) == (2.0, 4.0)


def test_grouped_bars_a_missing_amount_has_its_words_and_no_bar():
    panel, root = drawn(Group("1", (bar(1000), bar(None, "not yet available"))))

    assert len(widths(root)) == 1
    assert "not yet available" in panel.svg
    assert "£0" not in panel.svg


def test_grouped_bars_below_nil_start_left_of_the_axis():
    _, root = drawn(Group("1", (bar(100), bar(-100))))

    axis = float(root.find(f"{NAMESPACE}line").get("x1"))
    above, below = root.findall(f"{NAMESPACE}rect")[2:]
    assert float(above.get("x")) == axis
    assert float(below.get("x")) < axis


def test_grouped_bars_escape_typed_text():
    panel, root = drawn(Group('<script>alert("x")</script> & co', (bar(1), bar(1))))

    assert "<script" not in panel.svg
    assert any("<script>alert" in (text.text or "") for text in root.iter(f"{NAMESPACE}text"))


def test_grouped_bars_are_told_apart_without_colour():
    panel, _ = drawn(Group("1", (bar(1), bar(1))))

    assert "<pattern" in panel.svg
    assert "url(#test-fill-1)" in panel.svg


def test_grouped_bars_fluid_take_the_width_of_their_column():
    _, root = drawn(Group("1", (bar(1), bar(1))), fluid=True)

    assert (root.get("width"), root.get("height")) == ("100%", None)
    assert root.get("viewBox")
