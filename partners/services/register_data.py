"""The register that ships: loaded at every start, and only ever added to. What a person corrected stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from integration_hub.core import audit
from integration_hub.core.services import service
from partners.domain import register_files
from partners.domain.codes import OTHER
from partners.domain.register_files import ShippedBody, ShippedCode
from partners.models import (
    Area,
    AreaCode,
    Footprint,
    FootprintArea,
    FootprintLink,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
    RegisterEdition,
)
from partners.models.area import HWB, ICB

EDITION = "councils, integrated care boards and footprints"


@dataclass(frozen=True)
class Loaded:
    """How many rows came in; all 0 when everything was there."""

    organisations: int = 0
    areas: int = 0
    codes: int = 0
    footprints: int = 0


@service
def load(*, at: datetime, system: str) -> Loaded:
    """Add what the shipped register has and this one has not. Nothing is changed or taken away.

    An organisation is known by its key, or as the council of the area with its ONS code; an area by any ONS code that
    it has or had. A code is left out where a person gave it, or another in its place, to somebody on the same days.
    """
    digest = register_files.digest()
    if RegisterEdition.objects.filter(name=EDITION, sha256=digest).exists():
        return Loaded()
    bodies = [*register_files.councils(), *register_files.icbs()]
    areas, new_areas = _areas(bodies)
    organisations, new_organisations = _organisations(bodies, areas)
    codes = _organisation_codes(bodies, organisations) + _area_codes(bodies, areas)
    footprints = _footprints(areas, organisations)
    loaded = Loaded(new_organisations, new_areas, codes, footprints)
    edition = RegisterEdition(name=EDITION, sha256=digest, loaded_at=at)
    edition.save(force_insert=True)
    audit.record("register.loaded", target=edition, at=at, system=system, after={"sha256": digest, **vars(loaded)})
    return loaded


def _areas(bodies: Sequence[ShippedBody]) -> tuple[dict[str, Area], int]:
    """The area of each body by its key, and how many of them are new."""
    by_code = {area.ons_code: area for area in Area.objects.all()}
    by_code |= {row.code: row.area for row in AreaCode.objects.filter(scheme="ons").select_related("area")}
    found: dict[str, Area] = {}
    new = []
    for body in bodies:
        known = [by_code[code.code] for code in body.area_codes if code.code in by_code]
        if not known:
            kind = ICB if body.kind == "icb" else HWB
            known = [Area(kind=kind, name=body.area, ons_code=body.ons_code, valid_from=body.valid_from)]
            new += known
        found[body.key] = known[-1]
    Area.objects.bulk_create(new)
    return found, len(new)


def _organisations(bodies: Sequence[ShippedBody], areas: dict[str, Area]) -> tuple[dict[str, Organisation], int]:
    """The organisation of each body by its key, with its name and area, and how many of them are new."""
    by_key = {row.key: row for row in Organisation.objects.filter(key__in=[body.key for body in bodies])}
    by_area = {
        (link.area_id, link.organisation.kind): link.organisation
        for link in OrganisationArea.objects.filter(area__in=areas.values()).select_related("organisation")
        if link.organisation.is_council
    }
    found: dict[str, Organisation] = {}
    new = []
    for body in bodies:
        known = by_key.get(body.key) or by_area.get((areas[body.key].pk, body.kind))
        if known is None:
            known = Organisation(
                key=body.key, name=body.name, kind=body.kind, note=body.note, valid_from=body.valid_from
            )
            new.append((known, areas[body.key]))
        found[body.key] = known
    Organisation.objects.bulk_create(row for row, _ in new)
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=row, name=row.name, valid_from=row.valid_from) for row, _ in new
    )
    OrganisationArea.objects.bulk_create(
        OrganisationArea(organisation=row, area=area, starts_on=row.valid_from) for row, area in new
    )
    return found, len(new)


def _organisation_codes(bodies: Sequence[ShippedBody], organisations: dict[str, Organisation]) -> int:
    taken = _Taken(OrganisationCode.objects.values_list("organisation", "scheme", "code", "valid_from", "valid_to"))
    new = [
        OrganisationCode(organisation=organisations[body.key], **vars(code))
        for body in bodies
        for code in taken.free(organisations[body.key].pk, body.codes)
    ]
    return len(OrganisationCode.objects.bulk_create(new))


def _area_codes(bodies: Sequence[ShippedBody], areas: dict[str, Area]) -> int:
    taken = _Taken(AreaCode.objects.values_list("area", "scheme", "code", "valid_from", "valid_to"))
    new = [
        AreaCode(area=areas[body.key], **vars(code))
        for body in bodies
        for code in taken.free(areas[body.key].pk, body.area_codes)
    ]
    return len(AreaCode.objects.bulk_create(new))


class _Taken:
    """Which codes are given out, and which holders have one, on which days."""

    def __init__(self, rows: Iterable[tuple[UUID, str, str, date | None, date | None]]) -> None:
        self.rows = list(rows)

    def free(self, holder: UUID, codes: Iterable[ShippedCode]) -> list[ShippedCode]:
        """Those of a holder's codes that stand in the way of none that is there."""
        return [
            code
            for code in codes
            if not any(
                scheme == code.scheme
                and (value == code.code or (held_by == holder and scheme != OTHER))
                and _overlap(code.valid_from, code.valid_to, first, last)
                for held_by, scheme, value, first, last in self._near(holder, code)
            )
        ]

    def _near(self, holder: UUID, code: ShippedCode) -> list[tuple[UUID, str, str, date | None, date | None]]:
        return [row for row in self.rows if row[0] == holder or row[2] == code.code]


