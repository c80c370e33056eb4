"""The sections of a return as they stand: who prepares each, until when, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from bcf_metrics.domain import sections
from bcf_metrics.domain.sections import Section, State, Told
from bcf_metrics.domain.templates import Tab
from bcf_metrics.models import QuarterlyReturn, ReturnEvent, ReturnSection
from bcf_metrics.selectors import content
from bcf_metrics.selectors.content import Draft
from bcf_metrics.selectors.returns import Standing
from partners.domain.roles import ROLE_PERMISSIONS
from partners.models import Membership, Organisation, User
from partners.permissions import Permission

PREPARING = sorted(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.RETURN_PREPARE in held)


@dataclass(frozen=True)
class Assigned:
    """A section of a return with whoever prepares it. `row` is None where nobody in particular does."""

    tab: Tab
    section: Section
    row: ReturnSection | None
    due_on: date | None
    # Whether nobody chose the day: it follows from the return's.
    is_default: bool

    def is_overdue(self, on: date) -> bool:
        """Whether its day has passed and it is not ready: a late section stays overdue until it is."""
        done = self.section.state in (State.READY, State.SENT)
        return self.due_on is not None and self.due_on < on and not done

    @property
    def owner_words(self) -> str:
        if self.row is None:
            return "Whoever prepares the return"
        return f"{self.row.person}, {self.row.owner}" if self.row.person_id else str(self.row.owner)


def tabs_of(quarterly_return: QuarterlyReturn) -> list[Tab]:
    """The sheets that are filled in for the return's year, in order."""
    asked = content.layout_of(quarterly_return).asked(quarterly_return.fund.year.label)
    return [tab for tab in asked if tab.kind != "checklist"]


def told_of(events: Sequence[ReturnEvent]) -> list[Told]:
    """What happened as it concerns sections."""
    return [Told(row.kind, row.tab, row.sha256, row.reason, row.by_name, row.at) for row in events]


def fingerprints(draft: Draft) -> dict[str, str]:
    """What each section shows now, by its tab."""
    tabs = {cell.entry.tab.code for cell in draft.cells}
    return {tab: sections.fingerprint(draft.cells_of(tab)) for tab in tabs}


def of_return(held: Standing, tabs: Sequence[Tab], draft: Draft | None = None) -> list[Assigned]:
    """Each section, in the order of the layout; with the `draft` it is held against what it shows now. One query."""
    rows = {
        row.tab: row
        for row in ReturnSection.objects.filter(quarterly_return=held.quarterly_return).select_related(
            "owner", "person"
        )
    }
    now = fingerprints(draft) if draft is not None and not held.is_frozen else None
    found = sections.standing(told_of(held.events), frozen=held.is_frozen, now=now)
    rest = Section(State.SENT if held.is_frozen else State.OPEN)
    return [_assigned(tab, found.get(tab.code, rest), rows, held.quarterly_return) for tab in tabs]


def is_ready_no_more(held: Standing, draft: Draft) -> bool:
    """Whether the return was marked as ready and shows something else since."""
    if held.quarterly_return.status != "ready":
        return False
    said = sections.ready_as(told_of(held.events))
    return said != sections.fingerprint_of_all(draft.cells, draft.content)


def people(organisation: Organisation) -> list[User]:
    """The people of a partner who prepare returns today, by name. One query."""
    today = timezone.localdate()
    held = Membership.objects.on(today).filter(organisation=organisation, role__in=PREPARING)
    return list(User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name", "pk"))


def _assigned(
    tab: Tab, section: Section, rows: Mapping[str, ReturnSection], quarterly_return: QuarterlyReturn
) -> Assigned:
    row = rows.get(tab.code)
    chosen = row.due_on if row else None
    return Assigned(
        tab, section, row, chosen or sections.default_due(quarterly_return.due_on), is_default=chosen is None
    )
