"""Invitations: an administrator offers roles to an address, and whoever reads its mail takes them up.

Inviting asks nothing about the address but whether it is among the partner's own people, and sends the same letter to
all: an administrator learns neither from answers nor from their speed who has an account elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions, policies
from partners.domain.roles import NOT_GRANTED_BY_PARTNERS
from partners.models import Invitation, Organisation, SingleSignOn, User
from partners.models.invitation import OPEN_FOR
from partners.permissions import Permission, Role
from partners.selectors import invitations as selectors
from partners.selectors import people
from partners.services import accounts, letters, memberships, single_sign_on

A_DAY, INVITED_A_DAY = timedelta(days=1), 5
SYSTEM = "invitation"


class AlreadyInvited(HubError):
    """An invitation of the partner waits at this address."""

    code = "already_invited"


class AlreadyHere(HubError):
    """The address is that of one of the partner's own people."""

    code = "already_here"


class NoLongerWaiting(HubError):
    """The invitation was accepted or withdrawn."""

    code = "no_longer_waiting"


class SentTooOften(HubError):
    """The address got a letter a moment ago, or several today."""

    code = "sent_too_often"


class NotForThisAccount(HubError):
    """The invitation went to another address than that of whoever is signed in."""

    code = "not_for_this_account"


class NotTheInvited(HubError):
    """What a partner's provider says of somebody does not make them the one whom the letter went to."""

    code = "not_the_invited"
    http_status = 403


class SignInToAccept(HubError):
    """The address has an account: its holder signs in, and there is never a second one."""

    code = "sign_in_to_accept"


@dataclass(frozen=True)
class Accepted:
    """The person, and whether the account was made, or opened again, by accepting."""

    person: User
    is_new: bool
    was_closed: bool


@service
def invite(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: list[Role],
    capacity: str = "",
    starts_on: date,
    ends_on: date | None,
    site: str,
    by: User,
    at: datetime,
) -> Invitation:
    """Offer roles to whoever reads the mail of an address, for seven days.

    Raises AlreadyHere, AlreadyInvited, SentTooOften.
    """
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
    address = email.strip().lower()
    if NOT_GRANTED_BY_PARTNERS & set(roles):
        raise policies.NotAnAdministratorsToGive(
            "An operator is named by those who run this installation. Choose other roles.", field="roles"
        )
    people.lock_partner(organisation)
    if people.is_member(organisation, address, on=timezone.localdate(at)):
        raise AlreadyHere(
            f"{address} belongs to one of the people of {organisation}. Give that person the role instead.",
            field="email",
        )
    if selectors.waiting(organisation, address) is not None:
        raise AlreadyInvited(
            f"An invitation to {address} waits already. Send that one again, or withdraw it and invite anew.",
            field="email",
        )
    _check_not_too_often(selectors.made_since(organisation, address, at - A_DAY), address)
    invitation = Invitation(
        organisation=organisation,
        email=address,
        name=" ".join(name.split()),
        roles=sorted(role.value for role in roles),
        capacity=capacity if Role.APPROVER in roles else "",
        starts_on=starts_on,
        ends_on=ends_on,
        invited_by=by,
        invited_by_name=str(by),
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    invitation.save(force_insert=True)
    letters.ask_for_invitation(invitation, site=site, at=at)
    audit.record(
        "invitation.made",
        target=invitation,
        by=by,
        partner=organisation,
        at=at,
        after={"email": address, "roles": invitation.role_words, "starts_on": starts_on, "ends_on": ends_on},
    )
    return invitation


@service
def send_again(*, invitation_id: UUID, site: str, by: User, at: datetime) -> Invitation:
    """Send a new link, open for seven more days; the old one no longer opens. Raises NoLongerWaiting, SentTooOften."""
    invitation = _waiting(invitation_id, by)
    if at < invitation.again_from:
        asked, again = (
            timezone.localtime(moment) for moment in (invitation.expires_at - OPEN_FOR, invitation.again_from)
        )
        raise SentTooOften(
            f"The invitation to {invitation.email} was sent at {asked:%H:%M}. "
            f"It can be sent again from {again:%H:%M} on {long_date(again.date())}. "
            "Until then ask them to look among unwanted mail."
        )
    before = invitation.expires_at
    # Whoever sends it again vouches for it.
    invitation.invited_by, invitation.invited_by_name = by, str(by)
    invitation.expires_at, invitation.digest = at + OPEN_FOR, None
    invitation.save(update_fields=["invited_by", "invited_by_name", "expires_at", "digest"])
    letters.ask_for_invitation(invitation, site=site, at=at)
    audit.record(
        "invitation.sent_again",
        target=invitation,
        by=by,
        partner=invitation.organisation,
        at=at,
        before={"expires_at": before},
        after={"expires_at": invitation.expires_at},
    )
    return invitation


@service
def withdraw(*, invitation_id: UUID, by: User, at: datetime) -> Invitation:
    """Close an invitation: its link no longer opens. Raises NoLongerWaiting."""
    invitation = _waiting(invitation_id, by)
    invitation.withdrawn_at, invitation.digest = at, None
    invitation.save(update_fields=["withdrawn_at", "digest"])
    audit.record("invitation.withdrawn", target=invitation, by=by, partner=invitation.organisation, at=at)
    return invitation


def _waiting(invitation_id: UUID, by: User) -> Invitation:
    invitation = people.invitation_of(by, invitation_id, locked=True)
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=invitation.organisation)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        past = "accepted" if invitation.accepted_at is not None else "withdrawn"
        raise NoLongerWaiting(f"This invitation was {past} already. Load the page again.")
    return invitation


