"""The register kept by operators: who there is, of which kind, serving which areas until when, and the footprints."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from integration_hub.core import audit, reasons, registry
from integration_hub.core.services import service
from partners import permissions, policies
from partners import policies_register as rules
from partners.models import (
    Area,
    Footprint,
    FootprintArea,
    FootprintLink,
    Membership,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
    User,
)
from partners.selectors import directory
from partners.selectors import keeping as selectors
from partners.services import organisations
from partners.services.register import WHY, put_code, wait_for

DAY = timedelta(days=1)
KEY_AT_MOST = 50


@service
def register(
    *,
    name: str,
    kind: str,
    valid_from: date | None,
    codes: Mapping[str, str],
    source: str,
    checked: bool,
    note: str,
    reason: str,
    by: User,
    at: datetime,
) -> Organisation:
    """Enter an organisation with the codes that it has from its first day, by scheme.

    Raises NotYet for a first day to come, NameTaken, CodeMalformed, or CodeTaken with the code's holder.
    """
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    words = " ".join(name.split())
    if valid_from is not None:
        policies.check_begun(valid_from, today=timezone.localdate(at))
    wait_for("organisations")
    rules.check_name_free(words, selectors.named(words, first=valid_from)[:1])
    organisation = Organisation(key=_key(Organisation, words), name=words, kind=kind, note=note, valid_from=valid_from)
    organisation.save(force_insert=True)
    OrganisationName(organisation=organisation, name=words, valid_from=valid_from).save(force_insert=True)
    for scheme, code in sorted(codes.items()):
        _give(organisation, scheme, code, source=source, checked=checked, at=at)
    audit.record(
        "organisation.registered",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        after={"name": words, "kind": kind, "from": valid_from, "codes": dict(codes), "checked": checked},
        reason=reason,
    )
    return organisation


@service
def correct_kind(
    *, organisation_id: UUID | str, kind: str, seen: str, reason: str, by: User, at: datetime
) -> Organisation:
    """Say of which kind an organisation is. `seen` is the kind that the form showed."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    rules.check_seen(organisation.kind, seen, what="kind", field="kind")
    rules.check_kind_differs(organisation, kind)
    before, organisation.kind = organisation.kind, kind
    organisation.save(update_fields=["kind"])
    audit.record(
        "organisation.kind_corrected",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"kind": before},
        after={"kind": kind},
        reason=reason,
    )
    return organisation


@service
def rename(
    *, organisation_id: UUID | str, name: str, starts_on: date, seen: str, reason: str, by: User, at: datetime
) -> OrganisationName:
    """Enter the name that an organisation has from a day on; the one before keeps its days. As organisations.rename."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    rules.check_seen(organisation.name, seen, what="name", field="name")
    return organisations.rename(organisation=organisation, name=name, from_=starts_on, by=by, at=at, reason=reason)


@service
def end(*, organisation_id: UUID | str, ends_on: date, reason: str, by: User, at: datetime) -> Organisation:
    """Enter the last day of an organisation that holds nothing; its codes and the areas that it serves end with it.

    Raises Ended where the last day is known, NotYet, OutOfOrder, and StillHolds where a succession has to say who
    takes what.
    """
    organisation = directory.locked(by, organisation_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    rules.check_goes_on(organisation)
    rules.check_not_to_come(ends_on, today=timezone.localdate(at), field="ends_on")
    codes = organisation.codes.filter(Q(valid_to=None) | Q(valid_to__gt=ends_on)).select_for_update(of=("self",))
    served = organisation.area_links.filter(Q(ends_on=None) | Q(ends_on__gt=ends_on)).select_for_update(of=("self",))
    starts = [organisation.valid_from, *(row.valid_from for row in codes), *(row.starts_on for row in served)]
    for began in starts:
        rules.check_not_before(ends_on, began, what=f"{organisation}, a code of it or an area that it serves")
    held = [
        holding
        for provider in registry.successions
        for holding in provider.holdings([organisation.pk], on=ends_on + DAY, lock=True)
    ]
    people = Membership.objects.not_ended(ends_on + DAY).filter(organisation=organisation)
    rules.check_holds_nothing(organisation, held, people.values("person").distinct().count())
    organisation.valid_to = ends_on
    organisation.save(update_fields=["valid_to"])
    ended = [str(row) for row in codes if row.valid_to is None]
    # A day that is set stays (a trigger sees to it): only what is open ends.
    codes.filter(valid_to=None).update(valid_to=ends_on)
    areas = [row.area.name for row in served.select_related("area").order_by("area__name", "pk")]
    served.update(ends_on=ends_on)
    audit.record(
        "organisation.ended",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        after={"until": ends_on, "codes": ended, "areas": areas},
        reason=reason,
    )
    return organisation


@service
def serve_area(
    *,
    organisation_id: UUID | str,
    area_id: UUID | str,
    starts_on: date | None,
    ends_on: date | None,
    reason: str,
    by: User,
    at: datetime,
) -> OrganisationArea:
    """Enter that an organisation serves an area on some days; an empty day is not known, or still to be seen."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    area = directory.area_locked(by, area_id)
    rules.check_exists_from(organisation, starts_on, ends_on)
    same = organisation.area_links.filter(area=area).select_related("organisation")
    if starts_on is not None:
        same = same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        same = same.filter(Q(starts_on=None) | Q(starts_on__lte=ends_on))
    rules.check_serves_free(area, same.order_by("pk").first())
    link = OrganisationArea(organisation=organisation, area=area, starts_on=starts_on, ends_on=ends_on)
    link.save(force_insert=True)
    audit.record(
        "organisation.area_added",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        after={"area": area.name, "from": starts_on, "until": ends_on},
        reason=reason,
    )
    return link


