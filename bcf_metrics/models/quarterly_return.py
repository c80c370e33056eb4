import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from bcf_metrics.domain import sections
from bcf_metrics.domain.status import SIGNED_OFF, EventKind
from bcf_metrics.models.policy import LayoutVersion, PolicyVersion, PolicyYear, ReturnTemplate
from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from partners.models import Organisation, User, Ways, either, known
from partners.models.inheritance import partners_of
from partners.models.known import NOTHING, may_have_left
from pooled_budgets.models import Agreement, FormerParty, Fund

STATUSES = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "ready": "Ready for sign-off",
    "with_signatories": "With signatories",
    "signed": "Signed off",
    "submitted": "Submitted",
    "not_yet_ratified": "Submitted, not yet ratified",
    "sent_back": "Sent back",
    "resubmitted": "Resubmitted",
    "accepted": "Accepted",
}
# The events of one section.
SECTION_KINDS = sorted(kind.value for kind in sections.SECTION_KINDS)
# The status of a return that every partner has signed, whatever became of it since.
OVER = sorted(SIGNED_OFF)


class QuarterlyReturnQuerySet(models.QuerySet["QuarterlyReturn"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a return."""
        funds = known(user, Fund.objects.shared_now)
        return {
            "working": Q(fund__in=funds, fund__agreement__in=known(user, Agreement.objects.of_parties)),
            "signed": Q(status__in=OVER, fund__in=funds),
            "former": signed_while_party(user),
        }

    def visible_to(self, user: User) -> "QuarterlyReturnQuerySet":
        """The parties work on it together; the overseeing board reads it once it is signed off."""
        return self.filter(either(self.ways(user)))


def signed_while_party(user: User) -> Q:
    """Signed returns of a partner of the person that has ended since: no version of them was made after it."""
    if not may_have_left(user):
        return NOTHING
    former = FormerParty.objects.filter(organisation__in=partners_of(user), agreement=OuterRef("fund__agreement"))
    later = ReturnVersion.objects.filter(
        quarterly_return=OuterRef(OuterRef("pk")), prepared_at__gte=OuterRef("ended_at")
    )
    return Q(Exists(former.exclude(Exists(later))), status__in=OVER)


@tracked()
class QuarterlyReturn(models.Model):
    """A fund's return for one quarter. `status` follows from its events and is written with them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="returns")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    policy_year = models.ForeignKey(PolicyYear, models.PROTECT, related_name="returns")
    template = models.ForeignKey(ReturnTemplate, models.PROTECT, related_name="returns")
    # What it was opened with, or moved to since. None until the versions of an older installation are first kept.
    layout_version = models.ForeignKey(LayoutVersion, models.PROTECT, null=True, related_name="returns")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="returns")
    due_on = models.DateField(null=True)
    due_note = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, default="not_started")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = QuarterlyReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "period"], name="quarterly_return_unique"),
            one_of("status", list(STATUSES), name="quarterly_return_status"),
        ]
        triggers = [
            # While nobody has it for signature; what was signed was signed in its layout.
            pgtrigger.Protect(
                name="layout_stays_once_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status NOT IN ('not_started', 'in_progress', 'ready', 'sent_back') AND ("
                    "(OLD.layout_version_id IS NOT NULL AND OLD.layout_version_id IS DISTINCT FROM"
                    " NEW.layout_version_id) OR"
                    " (OLD.policy_version_id IS NOT NULL AND OLD.policy_version_id IS DISTINCT FROM"
                    " NEW.policy_version_id))"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.fund.name}, {self.period}"

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]


class ReturnAnswerQuerySet(models.QuerySet["ReturnAnswer"]):
    def visible_to(self, user: User) -> "ReturnAnswerQuerySet":
        return self.filter(quarterly_return__in=known(user, QuarterlyReturn.objects.visible_to))


@tracked()
class ReturnAnswer(models.Model):
    """The answer to one field of the template, entered by a partner; the parties see it at once: it is joint work."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="answers")
    field = models.CharField(max_length=60)
    value = models.JSONField()
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ReturnAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quarterly_return", "field"], name="return_answer_unique")]

    def __str__(self) -> str:
        return f"{self.quarterly_return}: {self.field}"


class ReturnVersion(models.Model):
    """The frozen content of a return as it went to its signatories. Never changed, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    # Everybody who entered something in it: none of them may sign it.
    preparers = models.JSONField(default=list)
    # In which capacities it is signed, as the policy year had them on the day; none: one approver of each party.
    signatories = models.JSONField(default=list)
    prepared_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarterly_return", "number"], name="return_version_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="return_version_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.quarterly_return}, version {self.number}"


class Signature(models.Model):
    """A person's signature for a partner, bound to one version, with name and capacity as of the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = models.CharField(max_length=200)
    person = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=120)
    # The capacity of the policy year that it is given in; "" where the year names none for the partner.
    capacity_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    # The signature that was given, where an amendment left it standing: this row carries it over to its version.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "capacity_code"], name="signature_one_for_each_capacity"
            ),
            models.UniqueConstraint(fields=["version", "person"], name="signature_one_for_each_person"),
            models.CheckConstraint(condition=~Q(carried_from=F("id")), name="signature_not_carried_from_itself"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.organisation_name}"


class ReturnEvent(models.Model):
    """What happened to a return: opened, answered, sent for sign-off, signed, amended, sent back. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    quarterly_return = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="events")
    # Its place in the order of the return's events; moments may be equal where one transaction does several things.
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(null=True)
    # The capacity of a signature, where the policy year names one.
    capacity_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    # The section that it is about, by its tab; "" for the whole return.
    tab = models.CharField(max_length=60, blank=True, default="", db_default="")
    # The fingerprint of what was said to be ready.
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarterly_return", "number"], name="return_event_order"),
            one_of("kind", [kind.value for kind in EventKind], name="return_event_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=["sent_back", "amended", "signature_fallen", "restated"]) | ~Q(reason=""),
                name="return_event_sent_back_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SECTION_KINDS, tab__gt="") | ~Q(kind__in=SECTION_KINDS) & Q(tab=""),
                name="return_event_names_its_section",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["section_undone", "section_back", "ready_undone"]) | ~Q(reason=""),
                name="return_event_of_section_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="section_ready") | Q(sha256__regex="^[0-9a-f]{64}$"),
                name="return_event_ready_section_fingerprint",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.quarterly_return}: {self.kind}"
