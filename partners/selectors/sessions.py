"""Where a person is signed in."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404

from partners.models import Session, User
from partners.models.session import SessionQuerySet


def open_for(person: User, *, at: datetime, this: str) -> SessionQuerySet:
    """The person's sessions that are open, the last used first. `this` is the key of the one that asks.

    Whoever shares a demonstration account sees the one that asks alone: the others belong to strangers.
    """
    found = Session.objects.open_at(at).filter(person=person)
    if person.is_demonstration:
        found = found.filter(session_key=this)
    return found.order_by("-used_at", "session_key")


def get(person: User, handle: UUID, *, at: datetime, this: str) -> Session:
    """One of them; Http404 for anybody else's, and for one that has ended."""
    return get_object_or_404(open_for(person, at=at, this=this).select_for_update(of=("self",)), handle=handle)
