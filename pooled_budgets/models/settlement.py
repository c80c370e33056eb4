"""A year settled between the partners: frozen figures that another person approves and that never change.

A settlement that turned out wrong is replaced by another that says why; both stay.
"""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from governance.models import Authorised, Decision, at_most_one_authority
from integration_hub.core.constraints import not_negative
from partners.models import Organisation, Owned, User, known
from pooled_budgets.models.fund import Fund, OfFundQuerySet

IN_ORDER = """
    IF EXISTS (
        SELECT 1 FROM pooled_budgets_settlementapproval a
        JOIN pooled_budgets_settlement s ON s.id = a.settlement_id
        WHERE s.fund_id = NEW.fund_id
    ) AND NEW.replaces_id IS NULL THEN
        RAISE EXCEPTION 'an approved settlement is replaced, never left aside' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM pooled_budgets_settlement s
        JOIN pooled_budgets_settlementapproval a ON a.settlement_id = s.id
        WHERE s.id = NEW.replaces_id AND s.fund_id = NEW.fund_id
    ) THEN
        RAISE EXCEPTION 'only an approved settlement of the same fund is replaced' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
BY_ANOTHER = """
    IF NOT EXISTS (
        SELECT 1 FROM pooled_budgets_settlement s
        WHERE s.id = NEW.settlement_id AND s.prepared_by_id <> NEW.approved_by_id
        AND NOT EXISTS (
            SELECT 1 FROM pooled_budgets_settlement later WHERE later.fund_id = s.fund_id AND later.number > s.number
        )
    ) THEN
        RAISE EXCEPTION 'the last settlement is approved, by another person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
WITHIN_CLOSING = """
    IF NOT EXISTS (
        SELECT 1 FROM pooled_budgets_settlement s
        JOIN pooled_budgets_settlementapproval a ON a.settlement_id = s.id
        JOIN pooled_budgets_fund past ON past.id = s.fund_id
        JOIN pooled_budgets_fund next ON next.id = NEW.fund_id
        WHERE s.id = NEW.settlement_id AND next.agreement_id = past.agreement_id
        AND next.financial_year = past.financial_year + 1
        AND NEW.amount + COALESCE(
            (SELECT sum(o.amount) FROM pooled_budgets_openingbalance o
             JOIN pooled_budgets_settlement other ON other.id = o.settlement_id
             WHERE other.fund_id = s.fund_id), 0
        ) BETWEEN 0 AND (s.content -> 'account' ->> 'closing')::numeric
    ) THEN
        RAISE EXCEPTION 'no more is carried than the approved closing balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class SettlementQuerySet(OfFundQuerySet["Settlement"]):
    """Those of a fund."""


class Settlement(Owned):
    """The year end of a fund as one person prepared it: `content` is what domain.year_end froze, told by its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="settlements")
    number = models.PositiveSmallIntegerField()
    # The approved one that this one takes the place of, and why.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(max_length=1000, blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    # The board's decision on what the rules left unresolved, where anything was.
    divided_by = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    prepared_at = models.DateTimeField()

    objects = SettlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="settlement_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="settlement_from_1"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | Q(replaces__isnull=False) & ~Q(reason=""),
                name="settlement_says_why_it_replaces",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="settlement_has_hash"),
            models.CheckConstraint(condition=Q(released_at__isnull=False), name="settlement_is_shown"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="in_order", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IN_ORDER),
        ]

    def __str__(self) -> str:
        return f"Settlement {self.number} of {self.fund}"


class OfSettlement(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> "models.QuerySet[models.Model]":
        """Those of settlements that the person may read."""
        return self.filter(settlement__in=known(user, Settlement.objects.visible_to))


class SettlementApproval(Authorised):
    """That another person approved a settlement, for which partner, and what allowed it. `amount` is what it moves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="approval")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by_name = models.CharField(max_length=200)
    approved_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The day of the act in London, on which the authority had to hold.
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfSettlement.as_manager()

    class Meta:
        constraints = [
            not_negative("amount", name="settlement_approval_not_negative"),
            at_most_one_authority(name="settlementapproval_one_authority"),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | Q(delegation__isnull=False), name="settlement_approval_allowed"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="by_another", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BY_ANOTHER),
        ]

    def __str__(self) -> str:
        return f"Approval of {self.settlement}"


class OpeningBalanceQuerySet(OfFundQuerySet["OpeningBalance"]):
    """Those of a fund."""


class OpeningBalance(Owned, Authorised):
    """Pounds carried from a settled year into the fund of the next, and what allowed it; below nil takes back.

    A fund's opening balance is the sum of its rows. Append-only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="opening_balances")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="carried")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=1000)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    on = models.DateField()

    objects = OpeningBalanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="opening_balance_moves_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="opening_balance_has_reason"),
            at_most_one_authority(name="openingbalance_one_authority"),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | Q(delegation__isnull=False), name="opening_balance_allowed"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="within_closing", when=pgtrigger.Before, operation=pgtrigger.Insert, func=WITHIN_CLOSING
            ),
        ]

    def __str__(self) -> str:
        return f"Opening balance of {self.fund}"
