from datetime import date
from decimal import Decimal

import pytest

from bcf_metrics.domain.words import exact, listed
from integration_hub.core.dates import long_date


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("41.7500", "41.75"),
        ("85.0", "85"),
        ("1E+2", "100"),
        ("32350", "32,350"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("-50.5", "\N{MINUS SIGN}50.5"),
        ("100", "100"),
    ],
)
def test_exact_prints_every_significant_digit_and_no_other(number: str, words: str) -> None:
    assert exact(Decimal(number)) == words


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed_joins_as_a_sentence_does(items: list[str], words: str) -> None:
    assert listed(items) == words


def test_long_date_has_no_leading_nought() -> None:
    assert long_date(date(2014, 9, 3)) == "3 September 2014"
