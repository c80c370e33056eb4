"""Ending sessions: by their person, and by what makes old sessions wrong."""

from datetime import datetime
from uuid import UUID

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import policies
from partners.models import Session, User
from partners.selectors import memberships, sessions
from partners.services import viewing


@service
def end(*, handle: UUID, this: str, by: User, at: datetime) -> Session:
    """End one of a person's own sessions; `this` is the key of the session that asks. Http404 for anybody else's."""
    session = sessions.get(by, handle, at=at, this=this)
    _record(by, ended=1, reason="ended by the person", by=by, at=at)
    viewing.end_with_sessions([session], reason="the session was ended by the person", by=by, at=at)
    # By query: Django would take the key off the object, by which the caller knows its own session.
    Session.objects.filter(pk=session.pk).delete()
    return session


@service
def end_others(*, this: str, by: User, at: datetime, reason: str = "ended by the person") -> int:
    """End every session of a person but the one that asks; how many those were. Raises policies.SharedAccount."""
    policies.check_own_account(by)
    others = Session.objects.filter(person=by).exclude(session_key=this)
    ended = others.open_at(at).count()
    viewing.end_with_sessions(others, reason=f"the session was ended: {reason}", by=by, at=at)
    others.delete()
    if ended:
        _record(by, ended=ended, reason=reason, by=by, at=at)
    return ended


@service
def end_all(
    *, person: User, reason: str, by: User | None, at: datetime, system: str = "", shared_too: bool = False
) -> int:
    """End every session of a person, because of what changed about them; how many those were.

    A shared demonstration account is left alone, its sessions belong to strangers; unless, `shared_too`, it leaves.
    """
    if person.is_demonstration and not shared_too:
        return 0
    found = Session.objects.filter(person=person)
    ended = found.open_at(at).count()
    viewing.end_with_sessions(found, reason=f"the session was ended: {reason}", by=by, at=at, system=system)
    found.delete()
    if ended:
        _record(person, ended=ended, reason=reason, by=by, at=at, system=system)
    return ended


def _record(person: User, *, ended: int, reason: str, by: User | None, at: datetime, system: str = "") -> None:
    audit.record(
        "person.sessions_ended",
        target=person,
        by=by,
        partner=memberships.standing(person).only_partner,
        at=at,
        system=system,
        reason=reason,
        after={"ended": ended},
    )
