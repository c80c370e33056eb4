"""Funding streams, lists and published minima: loaded at every start, and corrected by whoever keeps the register."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.quarters import FinancialYear
from integration_hub.core.services import service
from partners import permissions
from partners.models import Area, User
from pooled_budgets.domain.value_lists import SUB_TYPE, UNIT, ShippedValue, shipped
from pooled_budgets.models import Allocation, FundingStream, ListValue

ASK = "Say why the list changes: every partner in the country reads it."


class NameTaken(HubError):
    """The list of the year has that value already."""

    code = "name_taken"


class AllocationKnown(HubError):
    """An amount of the same kind, area, year and day is there."""

    code = "allocation_known"


@service
def load(*, at: datetime, system: str) -> int:
    """Add what ships and is not there; returns how many rows. What a person corrected stays as it is."""
    ships = shipped()
    known = set(FundingStream.objects.values_list("financial_year", "key"))
    streams = [
        FundingStream(position=position, **vars(row))
        for position, row in enumerate(ships.streams, start=1)
        if (row.financial_year, row.key) not in known
    ]
    FundingStream.objects.bulk_create(streams)
    rows = {(row.financial_year, row.key): row for row in ListValue.objects.all()}
    number = len(streams)
    for with_parent in (False, True):
        new = [
            _value(row, rows)
            for row in ships.values
            if (row.kind in (SUB_TYPE, UNIT)) is with_parent and (row.financial_year, row.key) not in rows
        ]
        ListValue.objects.bulk_create(new)
        rows |= {(row.financial_year, row.key): row for row in new}
        number += len(new)
    target = FundingStream.objects.order_by("financial_year", "position").first()
    if number and target is not None:
        audit.record("value_lists.loaded", target=target, at=at, system=system, after={"rows": number})
    return number


def _value(row: ShippedValue, known: dict[tuple[int, str], ListValue]) -> ListValue:
    parent = None
    if row.parent:
        key = ShippedValue(row.financial_year, "scheme_type", "", row.parent, 0, "", False).key
        parent = known[row.financial_year, key]
    return ListValue(
        financial_year=row.financial_year,
        kind=row.kind,
        key=row.key,
        parent=parent,
        name=row.name,
        position=row.position,
        source=row.source,
        checked=row.checked,
    )


@service
def correct_stream(
    *,
    stream_id: UUID,
    name: str,
    ring_fence: str,
    source: str,
    checked: bool,
    seen: str,
    reason: str,
    by: User,
    at: datetime,
) -> FundingStream:
    """Correct a stream of a year; `seen` is the name that the page showed. Raises ChangedMeanwhile."""
    held = FundingStream.objects.select_for_update(of=("self",), no_key=True).filter(pk=stream_id).first()
    if held is None:
        raise Http404("There is no such funding stream.")
    permissions.require_maintenance(by)
    words = reasons.given(reason, ask=ASK)
    _check_seen(held.name, seen)
    before = _said(held) | {"ring_fence": held.ring_fence}
    held.name, held.ring_fence, held.source, held.checked = name, ring_fence, source, checked
    held.save(update_fields=["name", "ring_fence", "source", "checked"])
    after = _said(held) | {"ring_fence": held.ring_fence}
    audit.record("funding_stream.corrected", target=held, by=by, at=at, before=before, after=after, reason=words)
    return held


@service
def correct_value(
    *, value_id: UUID, name: str, source: str, checked: bool, seen: str, reason: str, by: User, at: datetime
) -> ListValue:
    """Correct a value of a year's list; lines that hold the old name keep it. Raises ChangedMeanwhile, NameTaken."""
    held = ListValue.objects.select_for_update(of=("self",), no_key=True).filter(pk=value_id).first()
    if held is None:
        raise Http404("There is no such value.")
    permissions.require_maintenance(by)
    words = reasons.given(reason, ask=ASK)
    _check_seen(held.name, seen)
    others = ListValue.objects.filter(
        financial_year=held.financial_year, kind=held.kind, parent=held.parent, name=name
    ).exclude(pk=held.pk)
    if others.exists():
        year = FinancialYear(held.financial_year).label
        raise NameTaken(
            f"The list “{held.kind_words}” of {year} has “{name}” already. Write another name.", field="name"
        )
    before = _said(held)
    held.name, held.source, held.checked = name, source, checked
    held.save(update_fields=["name", "source", "checked"])
    audit.record("list_value.corrected", target=held, by=by, at=at, before=before, after=_said(held), reason=words)
    return held


@service
def announce(
    *,
    area_id: UUID,
    financial_year: int,
    kind: str,
    amount: Decimal,
    known_from: date,
    source: str,
    checked: bool = False,
    illustrative: bool = False,
    by: User | None,
    at: datetime,
    system: str = "",
) -> Allocation:
    """Enter a minimum or total published for an area and a year (the one it starts in), in pounds.

    Raises AllocationKnown where one of the same kind and day is there: a correction is announced on a later day.
    """
    if by is not None:
        permissions.require_maintenance(by)
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise Http404("There is no such area.")
    known = Allocation.objects.filter(area=area, financial_year=financial_year, kind=kind, known_from=known_from)
    if known.exists():
        raise AllocationKnown(
            "An amount of this kind is known from that day already. Enter the day on which the new one was published.",
            field="known_from",
        )
    made = Allocation(
        area=area,
        financial_year=financial_year,
        kind=kind,
        amount=amount,
        known_from=known_from,
        source=source,
        checked=checked,
        illustrative=illustrative,
    )
    made.save(force_insert=True)
    audit.record(
        "allocation.announced",
        target=made,
        by=by,
        at=at,
        system=system,
        after={"amount": amount, "known_from": known_from, "source": source, "checked": checked},
    )
    return made


def _check_seen(now: str, seen: str) -> None:
    if now != seen:
        raise ChangedMeanwhile(
            f"Somebody else changed this row: you saw “{seen}”; it is now “{now}”. Check it and save again.",
            field="name",
        )


def _said(row: FundingStream | ListValue) -> dict[str, object]:
    return {"name": row.name, "source": row.source, "checked": row.checked}
