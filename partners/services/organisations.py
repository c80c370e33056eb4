"""The directory: areas, and the organisations that serve them. So far only set-up writes it; no role may."""

from collections.abc import Iterable
from datetime import date, datetime

from integration_hub.core import audit
from integration_hub.core.services import service
from partners.models import Area, Organisation, OrganisationArea


@service
def register_area(*, name: str, ons_code: str, at: datetime, system: str) -> Area:
    """Enter the area of a Health and Wellbeing Board under its ONS code (nine characters)."""
    area = Area(name=name, ons_code=ons_code)
    area.save(force_insert=True)
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
