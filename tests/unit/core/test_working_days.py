from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integration_hub.core.management.commands import make_bank_holidays
from integration_hub.core.working_days import SHIPPED_ROWS, Calendar, CalendarEnds, load_calendar, read_rows

meetings = st.dates(min_value=date(2008, 2, 1), max_value=date(2028, 12, 31))


@pytest.mark.parametrize(
    ("meeting", "publish_by"),
    [
        (date(2009, 8, 11), date(2009, 8, 3)),
        (date(2014, 7, 28), date(2014, 7, 18)),
        (date(2016, 11, 1), date(2016, 10, 24)),
        (date(2016, 11, 18), date(2016, 11, 10)),
        (date(2016, 11, 25), date(2016, 11, 17)),
        (date(2016, 12, 15), date(2016, 12, 7)),
        (date(2017, 7, 17), date(2017, 7, 7)),
        (date(2020, 3, 12), date(2020, 3, 4)),
        # Easter 2015: Good Friday 3 April, Easter Monday 6 April.
        (date(2015, 4, 9), date(2015, 3, 30)),
        # Christmas 2014: 25, 26 December and 1 January.
        (date(2015, 1, 6), date(2014, 12, 24)),
        # Christmas 2021 on a Saturday: 27 and 28 December instead, and 3 January 2022 for New Year.
        (date(2022, 1, 5), date(2021, 12, 23)),
        # The royal wedding, between Easter and the early May holiday of 2011.
        (date(2011, 5, 5), date(2011, 4, 21)),
        # Diamond Jubilee: 4 June (moved from May) and 5 June 2012, nothing on 28 May.
        (date(2012, 6, 7), date(2012, 5, 28)),
        # Platinum Jubilee: 2 and 3 June 2022.
        (date(2022, 6, 8), date(2022, 5, 27)),
        # State funeral on 19 September 2022.
        (date(2022, 9, 21), date(2022, 9, 12)),
        # Coronation on 8 May 2023, a week after the early May holiday.
        (date(2023, 5, 10), date(2023, 4, 28)),
        # The early May holiday of 2020 fell on Friday 8 May; Monday 4 May was a working day.
        (date(2020, 5, 12), date(2020, 5, 1)),
        # A meeting on a Saturday counts the working days before it.
        (date(2014, 7, 26), date(2014, 7, 18)),
    ],
)
def test_publication_deadline_leaves_five_clear_working_days(meeting, publish_by):
    assert load_calendar().publication_deadline(meeting) == publish_by


@given(meetings, st.integers(min_value=0, max_value=12))
def test_clear_days_before_any_meeting_is_the_latest_day_that_leaves_so_many(meeting, number):
    calendar = load_calendar()

    day = calendar.clear_days_before(meeting, number)

    assert calendar.is_working_day(day)
    assert calendar.clear_days_between(day, meeting) == number
    later = (day + timedelta(days=ahead) for ahead in range(1, (meeting - day).days))
    assert all(calendar.clear_days_between(one, meeting) < number for one in later if calendar.is_working_day(one))


@given(meetings, st.integers(min_value=1, max_value=12))
def test_working_days_after_any_day_counts_working_days_alone(day, number):
    calendar = load_calendar()
    assume(day < date(2028, 11, 1))

    last = calendar.working_days_after(day, number)

    assert calendar.is_working_day(last)
    assert calendar.clear_days_between(day, last) == number - 1


def test_working_days_after_a_decision_ends_the_call_in_period():
    # Decided on Wednesday 16 April 2014: Good Friday and Easter Monday do not count.
    assert load_calendar().working_days_after(date(2014, 4, 16), 5) == date(2014, 4, 25)


@pytest.mark.parametrize("meeting", [date(2007, 12, 31), date(2008, 1, 7), date(2029, 1, 1), date(2029, 1, 10)])
def test_publication_deadline_beyond_the_known_years_is_refused(meeting):
    with pytest.raises(CalendarEnds) as refusal:
        load_calendar().publication_deadline(meeting)

    assert refusal.value.http_status == 422
    assert refusal.value.code == "calendar_ends"
    assert "1 January 2008 to 31 December 2028" in refusal.value.message
    assert not date(2008, 1, 1) <= refusal.value.day <= date(2028, 12, 31)


def test_publication_deadline_on_the_last_known_day_is_still_given():
    assert load_calendar().publication_deadline(date(2028, 12, 29)) == date(2028, 12, 19)


@pytest.mark.parametrize(
    "holiday",
    [
        date(2011, 4, 29),
        date(2012, 6, 4),
        date(2012, 6, 5),
        date(2020, 5, 8),
        date(2022, 6, 2),
        date(2022, 6, 3),
        date(2022, 9, 19),
        date(2023, 5, 8),
    ],
)
def test_proclaimed_holiday_is_no_working_day(holiday):
    assert not load_calendar().is_working_day(holiday)


@pytest.mark.parametrize("moved_from", [date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)])
def test_day_that_a_holiday_was_moved_from_is_a_working_day(moved_from):
    assert load_calendar().is_working_day(moved_from)


def test_calendar_from_days_knows_whole_years():
    calendar = Calendar.from_days([date(2015, 12, 25), date(2014, 4, 18)])

    assert (calendar.known_from, calendar.known_until) == (date(2014, 1, 1), date(2015, 12, 31))


def test_calendar_from_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one bank holiday"):
        Calendar.from_days([])


def test_is_working_day_of_a_moment_is_refused():
    with pytest.raises(TypeError):
        load_calendar().is_working_day(datetime(2014, 7, 28, 23, 30, tzinfo=UTC))


def test_shipped_rows_are_eight_a_year_and_the_proclaimed_ones_in_order_and_none_at_a_weekend():
    rows = read_rows()
    days = [row.day for row in rows]

    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    proclaimed = {2011: 1, 2012: 1, 2022: 2, 2023: 1}
    counted = Counter(day.year for day in days)
    assert counted == {year: 8 + proclaimed.get(year, 0) for year in range(2008, 2029)}
    assert all(row.name for row in rows)


def test_shipped_rows_are_what_the_tool_writes():
    rows = read_rows()

    text = make_bank_holidays.table(first=2008, last=2028, known_on=rows[0].known_on)

    assert SHIPPED_ROWS.read_text(encoding="utf-8") == text
