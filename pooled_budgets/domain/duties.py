"""The dated duties that follow from an agreement: worked out from its terms, so that they move when a date moves."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from integration_hub.core.dates import long_date
from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.working_days import Calendar, CalendarEnds
from pooled_budgets.domain.terms import Terms

# Where the agreement does not say so itself. No document states these; the pages say that they are illustrative.
REPORT_DAYS: Final = 20
RETURN_DAYS: Final = 40
SHOWN_BEFORE: Final = timedelta(days=60)
POOLED: Final = "section_75"


@dataclass(frozen=True)
class Duty:
    """Something to be done by a day. `key` stays the same when the day moves; `note` says how the day was found.

    `of_host`: the host does it; everything else is for every party.
    """

    key: str
    words: str
    due_on: date
    note: str = ""
    of_host: bool = False


def due(
    terms: Terms, *, begins: date, ends: date | None, on: date, calendar: Calendar, done: Collection[str] = ()
) -> list[Duty]:
    """Of all duties between two days, those that are not done and due within SHOWN_BEFORE, the earliest first."""
    until = on + SHOWN_BEFORE
    found = [duty for duty in _all(terms, begins, ends, until, calendar) if duty.due_on <= until]
    return sorted((duty for duty in found if duty.key not in done), key=lambda duty: (duty.due_on, duty.key))


def _all(terms: Terms, begins: date, ends: date | None, until: date, calendar: Calendar) -> list[Duty]:
    found = _reports(terms, begins, ends, until, calendar) if terms["kind"] == POOLED else []
    for text in terms["review_on"]:
        day = date.fromisoformat(text)
        if begins <= day and (ends is None or day <= ends):
            found.append(Duty(f"review {text}", "Review the agreement", day))
    if ends is not None:
        if terms["notice_months"]:
            notice = months_before(ends, terms["notice_months"])
            words = f"{terms['notice_months']} months before the last day, {long_date(ends)}"
            found.append(Duty("notice", "Give notice, or agree to go on", notice, words))
        found.append(Duty("expiry", "The agreement ends: agree a new one, or wind it up", ends))
    return found


def _reports(terms: Terms, begins: date, ends: date | None, until: date, calendar: Calendar) -> list[Duty]:
    """The pool manager's report for each quarter that the agreement touches, and the annual return after March."""
    found = []
    last = until if ends is None else min(ends, until)
    start = begins.year if begins >= date(begins.year, 4, 1) else begins.year - 1
    for year in (FinancialYear(number) for number in range(start, last.year + 1)):
        for quarter in (Quarter(year, number) for number in range(1, 5)):
            if quarter.ends_on >= begins and quarter.starts_on <= last and quarter.ends_on <= until:
                day, note = _after(quarter.ends_on, terms["report_days"], REPORT_DAYS, calendar)
                key = f"report {year.start} {quarter.number}"
                found.append(Duty(key, f"Pool manager's report on {quarter.label}", day, note, of_host=True))
        if year.ends_on >= begins and year.starts_on <= last and year.ends_on <= until:
            day, note = _after(year.ends_on, terms["return_days"], RETURN_DAYS, calendar)
            words = f"Pool manager's annual return for {year.label}"
            found.append(Duty(f"return {year.start}", words, day, note, of_host=True))
    return found


def _after(end: date, stated: int | None, otherwise: int, calendar: Calendar) -> tuple[date, str]:
    """So many working days after a day; where the bank holidays are not known, Monday to Friday alone are counted."""
    number = stated or otherwise
    whose = "" if stated else ", illustrative: the agreement does not say"
    try:
        return calendar.working_days_after(end, number), f"{number} working days after {long_date(end)}{whose}"
    except CalendarEnds:
        day = end
        for _ in range(number):
            day += timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))
        return day, f"{number} weekdays after {long_date(end)}, bank holidays not known{whose}"


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
