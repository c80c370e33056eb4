"""Successions as operators, administrators and the partners' people may see them, and the preview of one.

The preview is worked out whole, for its digest and for confirming; what a reader gets of it is cut to their partners.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from integration_hub.core import registry
from integration_hub.core.dates import long_date
from integration_hub.core.models import AuditEvent
from integration_hub.core.money import NIL
from integration_hub.core.registry import Holding, SuccessionProvider, Taking
from partners import permissions
from partners.domain import succession as domain
from partners.domain.roles import Permission, Role
from partners.domain.succession import STAYS, Problem
from partners.models import (
    Area,
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
from partners.models.succession import SuccessionQuerySet
from partners.selectors import audit

PREPARERS = (Role.OPERATOR.value,)


@dataclass(frozen=True)
class Part:
    """What one organisation has of a holding afterwards; no successor: it stays. Pounds, or None where not stated."""

    organisation: Organisation
    stays: bool
    amount: Decimal | None


@dataclass(frozen=True)
class Row:
    """One holding of a predecessor before and after. `whole` is None where it has no amount, or is not the reader's."""

    kind: str
    label: str
    period: str
    count: int
    predecessor: Organisation
    whole: Decimal | None
    parts: list[Part]
    divides: bool

    @property
    def after(self) -> Decimal | None:
        stated = [part.amount for part in self.parts if part.amount is not None]
        return sum(stated, NIL) if stated else None

    @property
    def difference(self) -> Decimal | None:
        if self.whole is None or self.after is None:
            return None
        return self.after - self.whole


@dataclass(frozen=True)
class Total:
    """A kind of holding of one predecessor: how many there are and how many of them somebody takes, and pounds."""

    kind: str
    count: int
    taken: int
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Balance:
    """What one organisation has of the contributions that move, before and after, in pounds."""

    organisation: Organisation
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Preview:
    """Everything that a succession moves. Nothing is written by working it out."""

    rows: list[Row]
    by_provider: list[tuple[SuccessionProvider, list[Taking]]]
    people: list[tuple[SuccessionLine, list[Membership]]]
    problems: list[Problem]
    sha256: str

    @property
    def takings(self) -> list[Taking]:
        return [taking for _, takings in self.by_provider for taking in takings]


@dataclass(frozen=True)
class Agreeing:
    """A partner that has to agree, and the administrator who did so to the preview as it is now."""

    organisation: Organisation
    consent: SuccessionConsent | None
    outdated: bool
    administered: bool = True


@dataclass(frozen=True)
class View:
    """A preview, or what a confirmed succession moved, as far as one reader may see it."""

    own: list[Row]
    coming: list[Row]
    totals: list[Total]
    balances: list[Balance]
    hidden: int
    waiting_for: list[Organisation] = field(default_factory=list)


def visible_to(user: User) -> SuccessionQuerySet:
    """Every one for operators; drafts for the administrators of the partners concerned; else what is confirmed."""
    if permissions.anywhere(user, Permission.SUCCESSION_PREPARE):
        return Succession.objects.all()
    administered = permissions.organisations_where(user, Permission.SUCCESSION_AGREE)
    acted_for = Organisation.objects.acted_for_by(user)
    confirmed = Succession.objects.concerning(acted_for).filter(state=Succession.CONFIRMED)
    return Succession.objects.filter(
        Q(pk__in=Succession.objects.concerning(administered).values("pk")) | Q(pk__in=confirmed.values("pk"))
    )


def none() -> SuccessionQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Succession.objects.none()


def rows(user: User) -> SuccessionQuerySet:
    """For the list: the newest first, with who succeeds whom."""
    lines = SuccessionLine.objects.select_related("predecessor", "successor", "area").order_by("position", "pk")
    found = visible_to(user).select_related("renamed").prefetch_related(Prefetch("lines", lines))
    return found.order_by("-effective_on", "-prepared_at", "pk")


def get(user: User, pk: object) -> Succession:
    """One of them with its lines; Http404 for any other."""
    return get_object_or_404(rows(user), pk=pk)


def withdrawal(succession: Succession) -> AuditEvent | None:
    """The line of the log that tells who withdrew it and when; None for any that was not. At most one query."""
    return audit.last("succession.withdrawn", succession) if succession.state == Succession.WITHDRAWN else None


