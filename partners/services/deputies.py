"""Dated deputies: somebody of the same partner does for a while, in their own name, what another's role lets them."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions, policies
from partners.models import Deputy, Membership, User
from partners.permissions import Permission, Role
from partners.selectors import people
from partners.services import memberships

DAYS_AT_MOST = 366


class DeputyStandsAlready(HubError):
    """The same person stands in for the same role in some of the days."""

    code = "deputy_stands_already"


class OutsideTheRole(HubError):
    """The days are not days on which the other holds the role, or are too many."""

    code = "outside_the_role"


@service
def appoint(
    *,
    membership_id: UUID,
    person: User,
    wanted: list[Permission],
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
) -> Deputy:
    """Let a person stand in from a day to a day (both included). The holder of the role does it, or an administrator.

    Raises OwnRole, NotAmongThePeople, CannotBeDelegated, OutsideTheRole, DeputyStandsAlready.
    """
    membership = people.locked_membership(by, membership_id)
    check_may_appoint(by, membership)
    policies.check_not_oneself(person, membership.person, "is their own deputy")
    policies.check_not_oneself(by, person, "makes themselves somebody's deputy")
    if not people.may_stand_in(membership, on=timezone.localdate(at)).filter(pk=person.pk).exists():
        raise policies.NotAmongThePeople(
            f"{person} holds no role in {membership.organisation} today. A deputy reads by a role of their own: "
            "grant one first.",
            field="person",
        )
    policies.check_deputy(str(membership.person), Role(membership.role), membership.capacity, wanted)
    _check_days(membership, starts_on, ends_on)
    clash = Deputy.objects.filter(membership=membership, person=person, ended_at__isnull=True)
    if clash.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise DeputyStandsAlready(
            f"{person} stands in for {membership.person} already in some of these days. End that first.",
            field="starts_on",
        )
    deputy = Deputy(
        membership=membership,
        person=person,
        permissions=sorted(permission.value for permission in wanted),
        starts_on=starts_on,
        ends_on=ends_on,
        appointed_by_name=str(by),
        appointed_at=at,
    )
    deputy.save(force_insert=True)
    permissions.forget(person)
    audit.record(
        "deputy.appointed",
        target=deputy,
        by=by,
        partner=membership.organisation,
        at=at,
        after={
            "deputy": str(person),
            "for": str(membership.person),
            "role": membership.role_words,
            "may": [permission.words for permission in wanted],
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
    )
    return deputy


@service
def end(*, deputy_id: UUID, by: User, at: datetime) -> Deputy:
    """End a deputy's time at once. Raises memberships.AlreadyEnded."""
    deputy = people.deputy_of(by, deputy_id, locked=True)
    check_may_appoint(by, deputy.membership)
    if deputy.ended_at is not None or deputy.ends_on < timezone.localdate(at):
        raise memberships.AlreadyEnded(f"{deputy.person} stands in no more. There is nothing to end.")
    deputy.ended_at = at
    deputy.save(update_fields=["ended_at"])
    permissions.forget(deputy.person)
    audit.record(
        "deputy.ended",
        target=deputy,
        by=by,
        partner=deputy.membership.organisation,
        at=at,
        before={"ends_on": deputy.ends_on},
        after={"ended_at": at},
    )
    return deputy


def check_may_appoint(by: User, membership: Membership) -> None:
    """Raise PermissionDenied (403) unless this is the holder of the role or an administrator of the partner."""
    if membership.person_id == by.pk:
        return
    if not permissions.can(by, Permission.MEMBERSHIP_GRANT, organisation=membership.organisation):
        raise PermissionDenied(
            f"A deputy is named by {membership.person}, whose role it is, or by an administrator of "
            f"{membership.organisation}."
        )


def _check_days(membership: Membership, starts_on: date, ends_on: date) -> None:
    if (ends_on - starts_on).days >= DAYS_AT_MOST:
        raise OutsideTheRole("A deputy stands in for a year at the most. Choose an earlier last day.", field="ends_on")
    before = starts_on < membership.starts_on
    after = membership.ends_on is not None and ends_on > membership.ends_on
    if before or after or membership.ended_at is not None:
        until = f" until {membership.ends_on:%-d %B %Y}" if membership.ends_on else ""
        raise OutsideTheRole(
            f"{membership.person} holds the role from {membership.starts_on:%-d %B %Y}{until}. Choose days within it.",
            field="starts_on" if before else "ends_on",
        )
