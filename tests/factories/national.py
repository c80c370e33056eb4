"""Partners, people and areas as many as in the whole country, entered in bulk around the objects of `everything`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

import pgtrigger
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from guardian.models import GroupObjectPermission

from governance.models import Board, BoardParty, Meeting
from integration_hub.core.models import AuditEvent
from partners.domain.roles import ROLE_PERMISSIONS, Role
from partners.models import (
    Area,
    AreaCode,
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
from partners.permissions import group_for
from pooled_budgets.models import Agreement, AgreementParty, Fund
from tests.factories.everything import Everything
from tests.factories.partners import LONG_AGO, NOON

BATCH = 2_000
ROLES = (Role.FINANCE, Role.METRICS, Role.GOVERNANCE, Role.APPROVER, Role.PROGRAMME, Role.MEMBER, Role.AUDITOR)


@dataclass(frozen=True)
class Size:
    """How many of each there are; `own` of each belong to the council that reads."""

    organisations: int
    areas: int
    people: int
    own: int
    footprints: int
    lines: int


FEW = Size(organisations=10, areas=10, people=10, own=10, footprints=10, lines=10)
NATIONAL = Size(organisations=600, areas=160, people=20_000, own=300, footprints=1_300, lines=4_000)


def grow(made: Everything, size: Size, mark: str) -> None:
    """Enter as many as `size` says, beside what there is, without a history. `mark` keeps two of them apart."""
    with pgtrigger.ignore():
        _grow(made, size, mark)


def _grow(made: Everything, size: Size, mark: str) -> None:
    areas = Area.objects.bulk_create(
        Area(name=f"{mark} area {n:04}", ons_code=f"{mark[:1].upper()}{n:08d}") for n in range(size.areas)
    )
    AreaCode.objects.bulk_create(AreaCode(area=area, scheme="ons", code=area.ons_code) for area in areas)
    organisations = Organisation.objects.bulk_create(
        Organisation(key=f"{mark}-{n}", name=f"{mark} organisation {n:04}", kind=("unitary", "ccg", "provider")[n % 3])
        for n in range(size.organisations)
    )
    OrganisationName.objects.bulk_create(OrganisationName(organisation=row, name=row.name) for row in organisations)
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=row, scheme="ods", code=f"{mark[:1].upper()}{n:04}")
        for n, row in enumerate(organisations)
    )
    OrganisationArea.objects.bulk_create(
        OrganisationArea(organisation=row, area=areas[n % len(areas)]) for n, row in enumerate(organisations)
    )
    _people(made, organisations, size, mark)
    _footprints(areas, size, mark)
    _boards_and_funds(made, areas, organisations, size, mark)
    _lines(made, organisations, size, mark)


def _people(made: Everything, organisations: list[Organisation], size: Size, mark: str) -> None:
    """Each with one role; the first `own` are people of the council, the rest of the others in turn."""
    groups = _groups(organisations)
    council = {role: group_for(made["council"], role) for role in ROLES}
    people = User.objects.bulk_create(
        (
            User(email=f"{mark}{n}@partner.example", name=f"{mark} person {n:05}", password="!")
            for n in range(size.people)
        ),
        batch_size=BATCH,
    )
    held = []
    for n, person in enumerate(people):
        role = ROLES[n % len(ROLES)]
        partner = made["council"] if n < size.own else organisations[n % len(organisations)]
        group = council[role] if n < size.own else groups[partner.pk, role]
        held.append(
            Membership(
                person=person,
                organisation=partner,
                role=role.value,
                group=group,
                starts_on=LONG_AGO,
            )
        )
    Membership.objects.bulk_create(held, batch_size=BATCH)
    places = User.groups.through
    places.objects.bulk_create((places(user_id=row.person_id, group_id=row.group_id) for row in held), batch_size=BATCH)


def _groups(organisations: list[Organisation]) -> dict[tuple[object, Role], Group]:
    """A group for each role of each organisation, with the grants of the roles table, as permissions.group_for."""
    made = Group.objects.bulk_create(
        (Group(name=f"{row.pk}:{role.value}") for row in organisations for role in ROLES), batch_size=BATCH
    )
    pairs = [(row.pk, role) for row in organisations for role in ROLES]
    groups = dict(zip(pairs, made, strict=True))
    known = {row.codename: row for row in DjangoPermission.objects.filter(content_type__model="organisation")}
    GroupObjectPermission.objects.bulk_create(
        (
            GroupObjectPermission(
                group=group,
                permission=known[permission.value],
                content_type_id=known[permission.value].content_type_id,
                object_pk=str(key),
            )
            for (key, role), group in groups.items()
            for permission in ROLE_PERMISSIONS[role]
        ),
        batch_size=BATCH,
    )
    return groups


def _footprints(areas: list[Area], size: Size, mark: str) -> None:
    """Systems, the areas in them, and networks in the areas."""
    systems = max(1, size.footprints // 40)
    shape = [("ics", systems), ("area", min(len(areas), size.footprints)), ("pcn", size.footprints)]
    rows = {
        kind: Footprint.objects.bulk_create(
            Footprint(key=f"{mark}-{kind}-{n}", kind=kind, name=f"{mark} {kind} {n:04}") for n in range(count)
        )
        for kind, count in shape
    }
    FootprintLink.objects.bulk_create(
        FootprintLink(child=row, parent=rows[wider][n % len(rows[wider])])
        for wider, kind in (("ics", "area"), ("area", "pcn"))
        for n, row in enumerate(rows[kind])
    )
    FootprintArea.objects.bulk_create(
        FootprintArea(footprint=row, area=area) for row, area in zip(rows["area"], areas, strict=False)
    )


def _boards_and_funds(
    made: Everything, areas: list[Area], organisations: list[Organisation], size: Size, mark: str
) -> None:
    """A board, an agreement and the funds of five years for each area; the council is in as many as ten areas."""
    boards = Board.objects.bulk_create(
        Board(key=f"{mark}-board-{n}", name=f"{mark} board {n:04}", kind="hwb", area=area)
        for n, area in enumerate(areas)
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(
            key=f"{mark}-agreement-{n}",
            title=f"{mark} agreement {n:04}",
            kind="preparatory",
            status="in_force",
            area=board.area,
            board=board,
            host=organisations[n % len(organisations)],
        )
        for n, board in enumerate(boards)
    )
    parties = [
        (
            n,
            (made["council"], made["ccg"])
            if n < 10
            else tuple(islice(organisations, n % len(organisations), None, 300)),
        )
        for n in range(len(boards))
    ]
    BoardParty.objects.bulk_create(BoardParty(board=boards[n], organisation=row) for n, rows in parties for row in rows)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreements[n], organisation=row) for n, rows in parties for row in rows
    )
    Meeting.objects.bulk_create(
        Meeting(board=board, held_on=date(2024, month, 9), title=f"{mark} meeting")
        for board in boards
        for month in (3, 6, 9, 12)
    )
    Fund.objects.bulk_create(
        Fund(
            agreement=agreements[n],
            owner=rows[0],
            financial_year=year,
            name=f"{mark} fund {n:04}",
            total=Decimal(1_000_000 + n),
            released_at=NOON,
        )
        for n, rows in parties
        for year in range(2020, 2025)
    )


def _lines(made: Everything, organisations: list[Organisation], size: Size, mark: str) -> None:
    """Lines of the audit log: every fourth is the council's, about itself."""
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                kind="organisation.corrected",
                at=NOON,
                system="test",
                partner_id=str(partner.pk),
                partner_name=partner.name,
                target_type="partners.organisation",
                target_id=str(partner.pk),
                target_name=f"{mark} {n}",
            )
            for n in range(size.lines)
            for partner in [made["council"] if n % 4 == 0 else organisations[n % len(organisations)]]
        ),
        batch_size=BATCH,
    )
