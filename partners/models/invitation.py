import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from integration_hub.core.constraints import both_or_neither, in_order, one_of
from integration_hub.core.history import tracked
from partners.domain.capacities import Capacity, capacity_words
from partners.domain.roles import NOT_GRANTED_BY_PARTNERS, Role
from partners.models.organisation import Organisation
from partners.models.user import User

OPEN_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
INVITED_TO = sorted(role.value for role in set(Role) - NOT_GRANTED_BY_PARTNERS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; perhaps too old."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self, at: datetime) -> "InvitationQuerySet":
        """Those whose link still opens: pending, not too old, by an administrator who still has an account."""
        return self.pending().filter(expires_at__gt=at, invited_by__is_active=True)


@tracked(exclude=["digest"])
class Invitation(models.Model):
    """Roles for a partner that an administrator offers to whoever reads the mail of an address.

    The link's token exists in the mail alone; its SHA-256 is kept, and goes when the link was used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    capacity = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_by_name = models.CharField(max_length=200)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, null=True)
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=INVITED_TO) & Q(roles__len__gt=0), name="invitation_roles"
            ),
            one_of("capacity", ["", *(capacity.value for capacity in Capacity)], name="invitation_capacity"),
            models.CheckConstraint(
                condition=Q(capacity="") | Q(roles__contains=[Role.APPROVER.value]),
                name="invitation_capacity_of_approver",
            ),
            in_order("starts_on", "ends_on", name="invitation_in_order"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires"),
            both_or_neither("accepted_at", "accepted_by", name="invitation_accepted_by_somebody"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_outcome"
            ),
            models.CheckConstraint(
                condition=(Q(accepted_at__isnull=True) & Q(withdrawn_at__isnull=True)) | Q(digest__isnull=True),
                name="invitation_link_used_once",
            ),
            models.UniqueConstraint(fields=["digest"], name="invitation_digest_unique"),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    @property
    def again_from(self) -> datetime:
        """From when on another letter may be asked for: nobody's mail is filled up from here."""
        return self.expires_at - OPEN_FOR + AGAIN_AFTER

    @property
    def role_words(self) -> str:
        words = ", ".join(role.words for role in Role if role in self.roles)
        return f"{words} as {capacity_words(self.capacity).lower()}" if self.capacity else words
