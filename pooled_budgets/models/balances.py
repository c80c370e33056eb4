"""What each partner's own books say of a line at the end of a quarter, and what becomes of the differences."""

import uuid

from django.db import models
from django.db.models import Q

from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from partners.models import Owned, OwnedQuerySet, User
from pooled_budgets.models.fund import shared_in_fund
from pooled_budgets.models.scheme import SchemeLine


def _shared(user: User) -> Q:
    """Rows of lines whose fund the person shares now, or shared while a partner of theirs was party to it."""
    return shared_in_fund(user, "line__scheme__fund")


class BalanceStatementQuerySet(OwnedQuerySet["BalanceStatement"]):
    def visible_to(self, user: User) -> "BalanceStatementQuerySet":
        return self.readable(user, area="line__scheme__fund__agreement__area", shared_with=_shared(user))


class BalanceDifferenceQuerySet(OwnedQuerySet["BalanceDifference"]):
    def visible_to(self, user: User) -> "BalanceDifferenceQuerySet":
        return self.readable(user, area="line__scheme__fund__agreement__area", shared_with=_shared(user))


@tracked()
class BalanceStatement(Owned):
    """What a partner's books have for a line from April to a quarter's end, in pounds; a draft until released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="balance_statements")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()

    objects = BalanceStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "period", "owner"], name="balance_statement_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}: {self.amount}"


@tracked()
class BalanceDifference(Owned):
    """A difference between partners' statements of a line: of which kind, whose, with whom, and how it was settled.

    `amount` is the difference that was typed or settled, in pounds: another one since is open again. `owner` is the
    partner that clears it up.
    """

    TIMING, ERROR, DISPUTE = "timing", "error", "dispute"
    KINDS = {
        TIMING: "Timing: one partner has it in another month",
        ERROR: "Error in one partner's books",
        DISPUTE: "Dispute: the partners do not agree",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="balance_differences")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    kind = models.CharField(max_length=10)
    person = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    typed_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+", db_index=False)
    typed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=200, null=True)
    settled_because = models.CharField(max_length=500, blank=True)

    objects = BalanceDifferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "period"], name="balance_difference_unique"),
            one_of("kind", ["timing", "error", "dispute"], name="balance_difference_kind"),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(person=""), name="balance_difference_has_person"),
            both_or_neither("settled_at", "settled_by_name", name="balance_difference_settled"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_because="")
                | (Q(settled_at__isnull=False) & ~Q(settled_because="")),
                name="balance_difference_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}: {self.amount} apart"
