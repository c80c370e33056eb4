"""OpenID providers of partners, and who may sign in by them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from partners.models import Membership, Organisation, SingleSignOn, SingleSignOnLink, User
from partners.selectors import directory


@dataclass(frozen=True)
class PersonLink:
    """A person of a partner, and how far single sign-on has come for them."""

    person: User
    link: SingleSignOnLink | None

    @property
    def words(self) -> str:
        if self.link is None:
            return "Password only"
        if self.link.linked_at is None:
            return f"Waits for the first sign-in as {self.link.address}"
        return "Linked"


@dataclass(frozen=True)
class ProviderPeople:
    """A provider with the people of its partner."""

    provider: SingleSignOn
    people: list[PersonLink]


def active() -> QuerySet[SingleSignOn]:
    """What the sign-in page offers, by partner."""
    found = SingleSignOn.objects.filter(is_active=True).select_related("organisation")
    return found.order_by("organisation__name", "name", "pk")


def active_provider(pk: UUID) -> SingleSignOn:
    """One that may be used to sign in; Http404 for any other."""
    return get_object_or_404(active(), pk=pk)


def showing_addresses(organisation: Organisation) -> QuerySet[SingleSignOn]:
    """The partner's providers in use by which somebody whose address alone is known can be told."""
    return active().filter(organisation=organisation).exclude(address_claim="")


def of_partner(organisation: Organisation) -> list[ProviderPeople]:
    """The partner's providers, each with the partner's people today. Three queries."""
    providers = list(SingleSignOn.objects.filter(organisation=organisation).order_by("name", "pk"))
    links = {
        (link.provider_id, link.person_id): link
        for link in SingleSignOnLink.objects.filter(provider__in=providers).select_related("person")
    }
    people = list(_people(organisation, at=timezone.now()).order_by("name", "pk")) if providers else []
    return [
        ProviderPeople(each, [PersonLink(person, links.get((each.pk, person.pk))) for person in people])
        for each in providers
    ]


def provider(user: User, pk: UUID) -> SingleSignOn:
    """A provider of a partner that the person can see; Http404 otherwise."""
    found = SingleSignOn.objects.filter(organisation__in=directory.visible_to(user).order_by())
    return get_object_or_404(found.select_related("organisation"), pk=pk)


def link(user: User, pk: UUID) -> SingleSignOnLink:
    """A link by a provider of a partner that the person can see, locked; Http404 otherwise."""
    found = SingleSignOnLink.objects.filter(provider__organisation__in=directory.visible_to(user).order_by())
    locked = found.select_for_update(of=("self",)).select_related("provider__organisation", "person")
    return get_object_or_404(locked, pk=pk)


def person_of_partner(organisation: Organisation, pk: UUID, *, at: datetime) -> User:
    """Somebody who holds a role in the partner today; Http404 for anybody else."""
    return get_object_or_404(_people(organisation, at=at), pk=pk)


def for_update(organisation: Organisation, issuer: str) -> SingleSignOn | None:
    """The partner's provider with this issuer, locked."""
    found = SingleSignOn.objects.select_for_update(of=("self",)).filter(organisation=organisation, issuer=issuer)
    return found.first()


def link_for_update(provider: SingleSignOn, person: User) -> SingleSignOnLink | None:
    """The person's link by a provider, locked."""
    found = SingleSignOnLink.objects.select_for_update(of=("self",)).filter(provider=provider, person=person)
    return found.first()


def by_subject(provider: SingleSignOn, subject: str) -> SingleSignOnLink | None:
    """The link of issuer and subject; whichever partner's administrator made it."""
    found = SingleSignOnLink.objects.filter(issuer=provider.issuer, subject=subject, linked_at__isnull=False)
    return found.select_related("person").order_by("linked_at", "pk").first()


def waiting_for(provider: SingleSignOn, address: str) -> SingleSignOnLink | None:
    """The permission that an administrator gave for this address and provider, not taken up yet, locked."""
    found = SingleSignOnLink.objects.select_for_update(of=("self",)).filter(
        provider=provider, subject="", address=address, person__email=address
    )
    return found.select_related("person").first()


def is_taken(issuer: str, subject: str, *, by_other_than: User) -> bool:
    """Whether issuer and subject are somebody else."""
    return SingleSignOnLink.objects.filter(issuer=issuer, subject=subject).exclude(person=by_other_than).exists()


def _people(organisation: Organisation, *, at: datetime) -> QuerySet[User]:
    held = Membership.objects.on(timezone.localdate(at)).filter(organisation=organisation)
    return User.objects.filter(pk__in=held.values("person"), is_active=True)
