"""Succession of organisations: an operator prepares it, each partner concerned agrees, another person confirms it.

Nothing moves until it is confirmed, and then everything in one transaction. A confirmed one is never undone: another
succession puts it right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions, policies_succession
from partners.domain import succession as domain
from partners.models import (
    Area,
    Inheritance,
    Membership,
    Organisation,
    OrganisationArea,
    OrganisationEnding,
    Succession,
    SuccessionConsent,
    SuccessionLine,
    SuccessionMove,
    User,
)
from partners.permissions import Permission, Role
from partners.selectors import successions
from partners.selectors.successions import Preview
from partners.services import organisations


@dataclass(frozen=True)
class Wanted:
    """One line as it was entered: the successor's share of the predecessor, everywhere or in one area."""

    predecessor: Organisation
    successor: Organisation
    share: Fraction = Fraction(1)
    area: Area | None = None
    keeps: bool = True
    copy_people: bool = False


@service
def prepare(
    *,
    kind: str,
    effective_on: date,
    legal_reference: str,
    reason: str = "",
    lines: Sequence[Wanted] = (),
    renamed: Organisation | None = None,
    new_name: str = "",
    by: User,
    at: datetime,
) -> Succession:
    """Enter a draft. Raises LinesDoNotFit, naming each line, where the shares, areas or dates cannot be."""
    permissions.require_any(by, Permission.SUCCESSION_PREPARE)
    draft = Succession(
        kind=kind,
        effective_on=effective_on,
        legal_reference=legal_reference,
        reason=reason,
        renamed=renamed,
        new_name=new_name,
        prepared_by=by,
        prepared_by_name=str(by),
        prepared_at=at,
    )
    rows = _rows(draft, lines)
    policies_succession.check_lines(successions.problems(draft, rows))
    draft.save(force_insert=True)
    SuccessionLine.objects.bulk_create(rows)
    for partner in successions.concerned(draft, rows):
        audit.record(
            "succession.prepared", target=draft, by=by, partner=partner, at=at, after=_words(draft, rows), reason=reason
        )
    return draft


@service
def withdraw(*, succession_id: UUID | str, by: User, at: datetime) -> Succession:
    """Drop a draft; nothing of it was ever moved."""
    held = successions.locked(by, succession_id)
    permissions.require_any(by, Permission.SUCCESSION_PREPARE)
    policies_succession.check_draft(held, successions.withdrawal(held))
    lines = successions.lines_of(held)
    held.state = Succession.WITHDRAWN
    held.save(update_fields=["state"])
    for partner in successions.concerned(held, lines):
        audit.record("succession.withdrawn", target=held, by=by, partner=partner, at=at)
    return held


@service
def agree(*, succession_id: UUID | str, organisation: Organisation, seen: str, by: User, at: datetime) -> None:
    """Agree for a partner to what the preview with the digest `seen` showed. Doing it twice changes nothing.

    Raises PreparedBySame, PreviewChanged, LinesDoNotFit.
    """
    held = successions.locked(by, succession_id)
    permissions.require(by, Permission.SUCCESSION_AGREE, organisation=organisation)
    policies_succession.check_draft(held, successions.withdrawal(held))
    policies_succession.check_another_person(held, by)
    lines = successions.lines_of(held)
    policies_succession.check_concerned(organisation, successions.concerned(held, lines))
    shown = successions.preview(held, lines)
    policies_succession.check_lines(shown.problems)
    policies_succession.check_unchanged(shown.sha256, seen)
    if held.consents.filter(organisation=organisation, sha256=shown.sha256).exists():
        return
    consent = SuccessionConsent(
        succession=held, organisation=organisation, person=by, person_name=str(by), at=at, sha256=shown.sha256
    )
    consent.save(force_insert=True)
    audit.record("succession.agreed", target=held, by=by, partner=organisation, at=at, after={"preview": shown.sha256})


