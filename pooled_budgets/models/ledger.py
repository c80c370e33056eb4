"""What was spent and what is promised: postings that are never changed, commitments, and rows that wait for a line."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from partners.models import Owned, OwnedQuerySet, User
from pooled_budgets.models.fund import Fund, OfFundQuerySet
from pooled_budgets.models.scheme import SchemeLine

# One statement for however many rows come in at once: a trigger for each row would cost more than the copy itself.
_IN_ITS_PLACE = """
    IF EXISTS (
        SELECT 1 FROM posted AS p
        JOIN pooled_budgets_schemeline AS l ON l.id = p.line_id
        JOIN pooled_budgets_scheme AS s ON s.id = l.scheme_id
        JOIN pooled_budgets_fund AS f ON f.id = p.fund_id
        JOIN core_period AS m ON m.id = p.period_id
        WHERE s.fund_id <> p.fund_id OR m.kind <> 'month' OR m.financial_year <> f.financial_year
    ) THEN
        RAISE EXCEPTION 'a posting stands in a line of its fund and in a month of its year';
    END IF;
    IF EXISTS (
        SELECT 1 FROM posted AS p
        JOIN pooled_budgets_transaction AS o ON o.id = p.reverses_id
        WHERE o.line_id <> p.line_id OR o.amount <> -p.amount OR o.kind <> p.kind OR o.reverses_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a reversal takes back exactly one posting, and no reversal';
    END IF;
    RETURN NULL;
"""


class TransactionQuerySet(OfFundQuerySet["Transaction"]):
    """Those of a fund."""


class Transaction(Owned):
    """A posting to a budget line in a month, in pounds: plus is spending, minus income. Never changed, never deleted.

    A wrong one is taken back by another that points at it. `at` is the day in the ledger; `batch` the import that
    brought it, so that the whole of it can be taken back, and `row` its row there (0 where somebody typed it).
    """

    ACTUAL, ACCRUAL = "actual", "accrual"
    KINDS = {ACTUAL: "Actual", ACCRUAL: "Accrual"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="transactions", db_index=False)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="transactions")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, default=ACTUAL)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    description = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    at = models.DateField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=300, blank=True)
    batch = models.UUIDField(null=True)
    row = models.PositiveIntegerField(default=0, db_default=0)
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", ["actual", "accrual"], name="transaction_kind"),
            models.CheckConstraint(condition=~Q(amount=0), name="transaction_not_nought"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, reason="") | (Q(reverses__isnull=False) & ~Q(reason="")),
                name="transaction_reversal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")), name="transaction_not_of_itself"
            ),
        ]
        indexes = [
            # The list of a fund goes by key, newest first; sums of a line by month come from the index alone.
            models.Index(fields=["fund", "-entered_at", "-at", "row", "-id"], name="transaction_in_order"),
            models.Index(fields=["fund", "line", "period"], include=["amount"], name="transaction_by_month"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="transaction_of_batch"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="in_its_place",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="posted"),
                func=_IN_ITS_PLACE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_words()} of {self.amount} in {self.period}"

    def get_kind_words(self) -> str:
        return "Reversal" if self.reverses_id else self.KINDS[self.kind]


class CommitmentQuerySet(OfFundQuerySet["Commitment"]):
    fund = "line__scheme__fund"


@tracked()
class Commitment(Owned):
    """Money promised to a supplier and not yet spent, in pounds, due in a month. It adds to no actual."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="commitments")
    supplier = models.CharField(max_length=200)
    description = models.CharField(max_length=300, blank=True)
    open_value = models.DecimalField(max_digits=14, decimal_places=2)
    due = models.ForeignKey(Period, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=200, null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(open_value__gt=0), name="commitment_above_nil"),
            models.CheckConstraint(condition=~Q(supplier=""), name="commitment_has_supplier"),
            both_or_neither("closed_at", "closed_by_name", name="commitment_closed"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_because="")
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="commitment_closed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.open_value}"


class ParkedRowQuerySet(OwnedQuerySet["ParkedRow"]):
    def visible_to(self, user: User) -> "ParkedRowQuerySet":
        """Rows of an extract are the keeper's own until they are posted."""
        return self.readable(user, area="fund__agreement__area", shared_with=Q(pk__isnull=True))


@tracked()
class ParkedRow(Owned):
    """A row of a ledger extract whose code belongs to no line yet: it counts in no total until it is posted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="parked_rows")
    batch = models.UUIDField(db_index=True)
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    at = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    description = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    posted = models.OneToOneField(Transaction, models.PROTECT, null=True, related_name="parked")
    taken_back_at = models.DateTimeField(null=True)

    objects = ParkedRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "row"], name="parked_row_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="parked_row_has_code"),
            models.CheckConstraint(
                condition=Q(posted__isnull=True) | Q(taken_back_at__isnull=True), name="parked_row_one_fate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.amount}"
