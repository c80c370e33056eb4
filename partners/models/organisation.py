import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked
from partners.domain.kinds import KINDS, is_commissioner, is_council
from partners.domain.roles import Permission
from partners.models.area import Area

if TYPE_CHECKING:
    from partners.models.user import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def acted_for_by(self, user: "User") -> "OrganisationQuerySet":
        """The partners that the person holds a reading role in today: the root of every `visible_to`."""
        from partners.models.membership import Membership

        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.scope is not None:
            return self.filter(pk__in=user.scope.ids)
        return self.filter(pk__in=Membership.objects.reading(user).values("organisation"))

    def on(self, day: date) -> "OrganisationQuerySet":
        """Those that exist on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


@tracked()
class Organisation(models.Model):
    """A partner: council, NHS commissioner, provider or other. The directory of partners is no secret among them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    areas = models.ManyToManyField(Area, through="OrganisationArea", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        # What guardian grants to a group on an organisation.
        permissions = [(permission.value, permission.words) for permission in Permission]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], name="organisation_key_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name"),
            one_of("kind", list(KINDS), name="organisation_kind"),
            in_order("valid_from", "valid_to", name="organisation_lifespan"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def is_council(self) -> bool:
        return is_council(self.kind)

    @property
    def is_commissioner(self) -> bool:
        return is_commissioner(self.kind)


class OrganisationAreaQuerySet(models.QuerySet["OrganisationArea"]):
    def on(self, day: date) -> "OrganisationAreaQuerySet":
        """Those in force on a day."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


@tracked()
class OrganisationArea(models.Model):
    """An area that an organisation serves, from a day to a day: a CCG may have several, an area several CCGs."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="area_links")
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisation_links")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = OrganisationAreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "area", "starts_on"], nulls_distinct=False, name="organisation_area_unique"
            ),
            in_order("starts_on", "ends_on", name="organisation_area_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.area}"
