import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func

from integration_hub.core.constraints import in_order, one_of


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Period(models.Model):
    """A month (1 April to 12 March, 13 for adjustments), quarter or year of one financial year.

    `financial_year` is the year it starts in: 2014 is 2014/15.
    """

    MONTH, QUARTER, YEAR = "month", "quarter", "year"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10)
    financial_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    label = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["financial_year", "kind", "number"], name="period_unique"),
            one_of("kind", ["month", "quarter", "year"], name="period_kind"),
            in_order("starts_on", "ends_on", name="period_in_order"),
            models.CheckConstraint(
                condition=models.Q(kind="month", number__range=(1, 13))
                | models.Q(kind="quarter", number__range=(1, 4))
                | models.Q(kind="year", number=1),
                name="period_number",
            ),
            # Month 13 takes adjustments and shares its days with March; all others of a kind never overlap.
            ExclusionConstraint(
                name="period_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (
                        DateRange(F("starts_on"), F("ends_on"), RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~models.Q(kind="month", number=13),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class BankHoliday(models.Model):
    """A day that is no working day in England, with the day on which that was known."""

    date = models.DateField(primary_key=True)
    name = models.CharField(max_length=80)
    known_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.date}"
