"""What is expected of lines by month: many cells saved at once or none, and released to the partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.month_grid import CellConflict, CellEntry, is_conflict
from pooled_budgets.domain.words import moment
from pooled_budgets.models import Fund, MonthForecast, PeriodLock, SchemeLine
from pooled_budgets.services.locking import hold_fund


class CellsChanged(ChangedMeanwhile):
    """Somebody else changed the same cells after they were shown; `conflicts` has both values of each."""

    def __init__(self, conflicts: Sequence[CellConflict]) -> None:
        super().__init__(
            "Somebody else changed what you changed, so nothing was saved. "
            + " ".join(conflict.words for conflict in conflicts[:10])
            + " Check the values and save again.",
            field="cells",
        )
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True)
class _Standing:
    """A cell as it stands under the lock."""

    id: UUID
    code: str
    by: str
    when: str


@service
def record(*, fund_id: UUID, entries: Sequence[CellEntry], by: User, at: datetime) -> int:
    """Save the cells that the person changed, all or none; answers how many. Other cells are left as they are.

    Raises CellsChanged, PeriodLocked, Malformed. Before release only the keeper's people see what is expected;
    afterwards a change is seen by the partners at once.
    """
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    wanted = [entry for entry in entries if entry.is_wanted]
    if not wanted:
        return 0
    months = _months(held, {entry.month for entry in wanted}, by=by, at=at)
    names, standing = _standing(held, {entry.line for entry in wanted})
    unknown = [entry for entry in wanted if entry.line not in names]
    if unknown:
        raise Malformed("The fund's plan has no such line any more. Reload the page.", field="cells")
    conflicts = [found for entry in wanted if (found := _conflict(entry, names, standing, months))]
    if conflicts:
        raise CellsChanged(conflicts)

    changes = [entry for entry in wanted if entry.code != _code(standing, entry)]
    _write(held, changes, standing, months, by=by, at=at)
    if changes:
        audit.record(
            "month_forecasts.recorded",
            target=held,
            by=by,
            at=at,
            partner=held.owner,
            before={_where(entry, names): _code(standing, entry) for entry in changes},
            after={_where(entry, names): entry.code for entry in changes},
        )
    return len(changes)


@service
def release(*, fund: Fund, by: User, at: datetime) -> int:
    """Let the parties to the agreement and its board see what is expected by month; answers how many were drafts."""
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    drafts = MonthForecast.objects.filter(line__scheme__fund=held, released_at__isnull=True)
    number = drafts.update(released_at=at)
    if not number:
        raise policies.NothingToRelease("There is no draft in the grid to release: all that stands in it is released.")
    audit.record("month_forecasts.released", target=held, by=by, at=at, partner=held.owner, after={"cells": number})
    return number


def _months(held: Fund, numbers: set[int], *, by: User, at: datetime) -> dict[int, Any]:
    """The months by number, each open to the person, with `is_released` where the grid was. One query."""
    locks = PeriodLock.objects.filter(fund=held, lifted_at__isnull=True)
    released = MonthForecast.objects.filter(line__scheme__fund=held, released_at__isnull=False)
    rows = Period.objects.filter(
        kind=Period.MONTH, financial_year=held.financial_year, number__in=numbers, number__lte=12
    ).annotate(
        # Which quarter it falls in is the calendar's: the quarter with a lock that has the month's first day in it.
        is_closed=Exists(
            locks.filter(
                Q(period=OuterRef("pk"))
                | Q(
                    period__kind=Period.QUARTER,
                    period__starts_on__lte=OuterRef("starts_on"),
                    period__ends_on__gte=OuterRef("starts_on"),
                )
            )
        ),
        is_released=Exists(released),
    )
    months = {month.number: month for month in rows}
    if missing := numbers - months.keys():
        raise Malformed(f"There is no month {min(missing)}. A month is 1 (April) to 12 (March).", field="cells")
    closed = [month for month in months.values() if month.is_closed]
    if closed:
        policies.check_months_open(held, closed, by=by, at=at)
    return months


def _standing(held: Fund, lines: set[Any]) -> tuple[dict[Any, str], dict[tuple[Any, int], _Standing]]:
    """The lines by what they are called, and what stands in their cells. One query."""
    names: dict[Any, str] = {}
    cells: dict[tuple[Any, int], _Standing] = {}
    rows = SchemeLine.objects.filter(pk__in=lines, scheme__fund=held).values_list(
        "pk",
        "scheme__number",
        "position",
        "month_forecasts__pk",
        "month_forecasts__period__number",
        "month_forecasts__amount",
        "month_forecasts__entered_by__name",
        "month_forecasts__entered_at",
    )
    for line, number, position, pk, month, amount, name, when in rows:
        names[line] = f"Scheme {number}" + (f", line {position}" if position > 1 else "")
        if pk is not None:
            cells[line, month] = _Standing(pk, f"{amount:f}", name, moment(when))
    return names, cells


def _conflict(
    entry: CellEntry, names: dict[Any, str], standing: dict[tuple[Any, int], _Standing], months: dict[int, Any]
) -> CellConflict | None:
    now = _code(standing, entry)
    if not is_conflict(entry, now):
        return None
    who = standing.get((entry.line, entry.month))
    return CellConflict(
        line=entry.line,
        month=entry.month,
        where=f"{names[entry.line]}, {months[entry.month].label}",
        seen=entry.seen,
        now=now,
        yours=entry.code,
        changed_by=who.by if who else "somebody",
        changed_when=who.when if who else "",
    )


def _code(standing: dict[tuple[Any, int], _Standing], entry: CellEntry) -> str:
    found = standing.get((entry.line, entry.month))
    return found.code if found else ""


def _where(entry: CellEntry, names: dict[Any, str]) -> str:
    return f"{names[entry.line]}, month {entry.month}"


def _write(
    held: Fund,
    changes: Sequence[CellEntry],
    standing: dict[tuple[Any, int], _Standing],
    months: dict[int, Any],
    *,
    by: User,
    at: datetime,
) -> None:
    """Add, change and empty cells: one statement for each of the three that there is."""
    new, changed, emptied = [], [], []
    for entry in changes:
        there = standing.get((entry.line, entry.month))
        if entry.amount is None:
            emptied += [there.id] if there else []
            continue
        row = MonthForecast(
            line_id=entry.line,
            period=months[entry.month],
            amount=entry.amount,
            owner=held.owner,
            entered_by=by,
            entered_at=at,
            # What is entered after release is meant for all: there is no second draft beside released figures.
            released_at=at if months[entry.month].is_released else None,
        )
        if there:
            row.pk = there.id
            changed.append(row)
        else:
            new.append(row)
    if new:
        MonthForecast.objects.bulk_create(new)
    if len(changed) == 1:
        row = changed[0]
        values = {"amount": row.amount, "owner": row.owner, "entered_by": by, "entered_at": at}
        MonthForecast.objects.filter(pk=row.pk).update(**values)
    elif changed:
        MonthForecast.objects.bulk_update(changed, ["amount", "owner", "entered_by", "entered_at"])
    if emptied:
        MonthForecast.objects.filter(pk__in=emptied).delete()
