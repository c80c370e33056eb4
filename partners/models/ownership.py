from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partners.models.inheritance import inherited_by, partners_of
from partners.models.organisation import Organisation

if TYPE_CHECKING:
    from partners.models.user import User

Ways = dict[str, Q]
Row = TypeVar("Row", bound=models.Model, covariant=True)


def either(ways: Ways) -> Q:
    """What may be seen in at least one of the ways."""
    return reduce(or_, ways.values())


def own_or_released(user: "User", *, area: str, shared_with: Q) -> Ways:
    """The owner's rows, and those released among the rows that `shared_with` names.

    `area` is the path to the area that a row belongs to: who succeeded its owner there reads it as the owner does.
    """
    return {
        "own": Q(owner__in=partners_of(user)),
        "inherited": inherited_by(user, "owner", area=area),
        "released": Q(released_at__isnull=False) & shared_with,
    }


class OwnedQuerySet(models.QuerySet[Row]):
    """Rows that a partner entered: its own people see them at once, the others after release."""

    def readable(self, user: "User", *, area: str, shared_with: Q) -> Self:
        """The owner's rows, and those released among the rows that `shared_with` names (see own_or_released)."""
        return self.filter(either(own_or_released(user, area=area, shared_with=shared_with)))


class Owned(models.Model):
    """What every row that a partner enters carries. `at` is when it is true, `recorded_at` the database's clock."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
