"""The financial year of English councils and the NHS: April to March, its quarters and its accounting months.

Everything here takes and gives dates, never moments: the caller decides which day it is in London.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self

from integration_hub.core.dates import MONTHS

ADJUSTMENT: Final = 13

# As the financial year has them.
_MONTH_NAMES: Final = (*MONTHS[3:], *MONTHS[:3])
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_YEAR = r"([0-9]{4}) *[/\u2010-\u2013-] *([0-9]{4}|[0-9]{2})"
_YEAR_ALONE = re.compile(_YEAR)
_QUARTER_FIRST = re.compile(rf"(?:quarter|qtr|q) *([0-9]),? +{_YEAR}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"{_YEAR},? +(?:quarter|qtr|q) *([0-9])", re.IGNORECASE)


class PeriodError(ValueError):
    """What names no financial year, quarter or month: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, order=True)
class FinancialYear:
    """The year from 1 April of `start` to the next 31 March."""

    start: int

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.start <= _LAST_YEAR:
            raise PeriodError(
                "year_range",
                f"A financial year starts between {_FIRST_YEAR} and {_LAST_YEAR}, not in {self.start}.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2014/15", "2014-15" or "2014/2015"; raises PeriodError."""
        found = _YEAR_ALONE.fullmatch(text.strip())
        if not found:
            raise PeriodError("year", f'"{text.strip()[:40]}" is not a financial year. Write it as 2014/15.')
        return cls(_start_of(found[1], found[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The financial year that a day falls in."""
        refuse_moment(day)
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def label(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        """The label for addresses and file names: "2014-15"."""
        return self.label.replace("/", "-")

    @property
    def starts_on(self) -> date:
        return date(self.start, 4, 1)

    @property
    def ends_on(self) -> date:
        return date(self.start + 1, 3, 31)

    @property
    def quarters(self) -> "tuple[Quarter, ...]":
        return tuple(Quarter(self, number) for number in range(1, 5))

    @property
    def months(self) -> "tuple[FinancialMonth, ...]":
        """Months 1 to 12, without the adjustment period."""
        return tuple(FinancialMonth(self, number) for number in range(1, ADJUSTMENT))

    @property
    def following(self) -> "FinancialYear":
        return FinancialYear(self.start + 1)

    @property
    def preceding(self) -> "FinancialYear":
        return FinancialYear(self.start - 1)

    def __contains__(self, day: date) -> bool:
        refuse_moment(day)
        return self.starts_on <= day <= self.ends_on

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a financial year: 1 is April to June, 4 is January to March."""

    year: FinancialYear
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise PeriodError("quarter_number", f"A quarter is 1, 2, 3 or 4, not {self.number}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "Quarter 1 2014/15", "Q1 2014/15" or "2014/15 Q1"; raises PeriodError."""
        words = " ".join(text.split())
        if found := _QUARTER_FIRST.fullmatch(words):
            number, first, second = found.groups()
        elif found := _YEAR_FIRST.fullmatch(words):
            first, second, number = found.groups()
        else:
            raise PeriodError("quarter", f'"{words[:40]}" is not a quarter. Write it as Quarter 1 2014/15.')
        return cls(FinancialYear(_start_of(first, second)), int(number))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The quarter that a day falls in."""
        return cls(FinancialYear.containing(day), (day.month - 4) % 12 // 3 + 1)

    @property
    def label(self) -> str:
        return f"Quarter {self.number} {self.year.label}"

    @property
    def short_label(self) -> str:
        return f"Q{self.number} {self.year.label}"

    @property
    def slug(self) -> str:
        """The label for addresses and file names: "2014-15-q1"."""
        return f"{self.year.slug}-q{self.number}"

    @property
    def starts_on(self) -> date:
        return self.months[0].starts_on

    @property
    def ends_on(self) -> date:
        return self.months[2].ends_on

    @property
    def months(self) -> "tuple[FinancialMonth, ...]":
        """The quarter's three months; the adjustment period belongs to none."""
        first = 3 * self.number - 2
        return tuple(FinancialMonth(self.year, number) for number in range(first, first + 3))

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year.following, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def preceding(self) -> "Quarter":
        return Quarter(self.year.preceding, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __contains__(self, day: date) -> bool:
        refuse_moment(day)
        return self.starts_on <= day <= self.ends_on

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class FinancialMonth:
    """An accounting period: month 1 is April, month 12 is March, 13 is the adjustments made after March."""

    year: FinancialYear
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= ADJUSTMENT:
            raise PeriodError(
                "month_number",
                f"A month is 1 (April) to 12 (March), or 13 for adjustments, not {self.number}.",
            )

    @classmethod
    def containing(cls, day: date) -> Self:
        """The month that a day falls in; never the adjustment period."""
        return cls(FinancialYear.containing(day), (day.month - 4) % 12 + 1)

    @property
    def is_adjustment(self) -> bool:
        return self.number == ADJUSTMENT

    @property
    def label(self) -> str:
        if self.is_adjustment:
            return f"Month 13 {self.year.label} (adjustments)"
        return f"Month {self.number} {self.year.label} ({self.name} {self.starts_on.year})"

    @property
    def name(self) -> str:
        return "Adjustments" if self.is_adjustment else _MONTH_NAMES[self.number - 1]

    @property
    def starts_on(self) -> date:
        """The first day; adjustments are all dated 31 March."""
        if self.is_adjustment:
            return self.year.ends_on
        return date(self.year.start + (self.number > 9), (self.number + 2) % 12 + 1, 1)

    @property
    def ends_on(self) -> date:
        if self.number >= 12:
            return self.year.ends_on
        return FinancialMonth(self.year, self.number + 1).starts_on - timedelta(days=1)

    @property
    def quarter(self) -> Quarter:
        """The quarter that reports on this month; adjustments fall in quarter 4."""
        return Quarter(self.year, min(4, (self.number + 2) // 3))

    def __str__(self) -> str:
        return self.label


def _start_of(first: str, second: str) -> int:
    """The starting year of "2014" and "15" or "2015"; raises PeriodError where they do not follow."""
    start = int(first)
    follows = start + 1 if len(second) == 4 else (start + 1) % 100
    if int(second) != follows:
        raise PeriodError(
            "year_gap",
            f"{first}/{second} is not a financial year: {start} is followed by {(start + 1) % 100:02d}. "
            f"Write {start}/{(start + 1) % 100:02d}.",
        )
    return start


def refuse_moment(day: date) -> None:
    """Raise TypeError for a moment where a calendar day is needed."""
    # Half past midnight in London in summer is still yesterday in UTC: the caller chooses.
    if isinstance(day, datetime):
        raise TypeError("give a local date, not a moment")
