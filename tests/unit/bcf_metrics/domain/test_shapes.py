from datetime import date

import pytest

from bcf_metrics.domain import shapes
from bcf_metrics.domain.shapes import ShapeError, check, list_of, mapping_of, nullable, one_of, record, whole


def problems(value: object, shape: shapes.Shape) -> list[str]:
    return list(shape(value, "here"))


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (shapes.text, "", 1),
        (shapes.boolean, False, 0),
        (shapes.day, date(2014, 7, 28), "2014-07-28"),
        (shapes.iso_date, "2014-07-28", "20140728"),
        (shapes.iso_date, "2016-02-29", "2015-02-29"),
        (shapes.money, "-0.01", "1.5"),
        (shapes.money, "8957000.00", 8957000.0),
        (shapes.decimal, "41.75", "4e1"),
        (whole(1, 4), 4, 5),
        (whole(0, 1), 1, True),
        (one_of("a", "b"), "a", "c"),
        (nullable(shapes.text), None, 3),
        (list_of(shapes.text), ["a"], "a"),
        (mapping_of(shapes.text), {"a": "b"}, {1: "b"}),
        (record({"a": shapes.text}), {"a": "b"}, []),
    ],
)
def test_shape_takes_the_good_and_names_the_place_of_the_bad(shape: shapes.Shape, good: object, bad: object) -> None:
    assert problems(good, shape) == []
    assert all("here" in problem for problem in problems(bad, shape))
    assert problems(bad, shape)


def test_record_with_a_misspelt_key_names_it_and_the_missing_one() -> None:
    with pytest.raises(ShapeError) as refusal:
        check({"requierd": "x"}, record({"required": shapes.text}), name="file.yaml")

    assert refusal.value.problems == [
        "top: required is missing",
        "top: unknown key 'requierd'; known are required",
    ]
    assert refusal.value.message.startswith("file.yaml: top: required is missing;")


def test_list_of_names_the_item_at_fault() -> None:
    assert problems(["a", 2], list_of(shapes.text)) == ["here[1]: expected text, found 2"]


def test_parse_decimal_takes_no_other_way_of_writing_numbers() -> None:
    assert [shapes.parse_decimal(text) for text in ("1,000", "1e3", " 1", "NaN", "+1", "")] == [None] * 6
