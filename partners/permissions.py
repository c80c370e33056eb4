"""Who may act: guardian's grants, loaded once for a person, and asked by every service in its first line.

A group holds a role in an organisation; guardian grants the role's permissions on the organisation to that group.
Nobody else calls guardian. A grant counts only while the membership that the group stands for is in force.

A dated deputy may do what was named, as far as the role of the other gives it and it can be delegated. That is no grant
of guardian and no place in a group.
"""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from guardian.models import GroupObjectPermission

from integration_hub.core.prepared import prepared
from partners.domain.capacities import Capacity
from partners.domain.roles import AFTER_ITS_ENDING, DELEGABLE, ROLE_PERMISSIONS, Permission, Role
from partners.models import Deputy, Membership, Organisation, User
from partners.models.membership import MembershipQuerySet

__all__ = [
    "Permission",
    "Principal",
    "Role",
    "acting_for",
    "anywhere",
    "can",
    "deputy_for",
    "forget",
    "group_for",
    "may_be_delegated",
    "may_correct",
    "may_maintain",
    "organisations_where",
    "require",
    "require_any",
    "require_correction",
    "require_maintenance",
    "without",
]

CACHE = "_hub_grants"
DEPUTY_FOR = "_hub_deputy_for"  # read by User.acting_name


@dataclass(frozen=True)
class Principal:
    """Whose deputy somebody is, and in which capacity that person signs."""

    id: str
    name: str
    capacity: str


@dataclass
class Grants:
    """What a person may do today, by the id of the organisation: by roles of their own, and as a deputy."""

    own: dict[str, set[str]] = field(default_factory=dict)
    deputy: dict[str, dict[str, Principal]] = field(default_factory=dict)
    # Whose deputy they are where that person signs in person, and no deputy for them.
    in_person: dict[str, Principal] = field(default_factory=dict)

    def allows(self, organisation: str, codename: str) -> bool:
        return codename in self.own.get(organisation, ()) or codename in self.deputy.get(organisation, ())

    def principal(self, organisation: str, codename: str) -> Principal | None:
        """Whose deputy the person is in this; None where a role of their own lets them."""
        if codename in self.own.get(organisation, ()):
            return None
        return self.deputy.get(organisation, {}).get(codename)

    def where(self, codename: str) -> list[str]:
        return sorted(key for key in {*self.own, *self.deputy} if self.allows(key, codename))


def can(user: User | AnonymousUser, permission: Permission, *, organisation: Organisation) -> bool:
    """Whether the person may do this for the organisation today. One query for all questions of a request."""
    return _grants(user).allows(str(organisation.pk), permission.value)


def deputy_for(user: User, permission: Permission, *, organisation: Organisation) -> Principal | None:
    """Whose deputy the person is when they do this for the organisation; None where a role of their own lets them."""
    return _grants(user).principal(str(organisation.pk), permission.value)


def may_be_delegated(permission: Permission, *, role: Role, capacity: str = "") -> bool:
    """Whether a deputy of somebody with this role may do this for them."""
    if permission not in DELEGABLE or permission not in ROLE_PERMISSIONS[role]:
        return False
    return permission is not Permission.RETURN_SIGN or not (capacity and Capacity(capacity).in_person_because)


def require(user: User, permission: Permission, *, organisation: Organisation) -> None:
    """Raise PermissionDenied (403) unless the person may do this for the organisation."""
    if not can(user, permission, organisation=organisation):
        raise PermissionDenied(
            f"{permission.words}: this needs a role in {organisation} that you do not hold. "
            f"An administrator of {organisation} can grant it.{_kept_back(user, permission, organisation)}"
        )
    # Names the deputy's principal in the audit line of the act that follows (User.acting_name).
    principal = deputy_for(user, permission, organisation=organisation)
    # By getattr and setattr: a request's person is wrapped, and has a __dict__ of its own that the person never sees.
    setattr(
        user, DEPUTY_FOR, getattr(user, DEPUTY_FOR, {}) | {str(organisation.pk): principal.name if principal else ""}
    )


def require_any(user: User, permission: Permission) -> None:
    """Raise PermissionDenied (403) unless the person may do this for at least one organisation."""
    if not anywhere(user, permission):
        raise PermissionDenied(f"{permission.words}: this needs a role that you hold in no organisation.")


def may_maintain(user: User | AnonymousUser) -> bool:
    """Whether the person keeps the register of organisations and areas. An operator does, for all of them."""
    return anywhere(user, Permission.REGISTER_MAINTAIN)


def require_maintenance(user: User) -> None:
    """Raise PermissionDenied (403) unless the person keeps the register."""
    if not may_maintain(user):
        raise PermissionDenied(f"{Permission.REGISTER_MAINTAIN.words}: this needs the role of operator.")


def may_correct(user: User | AnonymousUser, *, organisation: Organisation) -> bool:
    """Whether the person may correct an organisation's entry: its own administrator, or who keeps the register."""
    return may_maintain(user) or can(user, Permission.ORGANISATION_CORRECT, organisation=organisation)


def require_correction(user: User, *, organisation: Organisation) -> None:
    """Raise PermissionDenied (403) unless the person may correct the organisation's entry."""
    if not may_correct(user, organisation=organisation):
        raise PermissionDenied(
            f"Only an administrator of {organisation} or an operator corrects what the register says of it."
        )


