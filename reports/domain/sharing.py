"""A fund's position without what its owner has not released."""

from dataclasses import replace
from datetime import date, timedelta

from integration_hub.core.states import FigureState
from pooled_budgets.domain.position import FundPosition, PositionLine


def without_drafts(position: FundPosition, *, on: date) -> FundPosition:
    """The position as every party sees it on a day: a figure that is still a draft is as if it were not there."""
    lines = tuple(
        _not_recorded(line, position.as_at, on) if line.is_recorded and line.released_at is None else line
        for line in position.lines
    )
    return replace(position, lines=lines)


def _not_recorded(line: PositionLine, as_at: date, on: date) -> PositionLine:
    due_on = as_at + timedelta(days=1)
    is_due = on >= due_on
    return replace(
        line,
        outturn=None,
        outturn_state=FigureState.MISSING if is_due else FigureState.NOT_YET_AVAILABLE,
        available_on=None if is_due else due_on,
        as_printed="",
        forecast_note="",
        source="",
        entered_by="",
        entered_at=None,
        as_at=None,
        recorded=None,
    )
