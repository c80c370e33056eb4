"""Roles in force, loaded once for a person: the second factor, the account page and the API ask the same rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from integration_hub.core.prepared import prepared
from partners import permissions
from partners.domain.capacities import capacity_words
from partners.domain.roles import SECOND_FACTOR_ROLES, Permission, Role
from partners.domain.scope import Scope
from partners.models import Deputy, Inheritance, Membership, Organisation, SuccessionLine, User
from partners.models.user import PARTNERS

CACHE = "_hub_standing"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class HeldRole:
    """A membership with its role in words, for a page."""

    membership: Membership

    @property
    def words(self) -> str:
        return self.membership.role_words

    def __str__(self) -> str:
        return f"{self.words} for {self.membership.organisation}"


@dataclass(frozen=True)
class Standing:
    """The roles that a person holds today, and whether a second factor is asked of them and there."""

    memberships: list[Membership]
    has_second_factor: bool
    is_demonstration: bool
    # Whether the person may sign returns as somebody's deputy.
    signs_as_deputy: bool = False

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
        asked = bool(self.asking) or (self.signs_as_deputy and not self.is_demonstration)
        return asked and not self.has_second_factor

    @property
    def is_operator(self) -> bool:
        return any(held.role == Role.OPERATOR for held in self.memberships)

    @property
    def only_partner(self) -> Organisation | None:
        """The partner that the person acts for, where it is one alone."""
        found = {held.organisation_id: held.organisation for held in self.memberships}
        return next(iter(found.values())) if len(found) == 1 else None


def standing(person: User) -> Standing:
    """What a person is today. One query, kept on the person for the rest of the request."""
    loaded: Standing | None = getattr(person, CACHE, None)
    if loaded is None:
        factors = Authenticator.objects.filter(user=OuterRef("person"), type__in=SECOND_FACTORS)
        signing = Deputy.objects.on(timezone.localdate()).filter(
            person=OuterRef("person"), permissions__contains=[Permission.RETURN_SIGN.value]
        )
        rows = (
            Membership.objects.today_of(person)
            .select_related("organisation")
            .annotate(factor=Exists(factors), deputy=Exists(signing))
            .order_by("organisation__name", "role", "pk")
        )
        memberships: list[Membership] = [*rows]
        as_role = person.lens is not None and person.lens.role is not None
        if person.lens is not None and person.lens.role is not None:
            # Whoever looks as a role holds that one alone, since the day on which they may look.
            memberships = memberships[:1]
            for held in memberships:
                held.role, held.capacity = person.lens.role.value, ""
        loaded = Standing(
            memberships=memberships,
            has_second_factor=any(getattr(row, "factor", False) for row in memberships),
            is_demonstration=person.is_demonstration,
            signs_as_deputy=not as_role and any(getattr(row, "deputy", False) for row in memberships),
        )
        setattr(person, CACHE, loaded)
    return loaded


def signed_in(pk: UUID | str) -> User | None:
    """An account with the partners that it acts for today and what these inherited, as every page asks. One query."""
    key = User._meta.pk.to_python(pk)
    person = next(iter(_signed_in(person=key, day=timezone.localdate())), None)
    if person is not None and person.is_active:
        acts_for, inherits = (person.__dict__.pop(name) for name in ("acts_for", "inherits"))
        person.__dict__[PARTNERS] = [(row["pk"], row["name"]) for row in acts_for]
        person.loaded_scope = Scope(
            partners=tuple(row["pk"] for row in acts_for),
            inherited=tuple((row["predecessor"], row["area"]) for row in inherits),
            left=person.__dict__.pop("has_left"),
        )
    return person


# Every request of somebody who is signed in asks it.
@prepared
def _signed_in(*, person: UUID, day: date) -> QuerySet[User]:
    held = Membership.objects.on(day).reading_roles()
    partners = (
        Organisation.objects.filter(Exists(held.filter(organisation=OuterRef("pk"), person=OuterRef(OuterRef("pk")))))
        .order_by("name", "pk")
        .values(row=JSONObject(pk="pk", name="name"))
    )
    inherited = Inheritance.objects.filter(
        Exists(held.filter(organisation=OuterRef("holder"), person=OuterRef(OuterRef("pk"))))
    ).values(row=JSONObject(predecessor="predecessor", area="area"))
    given_up = SuccessionLine.objects.filter(
        Exists(held.filter(organisation=OuterRef("predecessor"), person=OuterRef(OuterRef("pk"))))
    )
    return User.objects.annotate(
        acts_for=ArraySubquery(partners), inherits=ArraySubquery(inherited), has_left=Exists(given_up)
    ).filter(pk=person)


def kinds_of_second_factor(person: User) -> frozenset[str]:
    """The kinds that the person has set up, "totp" and "webauthn". One query."""
    return frozenset(_factors(person).values_list("type", flat=True))


def count_of_second_factors(person: User) -> int:
    """How many the person has set up; recovery codes are none by themselves. One query."""
    return _factors(person).count()


def has_second_factor(person: User) -> bool:
    """Whether the person signs in with a second factor, roles or not. One query."""
    return _factors(person).exists()


def second_factor_words(person: User) -> str:
    """What the person has set up, for a page; "" for nothing. One query."""
    found = list(_factors(person).values_list("type", flat=True))
    keys = found.count(Authenticator.Type.WEBAUTHN)
    parts = ["authenticator app"] if Authenticator.Type.TOTP in found else []
    if keys:
        parts.append("security key" if keys == 1 else f"{keys} security keys")
    return " and ".join(parts).capitalize()


def _factors(person: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS)


def signing_capacity(person: User, organisation: Organisation) -> str:
    """In which capacity the person signs for a partner, as the register of roles has it; "" where it says nothing."""
    principal = permissions.deputy_for(person, Permission.RETURN_SIGN, organisation=organisation)
    if principal is not None:
        capacity = capacity_words(principal.capacity)
        return f"Deputy of {principal.name}" + (f", {capacity.lower()}" if capacity else "")
    held = (row for row in standing(person).memberships if row.organisation_id == organisation.pk and row.capacity)
    return next((row.capacity_words for row in held), "")


def signing_capacities(person: User, organisation: Organisation) -> frozenset[str]:
    """The capacities in which the person signs for a partner, as the register has it: a deputy's are the principal's.

    Codes of partners.domain.capacities; none where it says nothing.
    """
    principal = permissions.deputy_for(person, Permission.RETURN_SIGN, organisation=organisation)
    if principal is not None:
        return frozenset({principal.capacity} - {""})
    rows = standing(person).memberships
    return frozenset(row.capacity for row in rows if row.organisation_id == organisation.pk and row.capacity)
