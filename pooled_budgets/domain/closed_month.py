"""A month as it stood when it was closed: frozen as plain values with a hash, so that it can be read again exactly."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from integration_hub.core import money
from pooled_budgets.domain.month_grid import Cell, GridLine


def freeze(
    lines: Sequence[GridLine], posted: Mapping[tuple[Any, int], Decimal], *, month: int, about: Mapping[str, str]
) -> dict[str, Any]:
    """Each line with its budget, what was posted in the month and to date, what is expected later, and the outturn.

    The month counts as spent: what was expected of it counts no more. Adjustments (month 13) stand beside the months.
    """
    rows = []
    for line in lines:
        closed = _with_month_closed(line, posted, month)
        to_date = [posted[line.key, number] for number in range(1, month + 1) if (line.key, number) in posted]
        later = {str(cell.month): cell.code for cell in closed.cells if cell.is_open and cell.amount is not None}
        rows.append(
            {
                "line": str(line.key),
                "name": line.words,
                "budget": _plain(line.budget),
                "budget_state": str(line.budget_state),
                "posted": _plain(posted.get((line.key, month))),
                "to_date": _plain(money.total(to_date) if to_date else None),
                "expected": later,
                "outturn": _plain(closed.outturn),
                "variance": _plain(closed.variance),
            }
        )
    return {**about, "month": month, "lines": rows}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one exact spelling, in hexadecimal."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    ).hexdigest()


def _with_month_closed(line: GridLine, posted: Mapping[tuple[Any, int], Decimal], month: int) -> GridLine:
    """The line as if the month were closed; the adjustment period is no cell of the grid."""
    cells = tuple(
        Cell(cell.month, posted.get((line.key, month)), is_open=False) if cell.month == month else cell
        for cell in line.cells
    )
    return replace(line, cells=cells)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else money.as_plain(amount)
