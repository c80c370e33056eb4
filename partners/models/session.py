import uuid
from datetime import datetime

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from partners.models.user import User


class SessionQuerySet(models.QuerySet["Session"]):
    def open_at(self, at: datetime) -> "SessionQuerySet":
        """Those that have not ended by themselves."""
        return self.filter(expire_date__gt=at)


class Session(AbstractBaseSession):
    """A browser that is signed in, or about to: Django's session with what its person needs to recognise it.

    `handle` names it in addresses, where the key itself must not stand. Written by partners.sessions alone.
    """

    handle = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=300)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()  # type: ignore[misc]  # as Django means it

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"session of {self.person}" if self.person_id else "session of nobody yet"
