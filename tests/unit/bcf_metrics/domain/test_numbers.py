from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import numbers
from bcf_metrics.domain.numbers import NumberError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("23", "23"),
        (" 1,234 ", "1234"),
        ("41.75", "41.75"),
        ("88%", "88"),
        ("88 per cent", "88"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_parse_takes_numbers_as_people_write_them(text: str, number: str) -> None:
    assert numbers.parse(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("about 20", "not_a_number"),
        ("", "not_a_number"),
        ("1,23", "not_a_number"),
        ("1e3", "not_a_number"),
        ("٣", "not_a_number"),
        ("NaN", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("-1", "negative"),
        ("\N{MINUS SIGN}0.5", "negative"),
        ("1.23456", "decimals"),
        ("12345678901", "too_large"),
    ],
)
def test_parse_refuses_anything_else_and_says_what_to_do(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        numbers.parse(text)

    assert refused.value.code == code
    assert "nter" in refused.value.message or "Write" in refused.value.message


def test_parse_allows_only_the_places_that_the_metric_prints() -> None:
    assert numbers.parse("59.5", places=1) == Decimal("59.5")
    assert numbers.parse("59.50", places=1) == Decimal("59.5")
    with pytest.raises(NumberError, match="a whole number"):
        numbers.parse("59.5", places=0)
    with pytest.raises(NumberError, match="at most 1 decimal"):
        numbers.parse("59.55", places=1)


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.9999"), places=4))
def test_plain_and_parse_return_the_same_number(number: Decimal) -> None:
    assert numbers.parse(numbers.plain(number)) == number
    assert not numbers.plain(number).endswith(".")


def test_plain_prints_every_digit_and_no_other() -> None:
    assert [numbers.plain(Decimal(text)) for text in ("23.0000", "100", "41.7500", "0.0000")] == [
        "23",
        "100",
        "41.75",
        "0",
    ]
    assert numbers.plain(None) == ""
