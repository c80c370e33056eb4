"""What an agreement is on a day: from the status that people gave it and from its dates."""

from datetime import date
from typing import Final

# What stands in the database. "Proposed", "in force" and "ended" were recorded from papers; the others came about here.
STATUSES: Final[dict[str, str]] = {
    "draft": "Draft",
    "with_partners": "With the partners",
    "signed": "Signed by every party",
    "proposed": "Proposed",
    "in_force": "In force",
    "ended": "Ended",
}
CLOSED: Final = ("ended",)
# What it is on a day.
STATES: Final[dict[str, str]] = {
    "draft": "Draft",
    "with_partners": "With the partners",
    "proposed": "Proposed",
    "signed": "Signed, not yet begun",
    "in_force": "In force",
    "expired": "Expired",
    "terminated": "Terminated",
    "ended": "Ended",
}


def state_on(
    status: str, *, commences_on: date | None, expires_on: date | None, terminated_on: date | None, day: date
) -> str:
    """A key of STATES. The last day of an agreement, and the day to which it was terminated, still belong to it."""
    if terminated_on is not None and day > terminated_on:
        return "terminated"
    if status != "signed":
        return status
    if commences_on is not None and day < commences_on:
        return "signed"
    return "expired" if expires_on is not None and day > expires_on else "in_force"


def state_words(state: str) -> str:
    return STATES[state]


def version_on(effective: dict[int, date], day: date) -> int | None:
    """Of versions that every party signed, by number with the first day of each, the one that holds on a day."""
    return max((number for number, first in effective.items() if first <= day), default=None)