@service
def end_service(
    *, organisation_id: UUID | str, link_id: int, ends_on: date, reason: str, by: User, at: datetime
) -> OrganisationArea:
    """Enter the last day on which an organisation serves an area. Raises ServiceHasEnded or OutOfOrder."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    rows = organisation.area_links.select_related("organisation", "area").select_for_update(of=("self",))
    link = rows.get(pk=link_id)
    rules.check_serving(link, ends_on)
    link.ends_on = ends_on
    link.save(update_fields=["ends_on"])
    audit.record(
        "organisation.area_ended",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"area": link.area.name},
        after={"until": ends_on},
        reason=reason,
    )
    return link


@service
def register_footprint(
    *,
    name: str,
    kind: str,
    parent_id: UUID | str | None,
    valid_from: date | None,
    areas: Sequence[str],
    body: Organisation | None,
    note: str,
    source: str,
    reason: str,
    by: User,
    at: datetime,
) -> Footprint:
    """Enter a footprint from a day on, in a wider one or in none, with the ONS codes of the areas that it covers.

    Raises TooNarrow, OutOfOrder, Ended, NoSuchArea, or NameTaken.
    """
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    words = " ".join(name.split())
    wait_for("footprints")
    parent = selectors.footprints_locked(by, parent_id)[0] if parent_id else None
    covered = _areas(by, areas)
    row = Footprint(
        key=_key(Footprint, words), kind=kind, name=words, note=note, source=source, body=body, valid_from=valid_from
    )
    if parent is not None:
        policies.check_holds(parent, row)
        rules.check_footprint_on(parent, valid_from)
        rules.check_footprint_goes_on(parent)
    rules.check_name_free(words, selectors.footprints_named(words, kind, parent.pk if parent else None)[:1])
    row.save(force_insert=True)
    FootprintArea.objects.bulk_create(FootprintArea(footprint=row, area=area, starts_on=valid_from) for area in covered)
    if parent is not None:
        FootprintLink(child=row, parent=parent, starts_on=valid_from).save(force_insert=True)
    audit.record(
        "footprint.registered",
        target=row,
        by=by,
        at=at,
        after={
            "name": words,
            "kind": kind,
            "in": str(parent) if parent else None,
            "from": valid_from,
            "areas": [area.name for area in covered],
            "for": str(body) if body else None,
        },
        reason=reason,
    )
    return row


@service
def move_footprint(
    *, footprint_id: UUID | str, parent_id: UUID | str | None, starts_on: date, reason: str, by: User, at: datetime
) -> Footprint:
    """Enter where a footprint lies from a day on: in another wider one, or (None) in none. Until then it stays.

    Raises TooNarrow, SamePlace, OutOfOrder, Ended, or LiesElsewhereLater.
    """
    wait_for("footprints")
    row, *wider = selectors.footprints_locked(by, footprint_id, *([parent_id] if parent_id else []))
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    parent = wider[0] if wider else None
    rules.check_footprint_on(row, starts_on)
    if parent is not None:
        policies.check_holds(parent, row)
        rules.check_footprint_on(parent, starts_on)
    places = row.parent_links.select_related("child", "parent").order_by("starts_on", "pk")
    rules.check_nothing_later(row, places.filter(starts_on__gte=starts_on).first(), starts_on, field="starts_on")
    current = places.on(starts_on).select_for_update(of=("self",)).first()
    rules.check_moves(row, current, parent)
    if current is not None:
        current.ends_on = starts_on - DAY
        current.save(update_fields=["ends_on"])
    if parent is not None:
        last = min((day for day in (row.valid_to, parent.valid_to) if day is not None), default=None)
        FootprintLink(child=row, parent=parent, starts_on=starts_on, ends_on=last).save(force_insert=True)
    audit.record(
        "footprint.moved",
        target=row,
        by=by,
        at=at,
        before={"in": str(current.parent) if current else None},
        after={"in": str(parent) if parent else None, "from": starts_on},
        reason=reason,
    )
    return row


@service
def end_footprint(*, footprint_id: UUID | str, ends_on: date, reason: str, by: User, at: datetime) -> Footprint:
    """Enter the last day of a footprint. What lies in it then lies in none; it covers no area from the day after.

    Raises Ended where the last day is known, OutOfOrder, or LiesElsewhereLater.
    """
    wait_for("footprints")
    (row,) = selectors.footprints_locked(by, footprint_id)
    permissions.require_maintenance(by)
    reason = reasons.given(reason, ask=WHY)
    rules.check_footprint_goes_on(row)
    rules.check_not_before(ends_on, row.valid_from, what=str(row))
    rules.check_nothing_later(row, selectors.links_from(row, ends_on + DAY).first(), ends_on, field="ends_on")
    links = FootprintLink.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=ends_on), Q(child=row) | Q(parent=row)
    ).select_related("child")
    freed = [link.child.name for link in links.order_by("child__name", "pk") if link.child_id != row.pk]
    covered = row.area_links.filter(Q(ends_on=None) | Q(ends_on__gt=ends_on))
    for began in covered.values_list("starts_on", flat=True):
        rules.check_not_before(ends_on, began, what=f"An area of {row}")
    row.valid_to = ends_on
    row.save(update_fields=["valid_to"])
    FootprintLink.objects.filter(pk__in=[link.pk for link in links]).update(ends_on=ends_on)
    covered.update(ends_on=ends_on)
    audit.record(
        "footprint.ended",
        target=row,
        by=by,
        at=at,
        after={"until": ends_on, "lie_in_no_other_now": freed},
        reason=reason,
    )
    return row


def _give(organisation: Organisation, scheme: str, code: str, *, source: str, checked: bool, at: datetime) -> None:
    """A code of a new organisation, from its first day."""
    new = OrganisationCode(
        organisation=organisation,
        scheme=scheme,
        code=code,
        valid_from=organisation.valid_from,
        source=source,
        checked=checked,
    )
    others = OrganisationCode.objects.select_related("organisation")
    put_code(new, organisation.codes.all(), others, holder=lambda held: held.organisation, at=at)


def _areas(by: User, codes: Sequence[str]) -> list[Area]:
    """The areas of ONS codes, each once. Raises NoSuchArea."""
    wanted = list(dict.fromkeys(codes))
    found = selectors.areas_by_code(by, wanted)
    rules.check_areas_known(wanted, found)
    return [found[code] for code in wanted]


def _key(model: type[Organisation] | type[Footprint], name: str) -> str:
    """A key from a name, with a number where another entry has it. The caller holds everybody else off."""
    key = slugify(name)[:KEY_AT_MOST].strip("-") or "entry"
    taken = selectors.keys_like(model, key)
    number = 2
    wanted = key
    while wanted in taken:
        wanted, number = f"{key}-{number}", number + 1
    return wanted
