"""Projected outturns: many rows saved at once or none, and released to the partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from integration_hub.core import audit, registry
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.models import Period
from integration_hub.core.services import service
from integration_hub.core.states import FigureState
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.entries import Conflict, Entry, is_conflict, is_wanted
from pooled_budgets.domain.figures import Figure, words_of
from pooled_budgets.domain.words import listed, moment
from pooled_budgets.models import Forecast, Fund, Scheme
from pooled_budgets.services.locking import hold_fund

_WRITTEN = (
    "amount",
    "state",
    "available_on",
    "as_printed",
    "note",
    "source",
    "entered_by",
    "entered_at",
    "imported_by",
)


class FiguresChanged(ChangedMeanwhile):
    """Somebody else changed the same fields after they were shown; `conflicts` has both values of each."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "Somebody else changed what you changed, so nothing was saved. "
            + " ".join(conflict.words for conflict in conflicts)
            + " Check the values and save again.",
            field=f"figure-{conflicts[0].number}",
        )
        self.conflicts = tuple(conflicts)


class NoSuchScheme(HubError):
    """A row names a scheme that the fund's plan does not have."""

    code = "no_such_scheme"


@dataclass(frozen=True)
class Saved:
    """What a save changed: the numbers of the schemes, and the words before and after for the audit."""

    numbers: tuple[str, ...]
    before: dict[str, object]
    after: dict[str, object]


@service
def record(*, fund: Fund, period: Period, entries: Sequence[Entry], by: User, at: datetime) -> Saved:
    """Save the projected outturns of many schemes, all or none; raises FiguresChanged, PeriodLocked, NoSuchScheme.

    Before release only the owner's people see them; afterwards a change is seen by the partners at once.
    """
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    policies.check_period_of_fund(held, period)
    policies.check_period_open(held, period)

    saved = write(held, period, entries, by=by, at=at)
    if saved.numbers:
        audit.record(
            "forecasts.recorded",
            target=held,
            by=by,
            at=at,
            partner=held.owner,
            before={"period": period.label, **saved.before},
            after={"period": period.label, **saved.after},
        )
    return saved


@service
def release(*, fund: Fund, period: Period, by: User, at: datetime) -> int:
    """Let the parties to the agreement and its board see the figures of a period; answers how many were drafts."""
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    policies.check_period_of_fund(held, period)
    policies.check_period_open(held, period)

    drafts = Forecast.objects.filter(
        scheme__fund=held, period=period, owner=held.owner, released_at__isnull=True
    ).order_by("scheme__position", "scheme__number")
    numbers = list(drafts.values_list("scheme__number", flat=True))
    if not numbers:
        raise policies.NothingToRelease(
            f"There is no draft of {period.label} to release: enter the projected outturns first, or all of them are "
            "released already."
        )
    drafts.order_by().update(released_at=at)
    tell(held, period, by=by, at=at)
    audit.record(
        "forecasts.released",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={"period": period.label, "schemes": numbers},
    )
    return len(numbers)


def write(
    held: Fund,
    period: Period,
    entries: Sequence[Entry],
    *,
    by: User,
    at: datetime,
    imported_by: UUID | None = None,
) -> Saved:
    """Write rows under the fund's lock, without asking who or when: for services that have asked already."""
    schemes = {scheme.number: scheme for scheme in Scheme.objects.filter(fund=held)}
    _check_schemes(entries, schemes)
    recorded = {
        forecast.scheme.number: forecast
        for forecast in Forecast.objects.of_keeper()
        .filter(scheme__fund=held, period=period)
        .select_related("scheme", "entered_by")
    }
    conflicts = [conflict for entry in entries for conflict in _conflicts(entry, recorded.get(entry.number))]
    if conflicts:
        raise FiguresChanged(conflicts)

    # What is entered after release is meant for all: there is no second draft beside released figures.
    released_at = at if any(forecast.released_at for forecast in recorded.values()) else None
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    new: list[Forecast] = []
    changed: list[Forecast] = []
    for entry in entries:
        existing = recorded.get(entry.number)
        is_own = existing is not None and existing.owner_id == held.owner_id
        forecast = _of(held, existing) or Forecast(
            scheme=schemes[entry.number],
            period=period,
            owner=held.owner,
            state=FigureState.MISSING,
            at=entry.true_on or period.ends_on,
            released_at=released_at,
        )
        was = _words(existing)
        if not _change(forecast, existing, entry):
            continue
        forecast.entered_by, forecast.entered_at, forecast.imported_by = by, at, imported_by
        (changed if is_own else new).append(forecast)
        before[f"scheme {entry.number}"] = was
        after[f"scheme {entry.number}"] = _words(forecast)
    Forecast.objects.bulk_create(new)
    Forecast.objects.bulk_update(changed, _WRITTEN)
    if any(forecast.released_at for forecast in (*new, *changed)):
        tell(held, period, by=by, at=at)
    return Saved(
        numbers=tuple(entry.number for entry in entries if f"scheme {entry.number}" in after),
        before=before,
        after=after,
    )


