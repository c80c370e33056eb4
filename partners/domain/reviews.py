"""The yearly look at who still needs their role: when it opens, and by when it is due."""

from datetime import date, timedelta

OPEN_FOR = timedelta(days=30)  # before the day on which it is due


def due_on(first: date, on: date) -> date | None:
    """The day on which the newest review is due that has opened by `on`; None before the first has.

    Due each year on the day on which the partner's first role was entered; on 28 February for 29 February.
    """
    year = (on + OPEN_FOR).year
    due = _anniversary(first, year)
    if due - OPEN_FOR > on:
        due = _anniversary(first, year - 1)
    return due if due > first else None


def opens_on(due: date) -> date:
    """The day from which roles can be confirmed. What was granted after it needs no word this year."""
    return due - OPEN_FOR


def _anniversary(first: date, year: int) -> date:
    if (first.month, first.day) == (2, 29):
        return date(year, 2, 28)
    return first.replace(year=year)
