import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from governance.models import Board
from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked
from partners.models import Area, Organisation, User, Ways, either
from partners.models.inheritance import inherited_by, reads_for

KINDS = {
    "section_75": "Section 75 pooled fund",
    "section_256": "Section 256 transfer",
    "memorandum_of_understanding": "Memorandum of understanding",
    "preparatory": "Preparatory arrangement before a pooled fund",
}
STATUSES = {"proposed": "Proposed", "in_force": "In force", "ended": "Ended"}


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of_parties(self, user: User) -> "AgreementQuerySet":
        """The agreements that the partners the person acts for, or that these succeeded, are party to."""
        parties = AgreementParty.objects.filter(reads_for(user, "organisation", area="agreement__area"))
        return self.filter(pk__in=parties.values("agreement"))

    def ways(self, user: User) -> Ways:
        """In which ways a person may know of an agreement. Never by area."""
        parties = AgreementParty.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
        inherited = AgreementParty.objects.filter(inherited_by(user, "organisation", area="agreement__area"))
        return {
            "party": Q(pk__in=parties.values("agreement")),
            "inherited": Q(pk__in=inherited.values("agreement")),
            "seat": Q(board__in=Board.objects.sat_on_by(user)),
        }

    def visible_to(self, user: User) -> "AgreementQuerySet":
        """Those of the person's partners, and those overseen by a board that the person sits on."""
        return self.filter(either(self.ways(user)))

    def known_to(self, user: User) -> "AgreementQuerySet":
        """Those visible, and those to which a partner of the person was party until it ended."""
        former = FormerParty.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
        return self.visible_to(user) | self.filter(pk__in=former.values("agreement"))


@tracked()
class Agreement(models.Model):
    """An arrangement between partners under which money is pooled or passed on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=12)
    area = models.ForeignKey(Area, models.PROTECT, related_name="agreements")
    board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="agreements")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="hosted_agreements")
    statutory_basis = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    parties = models.ManyToManyField(Organisation, through="AgreementParty", related_name="agreements")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="agreement_key_unique"),
            one_of("kind", list(KINDS), name="agreement_kind"),
            one_of("status", list(STATUSES), name="agreement_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]


@tracked()
class AgreementParty(models.Model):
    """A partner to the agreement: what is released to it, its people read."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="party_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreement_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="agreement_party_unique")]

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
    former = FormerParty.objects.filter(
        organisation__in=Organisation.objects.acted_for_by(user),
        agreement=OuterRef(agreement),
        ended_at__gt=OuterRef("released_at"),
    )
    return Q(Exists(former))
