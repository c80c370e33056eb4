"""How far the returns of a region are, as a table and as a file: the same words in both."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bcf_metrics.domain.completeness import LATE, NOT_OPENED, OVERDUE, Progress
from bcf_metrics.domain.status import ReturnStatus
from bcf_metrics.models.quarterly_return import STATUSES
from bcf_metrics.presenters.pages import TONES
from bcf_metrics.selectors.completeness import Overview
from integration_hub.core.dates import long_date
from integration_hub.core.spreadsheets.texts import csv_bytes
from integration_hub.core.tables import Column
from integration_hub.core.templatetags.components import tag
from pooled_budgets.domain.words import count

WORDS = {NOT_OPENED: "Not opened", **STATUSES}
FILTERS = {"": "Every state", **WORDS, OVERDUE: "Overdue", LATE: "Submitted late"}
NO_RETURN = "No national return"
COLUMNS = ["Area", "ONS code", "State", "Sections complete", "Signatures", "Due", "Overdue or late"]


def columns() -> list[Column]:
    return [Column(COLUMNS[0], header=True), *(Column(words) for words in COLUMNS[1:])]


def table(rows: Iterable[Progress]) -> list[list[Any]]:
    """The rows of the page."""
    return [[name, code, tag(state, tone=_tone(row)), *rest] for row, (name, code, state, *rest) in _told(rows)]


def csv_file(found: Overview, rows: Iterable[Progress]) -> bytes:
    """The rows as a .csv file, with the quarter and the day on which it was true."""
    told = [words for _, words in _told(rows)]
    lines = [[found.region.name, found.period.label, *words] for words in told]
    return csv_bytes([["Region", "Quarter", *COLUMNS], *lines])


def summary(rows: Sequence[Progress]) -> str:
    """How many there are in each state, in the order of the way that a return takes."""
    areas = len({row.ons_code for row in rows})
    counted = Counter(row.status for row in rows)
    states = [f"{counted[status]} {words[0].lower()}{words[1:]}" for status, words in WORDS.items() if counted[status]]
    overdue = sum(row.days_overdue > 0 for row in rows)
    return f"{count(areas, 'area', 'areas')}: {', '.join(states)}. {overdue or 'None'} overdue."


def _told(rows: Iterable[Progress]) -> list[tuple[Progress, list[str]]]:
    return [(row, _words(row)) for row in rows]


def _words(row: Progress) -> list[str]:
    name = f"{row.area} (return {row.number} of {row.among})" if row.among > 1 else row.area
    return [
        name,
        row.ons_code,
        WORDS[row.status],
        _of(row.sections, "no section yet"),
        _of(row.signatures, "none asked for yet"),
        _due(row),
        _days(row),
    ]


def _of(counted: tuple[int, int] | None, none: str) -> str:
    return none if counted is None else f"{counted[0]} of {counted[1]}"


def _due(row: Progress) -> str:
    if not row.is_asked:
        return NO_RETURN
    return long_date(row.due_on) if row.due_on else "No date is known"


def _days(row: Progress) -> str:
    if row.days_overdue:
        return f"{count(row.days_overdue, 'day', 'days')} overdue"
    return f"Submitted {count(row.days_late, 'day', 'days')} late" if row.days_late else "No"


def _tone(row: Progress) -> str:
    if row.days_overdue:
        return "bad"
    return "attention" if row.status == NOT_OPENED else TONES[ReturnStatus(row.status)]
