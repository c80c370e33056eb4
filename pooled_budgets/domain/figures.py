"""A projected outturn as people write it: an amount in pounds, or the reason why there is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Self

from integration_hub.core import emptyfigures, money
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible, long_date
from integration_hub.core.money import NIL, MoneyError
from integration_hub.core.states import FigureState

# The reasons that a person may give; "stated" is no reason.
REASONS: Final = tuple(state for state in FigureState if state != FigureState.STATED)

_WORDS: Final = {
    "nil": FigureState.NIL,
    "not applicable": FigureState.NOT_APPLICABLE,
    "n/a": FigureState.NOT_APPLICABLE,
    "suppressed": FigureState.SUPPRESSED,
    "missing": FigureState.MISSING,
}
_CODE_AMOUNT = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_CODE_STATE = re.compile(r"(?P<state>[a-z_]+)(?::(?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_LATER = re.compile(r"not(?: yet)? available(?: until)?(?P<day> .+)?", re.IGNORECASE)
_DAYS: Final = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
ACCEPTED_WORDS: Final = tuple(_WORDS)
EXPECTED: Final = (
    "an amount such as 214,000.00, or nil, not applicable, suppressed, missing, or not yet available until a date"
)


@dataclass(frozen=True)
class Figure:
    """Pounds, or a state that says why there are none. Nil is the amount 0.00 that somebody has checked."""

    amount: Decimal | None
    state: str
    available_on: date | None = None

    @classmethod
    def stated(cls, amount: Decimal) -> Self:
        return cls(amount, FigureState.STATED)

    @classmethod
    def empty(cls, state: str, available_on: date | None = None) -> Self:
        """A figure that is not there, and why; raises MoneyError where the reason and the date do not fit."""
        if state == FigureState.NOT_YET_AVAILABLE and available_on is None:
            raise MoneyError("until", "Write the date until which the figure is not available.")
        if state != FigureState.NOT_YET_AVAILABLE and available_on is not None:
            raise MoneyError("until", 'A date belongs only to "not yet available".')
        return cls(NIL if state == FigureState.NIL else None, state, available_on)

    @classmethod
    def absent(cls, ends_on: date, on: date) -> Self:
        """What nobody has entered for a period that ends on a day: before the period has ended nobody owes it."""
        due_on = ends_on + timedelta(days=1)
        if on >= due_on:
            return cls(None, FigureState.MISSING)
        return cls(None, FigureState.NOT_YET_AVAILABLE, due_on)

    @property
    def words(self) -> str:
        """As it is printed: "£214,000.00", "nil", "not yet available until 30 September 2014"."""
        if self.state == FigureState.STATED and self.amount is not None:
            return money.pounds(self.amount)
        return emptyfigures.words(self.state, until=self.available_on)

    @property
    def code(self) -> str:
        """The same in one exact text, which a form carries as the value that was seen."""
        if self.state == FigureState.STATED and self.amount is not None:
            return money.as_plain(self.amount)
        return f"{self.state}:{self.available_on.isoformat()}" if self.available_on else self.state

    def as_dict(self) -> dict[str, Any]:
        return {
            "amount": None if self.amount is None else money.as_plain(self.amount),
            "state": str(self.state),
            "available_on": self.available_on.isoformat() if self.available_on else None,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        amount, until = kept["amount"], kept["available_on"]
        return cls(
            None if amount is None else Decimal(amount),
            kept["state"],
            date.fromisoformat(until) if until else None,
        )


def words_of(code: str) -> str:
    """The printed words of a figure's `code`; nothing recorded is "nothing recorded"."""
    if not code:
        return "nothing recorded"
    state, _, until = code.partition(":")
    if state in emptyfigures.EMPTY_STATES:
        return emptyfigures.words(state, until=date.fromisoformat(until) if until else None)
    return money.pounds(Decimal(code))


def is_code(text: str) -> bool:
    """Whether a text is a figure's `code`, or "" for nothing recorded: what comes back from a form may be anything."""
    if not text or _CODE_AMOUNT.fullmatch(text):
        return True
    found = _CODE_STATE.fullmatch(text)
    if found is None or found["state"] not in REASONS:
        return False
    try:
        Figure.empty(found["state"], date.fromisoformat(found["until"]) if found["until"] else None)
    except ValueError:
        # A day that no calendar has, or one that does not belong to the reason: MoneyError is a ValueError.
        return False
    return True


def read(text: str) -> Figure:
    """Read what a person typed or pasted; an amount may be below nil (net income). Raises MoneyError."""
    words = " ".join(text.split())
    if state := _WORDS.get(words.casefold()):
        return Figure.empty(state)
    if later := _LATER.fullmatch(words):
        return Figure.empty(FigureState.NOT_YET_AVAILABLE, read_day((later["day"] or "").strip()))
    return Figure.stated(money.parse_pounds(text, negative=True))


def state_on(state: str, available_on: date | None, day: date) -> str:
    """The state as it counts on a day: what was to come by now and did not is missing."""
    overdue = state == FigureState.NOT_YET_AVAILABLE and available_on is not None and available_on <= day
    return FigureState.MISSING if overdue else state


def read_day(text: str) -> date:
    """Read the date until which a figure is not available, day first; raises MoneyError."""
    if not text:
        raise MoneyError("until", "Write the date too: not yet available until 30 September 2014.")
    for form in _DAYS:
        try:
            # No moment is meant, only a day: there is no time zone to lose.
            day = datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        check_day(day)
        return day
    raise MoneyError("until", f'"{text[:40]}" is not a date. Write it as 30 September 2014.')


def check_day(day: date) -> None:
    """Raise MoneyError for a date until which nobody means to wait: it was mistyped."""
    if not is_plausible(day):
        raise MoneyError("until", f"{long_date(day)} is too far away. {ENTER_PLAUSIBLE}")