def tell(fund: Fund, period: Period, *, by: User, at: datetime) -> None:
    """Let upper apps know that what the partners see of the period's outturns changed."""
    for told in registry.outturns_changed:
        told(fund=fund, period=period, by=by, at=at)


def _of(fund: Fund, existing: Forecast | None) -> Forecast | None:
    """The row to write: the keeper's own, or a new one over a predecessor's, which stays as it was released."""
    if existing is None or existing.owner_id == fund.owner_id:
        return existing
    values = {field.attname: getattr(existing, field.attname) for field in Forecast._meta.concrete_fields}
    kept = {name: value for name, value in values.items() if name not in ("id", "owner_id", "recorded_at")}
    return Forecast(owner=fund.owner, **kept)


def figure_of(forecast: Forecast) -> Figure:
    """What a stored row says."""
    return Figure(forecast.amount, forecast.state, forecast.available_on)


def _check_schemes(entries: Sequence[Entry], schemes: dict[str, Scheme]) -> None:
    gone = [entry for entry in entries if entry.number not in schemes]
    if gone:
        named = [f"{entry.number} ({entry.figure.words})" if entry.figure else entry.number for entry in gone]
        raise NoSuchScheme(
            f"The fund's plan has no scheme {listed(named)} any more. Nothing was saved. The rows below are those of "
            "the plan as it is now: check them and save again.",
            field="number",
        )
    numbers = [entry.number for entry in entries]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise NoSuchScheme(
            f"Scheme {listed(twice)} is there more than once. Nothing was saved. Write each scheme once.",
            field="number",
        )


def _conflicts(entry: Entry, existing: Forecast | None) -> list[Conflict]:
    code = figure_of(existing).code if existing else ""
    note = existing.note if existing else ""
    who = str(existing.entered_by) if existing else "somebody"
    when = moment(existing.entered_at) if existing else ""
    found = []
    new = entry.figure.code if entry.figure else None
    if is_conflict(new, entry.seen_figure, code):
        found.append(
            Conflict(
                number=entry.number,
                field="figure",
                seen=words_of(entry.seen_figure or ""),
                now=words_of(code),
                yours=words_of(new or ""),
                changed_by=who,
                changed_when=when,
            )
        )
    if is_conflict(entry.note, entry.seen_note, note):
        found.append(
            Conflict(
                number=entry.number,
                field="note",
                seen=_quoted(entry.seen_note or ""),
                now=_quoted(note),
                yours=_quoted(entry.note or ""),
                changed_by=who,
                changed_when=when,
            )
        )
    return found


def _change(forecast: Forecast, existing: Forecast | None, entry: Entry) -> bool:
    """Put what is wanted on the row; whether anything differs."""
    code = figure_of(existing).code if existing else ""
    changed = False
    if entry.figure is not None and is_wanted(entry.figure.code, entry.seen_figure, code):
        forecast.amount = entry.figure.amount
        forecast.state = entry.figure.state
        forecast.available_on = entry.figure.available_on
        # What a paper printed belongs to the amount that was read from it, not to a later one.
        forecast.as_printed = entry.as_printed
        forecast.source = entry.source
        changed = True
    if entry.note is not None and is_wanted(entry.note, entry.seen_note, existing.note if existing else ""):
        forecast.note = entry.note
        changed = True
    return changed


def _words(forecast: Forecast | None) -> dict[str, Any]:
    if forecast is None:
        return {"outturn": None, "note": ""}
    return {"outturn": figure_of(forecast).words, "note": forecast.note}


def _quoted(note: str) -> str:
    return f"“{note}”" if note else "no note"
