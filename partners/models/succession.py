import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from partners.models.area import Area
from partners.models.organisation import Organisation
from partners.models.user import User

KINDS = {
    "merger": "Merger",
    "split": "Split",
    "boundary_change": "Boundary change",
    "rename": "Change of name",
}
# In these the predecessor ends the day before the effective date. One that loses an area at a boundary goes on.
ENDING_KINDS = ("merger", "split")
STATES = {"draft": "Draft", "confirmed": "Confirmed", "withdrawn": "Withdrawn"}
LINES_FIT = """
    IF NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NEW.kind <> 'rename' THEN
        IF NOT EXISTS (SELECT 1 FROM partners_successionline WHERE succession_id = NEW.id) THEN
            RAISE EXCEPTION 'succession %: nothing says who succeeds whom', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM partners_successionline WHERE succession_id = NEW.id
            GROUP BY predecessor_id, area_id
            HAVING COUNT(DISTINCT denominator) <> 1 OR SUM(numerator) <> MAX(denominator)
                OR COUNT(*) FILTER (WHERE keeps) <> 1
        ) THEN
            RAISE EXCEPTION 'succession %: shares do not add up to the whole', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM partners_successionline line
            JOIN partners_organisationending ending ON ending.organisation_id = line.successor_id
            WHERE line.succession_id = NEW.id AND ending.ended_on < NEW.effective_on
        ) OR EXISTS (
            SELECT 1 FROM partners_successionline line
            JOIN partners_successionline earlier ON earlier.successor_id = line.predecessor_id
            JOIN partners_succession other ON other.id = earlier.succession_id AND other.state = 'confirmed'
            WHERE line.succession_id = NEW.id AND NEW.kind <> 'boundary_change'
                AND other.effective_on >= NEW.effective_on
        ) OR EXISTS (
            SELECT 1 FROM partners_successionline line
            JOIN partners_successionline other
                ON other.succession_id = line.succession_id AND other.predecessor_id = line.successor_id
            WHERE line.succession_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'succession %: out of the order of time', NEW.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""
PARENT_IS_OPEN = """
    IF EXISTS (
        SELECT 1 FROM partners_succession
        WHERE id = COALESCE(NEW.succession_id, OLD.succession_id) AND state = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'pgtrigger: a confirmed succession never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def concerning(self, organisations: object) -> "SuccessionQuerySet":
        """Those in which one of the organisations ends, takes something over or is renamed."""
        lines = SuccessionLine.objects.filter(Q(predecessor__in=organisations) | Q(successor__in=organisations))
        return self.filter(Q(pk__in=lines.values("succession")) | Q(renamed__in=organisations))


@tracked()
class Succession(models.Model):
    """Organisations that follow others from a day, or one that takes a new name. A confirmed one never changes.

    A mistake is put right by another succession, which is why each says on which legal instrument it stands.
    """

    DRAFT, CONFIRMED, WITHDRAWN = "draft", "confirmed", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    effective_on = models.DateField()
    legal_reference = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    renamed = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    new_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="draft")
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    prepared_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    preview_sha256 = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", list(KINDS), name="succession_kind"),
            one_of("state", list(STATES), name="succession_state"),
            models.CheckConstraint(condition=~Q(legal_reference=""), name="succession_has_legal_reference"),
            models.CheckConstraint(
                condition=Q(kind="rename", renamed__isnull=False) & ~Q(new_name="")
                | ~Q(kind="rename") & Q(renamed__isnull=True, new_name=""),
                name="succession_rename_has_name",
            ),
            both_or_neither("confirmed_by", "confirmed_at", name="succession_confirmed_by"),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False) & ~Q(preview_sha256="")
                | ~Q(state="confirmed") & Q(confirmed_at__isnull=True, preview_sha256=""),
                name="succession_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("prepared_by")),
                name="succession_confirmed_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state = 'confirmed'"),
            ),
            pgtrigger.Trigger(
                name="lines_fit", operation=pgtrigger.Update, when=pgtrigger.Before, func=pgtrigger.Func(LINES_FIT)
            ),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} of {self.effective_on:%-d %B %Y}: {self.legal_reference}"

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def ends_predecessors(self) -> bool:
        return self.kind in ENDING_KINDS


@tracked()
class SuccessionLine(models.Model):
    """A successor's part of a predecessor: of everything, or of one area, as an exact fraction.

    `keeps` marks the one of each part who takes what cannot be divided: agreements hosted, funds kept, open drafts,
    seats. `copy_people` gives the predecessor's people the same roles in the successor at confirmation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    succession = models.ForeignKey(Succession, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successor_lines")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessor_lines")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    numerator = models.PositiveIntegerField(default=1)
    denominator = models.PositiveIntegerField(default=1)
    keeps = models.BooleanField(default=True)
    copy_people = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "predecessor", "successor", "area"],
                nulls_distinct=False,
                name="succession_line_unique",
            ),
            models.UniqueConstraint(
                fields=["succession", "predecessor", "area"],
                condition=Q(keeps=True),
                nulls_distinct=False,
                name="succession_line_one_keeps",
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_line_two_organisations"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0, numerator__lte=F("denominator")), name="succession_line_share"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="confirmed_stays",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=pgtrigger.Func(PARENT_IS_OPEN),
            )
        ]

    def __str__(self) -> str:
        return f"{self.successor} succeeds {self.predecessor}"


class SuccessionConsent(models.Model):
    """A partner's administrator agrees to a succession as the preview with this digest showed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    succession = models.ForeignKey(Succession, models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "organisation", "sha256"], name="succession_consent_one_for_each_partner"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.organisation}"


class SuccessionMove(models.Model):
    """What a confirmed succession moved: one part of one holding, in pounds. No `successor`: the part that stayed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    succession = models.ForeignKey(Succession, models.PROTECT, related_name="moves")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=36)
    label = models.CharField(max_length=400)
    period = models.CharField(max_length=40, blank=True)
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    predecessor_name = models.CharField(max_length=200)
    successor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    successor_name = models.CharField(max_length=200, blank=True)
    whole = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "position", "successor"], nulls_distinct=False, name="succession_move_unique"
            ),
            both_or_neither("whole", "amount", name="succession_move_amounts"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"


class OrganisationEnding(models.Model):
    """The last day of an organisation, and the succession that ended it. An organisation has one ending."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="ending")
    succession = models.ForeignKey(Succession, models.PROTECT, related_name="endings")
    ended_on = models.DateField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.organisation} until {self.ended_on:%-d %B %Y}"