@service
def confirm(*, succession_id: UUID | str, seen: str, by: User, at: datetime) -> Succession:
    """Move everything that the preview with the digest `seen` showed, at once, for good.

    Raises PreparedBySame, NotYetDue, PreviewChanged, NotAgreed, LinesDoNotFit.
    """
    held = successions.locked(by, succession_id)
    lines = successions.lines_of(held)
    if not successions.administered(by, held, lines):
        permissions.require_any(by, Permission.SUCCESSION_PREPARE)
    policies_succession.check_draft(held, successions.withdrawal(held))
    policies_succession.check_another_person(held, by)
    policies_succession.check_due(held, timezone.localdate(at))
    # Two successions that concern one organisation wait for each other.
    partners = successions.concerned(held, lines)
    keys = [partner.pk for partner in partners]
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    shown = successions.preview(held, lines, lock=True)
    policies_succession.check_lines(shown.problems)
    policies_succession.check_unchanged(shown.sha256, seen)
    policies_succession.check_agreed(successions.agreeing(held, lines, shown.sha256))

    _keep_moves(held, shown)
    for provider, takings in shown.by_provider:
        provider.move(takings, on=held.effective_on, by=by, at=at)
    _move_areas(held, lines)
    _end(held, lines)
    _inherit(held, lines)
    copied = _copy_people(shown, by=by, at=at)
    if held.renamed is not None:
        organisations.rename(
            organisation=held.renamed,
            name=held.new_name,
            from_=held.effective_on,
            by=by,
            at=at,
            reason=held.legal_reference,
        )
    held.state, held.preview_sha256 = Succession.CONFIRMED, shown.sha256
    held.confirmed_by, held.confirmed_by_name, held.confirmed_at = by, str(by), at
    held.save(update_fields=["state", "preview_sha256", "confirmed_by", "confirmed_by_name", "confirmed_at"])
    # One line in the log of each partner concerned: what it was, without anybody's figures.
    for partner in partners:
        audit.record(
            "succession.confirmed",
            target=held,
            by=by,
            partner=partner,
            at=at,
            after=_words(held, lines) | {"preview": shown.sha256, "roles_copied": copied},
            reason=held.legal_reference,
        )
    return held


def _rows(draft: Succession, lines: Sequence[Wanted]) -> list[SuccessionLine]:
    """The lines as rows, those of one predecessor and area over one denominator."""
    groups: dict[Any, list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.predecessor.pk, line.area.pk if line.area else None), []).append(place)
    numerators, denominators = [1] * len(lines), [1] * len(lines)
    for places in groups.values():
        over, under = domain.with_one_denominator([lines[place].share for place in places])
        for place, numerator in zip(places, over, strict=True):
            numerators[place], denominators[place] = numerator, under
    return [
        SuccessionLine(
            succession=draft,
            position=place + 1,
            predecessor=line.predecessor,
            successor=line.successor,
            area=line.area,
            numerator=numerators[place],
            denominator=denominators[place],
            keeps=line.keeps,
            copy_people=line.copy_people,
        )
        for place, line in enumerate(lines)
    ]


def _keep_moves(held: Succession, shown: Preview) -> None:
    """What the preview showed, kept as it was, with the names of the day."""
    SuccessionMove.objects.bulk_create(
        SuccessionMove(
            succession=held,
            position=position,
            kind=row.kind,
            key=taking.holding.key,
            label=row.label[:400],
            period=row.period,
            predecessor=row.predecessor,
            predecessor_name=row.predecessor.name,
            successor=None if part.stays else part.organisation,
            successor_name="" if part.stays else part.organisation.name,
            whole=row.whole,
            amount=part.amount,
        )
        for position, (row, taking) in enumerate(zip(shown.rows, shown.takings, strict=True), start=1)
        for part in row.parts
    )


