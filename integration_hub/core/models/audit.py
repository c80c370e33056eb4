import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """One line for each verb of a service: who, for which partner, when, what, before and after.

    Ids and names are text without foreign keys: the line outlives what it tells of. No feature reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.CharField(max_length=36, blank=True, db_index=True)
    actor_name = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=60, blank=True)
    partner_id = models.CharField(max_length=36, blank=True, db_index=True)
    partner_name = models.CharField(max_length=200, blank=True)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=36)
    target_name = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    context_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(actor_id="") & Q(system="")) | (Q(actor_id="") & ~Q(system="")),
                name="audit_event_one_actor",
            )
        ]
        indexes = [
            models.Index(fields=["target_type", "target_id", "at"], name="audit_event_target"),
            models.Index(fields=["context_id"], name="audit_event_context"),
            models.Index(fields=["partner_id", "-at"], name="audit_event_of_partner"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_name}"
