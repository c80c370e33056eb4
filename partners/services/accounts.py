"""Closing an account when nothing is left to sign in for, and opening it again. Roles: partners.services.memberships.

An audit line about the account itself names no partner: whether somebody has an account elsewhere is no partner's to
know.
"""

from datetime import datetime

from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.services import service
from partners.models import ApiToken, User
from partners.selectors import people
from partners.services import sessions


@service
def open_again(*, person: User, at: datetime, by: User | None = None, system: str = "") -> None:
    """Let a person sign in again whose account was closed. Nothing happens to an open one."""
    if person.is_active:
        return
    person.is_active, person.reopened_at = True, at
    person.save(update_fields=["is_active", "reopened_at"])
    audit.record("person.opened_again", target=person, by=by, at=at, system=system)


@service
def close_where_nothing_is_left(*, person: User, at: datetime, by: User | None = None, system: str = "") -> bool:
    """Close the account of a person without a role in any partner or a seat on a board; whether it was closed."""
    if not person.is_active or people.has_reason_to_sign_in(person, on=timezone.localdate(at)):
        return False
    person.is_active = False
    person.save(update_fields=["is_active"])
    audit.record("person.closed", target=person, by=by, at=at, system=system)
    return True


@service
def end_sessions_and_tokens(
    *, person: User, reason: str, at: datetime, by: User | None = None, system: str = ""
) -> None:
    """Sign the person out everywhere, and close their tokens of the API, from this moment on.

    Called while the roles still stand: the audit line about the sessions then belongs to a partner that is their only
    one, and to none where there are several.
    """
    sessions.end_all(person=person, reason=reason, by=by, at=at, system=system, shared_too=True)
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at)
