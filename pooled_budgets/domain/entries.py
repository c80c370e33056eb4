"""What one row of the monitoring grid asks for, and whether somebody else changed the same field meanwhile."""

from dataclasses import dataclass
from datetime import date

from pooled_budgets.domain.figures import Figure


@dataclass(frozen=True)
class Entry:
    """A scheme's projected outturn as somebody wants it. None leaves the figure or the note as it is.

    `seen_figure` (a figure's code, "" for nothing recorded) and `seen_note` are what the person was shown; None does
    not look. `true_on` is the day on which the figure is true, the period's end where it is None.
    """

    number: str
    figure: Figure | None = None
    note: str | None = None
    seen_figure: str | None = None
    seen_note: str | None = None
    as_printed: str = ""
    source: str = ""
    true_on: date | None = None


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what was shown, what stands there now and from whom, what was to be saved."""

    number: str
    field: str
    seen: str
    now: str
    yours: str
    changed_by: str
    changed_when: str

    @property
    def words(self) -> str:
        what = "note" if self.field == "note" else "projected outturn"
        return (
            f"Scheme {self.number}, {what}: you saw {self.seen}; {self.changed_by} saved {self.now} on "
            f"{self.changed_when}; you entered {self.yours}."
        )


def is_wanted(new: str | None, seen: str | None, now: str) -> bool:
    """Whether the person means to change the field: it differs from what they saw, and from what stands there."""
    return new is not None and new != seen and new != now


def is_conflict(new: str | None, seen: str | None, now: str) -> bool:
    """Whether somebody else changed the field after it was shown, to something else than the person wants."""
    return seen is not None and now != seen and is_wanted(new, seen, now)
