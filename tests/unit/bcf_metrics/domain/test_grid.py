"""A row of the entry grid: the ratio gives the figure, and a typed one has to agree."""

from decimal import Decimal

import pytest

from bcf_metrics.domain.grid import BlockError, block, figure_of
from bcf_metrics.domain.progress import ProgressError
from integration_hub.core.states import Figure, FigureState

D = Decimal


def settled(figure: Figure | None, numerator: str | None, denominator: str | None, **more: object) -> Figure | None:
    wanted = {"multiplier": D(100), "places": 1, "retyped": True} | more
    return figure_of(
        figure,
        D(numerator) if numerator else None,
        D(denominator) if denominator else None,
        **wanted,  # type: ignore[arg-type]
    )


def test_ratio_gives_the_figure_to_the_places_of_the_metric() -> None:
    assert settled(None, "34", "39") == Figure(value=D("87.2"))


def test_ratio_that_changed_takes_the_place_of_the_figure_it_gave_before() -> None:
    assert settled(Figure(value=D("87.2")), "35", "39", retyped=False) == Figure(value=D("89.7"))


def test_typed_figure_has_to_agree_with_the_ratio() -> None:
    assert settled(Figure(value=D("87.2")), "34", "39") == Figure(value=D("87.2"))
    with pytest.raises(ProgressError, match=r"87 was entered, and 34 of 39 times 100 is 87\.2") as refused:
        settled(Figure(value=D(87)), "34", "39")
    assert refused.value.field == "figure"


def test_reason_why_there_is_none_contradicts_a_ratio() -> None:
    with pytest.raises(ProgressError, match="suppressed was entered"):
        settled(Figure(state=FigureState.SUPPRESSED), "34", "39")


@pytest.mark.parametrize(("numerator", "denominator"), [(None, None), ("34", None), (None, "39")])
def test_without_a_whole_ratio_the_figure_is_as_typed(numerator: str | None, denominator: str | None) -> None:
    assert settled(Figure(value=D(3)), numerator, denominator) == Figure(value=D(3))
    assert settled(None, numerator, denominator) is None


def test_metric_that_counts_something_else_is_not_worked_out() -> None:
    assert settled(Figure(value=D(23)), "34", "39", multiplier=None) == Figure(value=D(23))


def test_denominator_of_nought_is_refused() -> None:
    with pytest.raises(ProgressError) as refused:
        settled(None, "3", "0")
    assert refused.value.field == "denominator"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("23\nnil\n", [{"figure": "23"}, {"figure": "nil"}]),
        ("34\t39\r\n1\t2", [{"numerator": "34", "denominator": "39"}, {"numerator": "1", "denominator": "2"}]),
        ("34\t39\t87.2\n\t\t5", [{"numerator": "34", "denominator": "39", "figure": "87.2"}, {"figure": "5"}]),
        ("23\n\n", None),
        ("1\n2\n3", None),
        ("1\t2\n3", None),
        ("1\t2\t3\t4\n1\t2\t3\t4", None),
        ("", None),
    ],
)
def test_block_has_a_row_for_each_metric_and_one_to_three_columns(
    text: str, found: list[dict[str, str]] | None
) -> None:
    if found is not None:
        assert block(text, 2) == found
        return
    with pytest.raises(BlockError):
        block(text, 2)
