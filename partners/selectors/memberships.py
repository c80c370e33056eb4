"""Roles in force, loaded once for a person: the second factor, the account page and the API ask the same rows."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from partners.domain.roles import SECOND_FACTOR_ROLES, Role
from partners.models import Membership, Organisation, User

CACHE = "_hub_standing"


@dataclass(frozen=True)
class HeldRole:
    """A membership with its role in words, for a page."""

    membership: Membership

    @property
    def words(self) -> str:
        return Role(self.membership.role).words

    def __str__(self) -> str:
        return f"{self.words} for {self.membership.organisation}"


@dataclass(frozen=True)
class Standing:
    """The roles that a person holds today, and whether a second factor is asked of them and there."""

    memberships: list[Membership]
    has_second_factor: bool
    is_demonstration: bool

    @property
    def roles(self) -> list[HeldRole]:
        return [HeldRole(held) for held in self.memberships]

    @property
    def asking(self) -> list[HeldRole]:
        """The roles that ask for a second factor; none for a demonstration account."""
        if self.is_demonstration:
            return []
        return [held for held in self.roles if Role(held.membership.role) in SECOND_FACTOR_ROLES]

    @property
    def lacks_second_factor(self) -> bool:
        return bool(self.asking) and not self.has_second_factor

    @property
    def only_partner(self) -> Organisation | None:
        """The partner that the person acts for, where it is one alone."""
        found = {held.organisation_id: held.organisation for held in self.memberships}
        return next(iter(found.values())) if len(found) == 1 else None


def standing(person: User) -> Standing:
    """What a person is today. One query, kept on the person for the rest of the request."""
    loaded: Standing | None = person.__dict__.get(CACHE)
    if loaded is None:
        factors = Authenticator.objects.filter(user=OuterRef("person"), type=Authenticator.Type.TOTP)
        rows = (
            Membership.objects.today_of(person)
            .select_related("organisation")
            .annotate(factor=Exists(factors))
            .order_by("organisation__name", "role", "pk")
        )
        memberships: list[Membership] = [*rows]
        if person.lens is not None and person.lens.role is not None:
            # Whoever looks as a role holds that one alone, since the day on which they may look.
            memberships = memberships[:1]
            for held in memberships:
                held.role = person.lens.role.value
        loaded = Standing(
            memberships=memberships,
            has_second_factor=any(getattr(row, "factor", False) for row in memberships),
            is_demonstration=person.is_demonstration,
        )
        person.__dict__[CACHE] = loaded
    return loaded


def has_second_factor(person: User) -> bool:
    """Whether the person signs in with a second factor, roles or not. One query."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
