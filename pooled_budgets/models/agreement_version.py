"""Versions of an agreement, the signatures under each, what happened to it, and the copies that are worked on."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked
from partners.models import Organisation, Owned, OwnedQuerySet, User, Ways, either, known, own_or_released
from pooled_budgets.models.agreement import Agreement

APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
DRAFT_STATUSES = {
    "open": "Being written",
    "for_signature": "With its signatories",
    "agreed": "Signed by every party",
    "withdrawn": "Withdrawn",
}
ACTS = {
    "begun": "Begun",
    "shared": "Shown to the partners",
    "sent": "Sent for signature",
    "signed": "Signed",
    "sent_back": "Sent back",
    "agreed": "Signed by every party",
    "withdrawn": "Withdrawn",
    "terminated": "Terminated",
    "duty_done": "Duty done",
}


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def agreed(self) -> "AgreementVersionQuerySet":
        """Those that every party signed, or that were signed on paper."""
        done = AgreementAct.objects.filter(version=OuterRef("pk"), kind="agreed")
        return self.filter(Q(is_paper=True) | Exists(done))

    def visible_to(self, user: User) -> "AgreementVersionQuerySet":
        """The parties read every version from the day it is sent for signature; the board those that are agreed."""
        done = AgreementAct.objects.filter(version=OuterRef("pk"), kind="agreed")
        is_agreed = Q(is_paper=True) | Q(Exists(done))
        parties = known(user, Agreement.objects.of_parties)
        seen = known(user, Agreement.objects.visible_to)
        return self.filter(Q(agreement__in=parties) | (is_agreed & Q(agreement__in=seen)))


class AgreementVersion(models.Model):
    """The terms of an agreement as they went to its signatories (pooled_budgets.domain.terms). Never changed.

    It holds from `effective_from`, whenever it was signed, until a later agreed version does. `is_paper`: its parties
    signed a paper before it was entered here, so it needs no signature here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateField()
    reason = models.TextField(blank=True)
    is_paper = models.BooleanField(default=False)
    prepared_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    # Everybody who wrote in it: none of them may sign it.
    preparers = models.JSONField(default=list)
    prepared_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="agreement_version_from_one"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="agreement_version_says_why_it_varies"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.agreement}, version {self.number}"


class AgreementSignature(models.Model):
    """A person's signature for a party, bound to one version, with name and capacity as of the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = models.CharField(max_length=200)
    person = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "organisation"], name="agreement_signature_one_a_partner"),
            models.UniqueConstraint(fields=["version", "person"], name="agreement_signature_one_a_person"),
            models.CheckConstraint(condition=~Q(capacity=""), name="agreement_signature_capacity"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.person_name} for {self.organisation_name}"


class AgreementAct(models.Model):
    """What happened to an agreement, in order. `subject` names a duty that was done, by its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acts")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, related_name="acts")
    subject = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_act_order"),
            one_of("kind", list(ACTS), name="agreement_act_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=["sent_back", "withdrawn", "terminated"]) | ~Q(reason=""),
                name="agreement_act_reason",
            ),
            models.UniqueConstraint(
                fields=["agreement", "subject"], condition=Q(kind="duty_done"), name="agreement_duty_done_once"
            ),
            models.UniqueConstraint(fields=["version"], condition=Q(kind="agreed"), name="agreement_agreed_once"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.agreement}: {self.kind}"

    @property
    def kind_words(self) -> str:
        return ACTS[self.kind]


class AgreementDraftQuerySet(OwnedQuerySet["AgreementDraft"]):
    def ways(self, user: User) -> Ways:
        shared = Q(agreement__in=known(user, Agreement.objects.of_parties))
        return own_or_released(user, area="agreement__area", shared_with=shared)

    def visible_to(self, user: User) -> "AgreementDraftQuerySet":
        """The preparing partner's people, and the parties once it was shown to them. No board."""
        return self.filter(either(self.ways(user)))


@tracked()
class AgreementDraft(Owned):
    """A copy of the terms that is worked on: the first ones, or a variation of the version that it is based on.

    `revision` counts its changes: the history holds the terms of each, so that two people's changes can be merged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="drafts")
    based_on = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, related_name="+")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    # First day on which the variation holds; the first terms hold from their commencement.
    effective_from = models.DateField(null=True)
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=14, default="open")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, related_name="drafts")
    prepared_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    prepared_at = models.DateTimeField()
    # Everybody who wrote in it, as [{"id", "name"}].
    preparers = models.JSONField(default=list)

    objects = AgreementDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", list(DRAFT_STATUSES), name="agreement_draft_status"),
            models.CheckConstraint(
                condition=~Q(status__in=["for_signature", "agreed"])
                | Q(version__isnull=False, released_at__isnull=False),
                name="agreement_draft_frozen_as_version",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(status="for_signature"),
                name="agreement_one_draft_for_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{'Variation' if self.based_on_id else 'First terms'} of {self.agreement}"

    @property
    def status_words(self) -> str:
        return DRAFT_STATUSES[self.status]


class AgreementAttachmentQuerySet(models.QuerySet["AgreementAttachment"]):
    def visible_to(self, user: User) -> "AgreementAttachmentQuerySet":
        """With its draft; once that is agreed, with the agreement."""
        agreed = Q(draft__status="agreed", draft__agreement__in=known(user, Agreement.objects.visible_to))
        return self.filter(Q(draft__in=known(user, AgreementDraft.objects.visible_to)) | agreed)


class AgreementAttachment(models.Model):
    """A document of an agreement, added to a draft of it. Kept in the database: it is signed with the terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft = models.ForeignKey(AgreementDraft, models.PROTECT, related_name="attachments")
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AgreementAttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "sha256"], name="agreement_attachment_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="agreement_attachment_not_empty"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.filename
