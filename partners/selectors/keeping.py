"""What the pages on which the register is kept ask: choices, the rows to be changed, and one footprint as on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404

from partners.domain.footprints import wider_than
from partners.models import Area, Footprint, FootprintArea, FootprintLink, Organisation, OrganisationArea, User
from partners.selectors import directory


@dataclass(frozen=True)
class FootprintDetail:
    """A footprint: where it lay and lies, what lies in it on the day, and the areas that it covers."""

    footprint: Footprint
    places: list[FootprintLink]
    below: list[Footprint]
    areas: list[FootprintArea]


def footprints_visible_to(user: User | AnonymousUser) -> QuerySet[Footprint]:
    """Every footprint for those who may read the directory, by name."""
    rows = Footprint.objects.all() if directory.may_read(user) else Footprint.objects.none()
    return rows.select_related("body").order_by(Lower("name"), "pk")


def footprints_with_places(user: User | AnonymousUser) -> QuerySet[Footprint]:
    """The same with the wider footprints in which each lay and lies, and the areas that it covers."""
    places = FootprintLink.objects.select_related("parent").order_by(F("starts_on").asc(nulls_first=True), "pk")
    areas = FootprintArea.objects.select_related("area").order_by("area__name", "pk")
    return footprints_visible_to(user).prefetch_related(Prefetch("parent_links", places), Prefetch("area_links", areas))


def on(rows: QuerySet[Footprint], day: date) -> QuerySet[Footprint]:
    """Those of some footprints that there are on a day."""
    return rows.filter(pk__in=Footprint.objects.on(day).values("pk"))


def lying_in(rows: QuerySet[Footprint], parent: UUID, *, on: date | None) -> QuerySet[Footprint]:
    """Those of some footprints that lie in a wider one on a day, or on any."""
    links = FootprintLink.objects.filter(parent=parent)
    return rows.filter(pk__in=(links.on(on) if on else links).values("child"))


def no_footprints() -> QuerySet[Footprint]:
    """No rows: tells the API's description which model it is about."""
    return Footprint.objects.none()


def footprint(user: User, pk: object) -> Footprint:
    """One of them; Http404 for any other."""
    return get_object_or_404(footprints_visible_to(user), pk=pk)


def footprints_locked(user: User, *pks: UUID | str) -> list[Footprint]:
    """Those with the ids, in the order given, held for this transaction; Http404 where one is not there."""
    rows = Footprint.objects.all() if directory.may_read(user) else Footprint.objects.none()
    # Always in one order, so that two who move footprints into each other's do not wait for ever.
    held = {str(row.pk): row for row in rows.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")}
    return [held.get(str(pk)) or get_object_or_404(rows.none(), pk=pk) for pk in pks]


def footprint_detail(user: User, pk: object, *, on: date) -> FootprintDetail:
    """A footprint with what is known of its place on every day, and what lies in it on one. Constant queries."""
    found = footprint(user, pk)
    inside = FootprintLink.objects.on(on).filter(parent=found)
    return FootprintDetail(
        footprint=found,
        places=list(found.parent_links.select_related("parent").order_by(F("starts_on").asc(nulls_first=True), "pk")),
        below=list(
            Footprint.objects.on(on).filter(pk__in=inside.values("child")).order_by("kind", Lower("name"), "pk")
        ),
        areas=list(found.area_links.select_related("area").order_by("area__name", "starts_on", "pk")),
    )


def footprint_choices(user: User, *, holding: str | None = None) -> list[tuple[str, str]]:
    """Those that have not ended and can hold one of the kind (or any), as the choices of a form."""
    rows = footprints_visible_to(user).filter(valid_to=None, kind__in=wider_than(holding)).only("name", "kind")
    return [(str(row.pk), f"{row.name} ({row.kind_words.lower()})") for row in rows.select_related(None)]


def area_choices(user: User) -> list[tuple[str, str]]:
    """The areas that have not ended, as the choices of a form."""
    rows = directory.areas_visible_to(user).filter(valid_to=None)
    return [(str(row.pk), f"{row.name} ({row.ons_code})") for row in rows]


def areas_by_code(user: User, codes: Iterable[str]) -> dict[str, Area]:
    """The areas that have the ONS codes today."""
    return {row.ons_code: row for row in directory.areas_visible_to(user).filter(ons_code__in=list(codes))}


def service(user: User, pk: object, link: int) -> OrganisationArea:
    """An area that an organisation serves; Http404 for any other."""
    rows = directory.get(user, pk).area_links.select_related("organisation", "area")
    return get_object_or_404(rows, pk=link)


def links_from(footprint: Footprint, day: date) -> QuerySet[FootprintLink]:
    """What is known of the footprint's place, and of what lies in it, from a day on."""
    return (
        FootprintLink.objects.filter(Q(child=footprint) | Q(parent=footprint), starts_on__gte=day)
        .select_related("child", "parent")
        .order_by("starts_on", "pk")
    )


def named(name: str, *, first: date | None) -> QuerySet[Organisation]:
    """Organisations that have the name of today on a day or after it, whatever the case of its letters."""
    rows = Organisation.objects.filter(name__iexact=name)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=first)) if first else rows


def footprints_named(name: str, kind: str, parent: UUID | None) -> QuerySet[Footprint]:
    """Footprints of a kind and name that have not ended, in the same wider one or in none."""
    rows = Footprint.objects.filter(name__iexact=name, kind=kind, valid_to=None)
    inside = FootprintLink.objects.filter(ends_on=None)
    if parent is None:
        return rows.exclude(pk__in=inside.values("child"))
    return rows.filter(pk__in=inside.filter(parent=parent).values("child"))


def keys_like(model: type[Organisation] | type[Footprint], key: str) -> set[str]:
    """The keys that begin with a key."""
    return set(model.objects.filter(key__startswith=key).values_list("key", flat=True))
