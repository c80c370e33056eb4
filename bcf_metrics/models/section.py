import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bcf_metrics.models.quarterly_return import QuarterlyReturn
from integration_hub.core.history import tracked
from partners.models import Organisation, User, known


class ReturnSectionQuerySet(models.QuerySet["ReturnSection"]):
    def visible_to(self, user: User) -> "ReturnSectionQuerySet":
        return self.filter(quarterly_return__in=known(user, QuarterlyReturn.objects.visible_to))


@tracked()
class ReturnSection(models.Model):
    """Who prepares a section of a return, and until when. A section without a row is everybody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="sections")
    tab = models.CharField(max_length=60)
    # As the layout had it when the section was given.
    title = models.CharField(max_length=60)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # One of the owner's people; None: any of them who prepares returns.
    person = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    # None: some days before the return, see domain.sections.
    due_on = models.DateField(null=True)
    assigned_by_name = models.CharField(max_length=200)
    assigned_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ReturnSectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarterly_return", "tab"], name="return_section_unique"),
            models.CheckConstraint(condition=~Q(tab=""), name="return_section_names_a_tab"),
        ]

    def __str__(self) -> str:
        return f"{self.quarterly_return}: section {self.tab}"
