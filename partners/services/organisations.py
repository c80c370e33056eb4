"""The directory: areas, the organisations that serve them, and their names. Set-up enters; people correct."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.services import service
from partners import permissions, policies
from partners.models import (
    Area,
    AreaCode,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
    User,
)
from partners.models.area import HWB


@service
def register_area(*, name: str, ons_code: str, kind: str = HWB, at: datetime, system: str) -> Area:
    """Enter an area under its ONS code (nine characters)."""
    area = Area(name=name, ons_code=ons_code, kind=kind)
    area.save(force_insert=True)
    AreaCode(area=area, scheme="ons", code=ons_code).save(force_insert=True)
    audit.record("area.registered", target=area, at=at, system=system, after={"name": name, "ons_code": ons_code})
    return area


@service
def register(
    *,
    key: str,
    name: str,
    kind: str,
    areas: Iterable[Area] = (),
    note: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    at: datetime,
    system: str,
) -> Organisation:
    """Enter an organisation, with the areas that it serves from a day that is not known."""
    organisation = Organisation(key=key, name=name, kind=kind, note=note, valid_from=valid_from, valid_to=valid_to)
    organisation.save(force_insert=True)
    OrganisationName(organisation=organisation, name=name, valid_from=valid_from).save(force_insert=True)
    served = list(areas)
    OrganisationArea.objects.bulk_create(OrganisationArea(organisation=organisation, area=area) for area in served)
    audit.record(
        "organisation.registered",
        target=organisation,
        partner=organisation,
        at=at,
        system=system,
        after={"key": key, "name": name, "kind": kind, "areas": [area.name for area in served]},
    )
    return organisation


@service
def describe(
    *,
    key: str,
    areas: Iterable[Area] = (),
    note: str = "",
    codes: dict[str, str] | None = None,
    source: str = "",
    at: datetime,
    system: str,
) -> Organisation:
    """Add to an organisation that is registered: further areas that it serves, a note where it has none, codes.

    `codes` by scheme, not checked; one that the organisation has already stays as it is.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(key=key)
    served = set(organisation.area_links.values_list("area", flat=True))
    added = [area for area in areas if area.pk not in served]
    OrganisationArea.objects.bulk_create(OrganisationArea(organisation=organisation, area=area) for area in added)
    if note and not organisation.note:
        organisation.note = note
        organisation.save(update_fields=["note"])
    known = set(organisation.codes.values_list("scheme", flat=True))
    new = {scheme: code for scheme, code in (codes or {}).items() if scheme not in known}
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=organisation, scheme=scheme, code=code, source=source)
        for scheme, code in new.items()
    )
    audit.record(
        "organisation.described",
        target=organisation,
        partner=organisation,
        at=at,
        system=system,
        after={"areas": [area.name for area in added], "note": organisation.note, "codes": new},
    )
    return organisation


@service
def rename(
    *,
    organisation: Organisation,
    name: str,
    from_: date,
    by: User | None,
    at: datetime,
    reason: str,
    system: str = "",
) -> OrganisationName:
    """Give an organisation a new name from a day, at the latest today. The name before keeps its days.

    `by` keeps the register or is the partner's administrator; a service that has asked already passes None and
    `system`. Raises NotYet for a day to come, Ended after the organisation's last day, and OutOfOrder where the day is
    not after the one on which the name in use began.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if by is not None:
        permissions.require_correction(by, organisation=locked)
    policies.check_begun(from_, today=timezone.localdate(at))
    policies.check_exists(locked, from_)
    why = reasons.given(reason, ask="Say why the name changes, for example the order or resolution that changes it.")
    words = " ".join(name.split())
    current = locked.names.select_for_update().filter(valid_to=None).first()
    if current is None:
        current = OrganisationName(organisation=locked, name=locked.name, valid_from=locked.valid_from)
        current.save(force_insert=True)
    policies.check_new_name(locked, words, from_, began=current.valid_from)
    current.valid_to = from_ - timedelta(days=1)
    current.save(update_fields=["valid_to"])
    renamed = OrganisationName(organisation=locked, name=words, valid_from=from_)
    renamed.save(force_insert=True)
    before, locked.name = locked.name, words
    locked.save(update_fields=["name"])
    organisation.name = words
    audit.record(
        "organisation.renamed",
        target=locked,
        by=by,
        partner=locked,
        at=at,
        before={"name": before},
        after={"name": words, "from": from_},
        reason=why,
        system=system,
    )
    return renamed
