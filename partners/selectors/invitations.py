"""Invitations by their link, as whoever holds the letter sees them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from partners import permissions
from partners.models import Invitation, Organisation, SingleSignOn, User
from partners.permissions import Permission
from partners.selectors import people, single_sign_on
from partners.selectors.tokens import digest_of


@dataclass(frozen=True)
class Opened:
    """What the page behind the link shows: who may accept how, as the one who opened it."""

    invitation: Invitation
    is_signed_in: bool
    is_for_reader: bool
    has_account: bool
    # By which the reader may take it up instead of setting a password.
    providers: list[SingleSignOn]

    @property
    def sets_password(self) -> bool:
        return not self.is_signed_in and not self.has_account


def opened(secret: str, *, at: datetime, locked: bool = False) -> Invitation:
    """The invitation of a link that still opens; Http404 for any other, used, withdrawn and old ones alike.

    It opens no longer when its days are over, or when whoever sent it administers the partner no more.
    """
    rows = Invitation.objects.open(at).select_related("organisation", "invited_by")
    if locked:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(digest=digest_of(secret)).first()
    if invitation is None or (invitation.ends_on is not None and invitation.ends_on < timezone.localdate(at)):
        raise Http404("This link does not open.")
    if not permissions.can(invitation.invited_by, Permission.MEMBERSHIP_GRANT, organisation=invitation.organisation):
        raise Http404("This link does not open.")
    return invitation


def as_seen(reader: User | AnonymousUser, secret: str, *, at: datetime) -> Opened:
    """The page's content for whoever opened the link."""
    invitation = opened(secret, at=at)
    account = people.with_address(invitation.email)
    signed_in = isinstance(reader, User)
    has_account = account is not None and (account.is_active or account.is_demonstration)
    sets_password = not signed_in and not has_account
    return Opened(
        invitation=invitation,
        is_signed_in=signed_in,
        is_for_reader=isinstance(reader, User) and reader.email == invitation.email and not reader.is_demonstration,
        has_account=has_account,
        providers=list(single_sign_on.showing_addresses(invitation.organisation)) if sets_password else [],
    )


def waiting(organisation: Organisation, email: str) -> Invitation | None:
    """The partner's invitation that waits at an address, too old or not."""
    return Invitation.objects.pending().filter(organisation=organisation, email=email).first()


def made_since(organisation: Organisation, email: str, moment: datetime) -> list[Invitation]:
    """The partner's invitations to an address since a moment, withdrawn ones too, the oldest first."""
    made = Invitation.objects.filter(organisation=organisation, email=email, invited_at__gt=moment)
    return list(made.order_by("invited_at", "pk"))
