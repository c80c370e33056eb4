"""Roles that people hold for partners. The membership and guardian's grants are written together."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions, policies
from partners.domain.roles import SECOND_FACTOR_ROLES
from partners.models import Membership, Organisation, User
from partners.permissions import Permission, Role
from partners.selectors import people
from partners.services import accounts, sessions

ROLE_ENDED = "a role ended that asks for a second factor"


class RoleHeld(HubError):
    """The person holds the role already in some of the days."""

    code = "role_held"


class AlreadyEnded(HubError):
    """The role ended before."""

    code = "already_ended"


@service
def grant(
    *,
    person: User,
    organisation: Organisation,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    capacity: str = "",
    by: User | None,
    at: datetime,
    system: str = "",
    reason: str = "",
) -> Membership:
    """Give a person a role in a partner. `by` administers that partner; only set-up and an accepted invitation pass
    None and `system`. A closed account is open again with it. Raises OwnRole, NotAnAdministratorsToGive, RoleHeld.
    """
    if by is not None:
        permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
        policies.check_may_grant(by, person, role)
    policies.check_capacity(role, capacity)
    held = people.overlapping(person, organisation, role, starts_on=starts_on, ends_on=ends_on)
    if by is not None and held is not None:
        until = f"until {held.ends_on:%-d %B %Y}" if held.ends_on else "without an end"
        raise RoleHeld(
            f"{person} has the role of {role.words.lower()} already, from {held.starts_on:%-d %B %Y} {until}. "
            "Choose other days, or end that role first.",
            field="starts_on",
        )
    group = permissions.group_for(organisation, role)
    membership = Membership(
        person=person,
        organisation=organisation,
        role=role.value,
        group=group,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
    )
    membership.save(force_insert=True)
    person.groups.add(group)
    permissions.forget(person)
    accounts.open_again(person=person, at=at, by=by, system=system)
    audit.record(
        "membership.granted",
        target=membership,
        by=by,
        partner=organisation,
        at=at,
        system=system,
        reason=reason,
        after={"person": str(person), "role": membership.role_words, "starts_on": starts_on, "ends_on": ends_on},
    )
    return membership


@service
def end(
    *, membership_id: UUID | str, ends_on: date, reason: str, by: User, at: datetime, at_once: bool = False
) -> Membership:
    """End a role on a day (the last on which it is held) or, `at_once`, now.

    Raises AlreadyEnded, TooFewAdministrators, reasons.ReasonMissing.
    """
    membership = people.locked_membership(by, membership_id)
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=membership.organisation)
    today = timezone.localdate(at)
    if membership.ended_at is not None or (membership.ends_on is not None and membership.ends_on < today):
        raise AlreadyEnded(f"This role ended on {membership.ends_on:%-d %B %Y}. There is nothing to end.")
    words = reasons.given(reason, ask="Say why the role ends, for example: moved to another team.")
    if membership.role == Role.ADMIN:
        check_administrators(membership.organisation, without=membership.person, after=ends_on, at=at)
    before = membership.ends_on
    stop(membership, ends_on=ends_on, at=at, at_once=at_once)
    if (at_once or ends_on < today) and Role(membership.role) in SECOND_FACTOR_ROLES:
        sessions.end_all(person=membership.person, reason=ROLE_ENDED, by=by, at=at)
    audit.record(
        "membership.ended",
        target=membership,
        by=by,
        partner=membership.organisation,
        at=at,
        before={"ends_on": before},
        after={"ends_on": membership.ends_on, "at_once": at_once},
        reason=words,
    )
    return membership


def check_administrators(organisation: Organisation, *, without: User, after: date, at: datetime) -> None:
    """Raise TooFewAdministrators where a partner would lose one of its last two. Locks the partner: two at once would
    both count the other.
    """
    people.lock_partner(organisation)
    then = max(after, timezone.localdate(at))
    policies.check_administrators_left(
        organisation,
        now=len(people.administrators(organisation, on=timezone.localdate(at))),
        then=len(people.administrators(organisation, on=then, lasting=True) - {without.pk}),
    )


def stop(membership: Membership, *, ends_on: date, at: datetime, at_once: bool) -> None:
    """Write the end of a role, and take the person out of its group where it is over. The caller holds the row."""
    today = timezone.localdate(at)
    if at_once:
        membership.ends_on, membership.ended_at = max(today, membership.starts_on), at
    else:
        membership.ends_on = ends_on
    membership.save(update_fields=["ends_on", "ended_at"])
    person = membership.person
    if not Membership.objects.not_ended(today).filter(person=person, group=membership.group_id).exists():
        person.groups.remove(membership.group_id)
    permissions.forget(person)
