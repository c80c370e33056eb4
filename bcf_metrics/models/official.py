import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bcf_metrics.models.quarterly_return import QuarterlyReturn
from partners.models import Organisation, User, known


class OfficialFileQuerySet(models.QuerySet["OfficialFile"]):
    def visible_to(self, user: User) -> "OfficialFileQuerySet":
        """Those of the returns that the person may read."""
        return self.filter(quarterly_return__in=known(user, QuarterlyReturn.objects.visible_to))


class OfficialFile(models.Model):
    """The official workbook of a quarter as it was uploaded, empty, and what stands on its sheets. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="official_files")
    number = models.PositiveSmallIntegerField()
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    outline = models.JSONField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    uploaded_by_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfficialFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarterly_return", "number"], name="official_file_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="official_file_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.filename


class CellMapQuerySet(models.QuerySet["CellMap"]):
    def visible_to(self, user: User) -> "CellMapQuerySet":
        return self.filter(file__in=known(user, OfficialFile.objects.visible_to))


class CellMap(models.Model):
    """A version of where each answer goes in an official workbook. A change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    file = models.ForeignKey(OfficialFile, models.PROTECT, related_name="maps")
    number = models.PositiveSmallIntegerField()
    entries = models.JSONField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = CellMapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="cell_map_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="cell_map_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.file}, map {self.number}"


class OfficialFillingQuerySet(models.QuerySet["OfficialFilling"]):
    def visible_to(self, user: User) -> "OfficialFillingQuerySet":
        return self.filter(map__in=known(user, CellMap.objects.visible_to))


class OfficialFilling(models.Model):
    """An official workbook filled in from a return, with the proof of what was written. Append-only.

    `version` is the number of the return's version; null is its draft on that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    map = models.ForeignKey(CellMap, models.PROTECT, related_name="fillings")
    version = models.PositiveSmallIntegerField(null=True)
    content_sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    proof = models.JSONField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    filled_by_name = models.CharField(max_length=200)
    filled_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfficialFillingQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.filename
