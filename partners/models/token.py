import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from integration_hub.core.history import tracked
from partners.domain import scopes
from partners.models.user import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: datetime) -> "ApiTokenQuerySet":
        """Neither expired nor revoked, of an active person."""
        return self.filter(expires_at__gt=at, revoked_at__isnull=True, person__is_active=True)


@tracked(exclude=["last_used_at"])
class ApiToken(models.Model):
    """A key to the API with the rights of one person, shown once; only its SHA-256 is kept."""

    READ, WRITE = scopes.READ, scopes.WRITE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    # "read" and "write" for everything, "funds:read" for one area (partners.domain.scopes).
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="api_token_digest_unique"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_expires"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=scopes.KNOWN) & Q(scopes__len__gt=0), name="api_token_scopes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> str:
        return scopes.words(self.scopes)
