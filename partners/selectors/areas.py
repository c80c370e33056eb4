"""Areas, who serves them on a day, and the footprints in which they lie."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404

from partners.domain.kinds import COMMISSIONERS, COUNCILS
from partners.models import Area, AreaCode, Footprint, FootprintArea, Organisation, OrganisationArea, User
from partners.selectors import directory


@dataclass(frozen=True)
class AreaDetail:
    """All that the page of one area shows, as on a day."""

    area: Area
    codes: list[AreaCode]
    councils: list[Organisation]
    commissioners: list[Organisation]
    others: list[Organisation]
    footprints: list[Footprint]


def rows(user: User, *, on: date, name: str = "", kind: str = "") -> QuerySet[Area]:
    """The areas whose name or codes hold all the words of `name`, with those who serve them on a day."""
    links = OrganisationArea.objects.on(on).select_related("organisation").order_by("organisation__name", "pk")
    found = directory.areas_visible_to(user).prefetch_related(Prefetch("organisation_links", links))
    for word in name.split():
        coded = AreaCode.objects.filter(area=OuterRef("pk"), code__iexact=word)
        found = found.filter(Q(name__icontains=word) | Q(ons_code__iexact=word) | Exists(coded))
    return found.filter(kind=kind) if kind else found


def get(user: User, pk: object) -> Area:
    """One of them; Http404 for any other."""
    return get_object_or_404(directory.areas_visible_to(user), pk=pk)


def detail(user: User, pk: object, *, on: date) -> AreaDetail:
    """An area with those who serve it on a day, and the footprints that cover it. A constant number of queries."""
    area = get(user, pk)
    serving = _serving(area, on=on)
    covering = FootprintArea.objects.on(on).filter(area=area)
    return AreaDetail(
        area=area,
        codes=list(area.codes.order_by("scheme", F("valid_from").desc(nulls_last=True), "pk")),
        councils=[row for row in serving if row.kind in COUNCILS],
        commissioners=[row for row in serving if row.kind in COMMISSIONERS],
        others=[row for row in serving if row.kind not in COUNCILS | COMMISSIONERS],
        footprints=list(
            Footprint.objects.on(on).filter(pk__in=covering.values("footprint")).order_by("kind", "name", "pk")
        ),
    )


def _serving(area: Area, *, on: date) -> list[Organisation]:
    links = OrganisationArea.objects.on(on).filter(area=area)
    return list(Organisation.objects.on(on).filter(pk__in=links.values("organisation")).order_by(Lower("name"), "pk"))
