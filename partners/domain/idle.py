"""When an account that nobody signs in to is closed, and what its holder is told before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

# Days before the closing, the first notice first.
NOTICES = (10, 3, 1)
CLOSED_AFTER_DAYS = 90  # what settings.IDLE_ACCOUNT_DAYS is unless the installation says otherwise


@dataclass(frozen=True)
class Notice:
    """The holder is told that many days before the account is closed."""

    days_before: int
    closes_on: date


@dataclass(frozen=True)
class Close:
    """The account is closed today."""


Step = Notice | Close | None


def step(*, idle_since: date, closed_after: int, today: date, given: Mapping[int, date]) -> Step:
    """What is due today for an account not used since a day: the next notice, closing it, or nothing.

    `given` are the notices of this idle time with the day of closing that each named. Nobody is closed without all
    three: where nights were missed, the closing moves.
    """
    waiting = [days for days in NOTICES if days not in given]
    if not waiting:
        return Close() if today >= given[NOTICES[-1]] else None
    days = waiting[0]
    named = min(given) if given else None
    closes_on = given[named] if named is not None else idle_since + timedelta(days=closed_after)
    if today < closes_on - timedelta(days=days):
        return None
    return Notice(days_before=days, closes_on=max(closes_on, today + timedelta(days=days)))
