"""The directory of organisations: no secret among those who work on integration, closed to everybody else."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from django.utils import timezone

from integration_hub.core.registry import Providers
from partners.domain.roles import Role
from partners.models import Area, Membership, Organisation, OrganisationArea, User
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
        return ", ".join(Role(held.role).words for held in self.memberships)


@dataclass(frozen=True)
class OrganisationDetail:
    """All that the page of one organisation shows; `people` is None for those who may not see them."""

    organisation: Organisation
    areas: list[OrganisationArea]
    people: list[PersonRoles] | None


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


def rows(user: User, *, name: str = "", kind: str = "") -> OrganisationQuerySet:
    """Those whose name holds all the words of `name`, of one kind where one is given."""
    found = visible_to(user)
    for word in name.split():
        found = found.filter(Q(name__icontains=word))
    return found.filter(kind=kind) if kind else found


def get(user: User, pk: object) -> Organisation:
    """One of them; Http404 for any other."""
    return get_object_or_404(visible_to(user), pk=pk)


def detail(user: User, pk: object) -> OrganisationDetail:
    """An organisation with its areas and, for its own people, who acts for it. A constant number of queries."""
    organisation = get(user, pk)
    own = Organisation.objects.acted_for_by(user).filter(pk=organisation.pk).exists()
    return OrganisationDetail(
        organisation=organisation,
        areas=list(organisation.area_links.all()),
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


def no_areas() -> QuerySet[Area]:
    """No rows: tells the API's description which model it is about."""
    return Area.objects.none()


def no_organisations() -> OrganisationQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Organisation.objects.none()
