"""Differences between the partners' books, and variances that need words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooled_budgets.domain.balances import Balance, Typed
from pooled_budgets.domain.variances import Explanation, Threshold

amounts = st.decimals(-10_000, 10_000, places=2)


@given(st.dictionaries(st.sampled_from("ABCD"), amounts, max_size=4), amounts)
def test_a_difference_is_open_until_exactly_it_is_settled(stated, settled):
    typed = Typed(abs(settled), "timing", "A", "Somebody", settled="B: In April")
    balance = Balance("key", "1. Care", stated, typed)

    if len(stated) < 2:
        assert balance.difference is None
        assert not balance.is_open
    else:
        assert balance.difference == max(abs(one - other) for one in stated.values() for other in stated.values())
        assert balance.is_open == (balance.difference != 0 and balance.difference != abs(settled))
        assert Balance("key", "1. Care", stated).is_open == (balance.difference != 0)


@pytest.mark.parametrize(
    ("pounds", "percent", "variance", "budget", "is_above"),
    [
        ("100.00", None, "100.00", "5", False),
        ("100.00", None, "-100.01", "5", True),
        (None, "5", "5.00", "100", False),
        (None, "5", "-5.01", "100", True),
        (None, "5", "0.01", "0", True),
        ("100.00", "5", "50.00", "2000", False),
        ("10.00", "5", "50.00", "2000", True),
        (None, None, "9999", "1", False),
    ],
)
def test_a_variance_is_above_either_threshold_or_none(pounds, percent, variance, budget, is_above):
    threshold = Threshold(*(None if text is None else Decimal(text) for text in (pounds, percent)))

    assert threshold.is_above(Decimal(variance), Decimal(budget)) is is_above


def test_an_explanation_ages_and_goes_stale_with_another_variance():
    given_words = Explanation("A contract grew", "Somebody", date(2014, 7, 1), Decimal("5.00"))

    assert given_words.age(date(2014, 7, 31)) == 30
    assert not given_words.is_stale(Decimal("5.0"))
    assert given_words.is_stale(Decimal("-5.00"))
    assert (
        Threshold(Decimal("50000.00"), Decimal("2.50")).words == "more than £50,000.00, or more than 2.5% of the budget"
    )