def anywhere(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether the person may do this for at least one organisation."""
    return bool(_grants(user).where(permission.value))


def organisations_where(user: User | AnonymousUser, permission: Permission) -> list[str]:
    """The ids of the organisations for which the person may do this today."""
    return _grants(user).where(permission.value)


def acting_for(user: User, permission: Permission, *, among: Iterable[Organisation]) -> Organisation:
    """The partner, among those given, for which the person may do this; PermissionDenied when there is none.

    Where there are several, the one that the person chose to act for in this session.
    """
    parties = sorted(among, key=lambda organisation: str(organisation.pk) != user.acting_for)
    for organisation in parties:
        if can(user, permission, organisation=organisation):
            require(user, permission, organisation=organisation)
            return organisation
    names = ", ".join(str(organisation) for organisation in parties) or "any partner"
    reasons = "".join(_kept_back(user, permission, organisation) for organisation in parties)
    raise PermissionDenied(f"{permission.words}: this needs a role that you do not hold in {names}.{reasons}")


def forget(user: User) -> None:
    """Drop what was loaded, after the person's roles changed."""
    setattr(user, CACHE, None)


def group_for(organisation: Organisation, role: Role) -> Group:
    """The group that holds a role in an organisation, with exactly the grants that the roles table gives."""
    group, is_new = Group.objects.get_or_create(name=f"{organisation.pk}:{role.value}")
    content_type = ContentType.objects.get_for_model(Organisation)
    wanted = {permission.value for permission in ROLE_PERMISSIONS[role]}
    grants = GroupObjectPermission.objects.filter(
        group=group, content_type=content_type, object_pk=str(organisation.pk)
    )
    held = set() if is_new else set(grants.values_list("permission__codename", flat=True))
    if surplus := held - wanted:
        grants.filter(permission__codename__in=surplus).delete()
    if missing := wanted - held:
        permissions = DjangoPermission.objects.filter(content_type=content_type, codename__in=missing)
        GroupObjectPermission.objects.bulk_create(
            GroupObjectPermission(
                group=group, permission_id=permission, content_type=content_type, object_pk=str(organisation.pk)
            )
            for permission in permissions.values_list("pk", flat=True)
        )
    return group


def without(user: User, lost: Collection[Permission]) -> User:
    """The same person as if no role gave them these rights, to ask what else is theirs to do."""
    held, codenames = _grants(user), {permission.value for permission in lost}
    left = copy(user)
    own = {organisation: granted - codenames for organisation, granted in held.own.items()}
    setattr(left, CACHE, replace(held, own=own))
    return left


def _kept_back(user: User, permission: Permission, organisation: Organisation) -> str:
    """Why a deputy may not sign, to follow the refusal; "" for anything else."""
    principal = _grants(user).in_person.get(str(organisation.pk))
    if permission is not Permission.RETURN_SIGN or principal is None:
        return ""
    reason = Capacity(principal.capacity).in_person_because
    return f" You are deputy of {principal.name}, who signs in person: {reason}, so no deputy signs instead."


def _grants(user: User | AnonymousUser) -> Grants:
    if not user.is_authenticated or not user.is_active:
        return Grants()
    loaded: Grants | None = getattr(user, CACHE, None)
    if loaded is None:
        if user.lens is not None and user.lens.role is not None:
            # Nobody in particular looks: the roles table says what the role may do.
            return Grants(own={str(user.lens.organisation): set(user.lens.granted)})
        loaded = Grants()
        for organisation, codename, role, capacity, principal, name in _rows(user):
            if not role:
                loaded.own.setdefault(organisation, set()).add(codename)
                continue
            found = Principal(principal, name, capacity)
            if capacity and Capacity(capacity).in_person_because:
                loaded.in_person.setdefault(organisation, found)
            if may_be_delegated(Permission(codename), role=Role(role), capacity=capacity):
                loaded.deputy.setdefault(organisation, {}).setdefault(codename, found)
        setattr(user, CACHE, loaded)
    return loaded


def _rows(user: User) -> Iterable[tuple[str, str, str, str, str, str]]:
    """The grants of the person's roles and, with the role that is stood in for, those as a deputy. One query."""
    today = timezone.localdate()
    about = ContentType.objects.get_for_model(Organisation).pk
    if user.lens is not None:
        return _query(Membership.objects.today_of(user), person=user.pk, day=today, about=about)
    return _of_no_lens(person=user.pk, day=today, about=about)


# Every request asks it: putting it together costs three times what its rows do.
@prepared
def _of_no_lens(*, person: UUID, day: date, about: int) -> QuerySet[Any, Any]:
    return _query(Membership.objects.on(day).filter(person=person), person=person, day=day, about=about)


def _query(memberships: MembershipQuerySet, *, person: UUID, day: date, about: int) -> QuerySet[Any, Any]:
    """`about` is the content type of organisations."""
    text = CharField()
    nothing = [Value("", output_field=text)] * 4
    # A partner that a succession ended acts no more; its people read, take copies and look after their own roles.
    going_on = memberships.filter(organisation__ending__isnull=True)
    kept = Q(permission__codename__in=[permission.value for permission in AFTER_ITS_ENDING])
    ended = Q(group__in=memberships.filter(organisation__ending__isnull=False).values("group")) & kept
    own = GroupObjectPermission.objects.filter(
        ended | Q(group__in=going_on.values("group")), group__user=person, content_type=about
    ).values_list("object_pk", "permission__codename", *nothing)
    # A deputy reads what they read by a role of their own, so they need one in the same partner. What the
    # people of an ended partner may still do, nobody does for another.
    deputy = (
        Deputy.objects.on(day)
        .filter(person=person, membership__organisation__in=going_on.values("organisation"))
        .values_list(
            Cast("membership__organisation", text),
            Func(F("permissions"), function="unnest", output_field=text),
            "membership__role",
            "membership__capacity",
            Cast("membership__person", text),
            "membership__person__name",
        )
    )
    return own.union(deputy, all=True)
