"""The printed words for a figure that is not there. Plain Python, so that every app's `domain` may use it.

Zero is never printed for a missing figure: a reader must see whether nothing happened or nothing is known.
"""

from datetime import date

from integration_hub.core.states import AmountState, FigureState, TargetState

# A stated amount and a set target have a number; every other state has words in its place.
EMPTY_STATES = frozenset(
    str(state)
    for states in (AmountState, TargetState, FigureState)
    for state in states
    if state not in {AmountState.STATED, TargetState.SET}
)


def day(on: date) -> str:
    """A date as people write it: "30 September 2014"."""
    return f"{on.day} {on:%B %Y}"


def words(state: str, *, until: date | None = None) -> str:
    """The words for a state: "not yet available until 30 September 2014". Raises ValueError for any other state."""
    if state not in EMPTY_STATES:
        raise ValueError(f"{state!r} is no state of an empty figure; use one of {', '.join(sorted(EMPTY_STATES))}.")
    if state == FigureState.NOT_YET_AVAILABLE and until:
        return f"not yet available until {day(until)}"
    return str(state).replace("_", " ")
