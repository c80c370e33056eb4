"""Sections of a return: who prepares one and until when, said to be ready, and undone by what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from bcf_metrics import policies
from bcf_metrics import policies_sections as rules
from bcf_metrics.domain import sections as domain
from bcf_metrics.domain.status import EventKind, ReturnStatus
from bcf_metrics.domain.templates import Tab
from bcf_metrics.models import ReturnSection
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors import sections as selectors
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import events
from bcf_metrics.services.holding import hold
from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Fund


@dataclass(frozen=True)
class Wish:
    """Who is to prepare a section, and until when. No owner: nobody in particular; no day: the default."""

    owner: Organisation | None
    person: User | None = None
    due_on: date | None = None
    # Whether the section may be due after the return itself.
    after_return: bool = False

    @property
    def code(self) -> str:
        return _code(self.owner.pk if self.owner else "", self.person.pk if self.person else "", self.due_on)


def seen_of(row: ReturnSection | None) -> str:
    """What stands there, as the form carries it to notice what somebody else changed meanwhile."""
    return _code(row.owner_id, row.person_id or "", row.due_on) if row else _code("", "", None)


@service
def assign(*, return_id: UUID, tab: str, wish: Wish, by: User, at: datetime, seen: str | None = None) -> bool:
    """Give a section to a partner, and to one of its people; answers whether anything changed.

    Raises UnderSignOff, NotForSection, ChangedMeanwhile.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(quarterly_return, held.newest, signatories=[party.name for party in held.parties])
    section = tab_of(held, tab)
    row = ReturnSection.objects.filter(quarterly_return=quarterly_return, tab=tab).select_related("owner").first()
    now = seen_of(row)
    if wish.code == now:
        return False
    if seen is not None and seen != now:
        raise ChangedMeanwhile(
            f"Somebody else changed who prepares {section.title} after you opened this page, so nothing was saved. "
            "Load the page again."
        )
    before = _told(row)
    if wish.owner is None:
        if wish.person is not None or wish.due_on is not None:
            raise rules.NotForSection("Choose the partner that prepares the section.", field="owner")
        if row is not None:
            row.delete()
        row = None
    else:
        rules.check_owner(wish.owner, held.parties)
        if wish.person is not None:
            rules.check_person(wish.person, wish.owner, offered=selectors.people(wish.owner))
        rules.check_due(quarterly_return, wish.due_on, after_return=wish.after_return)
        row, _ = ReturnSection.objects.update_or_create(
            quarterly_return=quarterly_return,
            tab=tab,
            defaults={
                "title": section.title,
                "owner": wish.owner,
                "person": wish.person,
                "due_on": wish.due_on,
                "assigned_by_name": by.acting_name(partner),
                "assigned_at": at,
            },
        )
    audit.record(
        "return.section_assigned",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before={"section": section.title, **before},
        after={"section": section.title, **_told(row)},
    )
    return True


@service
def mark_ready(*, return_id: UUID, tab: str, by: User, at: datetime, seen: str | None = None) -> bool:
    """Say that a section is ready; answers whether that is new. `seen` is the fingerprint of what was shown.

    Raises UnderSignOff, NotTheOwner, SectionNotComplete, ChangedMeanwhile.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(quarterly_return, held.newest, signatories=[party.name for party in held.parties])
    section = tab_of(held, tab)
    owned = [row for row in held.parties if permissions.can(by, Permission.RETURN_PREPARE, organisation=row)]
    row = ReturnSection.objects.filter(quarterly_return=quarterly_return, tab=tab).select_related("owner").first()
    rules.check_may_say_ready(row, section, owned)
    draft = content.draft(quarterly_return, by, on=timezone.localdate(at), parties=held.parties)
    now = domain.fingerprint(draft.cells_of(tab))
    if seen is not None and seen != now:
        raise ChangedMeanwhile(
            f"Something in {section.title} changed after you opened this page, so it was not marked as ready. Read it "
            "again, then say that it is ready."
        )
    rules.check_section_complete(section, draft.completion)
    told = selectors.told_of(held.events)
    before = domain.standing(told, now=selectors.fingerprints(draft)).get(tab)
    if before is not None and before.is_ready:
        return False
    if row is not None and row.owner in owned:
        partner = row.owner
    events.write(held, EventKind.SECTION_READY, by=by, at=at, partner=partner, tab=tab, sha256=now)
    audit.record(
        "return.section_ready",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={"section": section.title, "sha256": now},
    )
    return True


def recheck(held: Standing, *, by: User, at: datetime, partner: Organisation, why: str) -> None:
    """After something changed: what was said to be ready and shows something else now is ready no more.

    The return's row is held. Asks nothing where nothing was said to be ready.
    """
    ready = {
        tab: row.last
        for tab, row in domain.standing(selectors.told_of(held.events)).items()
        if row.is_ready and row.last is not None
    }
    whole = held.quarterly_return.status == ReturnStatus.READY
    if held.is_frozen or not (ready or whole):
        return
    draft = content.draft(held.quarterly_return, by, on=timezone.localdate(at), parties=held.parties)
    now = selectors.fingerprints(draft)
    for tab, said in ready.items():
        if said.sha256 != now.get(tab, ""):
            events.write(held, EventKind.SECTION_UNDONE, by=by, at=at, partner=partner, tab=tab, reason=why)
    if whole and selectors.is_ready_no_more(held, draft):
        events.write(held, EventKind.READY_UNDONE, by=by, at=at, partner=partner, reason=why)


def outturns_changed(*, fund: Fund, period: Period, by: User, at: datetime) -> None:
    """What the partners see of a quarter's projected outturns changed. The fund is held."""
    held = returns.of_fund(fund, period)
    if held is not None:
        recheck(held, by=by, at=at, partner=fund.owner, why="Projected outturns were changed.")


def name_sections(
    held: Standing, given: Mapping[str, str], *, by: User, at: datetime, partner: Organisation, version: int | None
) -> dict[str, str]:
    """After a return was sent back or reopened: the sections to put right, each with its reason, by their titles.

    Raises Malformed for a section that the return does not have, or a reason that cannot be kept.
    """
    named = {tab: words.strip() for tab, words in given.items() if words.strip()}
    tabs = {tab.code: tab for tab in selectors.tabs_of(held.quarterly_return)}
    if unknown := sorted(set(named) - set(tabs)):
        raise Malformed(f"The return has no section {unknown[0]}. Nothing was changed.", field="sections")
    told = {}
    for tab in tabs:
        if tab in named:
            words = reasons.given(named[tab], ask="Say what has to be put right.")
            events.write(
                held, EventKind.SECTION_BACK, by=by, at=at, partner=partner, version=version, tab=tab, reason=words
            )
            told[tabs[tab].title] = words
    return told


def tab_of(held: Standing, code: str) -> Tab:
    """A section of the return; Http404 for one that it does not have."""
    for tab in selectors.tabs_of(held.quarterly_return):
        if tab.code == code:
            return tab
    raise Http404("There is no such section.")


def _code(owner: object, person: object, due_on: date | None) -> str:
    return f"{owner}|{person}|{due_on.isoformat() if due_on else ''}"


def _told(row: ReturnSection | None) -> dict[str, object]:
    if row is None:
        return {"owner": "nobody in particular"}
    return {"owner": str(row.owner), "person": str(row.person) if row.person_id else "", "due_on": row.due_on}
