import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.quarters import FinancialYear
from partners.models import Area
from pooled_budgets.domain import value_lists
from pooled_budgets.domain.ring_fences import RING_FENCES

# Minima and totals that are published for an area and a year.
ALLOCATIONS = {
    "nhs_minimum": "NHS minimum contribution",
    "social_care_floor": "Adult social care spending from the NHS minimum, at least",
    "out_of_hospital_floor": "NHS-commissioned out-of-hospital spending from the NHS minimum, at least",
    "dfg": "Disabled Facilities Grant determination",
}


@tracked()
class FundingStream(models.Model):
    """A stream of money of one policy year, the same for the whole country, with what it is kept apart as.

    `key` is what the shipped row is known by; `checked` says whether somebody compared it with the published document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    financial_year = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    payer = models.CharField(max_length=20)
    ring_fence = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["financial_year", "key"], name="funding_stream_unique"),
            one_of("payer", list(value_lists.PAYERS), name="funding_stream_payer"),
            one_of("ring_fence", list(RING_FENCES), name="funding_stream_ring_fence"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="funding_stream_has_name_and_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {FinancialYear(self.financial_year).label}"

    @property
    def ring_fence_words(self) -> str:
        return RING_FENCES[self.ring_fence]

    @property
    def payer_words(self) -> str:
        return value_lists.PAYERS[self.payer]


@tracked()
class ListValue(models.Model):
    """A value that a field of a scheme line may take in one year; `parent` is the scheme type of a sub-type or unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    financial_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["financial_year", "key"], name="list_value_unique"),
            models.UniqueConstraint(
                fields=["financial_year", "kind", "parent", "name"], name="list_value_name_unique", nulls_distinct=False
            ),
            one_of("kind", list(value_lists.KINDS), name="list_value_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[value_lists.SUB_TYPE, value_lists.UNIT], parent__isnull=False)
                | (~Q(kind__in=[value_lists.SUB_TYPE, value_lists.UNIT]) & Q(parent__isnull=True)),
                name="list_value_parent",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="list_value_has_name_and_source"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return value_lists.KINDS[self.kind]


@tracked()
class Allocation(models.Model):
    """A minimum or total published for an area and a year, in pounds, as known from a day on.

    A later announcement is a row of its own: what an earlier plan was tested against can be read again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    area = models.ForeignKey(Area, models.PROTECT, related_name="allocations")
    financial_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    known_from = models.DateField()
    source = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)
    illustrative = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "financial_year", "kind", "known_from"], name="allocation_unique"),
            one_of("kind", list(ALLOCATIONS), name="allocation_kind"),
            not_negative("amount", name="allocation_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="allocation_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_words}, {self.area} {FinancialYear(self.financial_year).label}"

    @property
    def kind_words(self) -> str:
        return ALLOCATIONS[self.kind]
