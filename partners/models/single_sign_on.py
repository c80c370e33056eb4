import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core import sealing
from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked
from partners.models.organisation import Organisation
from partners.models.user import User


@tracked(exclude=["sealed_secret"])
class SingleSignOn(models.Model):
    """A partner's OpenID provider, by which its people may sign in; set up by an operator.

    `address_claim` names the claim in which the provider sends an e-mail address ("" where it sends none); a claim
    `email_verified` must be true beside it unless `vouches_for_addresses`: the partner alone gives out those addresses.
    `second_factor_claim` (amr or acr) with one of `second_factor_values` counts as a second factor.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="single_sign_ons")
    name = models.CharField(max_length=80)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    sealed_secret = models.TextField()
    scope = models.CharField(max_length=200)
    address_claim = models.CharField(max_length=40, blank=True)
    vouches_for_addresses = models.BooleanField(default=False)
    second_factor_claim = models.CharField(max_length=10, blank=True)
    second_factor_values = ArrayField(models.CharField(max_length=100), default=list)
    is_active = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issuer"], name="single_sign_on_unique"),
            models.CheckConstraint(
                condition=Q(("sealed_secret__startswith", sealing.MARK)), name="single_sign_on_sealed"
            ),
            one_of("second_factor_claim", ["", "amr", "acr"], name="single_sign_on_second_factor_claim"),
            models.CheckConstraint(
                condition=Q(second_factor_claim="", second_factor_values=[])
                | (~Q(second_factor_claim="") & ~Q(second_factor_values=[])),
                name="single_sign_on_second_factor_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.organisation}"


@tracked()
class SingleSignOnLink(models.Model):
    """A person who may sign in by a partner's provider.

    Without a subject it waits for the first sign-in that shows `address`; with one it is (issuer, subject) alone that
    counts, and whatever address the provider sends later makes no difference.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.ForeignKey(SingleSignOn, models.PROTECT, related_name="links")
    person = models.ForeignKey(User, models.PROTECT, related_name="single_sign_on_links")
    issuer = models.URLField(max_length=300)
    subject = models.CharField(max_length=255, blank=True)
    address = models.EmailField(max_length=254, blank=True)
    allowed_at = models.DateTimeField()
    linked_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "person"], name="single_sign_on_link_once"),
            # One subject of an issuer is one person, whichever partners use that issuer.
            ExclusionConstraint(
                name="single_sign_on_link_subject",
                expressions=[
                    ("issuer", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    ("person", RangeOperators.NOT_EQUAL),
                ],
                condition=~Q(subject=""),
            ),
            models.CheckConstraint(
                condition=Q(subject="", linked_at__isnull=True) & ~Q(address="")
                | (~Q(subject="") & Q(linked_at__isnull=False)),
                name="single_sign_on_link_waits_or_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} by {self.provider}"
