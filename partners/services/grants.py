"""What guardian grants to the groups that hold roles, after a release changed the roles table."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from guardian.models import GroupObjectPermission

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.domain.roles import ROLE_PERMISSIONS, Role
from partners.models import Organisation


@service
def bring_up_to_date(*, at: datetime, system: str) -> int:
    """Give each group exactly what the roles table gives its role; returns how many groups that changed.

    Where nothing is to be done: three queries.
    """
    held: dict[int, set[str]] = {}
    for group_id, codename in GroupObjectPermission.objects.filter(
        content_type=ContentType.objects.get_for_model(Organisation)
    ).values_list("group_id", "permission__codename"):
        held.setdefault(group_id, set()).add(codename)
    stale = []
    for group in Group.objects.order_by("name", "pk"):
        key, _, role = group.name.partition(":")
        if role in set(Role) and held.get(group.pk, set()) != {
            permission.value for permission in ROLE_PERMISSIONS[Role(role)]
        }:
            stale.append((group, key, Role(role)))
    organisations = Organisation.objects.in_bulk([key for _, key, _ in stale])
    by_key = {str(pk): organisation for pk, organisation in organisations.items()}
    changed = 0
    for group, key, role in stale:
        organisation = by_key.get(key)
        if organisation is not None:
            permissions.group_for(organisation, role)
            audit.record(
                "role.brought_up_to_date",
                target=group,
                partner=organisation,
                at=at,
                before={"may": sorted(held.get(group.pk, set()))},
                after={"may": sorted(permission.value for permission in ROLE_PERMISSIONS[role])},
                system=system,
            )
            changed += 1
    return changed
