"""The sections of a return: said to be ready, undone by what changed, sent back with a reason.

A section is a sheet of the return's layout. What became of it follows from the return's events in their order.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.changes import WHOLE
from bcf_metrics.domain.status import EventKind

# A section is due so many days before the return, where nobody said otherwise. Our own choice: no document says.
DAYS_BEFORE = 7
# What becomes of one section.
SECTION_KINDS = frozenset({EventKind.SECTION_READY, EventKind.SECTION_UNDONE, EventKind.SECTION_BACK})


class State(StrEnum):
    """Where a section stands."""

    OPEN = "open"
    READY = "ready"
    UNDONE = "undone"
    BACK = "back"
    SENT = "sent"


WORDS = {
    State.OPEN: "Not yet ready",
    State.READY: "Ready",
    State.UNDONE: "Changed since it was ready",
    State.BACK: "To be put right",
    State.SENT: "With the return",
}
TONES = {
    State.OPEN: "neutral",
    State.READY: "good",
    State.UNDONE: "attention",
    State.BACK: "attention",
    State.SENT: "info",
}


@dataclass(frozen=True)
class Told:
    """One event as it concerns sections; those of the whole return have no `tab`."""

    kind: str
    tab: str = ""
    sha256: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Section:
    """A section's state, by which event, and the reason that it was sent back for, while that is not answered."""

    state: State
    last: Told | None = None
    back: Told | None = None

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def is_ready(self) -> bool:
        return self.state is State.READY


def standing(told: Iterable[Told], *, frozen: bool = False, now: Mapping[str, str] | None = None) -> dict[str, Section]:
    """Each section of which something was said, by its tab.

    `now` has each section's fingerprint as it stands: one that differs from what was said to be ready is undone,
    whoever changed it and however. Sending the return says of every section that what was asked is put right.
    """
    found: dict[str, Section] = {}
    for event in told:
        if event.kind == EventKind.SENT_FOR_SIGN_OFF:
            found = {tab: section for tab, section in found.items() if section.state is not State.BACK}
        elif event.kind == EventKind.SECTION_BACK:
            found[event.tab] = Section(State.BACK, event, event)
        elif event.kind == EventKind.SECTION_READY:
            found[event.tab] = Section(State.READY, event)
        elif event.kind == EventKind.SECTION_UNDONE and found.get(event.tab, Section(State.OPEN)).is_ready:
            found[event.tab] = Section(State.UNDONE, event)
    if now is not None:
        for tab, section in found.items():
            if section.is_ready and section.last is not None and section.last.sha256 != now.get(tab, ""):
                found[tab] = Section(State.UNDONE, section.last)
    if frozen:
        return {tab: Section(State.SENT, section.last) for tab, section in found.items()}
    return found


def ready_as(told: Iterable[Told]) -> str:
    """The fingerprint of the whole return as it was last said to be ready; "" where it is not."""
    found = ""
    for event in told:
        if event.kind == EventKind.READY:
            found = event.sha256
        elif not event.tab:
            found = ""
    return found


def fingerprint(cells: Iterable[Cell]) -> str:
    """The SHA-256, in hexadecimal, of everything that some cells show: labels and answers."""
    return _digest([[cell.entry.path, cell.entry.label, cell.shown] for cell in cells])


def fingerprint_of_all(cells: Iterable[Cell], content: Mapping[str, Any]) -> str:
    """The same for a whole return, with what belongs to no sheet; the day on which it is read says nothing."""
    return _digest([fingerprint(cells), {key: content.get(key) for key in WHOLE}])


def default_due(due_on: date | None) -> date | None:
    """When a section is due where nobody said: DAYS_BEFORE days before the return; None where that has no date."""
    return None if due_on is None else due_on - timedelta(days=DAYS_BEFORE)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
