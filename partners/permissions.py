"""Who may act: guardian's grants, loaded once for a person, and asked by every service in its first line.

A group holds a role in an organisation; guardian grants the role's permissions on the organisation to that group.
Nobody else calls guardian. A grant counts only while the membership that the group stands for is in force.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from guardian.models import GroupObjectPermission

from partners.domain.roles import AFTER_ITS_ENDING, ROLE_PERMISSIONS, Permission, Role
from partners.models import Membership, Organisation, User

__all__ = [
    "Permission",
    "Role",
    "acting_for",
    "can",
    "can_anywhere",
    "forget",
    "group_for",
    "organisations_where",
    "require",
    "require_any",
]

CACHE = "_hub_grants"
Grants = dict[str, frozenset[str]]


def can(user: User | AnonymousUser, permission: Permission, *, organisation: Organisation) -> bool:
    """Whether the person may do this for the organisation today. One query for all questions of a request."""
    return permission.value in _grants(user).get(str(organisation.pk), frozenset())


def require(user: User, permission: Permission, *, organisation: Organisation) -> None:
    """Raise PermissionDenied (403) unless the person may do this for the organisation."""
    if not can(user, permission, organisation=organisation):
        raise PermissionDenied(
            f"{permission.words}: this needs a role in {organisation} that you do not hold. "
            f"An administrator of {organisation} can grant it."
        )


def require_any(user: User, permission: Permission) -> None:
    """Raise PermissionDenied (403) unless the person may do this for at least one organisation."""
    if not can_anywhere(user, permission):
        raise PermissionDenied(f"{permission.words}: this needs a role that you hold in no organisation.")


def can_anywhere(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether the person may do this for at least one organisation today."""
    return any(permission.value in granted for granted in _grants(user).values())


def organisations_where(user: User | AnonymousUser, permission: Permission) -> list[str]:
    """The ids of the organisations for which the person may do this today."""
    return sorted(key for key, granted in _grants(user).items() if permission.value in granted)


def acting_for(user: User, permission: Permission, *, among: Iterable[Organisation]) -> Organisation:
    """The partner, among those given, for which the person may do this; PermissionDenied when there is none."""
    parties = list(among)
    for organisation in parties:
        if can(user, permission, organisation=organisation):
            return organisation
    names = ", ".join(str(organisation) for organisation in parties) or "any partner"
    raise PermissionDenied(f"{permission.words}: this needs a role that you do not hold in {names}.")


def forget(user: User) -> None:
    """Drop what was loaded, after the person's roles changed."""
    user.__dict__.pop(CACHE, None)


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


def _grants(user: User | AnonymousUser) -> Grants:
    if not user.is_authenticated or not user.is_active:
        return {}
    loaded: Grants | None = user.__dict__.get(CACHE)
    if loaded is None:
        memberships = Membership.objects.on(timezone.localdate()).filter(person=user)
        # A partner that a succession ended acts no more; its people read, take copies and look after their own roles.
        kept = Q(permission__codename__in=[permission.value for permission in AFTER_ITS_ENDING])
        ended = Q(group__in=memberships.filter(organisation__ending__isnull=False).values("group")) & kept
        rows = GroupObjectPermission.objects.filter(
            ended | Q(group__in=memberships.filter(organisation__ending__isnull=True).values("group")),
            group__user=user,
            content_type=ContentType.objects.get_for_model(Organisation),
        ).values_list("object_pk", "permission__codename")
        found: dict[str, set[str]] = {}
        for object_pk, codename in rows:
            found.setdefault(object_pk, set()).add(codename)
        loaded = {key: frozenset(codenames) for key, codenames in found.items()}
        user.__dict__[CACHE] = loaded
    return loaded
