import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from governance.models import Authorised, at_most_one_authority
from partners.models import User, known
from pooled_budgets.models.scheme import Scheme


class SchemeStartQuerySet(models.QuerySet["SchemeStart"]):
    def visible_to(self, user: User) -> "SchemeStartQuerySet":
        """Those of schemes that the person may read."""
        return self.filter(scheme__in=known(user, Scheme.objects.visible_to))


class SchemeStart(Authorised):
    """That a scheme was let spend its budget from a day on, in pounds, and what allows it. Once, and never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scheme = models.OneToOneField(Scheme, models.PROTECT, related_name="start")
    starts_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_on = models.DateField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = SchemeStartQuerySet.as_manager()

    class Meta:
        constraints = [
            at_most_one_authority(name="scheme_start_one_authority"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="scheme_start_not_negative"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.scheme}, started"
