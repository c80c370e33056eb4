"""Corrections to the register: notes, official codes, and where a footprint lies."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.services import service
from partners import permissions, policies
from partners.domain.codes import OTHER
from partners.models import (
    Area,
    AreaCode,
    Footprint,
    FootprintLink,
    Organisation,
    OrganisationCode,
    User,
)
from partners.selectors import directory

WHY = "Say why the register changes, for example: new code in the ODS list of 1 April 2021."
AnyCode = TypeVar("AnyCode", OrganisationCode, AreaCode)


@service
def correct_note(
    *, organisation_id: UUID | str, note: str, seen: str, reason: str, by: User, at: datetime
) -> Organisation:
    """Change what the register notes of an organisation. `seen` is the note that the form showed."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_correction(by, organisation=organisation)
    words = reasons.given(reason, ask=WHY)
    before = organisation.note
    if before not in (seen, note):
        raise ChangedMeanwhile(
            f"Somebody changed this while you wrote: it now reads “{before}”, yours reads “{note}”. "
            "Nothing was saved. Make it right and save again.",
            field="note",
        )
    if before == note:
        return organisation
    organisation.note = note
    organisation.save(update_fields=["note"])
    audit.record(
        "organisation.corrected",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"note": before},
        after={"note": note},
        reason=words,
    )
    return organisation


@service
def add_code(
    *,
    organisation_id: UUID | str,
    scheme: str,
    code: str,
    valid_from: date | None,
    source: str,
    checked: bool,
    reason: str,
    by: User,
    at: datetime,
) -> OrganisationCode:
    """Give an organisation a code. One of the same scheme that is in use ends the day before.

    `checked`: the person read it in `source`. Raises CodeMalformed, NotYet, OutOfOrder, or CodeTaken with its holder.
    """
    organisation = directory.locked(by, organisation_id)
    permissions.require_correction(by, organisation=organisation)
    words = reasons.given(reason, ask=WHY)
    new = OrganisationCode(
        organisation=organisation, scheme=scheme, code=code, valid_from=valid_from, checked=checked, source=source
    )
    others = OrganisationCode.objects.select_related("organisation")
    ended = put_code(new, organisation.codes.all(), others, holder=lambda held: held.organisation, at=at)
    audit.record(
        "organisation.code_added",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"code": str(ended) if ended else None},
        after={"code": str(new), "from": valid_from, "checked": checked, "source": source},
        reason=words,
    )
    return new


@service
def end_code(
    *, organisation_id: UUID | str, code_id: UUID | str, ends_on: date, reason: str, by: User, at: datetime
) -> OrganisationCode:
    """End a code of an organisation with a day, the last on which it is right. Raises CodeHasEnded or OutOfOrder."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_correction(by, organisation=organisation)
    words = reasons.given(reason, ask=WHY)
    code = organisation.codes.select_for_update(of=("self",)).get(pk=code_id)
    policies.check_open(code, ends_on)
    code.valid_to = ends_on
    code.save(update_fields=["valid_to"])
    audit.record(
        "organisation.code_ended",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"code": str(code)},
        after={"until": ends_on},
        reason=words,
    )
    return code


@service
def check_code(
    *, organisation_id: UUID | str, code_id: UUID | str, source: str, reason: str, by: User, at: datetime
) -> OrganisationCode:
    """Say that somebody read a code of an organisation in a list, which `source` names."""
    organisation = directory.locked(by, organisation_id)
    permissions.require_correction(by, organisation=organisation)
    words = reasons.given(reason, ask=WHY)
    code = organisation.codes.select_for_update(of=("self",)).get(pk=code_id)
    before = {"checked": code.checked, "source": code.source}
    code.checked, code.source = True, source
    code.save(update_fields=["checked", "source"])
    audit.record(
        "organisation.code_checked",
        target=organisation,
        by=by,
        partner=organisation,
        at=at,
        before={"code": str(code), **before},
        after={"checked": True, "source": source},
        reason=words,
    )
    return code


@service
def add_area_code(
    *,
    area_id: UUID | str,
    code: str,
    valid_from: date | None,
    source: str,
    checked: bool,
    reason: str,
    by: User,
    at: datetime,
) -> AreaCode:
    """Give an area the ONS code that it has from a day on; the one in use ends the day before. As add_code."""
    area = directory.area_locked(by, area_id)
    permissions.require_maintenance(by)
    words = reasons.given(reason, ask=WHY)
    new = AreaCode(area=area, scheme="ons", code=code, valid_from=valid_from, checked=checked, source=source)
    ended = put_code(
        new, area.codes.all(), AreaCode.objects.select_related("area"), holder=lambda held: held.area, at=at
    )
    area.ons_code = code
    area.save(update_fields=["ons_code"])
    audit.record(
        "area.code_added",
        target=area,
        by=by,
        at=at,
        before={"code": str(ended) if ended else None},
        after={"code": str(new), "from": valid_from, "checked": checked, "source": source},
        reason=words,
    )
    return new


@service
def place_footprint(
    *,
    child: Footprint,
    parent: Footprint,
    starts_on: date | None,
    ends_on: date | None = None,
    at: datetime,
    system: str,
) -> FootprintLink:
    """Say in which wider footprint another lies, from a day to a day. Only set-up does so."""
    policies.check_holds(parent, child)
    link = FootprintLink(child=child, parent=parent, starts_on=starts_on, ends_on=ends_on)
    link.save(force_insert=True)
    audit.record(
        "footprint.placed",
        target=child,
        at=at,
        system=system,
        after={"in": str(parent), "from": starts_on, "until": ends_on},
    )
    return link


def wait_for(what: str) -> None:
    """Hold a name or code until the end of this transaction: whoever enters the same one meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"partners.register {what}"])


def put_code(
    new: AnyCode,
    own: QuerySet[AnyCode],
    everybodys: QuerySet[AnyCode],
    *,
    holder: Callable[[AnyCode], Organisation | Area],
    at: datetime,
) -> AnyCode | None:
    """Save a code, after ending the one in use of the same scheme, which is returned."""
    policies.check_code(new.scheme, new.code)
    # Two people who give one code to two holders at once: the second sees what the first did, and is told.
    wait_for(f"{new._meta.label_lower} {new.scheme} {new.code}")
    if new.valid_from is not None:
        policies.check_begun(new.valid_from, today=timezone.localdate(at))
    last = None
    if new.scheme != OTHER:
        rows = own.select_for_update(of=("self",)).filter(scheme=new.scheme)
        last = rows.order_by(F("valid_to").desc(nulls_first=True), "pk").first()
    policies.check_follows(last, new.valid_from)
    current = last if last is not None and last.valid_to is None else None
    # Open at the end, so whatever has not ended before its first day stands in the way.
    in_the_way = Q(valid_to__isnull=True) | Q(valid_to__gte=new.valid_from) if new.valid_from else Q()
    taken = everybodys.filter(in_the_way, scheme=new.scheme, code=new.code).order_by("valid_from", "pk").first()
    policies.check_code_free(new.code, taken, holder(taken) if taken else None)
    if current is not None and new.valid_from is not None:
        current.valid_to = new.valid_from - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    new.save(force_insert=True)
    return current
