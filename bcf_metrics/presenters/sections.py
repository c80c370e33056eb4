"""The sections of a return in words and links. Nothing here queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from bcf_metrics.domain.sections import Section, State
from bcf_metrics.domain.status import EventKind
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.selectors.sections import Assigned


@dataclass(frozen=True)
class SectionRow:
    """A section: who prepares it, until when, where it stands, and what it was sent back for."""

    title: str
    tab: str
    href: str
    owner_href: str
    owner: str
    due_on: date | None
    due_note: str
    is_overdue: bool
    state: str
    tone: str
    is_ready: bool
    # Who said what of it last, in words; "" where nobody did.
    said: str = ""
    at: datetime | None = None
    back: str = ""
    back_by: str = ""
    back_at: datetime | None = None


def rows(held: Standing, assigned: Sequence[Assigned], *, on: date) -> list[SectionRow]:
    return [_row(held, found, on) for found in assigned]


def _row(held: Standing, found: Assigned, on: date) -> SectionRow:
    section, pk = found.section, held.quarterly_return.pk
    back, last = section.back, section.last
    return SectionRow(
        title=found.tab.title,
        tab=found.tab.code,
        href=reverse("bcf_metrics:section", args=[pk, found.tab.code]),
        owner_href=reverse("bcf_metrics:section_owner", args=[pk, found.tab.code]),
        owner=found.owner_words,
        due_on=found.due_on,
        due_note="follows from the return's day" if found.is_default and found.due_on else "",
        is_overdue=found.is_overdue(on),
        state=section.words,
        tone=section.tone,
        is_ready=section.is_ready,
        said=_said(section),
        at=last.at if last and _said(section) else None,
        back=back.reason if back else "",
        back_by=back.by if back else "",
        back_at=back.at if back else None,
    )


def _said(section: Section) -> str:
    """Who said that it is ready, or what undid that."""
    last = section.last
    if last is None or section.state not in (State.READY, State.UNDONE):
        return ""
    if section.is_ready:
        return f"Said by {last.by}"
    if last.kind == EventKind.SECTION_UNDONE:
        return f"{last.reason} By {last.by}"
    return f"Something that it shows was changed. Said to be ready by {last.by}"
