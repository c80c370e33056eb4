"""A day in words, the same on every page, document and workbook, and the days that may be entered."""

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


# Dates outside these were mistyped; spreadsheets could not hold some of them.
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2099, 12, 31)


def is_plausible(day: date) -> bool:
    """Whether a day that somebody entered is from 1 January 2000 to 31 December 2099."""
    return EARLIEST <= day <= LATEST


def long_date(day: date) -> str:
    """A date in full: "30 September 2014"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# For whoever entered another one.
ENTER_PLAUSIBLE: Final = f"Enter a real date from {long_date(EARLIEST)} to {long_date(LATEST)}."
