"""Names and official codes with the days on which they are right. History keeps the name and code of its day."""

import uuid
from datetime import date
from typing import Self, TypeVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models.calendar import DateRange
from partners.domain.codes import AREA_SCHEMES, OTHER, SCHEMES
from partners.models.area import Area
from partners.models.organisation import Organisation

Row = TypeVar("Row", bound=models.Model, covariant=True)


class DatedQuerySet(models.QuerySet[Row]):
    """Rows that are right from `valid_from` to `valid_to`, both included; an empty day is open."""

    def on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


def days() -> DateRange:
    """The days on which a row is right, for constraints."""
    return DateRange(F("valid_from"), F("valid_to"), RangeBoundary(inclusive_upper=True))


def kept(*columns: str) -> list[pgtrigger.Trigger]:
    """Triggers: the columns never change, a first or last day is set once, and the row stays."""
    changed = [f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns]
    changed += [
        f"(OLD.{day} IS NOT NULL AND OLD.{day} IS DISTINCT FROM NEW.{day})" for day in ("valid_from", "valid_to")
    ]
    return [
        pgtrigger.Protect(name="kept", operation=pgtrigger.Update, condition=pgtrigger.Condition(" OR ".join(changed))),
        pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
    ]


class Code(models.Model):
    """An official code. It is never edited: it ends, and another is added.

    `checked`: it was read in the list that `source` names; otherwise it is from general knowledge.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scheme = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    checked = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scheme_words} {self.code}"

    @property
    def scheme_words(self) -> str:
        return SCHEMES[self.scheme].words


@tracked()
class OrganisationCode(Code):
    """A code of an organisation. On each day a code has one holder, and an organisation one code of a scheme."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="codes")

    objects = DatedQuerySet["OrganisationCode"].as_manager()

    class Meta:
        constraints = [
            one_of("scheme", list(SCHEMES), name="organisation_code_scheme"),
            models.CheckConstraint(condition=~Q(code=""), name="organisation_code_is_there"),
            models.CheckConstraint(
                condition=Q(checked=False) | ~Q(source=""), name="organisation_code_checked_has_source"
            ),
            in_order("valid_from", "valid_to", name="organisation_code_in_order"),
            ExclusionConstraint(
                name="organisation_code_one_holder",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="organisation_code_one_of_scheme",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(scheme=OTHER),
            ),
        ]
        triggers = kept("organisation_id", "scheme", "code")


@tracked()
class AreaCode(Code):
    """A code of an area; ONS gives an area a new one when its boundary changes."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="codes")

    objects = DatedQuerySet["AreaCode"].as_manager()

    class Meta:
        constraints = [
            one_of("scheme", list(AREA_SCHEMES), name="area_code_scheme"),
            models.CheckConstraint(condition=~Q(code=""), name="area_code_is_there"),
            models.CheckConstraint(condition=Q(checked=False) | ~Q(source=""), name="area_code_checked_has_source"),
            in_order("valid_from", "valid_to", name="area_code_in_order"),
            ExclusionConstraint(
                name="area_code_one_holder",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="area_code_one_of_scheme",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(scheme=OTHER),
            ),
        ]
        triggers = kept("area_id", "scheme", "code")


@tracked()
class OrganisationName(models.Model):
    """A name that an organisation has or had. Organisation.name is the one of today."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = DatedQuerySet["OrganisationName"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_name_is_there"),
            in_order("valid_from", "valid_to", name="organisation_name_in_order"),
            ExclusionConstraint(
                name="organisation_name_one_a_day",
                expressions=[("organisation", RangeOperators.EQUAL), (days(), RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = kept("organisation_id", "name")

    def __str__(self) -> str:
        return self.name


@tracked()
class RegisterEdition(models.Model):
    """A shipped file of the register as it was loaded: what tells that there is nothing new in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "sha256"], name="register_edition_unique")]

    def __str__(self) -> str:
        return self.name
