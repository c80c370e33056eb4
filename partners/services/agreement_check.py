"""Whether the membership table and guardian's grants still say the same, and what happens when they do not.

The table scopes what people see, the grants decide what they may do; services.memberships writes both in one
transaction. Whatever else wrote to either shows here, each night, in the log and in the audit log.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils import timezone
from guardian.models import GroupObjectPermission, UserObjectPermission

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.domain.roles import ROLE_PERMISSIONS, SECOND_FACTOR_ROLES, Role
from partners.models import Deputy, Membership, Organisation, User
from partners.models.membership import not_ended
from partners.services import sessions
from partners.services.memberships import ROLE_ENDED

logger = logging.getLogger(__name__)

SYSTEM = "nightly check"
RECORD_AT_MOST = 200  # lines a night: one mistake in bulk shall not bury the audit log

GroupMember = User.groups.through
PersonPermission = User.user_permissions.through
GroupPermission = Group.permissions.through


@dataclass(frozen=True)
class Difference:
    """One disagreement in words, at the group or person where it was found."""

    words: str
    target: Group | User
    partner: Organisation | None = None


@service
def leave_lapsed_groups(*, at: datetime) -> int:
    """Take people out of the groups whose roles have run out; how many places that were.

    The role itself ended with its last day: a grant counts only while its membership is in force.
    """
    today = timezone.localdate(at)
    own = Membership.objects.filter(person=OuterRef("user"), group=OuterRef("group"))
    lapsed = GroupMember.objects.filter(Exists(own), ~Exists(own.filter(not_ended(today))))
    places = list(lapsed.select_related("user", "group").order_by("pk"))
    last: dict[tuple[object, object], Membership] = {
        (membership.person_id, membership.group_id): membership
        for membership in Membership.objects.filter(
            person__in={place.user_id for place in places}, group__in={place.group_id for place in places}
        )
        .select_related("organisation", "person")
        .order_by("ends_on", "pk")
    }
    removed, _ = lapsed.filter(pk__in=[place.pk for place in places]).delete()
    for place in places:
        membership = last[place.user_id, place.group_id]
        audit.record(
            "membership.lapsed",
            target=membership,
            partner=membership.organisation,
            at=at,
            system=SYSTEM,
            after={"person": str(membership.person), "ends_on": membership.ends_on},
        )
        if Role(membership.role) in SECOND_FACTOR_ROLES:
            sessions.end_all(person=membership.person, reason=ROLE_ENDED, by=None, at=at, system=SYSTEM)
    return removed


@service
def report(*, at: datetime) -> list[Difference]:
    """Look for differences, and write each to the log and to the audit log. What is found is returned.

    Looked at twice, so that a role which is being granted at this very moment is no difference.
    """
    today = timezone.localdate(at)
    again = {(found.words, found.target.pk) for found in differences(on=today)}
    lasting = [found for found in differences(on=today) if (found.words, found.target.pk) in again] if again else []
    for found in lasting:
        logger.error("Memberships and grants differ: %s", found.words)
    for found in lasting[:RECORD_AT_MOST]:
        audit.record(
            "agreement.differs",
            target=found.target,
            partner=found.partner,
            at=at,
            system=SYSTEM,
            after={"difference": found.words},
        )
    if not lasting:
        logger.info("Memberships and grants agree")
    return lasting


def differences(*, on: date) -> list[Difference]:
    """Every disagreement of that day. A constant number of queries."""
    organisations = {str(organisation.pk): organisation for organisation in Organisation.objects.all()}
    groups = {group.pk: group for group in Group.objects.order_by("name", "pk")}
    held: dict[int, set[object]] = defaultdict(set)
    found: list[Difference] = []
    memberships = Membership.objects.not_ended(on).select_related("organisation", "group").order_by("pk")
    for membership in memberships:
        held[membership.group_id].add(membership.person_id)
        if membership.group.name != f"{membership.organisation_id}:{membership.role}":
            words = f"a membership as {membership.role} for {membership.organisation} names the group of another role"
            found.append(Difference(words, membership.group, membership.organisation))
    places: dict[int, set[object]] = defaultdict(set)
    for group_id, person_id in GroupMember.objects.values_list("group_id", "user_id"):
        places[group_id].add(person_id)
    grants: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for group_id, object_pk, codename in GroupObjectPermission.objects.filter(
        content_type=ContentType.objects.get_for_model(Organisation)
    ).values_list("group_id", "object_pk", "permission__codename"):
        grants[group_id].add((object_pk, codename))
    for group_id, group in groups.items():
        organisation = organisations.get(group.name.partition(":")[0])
        found += _places(group, organisation, places[group_id], held[group_id])
        found += _grants(group, organisation, grants[group_id])
    return found + _beside_the_groups() + _deputies(on)


def _places(
    group: Group, organisation: Organisation | None, places: set[object], held: set[object]
) -> list[Difference]:
    role = group.name.partition(":")[2]
    found = []
    for person_id in sorted(places - held, key=str):
        words = f"person {person_id} has the grants of {role} for {organisation} without a membership"
        found.append(Difference(words, group, organisation))
    for person_id in sorted(held - places, key=str):
        words = f"person {person_id} has a membership as {role} for {organisation} without its grants"
        found.append(Difference(words, group, organisation))
    return found


def _grants(group: Group, organisation: Organisation | None, grants: set[tuple[str, str]]) -> list[Difference]:
    key, _, role = group.name.partition(":")
    if organisation is None or role not in set(Role):
        return [Difference(f"the group {group.name} belongs to no role of an organisation", group)]
    wanted = {(key, permission.value) for permission in ROLE_PERMISSIONS[Role(role)]}
    found = []
    for object_pk, codename in sorted(grants - wanted):
        words = f"the group of {role} for {organisation} may {codename} for {object_pk}, which the role does not give"
        found.append(Difference(words, group, organisation))
    for _, codename in sorted(wanted - grants):
        words = f"the group of {role} for {organisation} may not {codename}, which the role gives"
        found.append(Difference(words, group, organisation))
    return found


def _deputies(on: date) -> list[Difference]:
    """Deputies in force for something that the other's role does not give, or that cannot be delegated; nobody may use
    it (partners.permissions), and it should not stand there. They hold no place in a group.
    """
    found = []
    for deputy in Deputy.objects.on(on).select_related("membership__organisation", "person").order_by("pk"):
        membership = deputy.membership
        role, capacity = Role(membership.role), membership.capacity
        for codename in deputy.permissions:
            if not permissions.may_be_delegated(permissions.Permission(codename), role=role, capacity=capacity):
                words = f"person {deputy.person_id} is named deputy to {codename} for a {role} of "
                words += f"{membership.organisation}, which cannot be delegated"
                found.append(Difference(words, deputy.person, membership.organisation))
    return found


def _beside_the_groups() -> list[Difference]:
    """Grants that no role can explain: to one person, on another model, or on everything at once."""
    found = [
        Difference(f"{grant.user} has a grant of their own: {grant.permission.codename}", grant.user)
        for grant in UserObjectPermission.objects.select_related("user", "permission").order_by("pk")
    ]
    elsewhere = GroupObjectPermission.objects.exclude(content_type=ContentType.objects.get_for_model(Organisation))
    found += [
        Difference(f"the group {grant.group} has a grant on something that is no organisation", grant.group)
        for grant in elsewhere.select_related("group").order_by("pk")
    ]
    names = dict(DjangoPermission.objects.values_list("pk", "codename"))
    found += [
        Difference(f"{row.user} may {names[row.permission_id]} everywhere", row.user)
        for row in PersonPermission.objects.select_related("user").order_by("pk")
    ]
    found += [
        Difference(f"the group {row.group} may {names[row.permission_id]} everywhere", row.group)
        for row in GroupPermission.objects.select_related("group").order_by("pk")
    ]
    return found
