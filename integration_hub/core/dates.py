"""A day in words, the same on every page, document and workbook."""

from datetime import date
from typing import Final

# Not strftime: month names must not follow the locale of the machine.
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def long_date(day: date) -> str:
    """A date in full: "30 September 2014"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
