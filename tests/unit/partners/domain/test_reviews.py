"""The yearly review is due on the anniversary of the partner's first role and opens thirty days before."""

from datetime import date

import pytest

from partners.domain.reviews import due_on, opens_on

FIRST = date(2025, 6, 15)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 6, 15), None),
        (date(2026, 5, 15), None),
        (date(2026, 5, 16), date(2026, 6, 15)),
        (date(2026, 6, 15), date(2026, 6, 15)),
        (date(2027, 5, 15), date(2026, 6, 15)),
        (date(2027, 5, 16), date(2027, 6, 15)),
    ],
)
def test_due_on_is_the_newest_that_has_opened(on, expected):
    assert due_on(FIRST, on) == expected


def test_due_on_for_a_new_years_day_opens_in_the_year_before():
    assert due_on(date(2025, 1, 1), date(2025, 12, 2)) == date(2026, 1, 1)
    assert due_on(date(2025, 1, 1), date(2025, 12, 1)) is None


def test_due_on_for_the_29th_of_february_is_the_28th():
    assert due_on(date(2024, 2, 29), date(2026, 2, 1)) == date(2026, 2, 28)


def test_opens_on_is_thirty_days_before():
    assert opens_on(date(2026, 6, 15)) == date(2026, 5, 16)
