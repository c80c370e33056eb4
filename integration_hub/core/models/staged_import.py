import uuid

from django.db import models
from django.db.models.functions import Now

from integration_hub.core.constraints import both_or_neither, one_of


class StagedImport(models.Model):
    """An uploaded sheet, read and checked, that has changed nothing yet (or all of it, or was undone).

    Ids and names are text, as everywhere in core. Only the partner that uploaded it sees it.
    `fingerprint` is the state of the target that the preview was made against: a later state refuses the confirmation.
    """

    REFUSED, STAGED, CONFIRMED, UNDONE, DISCARDED = "refused", "staged", "confirmed", "undone", "discarded"
    STATUSES = (REFUSED, STAGED, CONFIRMED, UNDONE, DISCARDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=36)
    owner_id = models.CharField(max_length=36, db_index=True)
    status = models.CharField(max_length=12, default=STAGED)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    # What stood there before, so that the whole batch can be undone.
    before = models.JSONField(default=dict)
    uploaded_by_id = models.CharField(max_length=36)
    uploaded_by_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    confirmed_by_name = models.CharField(max_length=200, null=True)
    confirmed_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, null=True)
    undone_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            one_of("status", ["refused", "staged", "confirmed", "undone", "discarded"], name="staged_import_status"),
            both_or_neither("confirmed_by_name", "confirmed_at", name="staged_import_confirmed"),
            both_or_neither("undone_by_name", "undone_at", name="staged_import_undone"),
            models.CheckConstraint(
                condition=~models.Q(status__in=["confirmed", "undone"]) | models.Q(confirmed_at__isnull=False),
                name="staged_import_confirmed_has_when",
            ),
        ]

    def __str__(self) -> str:
        return self.filename
