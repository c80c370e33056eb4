import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.money import MoneyError
from pooled_budgets.domain.instalments import by_percentages, check_manual, even, instalments

QUARTER_DAYS = [date(2017, 4, 1), date(2017, 7, 1), date(2017, 10, 1), date(2018, 1, 1)]
amounts = st.decimals(min_value=Decimal("-999999999.99"), max_value=Decimal("999999999.99"), places=2)


def test_instalments_of_an_integrated_care_board_are_equal():
    assert {each.amount for each in instalments(Decimal("9416667.00"), QUARTER_DAYS)} == {Decimal("2354166.75")}


def test_odd_pennies_stand_in_the_last_instalment():
    found = instalments(Decimal("100.03"), QUARTER_DAYS)

    assert [str(each.amount) for each in found] == ["25.00", "25.00", "25.00", "25.03"]
    assert [(each.number, each.due_on) for each in found] == list(enumerate(QUARTER_DAYS, 1))


@pytest.mark.parametrize("due", [[], [QUARTER_DAYS[1], QUARTER_DAYS[0]], [QUARTER_DAYS[0]] * 2])
def test_due_dates_out_of_order_are_refused(due):
    with pytest.raises(ValueError, match="each later"):
        instalments(Decimal("1.00"), due)


@given(amounts)
def test_even_months_are_the_whole(amount):
    months = even(amount)

    assert len(months) == 12
    assert sum(months) == amount
    assert len(set(months[:11])) == 1
    assert abs(months[11] - months[0]) < Decimal("0.12")


@given(amounts, st.lists(st.integers(0, 10_000), min_size=11, max_size=11))
def test_percentages_give_the_exact_total(amount, cuts):
    edges = [0, *sorted(cuts), 10_000]
    percentages = [Decimal(high - low) / 100 for low, high in itertools.pairwise(edges)]

    months = by_percentages(amount, percentages)

    assert sum(months) == amount
    assert all(month == 0 for month, percent in zip(months, percentages, strict=True) if not percent)
    for month, percent in zip(months, percentages, strict=True):
        assert abs(month - amount * percent / 100) < Decimal("0.12")


@pytest.mark.parametrize(
    ("percentages", "code"),
    [
        ([Decimal(100)], "months"),
        ([Decimal("8.33")] * 12, "percentages"),
        ([Decimal(-10), Decimal(110), *[Decimal(0)] * 10], "negative"),
    ],
)
def test_percentages_that_are_not_the_whole_are_refused(percentages, code):
    with pytest.raises(MoneyError) as refused:
        by_percentages(Decimal("100.00"), percentages)

    assert refused.value.code == code


def test_manual_months_say_how_far_they_are_from_the_year():
    months = [Decimal("10.00")] * 12

    check_manual(Decimal("120.00"), months)
    with pytest.raises(MoneyError, match=r"add up to £120\.00, £0\.01 under the year's £120\.01"):
        check_manual(Decimal("120.01"), months)
    with pytest.raises(MoneyError, match="there are 11"):
        check_manual(Decimal("110.00"), months[:11])
