"""Signing in and out, and what a person changes about their own account, each with its audit line."""

import logging
from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import authenticate
from django.http import HttpRequest

from integration_hub.core import audit
from integration_hub.core.services import service
from partners.models import User
from partners.selectors import memberships
from partners.services import lockout, mail

logger = logging.getLogger(__name__)

SYSTEM = "sign-in"
UNKNOWN = "an address without an account"
# What a person hears of by e-mail, with the name of the letter.
TOLD = {
    "person.password_changed": "password_changed",
    "person.second_factor_set": "second_factor_set",
    "person.second_factor_removed": "second_factor_removed",
    "person.recovery_codes_made": "recovery_codes_made",
}


def check_password(*, email: str, password: str, request: HttpRequest | None, at: datetime) -> User | None:
    """The active person whose password this is; None otherwise, whatever the cause. Raises lockout.LockedOut."""
    tried = lockout.begin(email)
    person = authenticate(request, email=email.strip().lower(), password=password)
    # allauth keeps a deactivated person aside to show them a page of their own; here they are like anybody unknown.
    AuthenticationBackend.unstash_authenticated_user()
    if not isinstance(person, User):
        locked = lockout.failed(tried)
        _record_failure(email=email, locked=locked, at=at)
        return None
    lockout.succeeded(tried)
    return person


@service
def record_signed_in(*, person: User, second_factor: bool, by_provider: bool = False, at: datetime) -> None:
    """The session is there; tell the audit log, with the partner where the person acts for one alone."""
    audit.record(
        "person.signed_in",
        target=person,
        by=person,
        partner=memberships.standing(person).only_partner,
        at=at,
        after={"second_factor": second_factor} | ({"by": "single sign-on"} if by_provider else {}),
    )


@service
def record_own_change(kind: str, *, person: User, at: datetime) -> None:
    """What a person did to their own account: "person.signed_out", "person.password_changed" and so on.

    They are told by e-mail of what somebody else would do who had got in.
    """
    audit.record(kind, target=person, by=person, partner=memberships.standing(person).only_partner, at=at)
    if kind in TOLD:
        mail.ask_to_tell(person, template=f"partners/email/{TOLD[kind]}", at=at)


@service
def record_wrong_code(*, person: User, at: datetime) -> None:
    """A right password was followed by a wrong second factor."""
    audit.record(
        "person.second_factor_failed",
        target=person,
        partner=memberships.standing(person).only_partner,
        at=at,
        system=SYSTEM,
    )


@service
def _record_failure(*, email: str, locked: bool, at: datetime) -> None:
    person = User.objects.filter(email=email.strip().lower()).first()
    # What was typed is not kept where nobody has that address: people type passwords into the wrong field.
    audit.record(
        "person.sign_in_failed",
        target=person or User(name=UNKNOWN),
        partner=memberships.standing(person).only_partner if person else None,
        at=at,
        system=SYSTEM,
        after={"locked": locked},
    )
    if locked:
        logger.warning("Signing in is closed for %s after too many wrong passwords", person.pk if person else UNKNOWN)
