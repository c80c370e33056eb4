"""People who leave a partner: every role of theirs there ends at once, and with the last one anywhere their account."""

from datetime import datetime

from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.services import service
from partners import permissions, policies
from partners.models import Deputy, Membership, Organisation, User
from partners.permissions import Permission, Role
from partners.selectors import people
from partners.services import accounts, memberships

LEFT = "roles ended"
IDLE = "Nobody signed in to it"


@service
def leave(*, person: User, organisation: Organisation, reason: str, by: User, at: datetime) -> list[Membership]:
    """End what the person holds in a partner, their sessions and tokens at once; the roles that ended.

    Raises OwnRole, NotAmongThePeople, TooFewAdministrators, reasons.ReasonMissing.
    """
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
    policies.check_not_oneself(by, person, "takes themselves out of a partner")
    people.lock_partner(organisation)
    today = timezone.localdate(at)
    held = people.held_by(person, organisation, on=today)
    if not held:
        raise policies.NotAmongThePeople(f"{person} holds no role in {organisation} any more. Nothing was changed.")
    if any(membership.role == Role.ADMIN for membership in held):
        memberships.check_administrators(organisation, without=person, after=today, at=at)
    words = reasons.given(reason, ask="Say why they leave, for example: left the council, or moved to another partner.")
    _end(person, organisation, held, at=at, by=by, reason=words)
    accounts.close_where_nothing_is_left(person=person, at=at, by=by)
    return held


@service
def close_idle(*, person: User, at: datetime, system: str) -> None:
    """End everything that the person holds anywhere, and close the account."""
    for organisation, held in people.held_everywhere(person, on=timezone.localdate(at)).items():
        _end(person, organisation, held, at=at, system=system, reason=IDLE)
    person.is_active = False
    person.save(update_fields=["is_active"])
    accounts.end_sessions_and_tokens(person=person, reason=LEFT, at=at, system=system)
    audit.record("person.closed", target=person, at=at, system=system, reason=IDLE)


def _end(
    person: User,
    organisation: Organisation,
    held: list[Membership],
    *,
    at: datetime,
    by: User | None = None,
    system: str = "",
    reason: str,
) -> None:
    accounts.end_sessions_and_tokens(person=person, reason=LEFT, at=at, by=by, system=system)
    for membership in held:
        memberships.stop(membership, ends_on=timezone.localdate(at), at=at, at_once=True)
    Deputy.objects.filter(people.deputies_of_or_for(person, organisation), ended_at__isnull=True).update(ended_at=at)
    audit.record(
        "person.left",
        target=person,
        by=by,
        partner=organisation,
        at=at,
        system=system,
        before={"roles": [membership.role_words for membership in held]},
        after={"roles": []},
        reason=reason,
    )
