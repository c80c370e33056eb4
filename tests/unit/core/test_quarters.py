from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.quarters import FinancialMonth, FinancialYear, PeriodError, Quarter

days = st.dates(min_value=date(1901, 1, 1), max_value=date(2198, 12, 31))


@pytest.mark.parametrize("text", ["2014/15", " 2014/15 ", "2014-15", "2014/2015", "2014 \N{EN DASH} 2015"])
def test_parse_year_written_usually_is_read(text):
    assert FinancialYear.parse(text) == FinancialYear(2014)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2014", "year"),
        ("", "year"),
        ("14/15", "year"),
        ("2014/15/16", "year"),
        ("2014/16", "year_gap"),
        ("2014/2016", "year_gap"),
        ("2018/18", "year_gap"),
        ("0014/15", "year_range"),
    ],
)
def test_parse_year_of_something_else_is_refused(text, code):
    with pytest.raises(PeriodError) as refusal:
        FinancialYear.parse(text)

    assert refusal.value.code == code
    assert refusal.value.message


def test_year_runs_from_april_to_march():
    year = FinancialYear(1999)

    assert (year.label, year.slug) == ("1999/00", "1999-00")
    assert (year.starts_on, year.ends_on) == (date(1999, 4, 1), date(2000, 3, 31))
    assert year.following.label == "2000/01"
    assert year.preceding.label == "1998/99"


@pytest.mark.parametrize(
    ("number", "starts_on", "ends_on"),
    [
        (1, date(2014, 4, 1), date(2014, 6, 30)),
        (2, date(2014, 7, 1), date(2014, 9, 30)),
        (3, date(2014, 10, 1), date(2014, 12, 31)),
        (4, date(2015, 1, 1), date(2015, 3, 31)),
    ],
)
def test_quarter_has_its_three_months(number, starts_on, ends_on):
    quarter = Quarter(FinancialYear(2014), number)

    assert (quarter.starts_on, quarter.ends_on) == (starts_on, ends_on)
    assert quarter.label == f"Quarter {number} 2014/15"
    assert all(month.quarter == quarter for month in quarter.months)


@pytest.mark.parametrize(
    "text", ["Quarter 1 2014/15", "Q1 2014/15", "q1, 2014-15", "2014/15 Q1", " 2014/2015  quarter 1 "]
)
def test_parse_quarter_written_usually_is_read(text):
    assert Quarter.parse(text) == Quarter(FinancialYear(2014), 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [("Q5 2014/15", "quarter_number"), ("Q1 2014/16", "year_gap"), ("Q1", "quarter"), ("spring 2014", "quarter")],
)
def test_parse_quarter_of_something_else_is_refused(text, code):
    with pytest.raises(PeriodError) as refusal:
        Quarter.parse(text)

    assert refusal.value.code == code


def test_quarter_before_and_after_cross_the_year():
    assert Quarter(FinancialYear(2014), 4).following == Quarter(FinancialYear(2015), 1)
    assert Quarter(FinancialYear(2014), 1).preceding == Quarter(FinancialYear(2013), 4)
    assert Quarter(FinancialYear(2014), 1).following.preceding == Quarter(FinancialYear(2014), 1)
    assert Quarter(FinancialYear(2014), 1).short_label == "Q1 2014/15"
    assert Quarter(FinancialYear(2014), 1).slug == "2014-15-q1"


@pytest.mark.parametrize(
    ("number", "starts_on", "ends_on", "label"),
    [
        (1, date(2015, 4, 1), date(2015, 4, 30), "Month 1 2015/16 (April 2015)"),
        (9, date(2015, 12, 1), date(2015, 12, 31), "Month 9 2015/16 (December 2015)"),
        (10, date(2016, 1, 1), date(2016, 1, 31), "Month 10 2015/16 (January 2016)"),
        (11, date(2016, 2, 1), date(2016, 2, 29), "Month 11 2015/16 (February 2016)"),
        (12, date(2016, 3, 1), date(2016, 3, 31), "Month 12 2015/16 (March 2016)"),
        (13, date(2016, 3, 31), date(2016, 3, 31), "Month 13 2015/16 (adjustments)"),
    ],
)
def test_month_has_its_days(number, starts_on, ends_on, label):
    month = FinancialMonth(FinancialYear(2015), number)

    assert (month.starts_on, month.ends_on, month.label) == (starts_on, ends_on, label)


def test_adjustments_come_last_and_belong_to_quarter_four():
    year = FinancialYear(2015)
    adjustments = FinancialMonth(year, 13)

    assert adjustments.is_adjustment
    assert adjustments.quarter == Quarter(year, 4)
    assert adjustments not in year.months
    assert max([*year.months, adjustments]) == adjustments


@pytest.mark.parametrize("number", [0, 14])
def test_month_out_of_range_is_refused(number):
    with pytest.raises(PeriodError):
        FinancialMonth(FinancialYear(2015), number)


@given(days)
def test_containing_any_day_gives_the_year_quarter_and_month_that_hold_it(day):
    year, quarter, month = FinancialYear.containing(day), Quarter.containing(day), FinancialMonth.containing(day)

    assert day in year
    assert day in quarter
    assert month.starts_on <= day <= month.ends_on
    assert quarter.year == month.year == year
    assert month in quarter.months
    assert FinancialYear.parse(year.label) == year
    assert Quarter.parse(quarter.label) == quarter


@given(st.integers(min_value=1900, max_value=2198))
def test_quarters_and_months_of_any_year_leave_no_gap(start):
    year = FinancialYear(start)

    for spans in (year.quarters, year.months):
        assert (spans[0].starts_on, spans[-1].ends_on) == (year.starts_on, year.ends_on)
        for earlier, later in pairwise(spans):
            assert later.starts_on - earlier.ends_on == timedelta(days=1)
            assert earlier < later


def test_containing_a_moment_is_refused_since_it_has_no_day():
    with pytest.raises(TypeError):
        Quarter.containing(datetime(2014, 6, 30, 23, 30, tzinfo=UTC))
