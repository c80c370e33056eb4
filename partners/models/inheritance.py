"""What a successor's people read of its predecessors: the root of every `visible_to` beside their own partners."""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.models.area import Area
from partners.models.known import NOTHING
from partners.models.organisation import Organisation
from partners.models.succession import Succession
from partners.models.user import User


class Inheritance(models.Model):
    """`holder` reads what `predecessor` owned: everywhere, or in one area. Complete along chains of successions.

    Two successors of one organisation never hold the same area: what one reads of it the other does not.
    """

    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="inherited")
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="inheritances")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    succession = models.ForeignKey(Succession, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "predecessor", "area"], nulls_distinct=False, name="inheritance_unique"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.holder} after {self.predecessor}"


def partners_of(user: User) -> Any:
    """The partners that the person acts for today, to stand behind `__in`: their ids where a request loaded them."""
    if isinstance(user, User) and user.scope is not None:
        return user.scope.ids
    return Organisation.objects.acted_for_by(user)


def reads_for(user: User, organisation: str, *, area: str) -> Q:
    """Rows whose `organisation` the person acts for today, or whose organisation theirs succeeded in the row's `area`.

    Both are paths of lookups from the row. No query by itself: it joins the caller's.
    """
    own = Q(**{f"{organisation}__in": partners_of(user)})
    return own | inherited_by(user, organisation, area=area)


def inherited_by(user: User, organisation: str, *, area: str) -> Q:
    """Of those, the rows whose organisation one that the person acts for succeeded in the row's `area`."""
    if isinstance(user, User) and user.scope is not None:
        if not user.scope.inherited:
            return NOTHING
        return reduce(
            or_,
            (
                Q(**{f"{organisation}__in": predecessors} | ({area: where} if where else {}))
                for where, predecessors in user.scope.predecessors()
            ),
        )
    inherited = Inheritance.objects.filter(
        Q(area__isnull=True) | Q(area=OuterRef(area)),
        predecessor=OuterRef(organisation),
        holder__in=Organisation.objects.acted_for_by(user),
    )
    return Q(Exists(inherited))


def in_the_place_of(organisation: str, *, holder: str | OuterRef | UUID, area: str | OuterRef | UUID) -> Q:
    """Rows whose `organisation` is the one at the path `holder`, or one that it succeeded in the row's `area`.

    `holder` and `area` may also be of a row around the query, or known: it then needs no joins to find them.
    """
    own = models.F(holder) if isinstance(holder, str) else holder
    of_holder, in_area = (given if isinstance(given, UUID) else OuterRef(given) for given in (holder, area))
    inherited = Inheritance.objects.filter(
        Q(area__isnull=True) | Q(area=in_area), predecessor=OuterRef(organisation), holder=of_holder
    )
    return Q(**{organisation: own}) | Q(Exists(inherited))
