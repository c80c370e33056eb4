"""Working days in England, and clear days before a meeting, from dated rows that end where our knowledge ends.

Bank holidays are proclaimed a few years ahead at most, and some only weeks before (a jubilee, a funeral). The shipped
rows carry the day on which they were drawn up, and no answer is given that needs a day beyond them.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, Self

from integration_hub.core.errors import HubError
from integration_hub.core.quarters import refuse_moment

# Local Government Act 1972, section 100B, as amended from October 2002: open to inspection five clear days before.
CLEAR_DAYS_FOR_PAPERS: Final = 5

SHIPPED_ROWS: Final = Path(__file__).parent / "data" / "bank_holidays_england.csv"


class CalendarEnds(HubError):
    """The answer needs a day for which the bank holidays are not known; `day` is that day."""

    code = "calendar_ends"
    http_status = 422

    def __init__(self, day: date, *, known_from: date, known_until: date) -> None:
        super().__init__(
            f"Bank holidays are known from {_words(known_from)} to {_words(known_until)}, and {_words(day)} is "
            "outside. Choose a date inside, or ask an administrator to add the later bank holidays.",
            who_can_lift="an administrator, by adding bank holidays",
        )
        self.day = day


class HolidayRow(NamedTuple):
    """A bank holiday, and the day on which the list that names it was drawn up."""

    day: date
    name: str
    known_on: date


@dataclass(frozen=True)
class Calendar:
    """Monday to Friday less `holidays`, from `known_from` to `known_until`, both included."""

    holidays: frozenset[date]
    known_from: date
    known_until: date

    @classmethod
    def from_days(cls, days: Iterable[date]) -> Self:
        """A calendar that knows the whole years from the first to the last of the bank holidays given."""
        holidays = frozenset(days)
        if not holidays:
            raise ValueError("a calendar needs at least one bank holiday")
        return cls(holidays, date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31))

    def is_working_day(self, day: date) -> bool:
        """Whether council offices are open on a day; raises CalendarEnds where that is not known."""
        refuse_moment(day)
        if not self.known_from <= day <= self.known_until:
            raise CalendarEnds(day, known_from=self.known_from, known_until=self.known_until)
        return day.weekday() < 5 and day not in self.holidays

    def clear_days_before(self, meeting: date, number: int) -> date:
        """The latest working day with `number` working days between it and the meeting, neither counted.

        Raises CalendarEnds where the meeting or any day back to the answer is not known.
        """
        if number < 0:
            raise ValueError("a number of clear days is not negative")
        # The meeting may fall on any day, but a meeting that the calendar does not reach cannot be judged.
        self.is_working_day(meeting)
        day, clear = meeting, -1
        while clear < number:
            day -= timedelta(days=1)
            clear += self.is_working_day(day)
        return day

    def publication_deadline(self, meeting: date) -> date:
        """The last day on which the papers of a meeting may be published: five clear working days before it."""
        return self.clear_days_before(meeting, CLEAR_DAYS_FOR_PAPERS)

    def clear_days_between(self, published: date, meeting: date) -> int:
        """How many working days lie between publication and meeting, neither counted."""
        days = (published + timedelta(days=number) for number in range(1, (meeting - published).days))
        return sum(self.is_working_day(day) for day in days)

    def working_days_after(self, day: date, number: int) -> date:
        """The `number`th working day after a day that is not counted itself, such as the end of a call-in period."""
        if number < 1:
            raise ValueError("count at least one working day")
        self.is_working_day(day)
        while number:
            day += timedelta(days=1)
            number -= self.is_working_day(day)
        return day


def read_rows(path: Path = SHIPPED_ROWS) -> tuple[HolidayRow, ...]:
    """The bank holidays of a file with the columns date, name, known_on (ISO dates), in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            HolidayRow(date.fromisoformat(row["date"]), row["name"], date.fromisoformat(row["known_on"]))
            for row in csv.DictReader(file)
        )


@cache
def load_calendar() -> Calendar:
    """The calendar of the shipped rows, read once a process."""
    return Calendar.from_days(row.day for row in read_rows())


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
