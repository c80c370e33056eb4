"""Who may act: guardian's grants, loaded once for a person, and asked by every service in its first line.

A group holds a role in an organisation; guardian grants the role's permissions on the organisation to that group.
Nobody else calls guardian. A grant counts only while the membership that the group stands for is in force.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from guardian.models import GroupObjectPermission

from partners.domain.roles import ROLE_PERMISSIONS, Permission, Role
from partners.models import Membership, Organisation, User

__all__ = ["Permission", "Role", "acting_for", "can", "forget", "group_for", "require", "require_any"]

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
    if not any(permission.value in granted for granted in _grants(user).values()):
        raise PermissionDenied(f"{permission.words}: this needs a role that you hold in no organisation.")


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
        if user.lens is not None and user.lens.role is not None:
            # Nobody in particular looks: the roles table says what the role may do.
            return {str(user.lens.organisation): user.lens.granted}
        memberships = Membership.objects.today_of(user)
        rows = GroupObjectPermission.objects.filter(
            group__in=memberships.values("group"),
            group__user=user,
            content_type=ContentType.objects.get_for_model(Organisation),
        ).values_list("object_pk", "permission__codename")
        found: dict[str, set[str]] = {}
        for object_pk, codename in rows:
            found.setdefault(object_pk, set()).add(codename)
        loaded = {key: frozenset(codenames) for key, codenames in found.items()}
        user.__dict__[CACHE] = loaded
    return loaded
