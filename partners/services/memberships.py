"""Roles that people hold for partners. The membership and guardian's grants are written together."""

from datetime import date, datetime
from uuid import UUID

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.domain.roles import SECOND_FACTOR_ROLES
from partners.models import Membership, Organisation, User
from partners.permissions import Permission, Role
from partners.services import sessions

ROLE_ENDED = "a role ended that asks for a second factor"


@service
def grant(
    *,
    person: User,
    organisation: Organisation,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None,
    at: datetime,
    system: str = "",
) -> Membership:
    """Give a person a role in a partner. `by` administers that partner; only set-up passes None and `system`."""
    if by is not None:
        permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
    group = permissions.group_for(organisation, role)
    membership = Membership(
        person=person, organisation=organisation, role=role.value, group=group, starts_on=starts_on, ends_on=ends_on
    )
    membership.save(force_insert=True)
    person.groups.add(group)
    permissions.forget(person)
    audit.record(
        "membership.granted",
        target=membership,
        by=by,
        partner=organisation,
        at=at,
        system=system,
        after={"person": str(person), "role": role.words, "starts_on": starts_on, "ends_on": ends_on},
    )
    return membership


@service
def end(*, membership_id: UUID | str, ends_on: date, by: User, at: datetime) -> Membership:
    """End a role on a day (the last on which it is held)."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=membership_id)
    )
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=membership.organisation)
    before = membership.ends_on
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    if ends_on < at.date() and not Membership.objects.on(at.date()).filter(
        person=membership.person, group=membership.group
    ):
        membership.person.groups.remove(membership.group)
    permissions.forget(membership.person)
    if ends_on < at.date() and Role(membership.role) in SECOND_FACTOR_ROLES:
        sessions.end_all(person=membership.person, reason=ROLE_ENDED, by=by, at=at)
    audit.record(
        "membership.ended",
        target=membership,
        by=by,
        partner=membership.organisation,
        at=at,
        before={"ends_on": before},
        after={"ends_on": ends_on},
    )
    return membership
