import uuid
from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from governance.models import Board
from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked
from partners.models import Area, Organisation, User, Ways, either, known
from partners.models.inheritance import inherited_by, partners_of, reads_for
from partners.models.known import NOTHING, may_have_left
from pooled_budgets.domain.life import CLOSED, STATUSES, state_on, state_words
from pooled_budgets.domain.terms import KINDS

# The head of a signed agreement repeats its terms, and so changes with a new version alone.
_SIGNED_STANDS = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.current_version_id IS NOT NULL THEN
            RAISE EXCEPTION 'agreement_signed_stands: a new agreement has no signed version yet';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.current_version_id IS DISTINCT FROM OLD.current_version_id THEN
        IF NOT EXISTS (
            SELECT 1 FROM pooled_budgets_agreementversion AS version
            WHERE version.id = NEW.current_version_id AND version.agreement_id = NEW.id
            AND (version.is_paper OR (
                SELECT count(*) FROM pooled_budgets_agreementsignature AS signature
                WHERE signature.version_id = version.id
            ) = jsonb_array_length(version.content -> 'parties'))
        ) THEN
            RAISE EXCEPTION 'agreement_signed_stands: not every party has signed that version of this agreement';
        END IF;
    ELSIF OLD.current_version_id IS NOT NULL AND (
        OLD.title, OLD.kind, OLD.area_id, OLD.statutory_basis, OLD.commences_on, OLD.expires_on, OLD.status,
        OLD.owner_id
    ) IS DISTINCT FROM (
        NEW.title, NEW.kind, NEW.area_id, NEW.statutory_basis, NEW.commences_on, NEW.expires_on, NEW.status,
        NEW.owner_id
    ) THEN
        RAISE EXCEPTION 'agreement_signed_stands: a signed agreement changes only by a variation that is signed';
    ELSIF OLD.current_version_id IS NOT NULL AND OLD.host_id IS DISTINCT FROM NEW.host_id AND NOT EXISTS (
        SELECT 1 FROM pooled_budgets_formerparty AS former WHERE former.agreement_id = NEW.id
        AND former.organisation_id = OLD.host_id AND former.followed_by_id = NEW.host_id
    ) THEN
        RAISE EXCEPTION 'agreement_signed_stands: the host changes by a variation, or by its legal successor';
    END IF;
    IF OLD.terminated_on IS NOT NULL AND (OLD.terminated_on, OLD.termination_reason)
        IS DISTINCT FROM (NEW.terminated_on, NEW.termination_reason)
    THEN
        RAISE EXCEPTION 'agreement_signed_stands: a termination is not taken back';
    END IF;
    RETURN NEW;
"""
# At the end of the transaction, when the version, the parties and whoever followed them are all written.
_PARTIES_AS_SIGNED = """
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (
            SELECT 1 FROM pooled_budgets_agreement AS agreement
            JOIN pooled_budgets_agreementversion AS version ON version.id = agreement.current_version_id
            WHERE agreement.id = OLD.agreement_id
            AND version.content -> 'parties' @> jsonb_build_array(jsonb_build_object('id', OLD.organisation_id))
        ) AND NOT EXISTS (
            SELECT 1 FROM pooled_budgets_formerparty AS former
            WHERE former.agreement_id = OLD.agreement_id AND former.organisation_id = OLD.organisation_id
        ) THEN
            RAISE EXCEPTION 'agreement_parties_as_signed: that partner is a party by the signed agreement';
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT 1 FROM pooled_budgets_agreement AS agreement
        JOIN pooled_budgets_agreementversion AS version ON version.id = agreement.current_version_id
        WHERE agreement.id = NEW.agreement_id
        AND NOT version.content -> 'parties' @> jsonb_build_array(jsonb_build_object('id', NEW.organisation_id))
    ) AND NOT EXISTS (
        SELECT 1 FROM pooled_budgets_formerparty AS former
        WHERE former.agreement_id = NEW.agreement_id AND former.followed_by_id = NEW.organisation_id
    ) THEN
        RAISE EXCEPTION 'agreement_parties_as_signed: that partner is no party by the signed agreement';
    END IF;
    RETURN NULL;