def _overlap(first: date | None, last: date | None, other_first: date | None, other_last: date | None) -> bool:
    begins_too_late = first is not None and other_last is not None and first > other_last
    ends_too_early = last is not None and other_first is not None and last < other_first
    return not (begins_too_late or ends_too_early)


def _footprints(areas: dict[str, Area], organisations: dict[str, Organisation]) -> int:
    """An integrated care system for each board, and the footprints of published papers; how many are new."""
    known = {row.key: row for row in Footprint.objects.all()}
    new: list[Footprint] = []
    covered: list[FootprintArea] = []
    links: list[FootprintLink] = []
    for board in register_files.icbs():
        key = board.key.removesuffix("-icb") + "-ics"
        if key not in known:
            system = Footprint(
                key=key,
                kind="ics",
                name=board.area,
                body=organisations[board.key],
                valid_from=board.valid_from,
                source=register_files.ICB_TABLE,
            )
            new.append(system)
            covered.append(FootprintArea(footprint=system, area=areas[board.key], starts_on=board.valid_from))
    # By every code that an area has had: one that stands in the register already may stand there with an old one.
    by_code = {area.ons_code: area for area in areas.values()}
    bodies = [*register_files.councils(), *register_files.icbs()]
    by_code |= {code.code: areas[body.key] for body in bodies for code in body.area_codes if body.key in areas}
    for shipped in register_files.footprints():
        if shipped.key in known:
            continue
        row = Footprint(
            key=shipped.key,
            kind=shipped.kind,
            name=shipped.name,
            note=shipped.note,
            source=shipped.source,
            valid_to=shipped.until,
        )
        known[shipped.key] = row
        new.append(row)
        covered += [FootprintArea(footprint=row, area=by_code[code], ends_on=shipped.until) for code in shipped.areas]
        links += [
            FootprintLink(child=row, parent=known[place.parent], starts_on=place.since, ends_on=place.until)
            for place in shipped.within
        ]
    Footprint.objects.bulk_create(new)
    FootprintArea.objects.bulk_create(covered)
    FootprintLink.objects.bulk_create(links)
    return len(new)
