"""What guardian holds for the groups, against the table of roles."""

from collections import defaultdict
from collections.abc import Mapping

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from guardian.models import GroupObjectPermission

from partners.domain.roles import Permission, Role
from partners.models import Organisation


def groups_with_other_grants(table: Mapping[Role, frozenset[Permission]]) -> list[Group]:
    """The groups of a role whose grants are not those of the table. Two queries."""
    held: dict[int, set[str]] = defaultdict(set)
    rows = GroupObjectPermission.objects.filter(content_type=ContentType.objects.get_for_model(Organisation))
    for group_id, codename in rows.values_list("group_id", "permission__codename"):
        held[group_id].add(codename)
    wanted = {role.value: {permission.value for permission in permissions} for role, permissions in table.items()}
    return [
        group
        for group in Group.objects.order_by("name", "pk")
        if held[group.pk] != wanted.get(group.name.partition(":")[2], held[group.pk])
    ]