"""


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of_parties(self, user: User) -> "AgreementQuerySet":
        """The agreements that the partners the person acts for, or that these succeeded, are party to."""
        parties = AgreementParty.objects.filter(reads_for(user, "organisation", area="agreement__area"))
        return self.filter(pk__in=parties.values("agreement")).exclude(status="draft")

    def open(self) -> "AgreementQuerySet":
        """Those that nobody has ended: their places go on with a successor."""
        return self.exclude(status__in=CLOSED).exclude(terminated_on__isnull=False)

    def ways(self, user: User) -> Ways:
        """In which ways a person may know of an agreement. Never by area.

        A draft is its preparer's alone; what the partners still work on, the overseeing board does not see.
        """
        parties = AgreementParty.objects.filter(organisation__in=partners_of(user))
        inherited = AgreementParty.objects.filter(inherited_by(user, "organisation", area="agreement__area"))
        return {
            "own": Q(owner__in=partners_of(user)),
            "party": Q(pk__in=parties.values("agreement")) & ~Q(status="draft"),
            "inherited": Q(pk__in=inherited.values("agreement")) & ~Q(status="draft"),
            "seat": Q(board__in=known(user, Board.objects.sat_on_by)) & ~Q(status__in=["draft", "with_partners"]),
        }

    def visible_to(self, user: User) -> "AgreementQuerySet":
        """Those of the person's partners, and those overseen by a board that the person sits on."""
        return self.filter(either(self.ways(user)))

    def known_to(self, user: User) -> "AgreementQuerySet":
        """Those visible, and those to which a partner of the person was party until it ended."""
        if not may_have_left(user):
            return self.visible_to(user)
        former = FormerParty.objects.filter(organisation__in=partners_of(user))
        return self.visible_to(user) | self.filter(pk__in=former.values("agreement"))


@tracked()
class Agreement(models.Model):
    """An arrangement between partners under which money is pooled or passed on: what lists and funds need of it.

    `current_version` is the last version that every party signed; what stands here of its terms is repeated from it.
    Agreements that were recorded from their papers alone have none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=14)
    # The partner that prepared it here; nobody where it was recorded from its papers.
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="agreements")
    board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="agreements")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="hosted_agreements")
    statutory_basis = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    commences_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    terminated_on = models.DateField(null=True)
    termination_reason = models.TextField(blank=True)
    current_version = models.ForeignKey("pooled_budgets.AgreementVersion", models.PROTECT, null=True, related_name="+")
    parties = models.ManyToManyField(Organisation, through="AgreementParty", related_name="agreements")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="agreement_key_unique"),
            one_of("kind", list(KINDS), name="agreement_kind"),
            one_of("status", list(STATUSES), name="agreement_status"),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "with_partners"]) | Q(owner__isnull=False),
                name="agreement_draft_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="signed", current_version__isnull=False)
                | (~Q(status="signed") & Q(current_version__isnull=True)),
                name="agreement_signed_has_version",
            ),
            in_order("commences_on", "expires_on", name="agreement_dates_in_order"),
            models.CheckConstraint(
                condition=Q(terminated_on__isnull=True, termination_reason="")
                | (Q(terminated_on__isnull=False) & ~Q(termination_reason="")),
                name="agreement_termination_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_SIGNED_STANDS,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, day: date) -> str:
        """What the agreement is on a day: in force, expired, … by its status and dates."""
        return state_on(
            self.status,
            commences_on=self.commences_on,
            expires_on=self.expires_on,
            terminated_on=self.terminated_on,
            day=day,
        )

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def status_words(self) -> str:
        """What it is today, in words."""
        return state_words(self.state_on(timezone.localdate()))


@tracked()
class AgreementParty(models.Model):
    """A partner to the agreement: what is released to it, its people read."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="party_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreement_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="agreement_party_unique")]
        triggers = [
            pgtrigger.Trigger(
                name="parties_as_signed",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func=_PARTIES_AS_SIGNED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.agreement}"


@tracked()
class FormerParty(models.Model):
    """A partner that was party to the agreement until it ended, and who followed it there.

    Its people go on reading what was released to it before `ended_at`, and nothing that was released later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="former_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="former_agreement_links")
    organisation_name = models.CharField(max_length=200)
    followed_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation", "followed_by"], name="former_party_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_name}, formerly in {self.agreement}"


def released_while_party(user: User, agreement: str) -> Q:
    """Rows released to a partner of the person while it was party to the row's `agreement` (a path of lookups)."""
    if not may_have_left(user):
        return NOTHING
    former = FormerParty.objects.filter(
        organisation__in=partners_of(user),
        agreement=OuterRef(agreement),
        ended_at__gt=OuterRef("released_at"),
    )
    return Q(Exists(former))
