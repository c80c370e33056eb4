"""Regions and nations: the areas that lie in one on a day, and those that a person was given the view of."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from partners import permissions
from partners.domain.footprints import OVERSEEN, within
from partners.models import Area, Footprint, FootprintArea, FootprintLink, User
from partners.models.area import HWB
from partners.permissions import Permission
from partners.selectors import directory


def listed(user: User, *, on: date) -> QuerySet[Footprint]:
    """The regions and nations that there are on a day, by name. Like the rest of the register they are no secret."""
    if not directory.may_read(user):
        return Footprint.objects.none()
    return Footprint.objects.on(on).filter(kind__in=OVERSEEN).order_by("kind", "name", "pk")


def areas_in(footprints: Collection[UUID], *, on: date) -> QuerySet[Area]:
    """The areas of boards that footprints cover on a day, with all that lies in them. One query, and one when read."""
    parents = dict(FootprintLink.objects.on(on).values_list("child_id", "parent_id"))
    whole = {found for key in footprints for found in within(key, parents)}
    covered = FootprintArea.objects.on(on).filter(footprint__in=Footprint.objects.on(on).filter(pk__in=whole))
    return Area.objects.filter(kind=HWB, pk__in=covered.values("area")).order_by("name", "pk")


def of_area(area: UUID, *, on: date) -> QuerySet[Footprint]:
    """The regions that name an area themselves on a day."""
    covering = FootprintArea.objects.on(on).filter(area=area)
    return Footprint.objects.on(on).filter(kind="region", pk__in=covering.values("footprint")).order_by("name", "pk")


def oversees(user: User) -> bool:
    """Whether somebody gave the person such a view. No query where their rights were asked for before."""
    return permissions.anywhere(user, Permission.COMPLETENESS_READ)


def overseen(user: User, *, on: date) -> QuerySet[Footprint]:
    """The regions and nations of which the person reads how far the returns are: their body gave them the role."""
    bodies = [UUID(key) for key in permissions.organisations_where(user, Permission.COMPLETENESS_READ)]
    return Footprint.objects.on(on).filter(kind__in=OVERSEEN, body__in=bodies).order_by("kind", "name", "pk")


def get_overseen(user: User, pk: object, *, on: date) -> Footprint:
    """One of them; Http404 for any other."""
    return get_object_or_404(overseen(user, on=on), pk=pk)
