"""Footprints, and where each lies from a day to a day."""

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
from partners.domain.footprints import KINDS
from partners.models.area import Area
from partners.models.identifiers import DatedQuerySet
from partners.models.organisation import Organisation

Row = TypeVar("Row", bound=models.Model, covariant=True)

# Upwards from the new parent over the links that hold on the same days: the child must not be there. Two links that
# close a cycle between them wait for each other.
NO_CYCLE = """
    PERFORM pg_advisory_xact_lock(hashtext('partners_footprintlink'));
    IF EXISTS (
        WITH RECURSIVE above (footprint_id, days) AS (
            SELECT NEW.parent_id, daterange(NEW.starts_on, NEW.ends_on, '[]')
            UNION
            SELECT link.parent_id, above.days * daterange(link.starts_on, link.ends_on, '[]')
            FROM above JOIN partners_footprintlink link ON link.child_id = above.footprint_id
            WHERE link.id <> NEW.id AND above.footprint_id <> NEW.child_id
                AND above.days && daterange(link.starts_on, link.ends_on, '[]')
        )
        SELECT 1 FROM above WHERE footprint_id = NEW.child_id
    ) THEN
        RAISE EXCEPTION 'footprint_link_no_cycle: a footprint would lie in itself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class LinkQuerySet(models.QuerySet[Row]):
    """Links in force from `starts_on` to `ends_on`, both included; an empty day is open."""

    def on(self, day: date) -> Self:
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


def days() -> DateRange:
    """The days on which a link is in force, for constraints."""
    return DateRange(F("starts_on"), F("ends_on"), RangeBoundary(inclusive_upper=True))


@tracked()
class Footprint(models.Model):
    """A geography in which health and care is planned; `body` is the organisation that plans for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.SlugField(max_length=80)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="footprints")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = DatedQuerySet["Footprint"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="footprint_key_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="footprint_has_name"),
            one_of("kind", list(KINDS), name="footprint_kind"),
            in_order("valid_from", "valid_to", name="footprint_lifespan"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]


@tracked()
class FootprintLink(models.Model):
    """A footprint lies in a wider one, from a day to a day: in one at a time, and never in itself."""

    child = models.ForeignKey(Footprint, models.PROTECT, related_name="parent_links")
    parent = models.ForeignKey(Footprint, models.PROTECT, related_name="child_links")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = LinkQuerySet["FootprintLink"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(child=F("parent")), name="footprint_link_not_itself"),
            in_order("starts_on", "ends_on", name="footprint_link_in_order"),
            ExclusionConstraint(
                name="footprint_link_one_parent",
                expressions=[("child", RangeOperators.EQUAL), (days(), RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_CYCLE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.child} in {self.parent}"


@tracked()
class FootprintArea(models.Model):
    """An area that a footprint covers, whole or in part, from a day to a day."""

    footprint = models.ForeignKey(Footprint, models.PROTECT, related_name="area_links")
    area = models.ForeignKey(Area, models.PROTECT, related_name="footprint_links")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = LinkQuerySet["FootprintArea"].as_manager()

    class Meta:
        constraints = [
            in_order("starts_on", "ends_on", name="footprint_area_in_order"),
            ExclusionConstraint(
                name="footprint_area_once",
                expressions=[
                    ("footprint", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} in {self.footprint}"
