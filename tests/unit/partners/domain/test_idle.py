"""When an idle account is told and closed: three notices in order, each once, never closed without all of them."""

from datetime import date, timedelta

import pytest

from partners.domain.idle import NOTICES, Close, Notice, step

SINCE = date(2026, 1, 1)
CLOSES = date(2026, 4, 1)  # ninety days later


def at(today, given=None, closed_after=90):
    return step(idle_since=SINCE, closed_after=closed_after, today=today, given=given or {})


@pytest.mark.parametrize(
    ("days_left", "given", "expected"),
    [
        (11, [], None),
        (10, [], 10),
        (9, [10], None),
        (4, [10], None),
        (3, [10], 3),
        (2, [10, 3], None),
        (1, [10, 3], 1),
    ],
)
def test_step_gives_each_notice_on_its_day(days_left, given, expected):
    found = at(CLOSES - timedelta(days=days_left), dict.fromkeys(given, CLOSES))

    assert found == (Notice(expected, CLOSES) if expected else None)


def test_step_closes_on_the_day_and_not_the_day_before():
    given = dict.fromkeys(NOTICES, CLOSES)

    assert at(CLOSES - timedelta(days=1), given) is None
    assert at(CLOSES, given) == Close()
    assert at(CLOSES + timedelta(days=5), given) == Close()


def test_step_for_an_account_long_idle_gives_all_three_notices_first():
    today, given, told = date(2026, 12, 1), {}, []
    for _ in range(30):
        found = at(today, given)
        if isinstance(found, Close):
            break
        if isinstance(found, Notice):
            given[found.days_before] = found.closes_on
            told.append((found.days_before, (found.closes_on - today).days))
        today += timedelta(days=1)

    assert told == [(10, 10), (3, 3), (1, 1)]
    assert today == date(2026, 12, 11)


def test_step_after_missed_nights_moves_the_closing_and_skips_no_notice():
    late = CLOSES + timedelta(days=2)

    three = at(late, {10: CLOSES})
    assert three == Notice(3, late + timedelta(days=3))
    one = at(late + timedelta(days=9), {10: CLOSES, 3: three.closes_on})
    assert one == Notice(1, late + timedelta(days=10))


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_step_on_the_sundays_of_the_clock_change_counts_days(sunday):
    since = sunday - timedelta(days=80)

    assert step(idle_since=since, closed_after=90, today=sunday, given={}) == Notice(10, sunday + timedelta(days=10))
    assert step(idle_since=since, closed_after=90, today=sunday - timedelta(days=1), given={}) is None
