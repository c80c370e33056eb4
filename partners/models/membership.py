import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models.calendar import DateRange
from partners.domain.capacities import Capacity, capacity_words
from partners.domain.roles import READING_ROLES, Role
from partners.models.organisation import Organisation
from partners.models.user import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def not_ended(day: date, prefix: str = "") -> Q:
    """Neither past its last day nor ended at once before or on that day."""
    return (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})) & (
        Q(**{f"{prefix}ended_at__isnull": True}) | Q(**{f"{prefix}ended_at__date__gt": day})
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Those in force on a day. One that was ended at once is not, from that day on."""
        return self.not_ended(day).filter(starts_on__lte=day)

    def not_ended(self, day: date) -> "MembershipQuerySet":
        """Those in force on a day, or from a later one."""
        return self.filter(not_ended(day))

    def reading_roles(self) -> "MembershipQuerySet":
        """Those of roles that let somebody read: all but the operator's."""
        return self.filter(role__in=sorted(READING_ROLES))

    def today_of(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """Those of an active person that count today: through a lens, those of its partner alone."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        held, lens = self.on(timezone.localdate()), user.lens
        if lens is None:
            return held.filter(person=user)
        if lens.organisation is None:
            return self.none()
        return held.filter(person=lens.through or user.pk, organisation=lens.organisation)

    def reading(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """Those that let an active person read today."""
        if isinstance(user, User) and user.lens is not None and not user.lens.reads:
            return self.none()
        return self.today_of(user).reading_roles()


@tracked()
class Membership(models.Model):
    """A role that a person holds for a partner, from a day to a day (both included).

    Written by partners.services.memberships together with the person's place in `group`, which holds guardian's grants.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Ended in the middle of a day, its last: whoever leaves acts no more from that moment on.
    ended_at = models.DateTimeField(null=True)
    # An approver's: section 151 officer and so on (partners.domain.capacities).
    capacity = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("role", [role.value for role in Role], name="membership_role"),
            in_order("starts_on", "ends_on", name="membership_in_order"),
            one_of("capacity", ["", *(capacity.value for capacity in Capacity)], name="membership_capacity"),
            models.CheckConstraint(
                condition=Q(capacity="") | Q(role=Role.APPROVER.value), name="membership_capacity_of_approver"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ends_on__isnull=False), name="membership_ended_has_last_day"
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        DateRange(F("starts_on"), F("ends_on"), RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # Whoever left in the morning may be given the role again in the afternoon.
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {Role(self.role).words}, {self.organisation}"

    @property
    def role_words(self) -> str:
        """The role, with the capacity in which an approver signs: "Approver (section 151 officer)"."""
        words = Role(self.role).words
        capacity = self.capacity_words
        return f"{words} ({capacity[0].lower()}{capacity[1:]})" if capacity else words

    @property
    def capacity_words(self) -> str:
        return capacity_words(self.capacity)

    def goes_on(self, day: date) -> bool:
        """Whether the role is in force on a day or will be."""
        return self.ended_at is None and (self.ends_on is None or self.ends_on >= day)