def locked(user: User, pk: object) -> Succession:
    """The same, its row held until the transaction ends."""
    found: Succession = get_object_or_404(visible_to(user).select_for_update(of=("self",), no_key=True), pk=pk)
    return found


def page(user: User, number: str | None, size: int) -> Any:
    return Paginator(rows(user), size).get_page(number)


def lines_of(succession: Succession) -> list[SuccessionLine]:
    """Who takes which part of whom, in their order. One query, or none where they were loaded with it."""
    if "lines" in getattr(succession, "_prefetched_objects_cache", {}):
        return list(succession.lines.all())
    return list(succession.lines.select_related("predecessor", "successor", "area").order_by("position", "pk"))


def concerned(succession: Succession, lines: Iterable[SuccessionLine]) -> list[Organisation]:
    """Every organisation that ends, takes something over, gives an area away, or is renamed."""
    found = [succession.renamed] if succession.renamed else []
    for line in lines:
        found += [line.predecessor, line.successor]
    return list({organisation.pk: organisation for organisation in found}.values())


def administered(user: User, succession: Succession, lines: Iterable[SuccessionLine]) -> list[Organisation]:
    """Those of the organisations concerned that the person administers."""
    return [
        organisation
        for organisation in concerned(succession, lines)
        if permissions.can(user, Permission.SUCCESSION_AGREE, organisation=organisation)
    ]


def agreeing(succession: Succession, lines: list[SuccessionLine], sha256: str) -> list[Agreeing]:
    """The partners concerned that have people today, each with its consent. Two queries."""
    organisations = concerned(succession, lines)
    people = Membership.objects.on(timezone.localdate()).filter(organisation=OuterRef("pk"), person__is_active=True)
    having = Organisation.objects.filter(
        Exists(people.exclude(role__in=PREPARERS)), pk__in=[organisation.pk for organisation in organisations]
    ).annotate(is_administered=Exists(people.filter(role=Role.ADMIN.value)))
    consents: dict[Any, list[SuccessionConsent]] = {}
    for consent in succession.consents.order_by("at", "pk"):
        consents.setdefault(consent.organisation_id, []).append(consent)
    found = []
    for organisation in having.order_by("name", "pk"):
        given = consents.get(organisation.pk, [])
        now = next((consent for consent in given if consent.sha256 == sha256), None)
        administered_ = bool(organisation.is_administered)
        found.append(Agreeing(organisation, now, outdated=bool(given) and now is None, administered=administered_))
    return found


def preview(succession: Succession, lines: list[SuccessionLine], *, lock: bool = False) -> Preview:
    """What would move, to the penny. As many queries for two hundred holdings as for ten."""
    predecessors = list(dict.fromkeys(line.predecessor_id for line in lines))
    plain = [_plain(line) for line in lines]
    names = _names(succession, lines)
    by_key = {str(organisation.pk): organisation for organisation in concerned(succession, lines)}
    found = problems(succession, lines)
    by_provider: list[tuple[SuccessionProvider, list[Taking]]] = []
    result: list[Row] = []
    nowhere: set[tuple[str, str]] = set()
    for provider in registry.successions if lines else []:
        takings: list[Taking] = []
        by_provider.append((provider, takings))
        for holding in provider.holdings(predecessors, on=succession.effective_on, lock=lock):
            heirs = domain.heirs_of(plain, holding.organisation, holding.area)
            if not heirs:
                nowhere.add((holding.organisation, holding.area))
                continue
            taking = _taking(holding, heirs)
            takings.append(taking)
            result.append(_row(taking, by_key))
    if succession.ends_predecessors:
        found += _without_successor(nowhere, names)
    people = _people(lines)
    every = [taking for _, takings in by_provider for taking in takings]
    return Preview(result, by_provider, people, found, _digest(succession, plain, names, every, people))


def _without_successor(nowhere: Collection[tuple[str, str]], names: dict[str, str]) -> list[Problem]:
    """Areas in which a predecessor holds something, and which no line names: by name, and not what it holds."""
    if not nowhere:
        return []
    areas = {str(area.pk): area.name for area in Area.objects.filter(pk__in={area for _, area in nowhere if area})}
    words = sorted((names[organisation], areas.get(area, "no area")) for organisation, area in nowhere)
    return [Problem(f"{name} holds something in {area}, which no line names.") for name, area in words]


