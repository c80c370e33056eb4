import uuid
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from integration_hub.core.constraints import in_order
from integration_hub.core.history import tracked
from integration_hub.core.models.calendar import DateRange
from partners.domain.roles import DELEGABLE, Permission
from partners.models.membership import Membership, not_ended
from partners.models.user import User


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on(self, day: date) -> "DeputyQuerySet":
        """Those in force on a day, with the role that they stand in for in force too, of a person still here."""
        return self.filter(
            not_ended(day),
            not_ended(day, "membership__"),
            starts_on__lte=day,
            membership__starts_on__lte=day,
            membership__person__is_active=True,
        )


@tracked()
class Deputy(models.Model):
    """A person who may do for a while, in their own name, some of what another's role lets that other do.

    What is listed counts only as far as the role gives it and it can be delegated (partners.permissions).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="deputies")
    person = models.ForeignKey(User, models.PROTECT, related_name="deputy_for")
    permissions = ArrayField(models.CharField(max_length=40))
    starts_on = models.DateField()
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    appointed_by_name = models.CharField(max_length=200)
    appointed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = DeputyQuerySet.as_manager()

    class Meta:
        constraints = [
            in_order("starts_on", "ends_on", name="deputy_in_order"),
            models.CheckConstraint(
                condition=Q(permissions__contained_by=sorted(permission.value for permission in DELEGABLE))
                & Q(permissions__len__gt=0),
                name="deputy_permissions",
            ),
            ExclusionConstraint(
                name="deputy_no_overlap",
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange(F("starts_on"), F("ends_on"), RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.membership.person}"

    @property
    def permission_words(self) -> str:
        """What the deputy may do, in the order of the table."""
        return "; ".join(permission.words for permission in Permission if permission in self.permissions)
