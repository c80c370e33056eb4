"""A timeline in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from integration_hub.core.dates import long_date
from integration_hub.core.money import pounds
from partners.models import Organisation
from partners.presenters import audit
from partners.presenters.audit import Change
from partners.selectors.history import Entry, Timeline, Version

# What is said beside the change anyway, or is of the machine.
UNSAID = frozenset({"id", "recorded_at", "entered_by", "entered_at", "imported_by", "key", "sha256", "layout_sha256"})
MADE = {"insert": "added", "update": "changed", "delete": "removed"}
OUTSIDE = "the database, outside the application"
PENNIES = 2


@dataclass(frozen=True)
class RowChange:
    """What was done to one row: `Projected outturn of scheme 3, Quarter 1 2014/15: changed`."""

    title: str
    changes: list[Change]


@dataclass(frozen=True)
class Item:
    """One entry of the timeline as the page prints it."""

    at: datetime
    what: list[str]
    who: str
    reasons: list[str]
    rows: list[RowChange]


def items(timeline: Timeline) -> list[Item]:
    """The entries of one page, in the order given."""
    return [
        Item(
            at=entry.at,
            what=list(dict.fromkeys(audit.kind_words(line.kind) for line in [*entry.own_lines, *entry.other_lines])),
            who=_who(entry),
            reasons=[line.reason for line in entry.own_lines if line.reason],
            rows=_rows(entry, timeline.organisations),
        )
        for entry in timeline.entries
    ]


def _who(entry: Entry) -> str:
    """The person by name to their own partner; to the others the partner alone."""
    for line in entry.own_lines:
        return line.actor_name or f"the system ({line.system})"
    for line in entry.other_lines:
        if line.system:
            return f"the system ({line.system})"
        return line.partner_name or "another partner"
    if entry.context.get("system"):
        return f"the system ({entry.context['system']})"
    if entry.context.get("person_name"):
        return str(entry.context["person_name"]) if entry.is_own else "another partner"
    return OUTSIDE


def _rows(entry: Entry, organisations: Mapping[UUID, str]) -> list[RowChange]:
    found = [RowChange(_title(version), _changes(version, organisations)) for version in entry.versions]
    if found:
        return found
    return [
        RowChange(line.target_name, audit.changes(line.before, line.after))
        for line in entry.own_lines
        if line.before or line.after
    ]


def _title(version: Version) -> str:
    label = str(version.row.row_label or "").replace("_", " ")
    made = MADE[version.row.pgh_label]
    if made == "changed" and version.before is None:
        made = "as it was released"
    return f"{version.part.noun} {label}".strip() + f": {made}"


def _changes(version: Version, organisations: Mapping[UUID, str]) -> list[Change]:
    columns = [column for column in _columns(version.row) if column.name not in UNSAID]
    found = []
    for column in columns:
        after = _value(column, version.row, organisations)
        before = _value(column, version.before, organisations) if version.before is not None else None
        if version.before is None and after == "nothing":
            continue
        if before != after:
            found.append(Change(str(column.verbose_name), before, after))
    if version.row.pgh_label == "delete":
        return [Change(change.field, change.after, None) for change in _changes_of_all(version, columns, organisations)]
    return found


def _changes_of_all(
    version: Version, columns: "Iterable[models.Field[Any, Any]]", organisations: Mapping[UUID, str]
) -> list[Change]:
    values = [(column, _value(column, version.row, organisations)) for column in columns]
    return [Change(str(column.verbose_name), None, value) for column, value in values if value != "nothing"]


def _columns(row: Any) -> "list[models.Field[Any, Any]]":
    """The fields of the model itself; of its links those to organisations alone have a name here."""
    return [
        column
        for column in row._meta.concrete_fields
        if not column.name.startswith("pgh_") and column.related_model in (None, Organisation)
    ]


def _value(column: "models.Field[Any, Any]", row: Any, organisations: Mapping[UUID, str]) -> str:
    value = getattr(row, column.attname)
    if value is None or value == "":
        return "nothing"
    if column.related_model is Organisation:
        return organisations.get(value, "another organisation")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{long_date(timezone.localdate(value))} at {timezone.localtime(value):%H:%M}"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Decimal):
        is_money = isinstance(column, models.DecimalField) and column.decimal_places == PENNIES
        return pounds(value) if is_money else f"{value.normalize():f}"
    return audit.plain(value) or "nothing"