def problems(succession: Succession, lines: list[SuccessionLine]) -> list[Problem]:
    """What stands against the lines as they are, from the arithmetic and from the register. Three queries at most."""
    if succession.renamed is not None:
        return []
    names = _names(succession, lines)
    on = succession.effective_on
    served: dict[str, set[str]] = {}
    links = OrganisationArea.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lt=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        organisation__in=[line.predecessor_id for line in lines],
    ).select_related("area")
    for link in links:
        served.setdefault(str(link.organisation_id), set()).add(str(link.area_id))
        names[str(link.area_id)] = link.area.name
    found = domain.problems(
        [_plain(line) for line in lines],
        names=names,
        served={key: frozenset(areas) for key, areas in served.items()},
        keeps_rest=not succession.ends_predecessors,
    )
    return found + _out_of_order(succession, lines)


def _out_of_order(succession: Succession, lines: list[SuccessionLine]) -> list[Problem]:
    """An organisation that ended already, that began later, or that was a successor later than it would end."""
    on, found = succession.effective_on, []
    organisations = concerned(succession, lines)
    endings = {
        ending.organisation_id: ending.ended_on
        for ending in OrganisationEnding.objects.filter(organisation__in=organisations)
    }
    later = set(
        SuccessionLine.objects.filter(
            successor__in=organisations, succession__state=Succession.CONFIRMED, succession__effective_on__gte=on
        ).values_list("successor", flat=True)
    )
    for organisation in organisations:
        ends = any(line.predecessor_id == organisation.pk for line in lines)
        ended = endings.get(organisation.pk)
        if ended is not None and (ends or ended < on):
            found.append(Problem(f"{organisation} has ended already, on {ended:%-d %B %Y}. It has one ending."))
        elif ends and succession.ends_predecessors and organisation.pk in later:
            found.append(
                Problem(f"{organisation} took something over on or after {on:%-d %B %Y}, so it cannot end then.")
            )
        elif organisation.valid_from is not None and (
            organisation.valid_from > on or (ends and succession.ends_predecessors and organisation.valid_from == on)
        ):
            found.append(
                Problem(f"{organisation} begins on {organisation.valid_from:%-d %B %Y}, after the day itself.")
            )
    return found


def view(
    user: User, succession: Succession, lines: list[SuccessionLine], shown: Preview, asked: list[Agreeing]
) -> View:
    """A preview cut to what the reader administers.

    A predecessor's administrator sees each of its lines whole. A successor's sees what comes to it, and nothing of the
    whole, once the predecessor has agreed: until then nothing obliges the predecessor to show its figures.
    """
    mine = {organisation.pk for organisation in administered(user, succession, lines)}
    agreed = {row.organisation.pk for row in asked if row.consent}
    having = {row.organisation.pk for row in asked}
    open_to_successors = {
        row.predecessor.pk for row in shown.rows if row.predecessor.pk in agreed or row.predecessor.pk not in having
    }
    return _cut(shown.rows, mine, open_to_successors)


def moved(user: User, succession: Succession, lines: list[SuccessionLine]) -> View:
    """What a confirmed succession moved, from what was kept of it then, cut in the same way. Two queries."""
    mine = {
        organisation.pk
        for organisation in concerned(succession, lines)
        if permissions.can(user, Permission.AUDIT_READ, organisation=organisation)
    }
    by_key = {organisation.pk: organisation for organisation in concerned(succession, lines)}
    grouped: dict[int, list[SuccessionMove]] = {}
    for move in succession.moves.order_by("position", "pk"):
        grouped.setdefault(move.position, []).append(move)
    found = []
    for moves in grouped.values():
        first = moves[0]
        found.append(
            Row(
                kind=first.kind,
                label=first.label,
                period=first.period,
                count=1,
                predecessor=by_key[first.predecessor_id],
                whole=first.whole,
                parts=sorted(
                    (
                        Part(by_key[move.successor_id or move.predecessor_id], move.successor_id is None, move.amount)
                        for move in moves
                    ),
                    key=lambda part: (part.stays, part.organisation.name),
                ),
                divides=len(moves) > 1,
            )
        )
    return _cut(found, mine, {row.predecessor.pk for row in found})


