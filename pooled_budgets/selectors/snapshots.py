"""Projected outturns as they were kept at the end of each month, beside those of the quarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.snapshots import KeptLine, by_scheme, whole
from pooled_budgets.models import ClosedMonth, Fund
from pooled_budgets.selectors import ledger, variances

MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Column:
    """A closed month as it was kept last, or a quarter (then `kept` is None); whether a figure of it is a draft."""

    period: Period
    kept: ClosedMonth | None = None
    is_draft: bool = False


@dataclass(frozen=True)
class Row:
    """A scheme, or a line that is there no more, with its figure in each column; None where it was not known then."""

    name: str
    figures: tuple[Figure | Decimal | None, ...]


@dataclass(frozen=True)
class Snapshots:
    """Every closed month and every quarter in order of time, by scheme; a total is None where one is missing."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Decimal | None, ...]

    @property
    def has_months(self) -> bool:
        return any(column.kept for column in self.columns)

    @property
    def has_drafts(self) -> bool:
        return any(column.is_draft for column in self.columns)


def snapshots(fund: Fund, quarters: Sequence[Period], user: User) -> Snapshots:
    """What was projected when. Four queries, however many schemes and months there are."""
    latest: dict[int, ClosedMonth] = {}
    closings = ClosedMonth.objects.visible_to(user).filter(fund=fund).select_related("period")
    for kept in closings.order_by("period__number", "number"):
        latest[kept.period.number] = kept
    drafts = variances.quarters_with_drafts(fund, user)
    # A quarter stands after its last month; the adjustments of the year after everything.
    columns = sorted(
        [Column(kept.period, kept) for kept in latest.values()]
        + [Column(quarter, is_draft=quarter.pk in drafts) for quarter in quarters],
        key=_place,
    )
    projected = variances.projected(fund, user)
    lines = [choice.line for choice in ledger.lines(fund, user)]
    scheme_of = {str(line.pk): line.scheme_id for line in lines}
    names: dict[Any, str] = {line.scheme_id: f"{line.scheme.number}. {line.scheme.name}" for line in lines}
    by_column = []
    for column in columns:
        if column.kept is None:
            absent = Figure.absent(column.period.ends_on, timezone.localdate())
            found: dict[Any, Any] = {key: projected.get((key, column.period.pk), absent) for key in names}
        else:
            found = by_scheme(_lines(column.kept), scheme_of)
            names |= {key: key for key in found if key not in names}
        by_column.append(found)
    rows = [Row(name, tuple(found.get(key) for found in by_column)) for key, name in names.items()]
    totals = [whole([_amount(row.figures[place]) for row in rows]) for place in range(len(columns))]
    return Snapshots(tuple(columns), tuple(rows), tuple(totals))


def _place(column: Column) -> tuple[int, bool]:
    number = column.period.number
    return (number, False) if column.kept else (number * MONTHS_OF_QUARTER, True)


def _lines(kept: ClosedMonth) -> list[KeptLine]:
    return [
        KeptLine(row["line"], row["name"], None if row["outturn"] is None else Decimal(row["outturn"]))
        for row in kept.content["lines"]
    ]


def _amount(figure: Figure | Decimal | None) -> Decimal | None:
    return figure.amount if isinstance(figure, Figure) else figure