def _check_not_too_often(earlier: list[Invitation], address: str) -> None:
    """Withdrawing an invitation and making another is no way round the limit of sending one again."""
    if len(earlier) >= INVITED_A_DAY:
        again = timezone.localtime(earlier[0].invited_at + A_DAY)
        raise SentTooOften(
            f"{address} was invited {len(earlier)} times within a day. Invite them again from {again:%H:%M} on "
            f"{long_date(again.date())}.",
            field="email",
        )


@service
def accept(*, secret: str, person: User, at: datetime) -> Accepted:
    """The holder of the address, signed in, takes up the roles. Http404 for a link that does not open; raises
    NotForThisAccount.
    """
    invitation = selectors.opened(secret, at=at, locked=True)
    if person.email != invitation.email or person.is_demonstration:
        raise NotForThisAccount(
            "This invitation went to another address than the one of your account. Sign out, then open the link "
            "in the mail again."
        )
    _take_up(invitation, person, at)
    return Accepted(person, is_new=False, was_closed=False)


@service
def accept_with_password(*, secret: str, name: str, password: str, at: datetime) -> Accepted:
    """The reader of the mail sets a password: for a new account, or for one of this address that was closed.

    Http404 for a link that does not open; raises SignInToAccept where the address has an open account.
    """
    invitation = selectors.opened(secret, at=at, locked=True)
    person = people.with_address(invitation.email)
    if person is not None and (person.is_active or person.is_demonstration):
        raise SignInToAccept("There is an account for this address. Sign in with it, then accept.")
    return _with_account(invitation, person, name=name, password=make_password(password), at=at)


@service
def accept_by_provider(*, secret: str, provider: SingleSignOn, claims: Mapping[str, Any], at: datetime) -> Accepted:
    """The reader of the mail takes the roles up with an account of the partner's own provider, and has no password.

    `claims` are those of a token that was verified. The provider must be that of the partner that invites, and vouch
    for the very address that the letter went to. Http404 for a link that does not open; raises NotTheInvited, and
    SignInToAccept where the address has an open account: a partner's provider does not open what others gave roles.
    """
    invitation = selectors.opened(secret, at=at, locked=True)
    address = single_sign_on.verified_address(provider, claims)
    if provider.organisation_id != invitation.organisation_id or address != invitation.email:
        raise NotTheInvited(
            f"{provider.name} does not show that you are the one whom this invitation went to. Open the link in the "
            f"mail again and set a password, or ask {invitation.organisation} to invite the address that it shows."
        )
    person = people.with_address(invitation.email)
    if person is not None and (person.is_active or person.is_demonstration):
        raise SignInToAccept(
            "There is an account for this address. Open the link in the mail again, sign in with that account, then "
            "accept."
        )
    accepted = _with_account(invitation, person, name=invitation.name, password=make_password(None), at=at)
    single_sign_on.link_invited(provider=provider, person=accepted.person, subject=str(claims["sub"]), at=at)
    return accepted


def _with_account(invitation: Invitation, person: User | None, *, name: str, password: str, at: datetime) -> Accepted:
    """Make an account, or open the one that was closed, and take the roles up; `password` is already hashed."""
    if person is not None:
        person.password = password
        person.save(update_fields=["password"])
        accounts.open_again(person=person, at=at, by=person)
        _take_up(invitation, person, at)
        return Accepted(person, is_new=False, was_closed=True)
    # Two invitations to one address may be accepted at once; one of them makes the account.
    new = User(email=invitation.email, name=" ".join(name.split()), password=password)
    User.objects.bulk_create([new], ignore_conflicts=True)
    made = people.with_address(invitation.email)
    if made is None or made.pk != new.pk:
        raise SignInToAccept("There is an account for this address by now. Sign in with it, then accept.")
    audit.record(
        "person.created",
        target=made,
        by=made,
        at=at,
        after={"email": made.email, "name": made.name, "demonstration": False},
    )
    _take_up(invitation, made, at)
    return Accepted(made, is_new=True, was_closed=False)


def _take_up(invitation: Invitation, person: User, at: datetime) -> None:
    today = timezone.localdate(at)
    starts_on = max(invitation.starts_on, today)
    for role in (Role(value) for value in invitation.roles):
        # A role that they were given meanwhile in another way stays as it is.
        if people.overlapping(person, invitation.organisation, role, starts_on=starts_on, ends_on=invitation.ends_on):
            continue
        memberships.grant(
            person=person,
            organisation=invitation.organisation,
            role=role,
            starts_on=starts_on,
            ends_on=invitation.ends_on,
            capacity=invitation.capacity if role is Role.APPROVER else "",
            by=None,
            at=at,
            system=SYSTEM,
            reason=f"Invited by {invitation.invited_by_name} on {timezone.localdate(invitation.invited_at):%-d %B %Y}",
        )
    invitation.accepted_at, invitation.accepted_by, invitation.digest = at, person, None
    invitation.save(update_fields=["accepted_at", "accepted_by", "digest"])
    audit.record(
        "invitation.accepted",
        target=invitation,
        by=person,
        partner=invitation.organisation,
        at=at,
        after={"roles": invitation.role_words, "invited_by": invitation.invited_by_name},
    )