def _cut(rows_: list[Row], mine: Collection[Any], open_to_successors: Collection[Any]) -> View:
    own = [row for row in rows_ if row.predecessor.pk in mine]
    coming: list[Row] = []
    waiting: dict[Any, Organisation] = {}
    for row in rows_:
        if row.predecessor.pk in mine:
            continue
        parts = [part for part in row.parts if not part.stays and part.organisation.pk in mine]
        if parts and row.predecessor.pk not in open_to_successors:
            waiting[row.predecessor.pk] = row.predecessor
        elif parts:
            # Without the whole: the difference would tell what another successor takes.
            coming.append(Row(row.kind, row.label, row.period, row.count, row.predecessor, None, parts, row.divides))
    seen = len(own) + len(coming)
    return View(own, coming, _totals(own), _balances(own, coming, mine), len(rows_) - seen, list(waiting.values()))


def _totals(own: list[Row]) -> list[Total]:
    found: dict[str, list[Row]] = {}
    for row in own:
        found.setdefault(row.kind, []).append(row)
    return [
        Total(
            kind,
            sum(row.count for row in of_kind),
            sum(row.count for row in of_kind if row.parts),
            _sum(row.whole for row in of_kind),
            _sum(row.after for row in of_kind),
        )
        for kind, of_kind in found.items()
    ]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated, NIL) if stated else None


def _balances(own: list[Row], coming: list[Row], mine: Collection[Any]) -> list[Balance]:
    """Contributions by partner: of a predecessor's lines everybody's part, of the others the reader's own."""
    before: dict[Any, Decimal] = {}
    after: dict[Any, Decimal] = {}
    names: dict[Any, Organisation] = {}
    for row in [row for row in [*own, *coming] if row.divides]:
        if row.whole is not None:
            names[row.predecessor.pk] = row.predecessor
            before[row.predecessor.pk] = before.get(row.predecessor.pk, NIL) + row.whole
        for part in row.parts:
            if part.amount is not None:
                names[part.organisation.pk] = part.organisation
                after[part.organisation.pk] = after.get(part.organisation.pk, NIL) + part.amount
    ordered = sorted(names.values(), key=lambda organisation: organisation.name)
    return [
        Balance(organisation, before.get(organisation.pk, NIL), after.get(organisation.pk, NIL))
        for organisation in ordered
    ]


def _plain(line: SuccessionLine) -> domain.Line:
    return domain.Line(
        position=line.position,
        predecessor=str(line.predecessor_id),
        successor=str(line.successor_id),
        area=str(line.area_id or ""),
        share=Fraction(line.numerator, line.denominator),
        keeps=line.keeps,
    )


def _names(succession: Succession, lines: Iterable[SuccessionLine]) -> dict[str, str]:
    rows_ = list(lines)
    found = {str(organisation.pk): organisation.name for organisation in concerned(succession, rows_)}
    return found | {str(line.area_id): line.area.name for line in rows_ if line.area}


def _taking(holding: Holding, heirs: list[domain.Heir]) -> Taking:
    keeper = next((heir for heir in heirs if heir.keeps), heirs[0])
    ordered = [keeper.key, *(heir.key for heir in heirs if heir.key != keeper.key)]
    amounts: dict[str, Decimal] = {}
    if holding.divides and holding.amount is not None:
        amounts = domain.divide(holding.amount, heirs, before=holding.elapsed)
    elif holding.amount is not None:
        amounts = {keeper.key: holding.amount}
    return Taking(holding, tuple(ordered), amounts)


def _row(taking: Taking, by_key: dict[str, Organisation]) -> Row:
    holding = taking.holding
    takers = taking.successors if holding.divides or holding.shared else (taking.keeper,)
    parts = [Part(by_key[key], False, taking.amounts.get(key)) for key in takers]
    if holding.elapsed:
        parts.append(Part(by_key[holding.organisation], True, taking.amounts.get(STAYS)))
    return Row(
        kind=holding.kind,
        label=holding.label,
        period=holding.period,
        count=holding.count,
        predecessor=by_key[holding.organisation],
        whole=holding.amount,
        parts=parts,
        divides=holding.divides,
    )


