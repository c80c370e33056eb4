"""Movements without authority as rows of a page and of a .csv file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from governance.selectors.movements import Movement
from integration_hub.core import money
from integration_hub.core.spreadsheets.texts import csv_line
from pooled_budgets.models import Fund

COLUMNS = ("Fund", "Financial year", "Kind", "What", "Day", "Pounds", "Why")
# Excel reads the pound sign and accents rightly with this mark in front.
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class MovementRow:
    """A movement with its fund."""

    movement: Movement
    fund: Fund


def rows(movements: Iterable[Movement], funds: Mapping[Any, Fund]) -> list[MovementRow]:
    """The movements of funds that the reader may read."""
    return [MovementRow(movement, funds[movement.fund]) for movement in movements if movement.fund in funds]


def csv_file(found: Iterable[MovementRow]) -> Iterator[bytes]:
    """The file in pieces, every cell guarded against formulas. An empty amount says so."""
    yield MARK + csv_line(COLUMNS)
    for row in found:
        moved = row.movement
        amount = "no amount" if moved.amount is None else money.as_plain(moved.amount)
        day = moved.on.isoformat()
        yield csv_line((row.fund.name, row.fund.year.label, moved.noun, moved.words, day, amount, moved.why))
