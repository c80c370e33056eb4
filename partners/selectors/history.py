"""The timeline of one object: audit lines and every version of its rows, joined by the context that wrote both.

What a reader may not see is never loaded: a version of another partner that was not released when it stood does not
even serve as the "before" of the next one. Of other partners' audit lines only the act and the partner are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from integration_hub.core.models import AuditEvent
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.selectors.kinds import Kind, Part

AUDIT_LINE = -1
Head = tuple[datetime, int, str, UUID | None]


@dataclass(frozen=True)
class Version:
    """A row as it stood after a write; `before` is the version that it replaced, where the reader may see that."""

    part: Part
    row: Any
    before: Any | None

    @property
    def owner_id(self) -> UUID | None:
        return getattr(self.row, "owner_id", None)


@dataclass
class Entry:
    """All that one request, job or command did to the object."""

    at: datetime
    context: dict[str, Any] = field(default_factory=dict)
    own_lines: list[AuditEvent] = field(default_factory=list)
    other_lines: list[AuditEvent] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    # Whether the row, or the act, is of a partner that the reader acts for.
    is_own: bool = False


@dataclass(frozen=True)
class Timeline:
    """The entries of one page, with the names of the organisations that their rows point to."""

    entries: list[Entry]
    organisations: dict[UUID, str]


def heads(user: User, kind: Kind, found: models.Model) -> QuerySet[Any, Head]:
    """One line for each audit line and version that the reader may see, the newest first, to be cut into pages."""
    partners = Organisation.objects.acted_for_by(user)
    lines = _own_lines(user, kind, partners).filter(target_type=kind.model._meta.label_lower, target_id=str(found.pk))
    if kind.deeds is not None:
        seen = kind.versions_seen(user, found, at="recorded_at")
        lines |= AuditEvent.objects.filter(kind.deeds(user, found) & seen)
    parts = [_heads(lines, AUDIT_LINE, at="recorded_at", key="pk", context="context_id")]
    for number, part in enumerate(kind.parts):
        rows = part.events._default_manager.filter(part.of(found), part.scope(user), kind.versions_seen(user, found))
        parts.append(_heads(rows, number, at="pgh_created_at", key="pgh_id", context="pgh_context_id"))
    return parts[0].union(*parts[1:], all=True).order_by("-head_at", "head_context", "head_part", "-head_key")


def timeline(user: User, kind: Kind, found: models.Model, page: Iterable[Head]) -> Timeline:
    """What stands behind the heads of one page. A constant number of queries: one for each part, and three."""
    shown = list(page)
    partners = list(Organisation.objects.acted_for_by(user))
    own = {str(organisation.pk) for organisation in partners}
    entries: dict[object, Entry] = {}
    for moment, number, key, context in shown:
        entries.setdefault(context or (number, key), Entry(moment))
    for number, part in enumerate(kind.parts):
        keys = [key for _, of, key, _ in shown if of == number]
        for version in _versions(user, part, keys) if keys else []:
            entry = entries[version.row.pgh_context_id or (number, str(version.row.pgh_id))]
            entry.versions.append(version)
            entry.is_own = entry.is_own or str(version.owner_id) in own
            entry.context = entry.context or (version.row.pgh_context.metadata if version.row.pgh_context else {})
    _add_lines(_own_lines(user, kind, partners), shown, entries)
    for entry in entries.values():
        _keep_what_concerns(entry, found)
    return Timeline(list(entries.values()), _organisations(entries.values()))


def _heads(rows: QuerySet[Any], part: int, *, at: str, key: str, context: str) -> QuerySet[Any, Head]:
    columns = {
        "head_at": F(at),
        "head_part": Value(part),
        "head_key": Cast(key, TextField()),
        "head_context": F(context),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _own_lines(user: User, kind: Kind, partners: Iterable[Organisation]) -> QuerySet[AuditEvent]:
    """The lines of the reader's own partners; where the kind asks for it, of those whose audit log they may read."""
    readable = [
        str(organisation.pk)
        for organisation in partners
        if not kind.needs_audit_right or permissions.can(user, Permission.AUDIT_READ, organisation=organisation)
    ]
    return AuditEvent.objects.filter(partner_id__in=readable)


def _versions(user: User, part: Part, keys: Sequence[str]) -> list[Version]:
    """The versions of some keys, each with the one before it. One query."""
    events = part.events._default_manager
    earlier = events.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    before = events.filter(pgh_id__in=keys).annotate(earlier=Subquery(earlier.values("pgh_id")[:1]))
    label = part.label if part.label is not None else Value("")
    rows = (
        events.filter(Q(pgh_id__in=keys) | Q(pgh_id__in=before.values("earlier")), part.scope(user))
        .select_related("pgh_context")
        .annotate(row_label=label, earlier=Subquery(earlier.values("pgh_id")[:1]))
        .order_by("pgh_id")
    )
    found: dict[int, Any] = {row.pgh_id: row for row in rows}
    return [Version(part, found[int(key)], found.get(found[int(key)].earlier)) for key in sorted(keys, key=int)]


def _add_lines(own_lines: QuerySet[AuditEvent], shown: Sequence[Head], entries: dict[object, Entry]) -> None:
    """Put each audit line to its entry: own ones whole, others' as far as they explain a version that is seen."""
    keys = [key for _, number, key, _ in shown if number == AUDIT_LINE]
    contexts = [context for _, number, _, context in shown if context and number != AUDIT_LINE]
    own = {line.pk: line for line in own_lines.filter(Q(pk__in=keys) | Q(context_id__in=contexts))}
    others = AuditEvent.objects.filter(Q(context_id__in=contexts) | Q(pk__in=keys)).exclude(pk__in=own)
    for line in [*own.values(), *others]:
        entry = entries.get(line.context_id or (AUDIT_LINE, str(line.pk)))
        if entry is None:
            continue
        if line.pk in own:
            entry.own_lines.append(line)
            entry.is_own = True
        else:
            entry.other_lines.append(line)


def _keep_what_concerns(entry: Entry, found: models.Model) -> None:
    """Where lines are about the object or its rows, those alone: a job or a succession does much else beside it."""
    about = {str(found.pk)} | {str(version.row.pgh_obj_id) for version in entry.versions}
    if any(line.target_id in about for line in [*entry.own_lines, *entry.other_lines]):
        entry.own_lines = [line for line in entry.own_lines if line.target_id in about]
        entry.other_lines = [line for line in entry.other_lines if line.target_id in about]


def _organisations(entries: Iterable[Entry]) -> dict[UUID, str]:
    wanted = {
        getattr(row, column.attname)
        for entry in entries
        for version in entry.versions
        for row in (version.row, version.before)
        if row is not None
        for column in row._meta.concrete_fields
        if column.related_model is Organisation
    }
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