def _people(lines: list[SuccessionLine]) -> list[tuple[SuccessionLine, list[Membership]]]:
    """The roles that each successor would give to the predecessor's people. One query, none where nobody is copied."""
    wanted = [line for line in lines if line.copy_people]
    if not wanted:
        return []
    held: dict[Any, list[Membership]] = {}
    rows_ = Membership.objects.on(timezone.localdate()).filter(
        organisation__in=[line.predecessor_id for line in wanted], person__is_active=True
    )
    for membership in (
        rows_.exclude(role__in=PREPARERS)
        .select_related("person", "organisation")
        .order_by("person__name", "role", "pk")
    ):
        held.setdefault(membership.organisation_id, []).append(membership)
    return [(line, held.get(line.predecessor_id, [])) for line in wanted]


def _digest(
    succession: Succession,
    lines: list[domain.Line],
    names: dict[str, str],
    takings: list[Taking],
    people: list[tuple[SuccessionLine, list[Membership]]],
) -> str:
    """Of all that was shown, so that a change of anything is noticed."""
    content = {
        "kind": succession.kind,
        "on": succession.effective_on.isoformat(),
        "new_name": succession.new_name,
        "legal": succession.legal_reference,
        "lines": [[line.predecessor, line.successor, line.area, str(line.share), line.keeps] for line in lines],
        "names": names,
        "takings": [
            [
                taking.holding.kind,
                taking.holding.key,
                taking.holding.label,
                taking.holding.period,
                str(taking.holding.amount),
                taking.holding.count,
                list(taking.successors),
                {key: str(amount) for key, amount in taking.amounts.items()},
            ]
            for taking in takings
        ],
        "people": [[str(line.pk), [str(held.pk) for held in memberships]] for line, memberships in people],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def succession_of(organisation: Organisation) -> list[SuccessionLine]:
    """The confirmed lines in which an organisation ended, gave an area away or took something over. One query."""
    return list(
        SuccessionLine.objects.filter(
            Q(predecessor=organisation) | Q(successor=organisation), succession__state=Succession.CONFIRMED
        )
        .select_related("predecessor", "successor", "area", "succession")
        .order_by("succession__effective_on", "position", "pk")
    )


def find_organisation(text: str) -> Organisation | None:
    """An organisation by its whole name or its key, whatever the case."""
    return Organisation.objects.filter(Q(name__iexact=text) | Q(key__iexact=text)).order_by("name", "pk").first()


def in_force_on(links: Iterable[OrganisationArea], on: date) -> list[OrganisationArea]:
    """The areas that an organisation serves on the day before a day, as links."""
    return [
        link
        for link in links
        if (link.starts_on is None or link.starts_on < on) and (link.ends_on is None or link.ends_on >= on)
    ]


def find_area(text: str) -> Area | None:
    """An area by its whole name or its ONS code, whatever the case."""
    return Area.objects.filter(Q(name__iexact=text) | Q(ons_code__iexact=text)).order_by("name", "pk").first()


def tasks(user: User, on: date) -> list[registry.Task]:
    """Drafts that wait for a partner that the person administers. One query for administrators, none for others."""
    keys = permissions.organisations_where(user, Permission.SUCCESSION_AGREE)
    if not keys:
        return []
    asked = Organisation.objects.filter(
        Q(pk__in=SuccessionLine.objects.filter(succession=OuterRef(OuterRef("pk"))).values("predecessor"))
        | Q(pk__in=SuccessionLine.objects.filter(succession=OuterRef(OuterRef("pk"))).values("successor"))
        | Q(pk=OuterRef("renamed")),
        ~Exists(SuccessionConsent.objects.filter(succession=OuterRef(OuterRef("pk")), organisation=OuterRef("pk"))),
        pk__in=keys,
    )
    drafts = (
        Succession.objects.concerning(keys)
        .filter(state=Succession.DRAFT)
        .exclude(prepared_by=user)
        .annotate(asked=ArraySubquery(asked.order_by("name", "pk").values("name")))
        .order_by("effective_on", "pk")
    )
    return [
        registry.Task(
            title=f"Read the succession of {long_date(draft.effective_on)} and agree to it",
            url=reverse("partners:succession", args=[draft.pk]),
            partner=partner,
            detail=draft.kind_words,
            due_on=draft.effective_on,
        )
        for draft in drafts
        for partner in draft.asked
    ]
