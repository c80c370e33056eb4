"""The directory of organisations: no secret among those who work on integration, closed to everybody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from django.utils import timezone

from integration_hub.core.registry import Providers
from partners.domain.kinds import kinds_of
from partners.models import (
    Area,
    AreaCode,
    Footprint,
    Membership,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
    User,
)
from partners.models.area import HWB
from partners.models.organisation import OrganisationQuerySet

# Called with user; each says whether an app above knows the person as one of those who work on integration
# although they act for no partner (a board's sitting member, for one).
readers: Providers[Callable[..., bool]] = Providers()


@dataclass(frozen=True)
class PersonRoles:
    """A person of a partner with the roles they hold there today."""

    person: User
    memberships: list[Membership]

    @property
    def words(self) -> str:
        return ", ".join(held.role_words for held in self.memberships)


@dataclass(frozen=True)
class OrganisationDetail:
    """All that the page of one organisation shows; `people` is None for those who may not see them."""

    organisation: Organisation
    areas: list[OrganisationArea]
    names: list[OrganisationName]
    codes: list[OrganisationCode]
    footprints: list[Footprint]
    people: list[PersonRoles] | None

    @property
    def lacks_councils_areas(self) -> bool:
        """Whether it commissions for the NHS, and no area of a Health and Wellbeing Board stands beside it."""
        return self.organisation.is_commissioner and not any(link.area.kind == HWB for link in self.areas)

    @property
    def former_names(self) -> list[OrganisationName]:
        return [known for known in self.names if known.valid_to is not None]


def may_read(user: User | AnonymousUser) -> bool:
    """Whether the person acts for a partner today (an operator too) or an app above vouches for them."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if Membership.objects.today_of(user).exists():
        return True
    return any(provider(user) for provider in readers)


def visible_to(user: User | AnonymousUser) -> OrganisationQuerySet:
    """Every organisation for those who may read the directory, none for others, by name."""
    organisations = Organisation.objects.all() if may_read(user) else Organisation.objects.none()
    links = OrganisationArea.objects.select_related("area").order_by("area__name", "pk")
    return organisations.prefetch_related(Prefetch("area_links", links)).order_by(Lower("name"), "pk")


def with_codes(user: User | AnonymousUser) -> OrganisationQuerySet:
    """The same with the names and official codes of each."""
    names = OrganisationName.objects.order_by(F("valid_from").asc(nulls_first=True), "pk")
    codes = OrganisationCode.objects.order_by("scheme", F("valid_from").asc(nulls_first=True), "pk")
    return visible_to(user).prefetch_related(Prefetch("names", names), Prefetch("codes", codes))


def rows(
    user: User, *, name: str = "", kind: str = "", standing: str = "current", on: date | None = None
) -> OrganisationQuerySet:
    """Those whose names, of today or before, or codes hold all the words of `name`; of one kind or group of kinds.

    `standing` on a day (today unless given): current, ended, or empty for both.
    """
    found = visible_to(user)
    for word in name.split():
        named = OrganisationName.objects.filter(organisation=OuterRef("pk"), name__icontains=word)
        coded = OrganisationCode.objects.filter(organisation=OuterRef("pk"), code__iexact=word)
        found = found.filter(Q(name__icontains=word) | Exists(named) | Exists(coded))
    if kind:
        found = found.filter(kind__in=kinds_of(kind))
    day = on or timezone.localdate()
    if standing == "current":
        return found.on(day)
    return found.filter(valid_to__lt=day) if standing == "ended" else found


def get(user: User, pk: object) -> Organisation:
    """One of them; Http404 for any other."""
    return get_object_or_404(visible_to(user), pk=pk)


def locked(user: User, pk: object) -> Organisation:
    """One of them, held for this transaction; Http404 for any other."""
    organisations = Organisation.objects.all() if may_read(user) else Organisation.objects.none()
    return get_object_or_404(organisations.select_for_update(of=("self",)), pk=pk)


def code(user: User, pk: object, code_pk: object) -> OrganisationCode:
    """A code of an organisation that the person may see; Http404 for any other."""
    return get_object_or_404(get(user, pk).codes.select_related("organisation"), pk=code_pk)


def name_on(organisation: Organisation, day: date) -> str:
    """The name of an organisation on a day: the one of today where that day's is not known."""
    known = organisation.names.on(day).first()
    return known.name if known else organisation.name


def code_on(organisation: Organisation, scheme: str, day: date) -> str:
    """The code of an organisation in a scheme on a day; empty where none is known."""
    known = organisation.codes.on(day).filter(scheme=scheme).order_by("code").first()
    return known.code if known else ""


def by_key(key: str) -> Organisation | None:
    """The organisation with this key, for commands of operators."""
    return Organisation.objects.filter(key=key).first()


def detail(user: User, pk: object) -> OrganisationDetail:
    """An organisation as the register has it and, for its own people, who acts for it. A constant number of queries."""
    organisation = get(user, pk)
    own = Organisation.objects.acted_for_by(user).filter(pk=organisation.pk).exists()
    return OrganisationDetail(
        organisation=organisation,
        areas=list(organisation.area_links.all()),
        names=list(organisation.names.order_by(F("valid_from").desc(nulls_last=True), "pk")),
        codes=list(organisation.codes.order_by("scheme", F("valid_from").desc(nulls_last=True), "pk")),
        footprints=list(organisation.footprints.order_by("name", "pk")),
        people=_people(organisation) if own else None,
    )


def _people(organisation: Organisation) -> list[PersonRoles]:
    held = Membership.objects.on(timezone.localdate()).filter(organisation=organisation, person__is_active=True)
    found: dict[object, PersonRoles] = {}
    for membership in held.select_related("person").order_by(Lower("person__name"), "person", "role", "pk"):
        found.setdefault(membership.person_id, PersonRoles(membership.person, [])).memberships.append(membership)
    return list(found.values())


def areas_visible_to(user: User | AnonymousUser) -> QuerySet[Area]:
    """Every area for those who may read the directory, by name."""
    areas = Area.objects.all() if may_read(user) else Area.objects.none()
    return areas.order_by("name", "pk")


def areas_with_codes(user: User | AnonymousUser) -> QuerySet[Area]:
    """The same with the codes of each."""
    codes = AreaCode.objects.order_by("scheme", F("valid_from").asc(nulls_first=True), "pk")
    return areas_visible_to(user).prefetch_related(Prefetch("codes", codes))


def area_locked(user: User, pk: object) -> Area:
    """One of them, held for this transaction; Http404 for any other."""
    areas = Area.objects.all() if may_read(user) else Area.objects.none()
    return get_object_or_404(areas.select_for_update(of=("self",)), pk=pk)


def no_areas() -> QuerySet[Area]:
    """No rows: tells the API's description which model it is about."""
    return Area.objects.none()


def no_organisations() -> OrganisationQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Organisation.objects.none()