def _move_areas(held: Succession, lines: Sequence[SuccessionLine]) -> None:
    """The predecessor served its areas until the day before; whoever took them serves them from the day."""
    on = held.effective_on
    plain = [(str(line.predecessor_id), str(line.area_id or ""), line.successor_id) for line in lines]
    links = OrganisationArea.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), organisation__in=[line.predecessor_id for line in lines]
    ).order_by("pk")
    open_links = successions.in_force_on(links, on)
    ended, new = [], {}
    for link in open_links:
        heirs = [
            successor
            for predecessor, area, successor in plain
            if predecessor == str(link.organisation_id) and area in ("", str(link.area_id))
        ]
        if heirs:
            link.ends_on = on - timedelta(days=1)
            ended.append(link)
        for heir in heirs:
            new[heir, link.area_id] = OrganisationArea(organisation_id=heir, area_id=link.area_id, starts_on=on)
    served = OrganisationArea.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), organisation__in=[line.successor_id for line in lines]
    )
    for heir, area in served.values_list("organisation", "area"):
        new.pop((heir, area), None)
    OrganisationArea.objects.bulk_update(ended, ["ends_on"])
    OrganisationArea.objects.bulk_create(new.values())


def _end(held: Succession, lines: Sequence[SuccessionLine]) -> None:
    """In a merger or split each predecessor ends on the day before."""
    if not held.ends_predecessors:
        return
    last = held.effective_on - timedelta(days=1)
    keys = list(dict.fromkeys(line.predecessor_id for line in lines))
    OrganisationEnding.objects.bulk_create(
        OrganisationEnding(organisation_id=key, succession=held, ended_on=last) for key in keys
    )
    Organisation.objects.filter(pk__in=keys).update(valid_to=last)


def _inherit(held: Succession, lines: Sequence[SuccessionLine]) -> None:
    """Whoever takes what cannot be divided reads what the predecessor owned, and what that had inherited, there."""
    keepers = [line for line in lines if line.keeps]
    earlier: dict[Any, list[Inheritance]] = {}
    for row in Inheritance.objects.filter(holder__in=[line.predecessor_id for line in keepers]).order_by("pk"):
        earlier.setdefault(row.holder_id, []).append(row)
    wanted: dict[Any, Inheritance] = {}
    for line in keepers:
        reach = [(line.predecessor_id, line.area_id)]
        for row in earlier.get(line.predecessor_id, []):
            if row.area_id is None or line.area_id in (None, row.area_id):
                reach.append((row.predecessor_id, row.area_id or line.area_id))
        for predecessor, area in reach:
            wanted[line.successor_id, predecessor, area] = Inheritance(
                holder_id=line.successor_id, predecessor_id=predecessor, area_id=area, succession=held
            )
    known = Inheritance.objects.filter(holder__in=[line.successor_id for line in keepers])
    for key in known.values_list("holder", "predecessor", "area"):
        wanted.pop(key, None)
    Inheritance.objects.bulk_create(wanted.values())


def _copy_people(shown: Preview, *, by: User, at: datetime) -> int:
    """Give the predecessor's people their roles in the successor too, from today, where that was chosen."""
    today = timezone.localdate(at)
    new: dict[Any, Membership] = {}
    for line, held in shown.people:
        for membership in held:
            key = (membership.person_id, line.successor_id, membership.role)
            new[key] = Membership(
                person=membership.person,
                organisation=line.successor,
                role=membership.role,
                capacity=membership.capacity,
                starts_on=today,
                ends_on=membership.ends_on,
            )
    successors = {key[1] for key in new}
    known = (
        Membership.objects.not_ended(today)
        .filter(organisation__in=successors)
        .values_list("person", "organisation", "role")
    )
    for key in known:
        new.pop(key, None)
    for membership in new.values():
        membership.group = permissions.group_for(membership.organisation, Role(membership.role))
        membership.person.groups.add(membership.group)
        permissions.forget(membership.person)
    Membership.objects.bulk_create(new.values())
    return len(new)


def _words(held: Succession, lines: Sequence[SuccessionLine]) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": held.kind_words,
        "effective_on": held.effective_on,
        "legal_reference": held.legal_reference,
        "lines": [
            f"{line.predecessor} to {line.successor}: {line.numerator}/{line.denominator}"
            + (f" in {line.area}" if line.area else "")
            for line in lines
        ],
    }
    return found | ({"renamed": str(held.renamed), "new_name": held.new_name} if held.renamed else {})
