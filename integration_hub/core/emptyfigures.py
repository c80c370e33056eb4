"""The printed words for a figure that is not there, from the table in core.states.

Zero is never printed for a missing figure: a reader must see whether nothing happened or nothing is known.
"""

from datetime import date

from integration_hub.core.dates import long_date
from integration_hub.core.states import EFFECTS, FigureState, state_words

# A stated amount and a set target have a number; every other state has words in its place.
EMPTY_STATES = frozenset(str(state) for state in EFFECTS if state != FigureState.STATED)


def day(on: date) -> str:
    """A date as people write it: "30 September 2014"."""
    return long_date(on)


def words(state: str, *, until: date | None = None) -> str:
    """The words for a state: "not yet available until 30 September 2014". Raises ValueError for any other state."""
    if state not in EMPTY_STATES:
        raise ValueError(f"{state!r} is no state of an empty figure; use one of {', '.join(sorted(EMPTY_STATES))}.")
    return state_words(state, until=until if state == FigureState.NOT_YET_AVAILABLE else None)
