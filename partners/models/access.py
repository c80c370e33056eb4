"""Rows of the life cycle of access: the yearly confirmation of a role, and notices to holders of idle accounts."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.history import tracked
from partners.domain.idle import NOTICES
from partners.models.membership import Membership
from partners.models.user import User


@tracked()
class Confirmation(models.Model):
    """An administrator's word, in the review of one year, that a person still needs a role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="confirmations")
    due_on = models.DateField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "due_on"], name="confirmation_once_a_year"),
            models.CheckConstraint(condition=~Q(by_name=""), name="confirmation_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.membership}, confirmed by {self.by_name}"


@tracked()
class IdleNotice(models.Model):
    """A notice to the holder of an account that nobody signed in to since a day: each of the three goes out once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(User, models.PROTECT, related_name="idle_notices")
    idle_since = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    closes_on = models.DateField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "idle_since", "days_before"], name="idle_notice_once"),
            models.CheckConstraint(condition=Q(days_before__in=list(NOTICES)), name="idle_notice_days"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.days_before} before {self.closes_on}"
