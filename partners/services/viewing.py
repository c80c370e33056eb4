"""Begin and end looking as somebody of one's own partner. Both stand in the partner's audit log."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404

from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.domain.roles import Role
from partners.models import Organisation, Session, User
from partners.permissions import Permission
from partners.selectors import directory, viewing
from partners.sessions import SessionStore


class NobodyToLookAs(HubError):
    """The person holds no role for the partner (any more)."""

    code = "nobody_to_look_as"


@service
def begin(
    *, organisation_id: UUID | str, role: Role | None, person_id: UUID | str | None, by: User, at: datetime
) -> dict[str, str]:
    """Look as a role or a person of a partner that one administers; answers what the session keeps of it."""
    organisation = get_object_or_404(directory.visible_to(by), pk=organisation_id)
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
    person = viewing.person_of(organisation, person_id) if role is None and person_id else None
    if role is None and person is None:
        raise NobodyToLookAs(
            f"This person holds no role for {organisation} today. Choose somebody who does, or a role.", field="person"
        )
    audit.record(
        "viewing.started",
        target=organisation,
        partner=organisation,
        by=by,
        at=at,
        after={"looked_as": viewing.looked_as(organisation, role, person)},
    )
    return {
        "organisation": str(organisation.pk),
        "role": role.value if role else "",
        "person": str(person.pk) if person else "",
        "since": at.isoformat(),
    }


@service
def end(*, organisation_id: UUID | str, by: User, at: datetime, reason: str = "") -> None:
    """Record that the look is over. Whoever could begin it may always end it, so no right is asked."""
    organisation = Organisation.objects.get(pk=organisation_id)
    audit.record("viewing.ended", target=organisation, partner=organisation, by=by, at=at, reason=reason)


def end_with_sessions(
    ending: Iterable[Session], *, reason: str, at: datetime, by: User | None = None, system: str = ""
) -> None:
    """Record the end of each look in hand in sessions that are about to go, in the transaction that removes them."""
    store = SessionStore()
    for session in ending:
        chosen = store.decode(session.session_data).get(viewing.KEY)
        if chosen is None:
            continue
        organisation = Organisation.objects.get(pk=chosen["organisation"])
        audit.record(
            "viewing.ended",
            target=organisation,
            partner=organisation,
            by=by,
            at=at,
            system=system,
            before={"looked": str(session.person)},
            reason=reason,
        )
