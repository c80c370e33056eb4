"""Guardian's grants of the groups that exist, after a release changed what a role may do."""

from django.contrib.auth.models import Group

from integration_hub.core.services import service
from partners import permissions
from partners.domain.roles import ROLE_PERMISSIONS, Role
from partners.models import Organisation
from partners.selectors.grants import groups_with_other_grants


@service
def bring_up_to_date() -> int:
    """Give each group exactly what the roles table gives its role; how many groups that changed."""
    organisations = {str(organisation.pk): organisation for organisation in Organisation.objects.all()}
    differing: list[Group] = groups_with_other_grants(ROLE_PERMISSIONS)
    changed = 0
    for group in differing:
        key, _, role = group.name.partition(":")
        if key in organisations and role in set(Role):
            permissions.group_for(organisations[key], Role(role))
            changed += 1
    return changed
