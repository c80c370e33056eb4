"""Where a contribution stands, what becomes of its instalments when the amount changes, and how days are read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.money import MoneyError
from integration_hub.core.quarters import FinancialYear
from pooled_budgets.domain.contributions import (
    MONTHLY,
    QUARTERLY,
    days_of,
    read_schedule,
    remaining,
    respread,
    standing,
    taken_over,
)
from pooled_budgets.domain.instalments import Instalment, instalments

AMOUNT = Decimal("9416667.00")
QUARTERS = [date(2014, 4, 1), date(2014, 7, 1), date(2014, 10, 1), date(2015, 1, 1)]
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


def quarterly(amount=AMOUNT):
    return instalments(amount, QUARTERS)


def test_standing_after_one_of_four_came_in():
    found = standing(AMOUNT, quarterly(), Decimal("2354166.75"), on=date(2014, 7, 2))

    assert (found.outstanding, found.due, found.late) == (
        Decimal("7062500.25"),
        Decimal("4708333.50"),
        Decimal("2354166.75"),
    )
    assert (found.late_since, found.next_due.due_on) == (date(2014, 7, 1), date(2014, 10, 1))


def test_standing_on_the_day_itself_nothing_is_late_yet():
    found = standing(AMOUNT, quarterly(), Decimal("0.00"), on=date(2014, 4, 1))

    assert (found.due, found.late, found.late_since) == (Decimal("0.00"), Decimal("0.00"), None)


def test_standing_a_part_payment_leaves_the_rest_late_since_the_day_it_was_due():
    found = standing(AMOUNT, quarterly(), Decimal("2354166.74"), on=date(2014, 4, 2))

    assert (found.late, found.late_since) == (Decimal("0.01"), date(2014, 4, 1))


def test_standing_without_an_amount_cannot_say_what_is_outstanding():
    found = standing(None, [], Decimal("5.00"), on=date(2014, 4, 2))

    assert (found.outstanding, found.untied, found.received) == (None, None, Decimal("5.00"))


def test_standing_overpaid_is_below_nil_and_never_late():
    found = standing(Decimal("10.00"), [], Decimal("12.00"), on=date(2015, 4, 2))

    assert (found.outstanding, found.late) == (Decimal("-2.00"), Decimal("0.00"))


@given(AMOUNTS, AMOUNTS, st.integers(min_value=0, max_value=3))
def test_respread_makes_up_the_new_amount_and_leaves_what_was_due(old, new, kept):
    before = quarterly(old)
    day = QUARTERS[kept]
    fixed = sum((part.amount for part in before[:kept]), Decimal(0))

    if new < fixed:
        with pytest.raises(MoneyError):
            respread(before, new, effective_on=day)
        return
    after = respread(before, new, effective_on=day)

    assert after[:kept] == before[:kept]
    assert sum(part.amount for part in after) == new
    assert [(part.number, part.due_on) for part in after] == [(part.number, part.due_on) for part in before]


def test_respread_after_the_last_instalment_is_refused():
    with pytest.raises(MoneyError, match=r"add up to £10\.00"):
        respread(quarterly(Decimal("10.00")), Decimal("12.00"), effective_on=date(2015, 1, 2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 July 2014", [("2014-07-01", "100.01")]),
        (
            "1/4/2014\n\n1/7/2014\n1/10/2014",
            [("2014-04-01", "33.33"), ("2014-07-01", "33.33"), ("2014-10-01", "33.35")],
        ),
        ("1 April 2014 £40.00\n1 July 2014  60.01", [("2014-04-01", "40.00"), ("2014-07-01", "60.01")]),
        ("1 April 2014\t40.00\n1 July 2014\t60.01", [("2014-04-01", "40.00"), ("2014-07-01", "60.01")]),
    ],
)
def test_read_schedule_takes_days_and_amounts(text, expected):
    found = read_schedule(text, Decimal("100.01"))

    assert [(part.due_on.isoformat(), str(part.amount)) for part in found] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "from 1 to 60"),
        ("\n".join((date(2014, 4, 1) + timedelta(days=n)).isoformat() for n in range(61)), "from 1 to 60"),
        ("soon", "Line 1: .*not a date"),
        ("1 July 2014\n1 April 2014", "Line 2: the date is not later"),
        ("1 April 2014 £40.00\n1 July 2014", "on every line"),
        ("1 April 2014 £40.00\n1 July 2014 £60.00", r"£100\.00, £0\.01 under the contribution of £100\.01"),
        ("1 April 2014 £40.001", "Line 1: .*decimals"),
    ],
)
def test_read_schedule_refuses_with_the_line_or_the_difference(text, words):
    with pytest.raises(MoneyError, match=words):
        read_schedule(text, Decimal("100.01"))


def test_days_of_a_year():
    year = FinancialYear(2014)

    assert days_of(year, QUARTERLY) == QUARTERS
    assert [day.month for day in days_of(year, MONTHLY)] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def test_standing_says_by_how_much_the_instalments_miss_the_amount():
    parts = [Instalment(1, date(2014, 4, 1), Decimal("9.00"))]

    assert standing(Decimal("10.00"), parts, Decimal(0), on=date(2014, 4, 1)).untied == Decimal("-1.00")


@pytest.mark.parametrize(
    ("staying", "passed", "on", "stays", "goes"),
    [
        # A quarter of £10,000.00 is due before July, and a quarter of the amount stays.
        ("2500.00", ["7500.00"], date(2014, 7, 1), "2500.00", ["2500.00 2500.00 2500.00"]),
        # An odd penny goes to the last; more stays than was due, so the rest falls due on the day.
        ("3333.33", ["6666.67"], date(2014, 8, 1), "2500.00 833.33", ["3333.33 3333.34"]),
        # Less stays than was due.
        ("2000.00", ["8000.00"], date(2014, 7, 1), "2000.00", ["2666.66 2666.66 2666.68"]),
        # Two successors, and nothing due any more on the day.
        ("9000.01", ["499.99", "500.00"], date(2015, 2, 1), "2500.00 2500.00 2500.00 1500.01", ["499.99", "500.00"]),
    ],
)
def test_instalments_divide_as_the_amount_does(staying, passed, on, stays, goes):
    parts = quarterly(Decimal("10000.00"))

    def amounts(found):
        assert [part.number for part in found] == list(range(1, len(found) + 1))
        assert len({part.due_on for part in found}) == len(found)
        return " ".join(str(part.amount) for part in found)

    assert amounts(remaining(parts, Decimal(staying), on=on)) == stays
    assert [amounts(taken_over(parts, Decimal(each), on=on)) for each in passed] == goes
    assert all(part.due_on >= on for part in taken_over(parts, Decimal(passed[0]), on=on))
