"""Virements: money moved between the schemes of a fund, prepared by one person and approved by another."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from governance.models import Authorised, at_most_one_authority
from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from partners.models import Owned, OwnedQuerySet, User
from pooled_budgets.models.fund import Fund, shared_in_fund
from pooled_budgets.models.scheme import SchemeLine

PREPARED, APPROVED, REJECTED = "prepared", "approved", "rejected"
STATUSES = {PREPARED: "Waits for approval", APPROVED: "Approved", REJECTED: "Rejected"}

# Both sides of a virement together, and the two lines that it names.
SUMS_TO_NIL = """
    IF NOT EXISTS (
        SELECT 1 FROM pooled_budgets_virement v
        WHERE v.id = NEW.virement_id AND v.status = 'approved'
        AND (SELECT count(*) FROM pooled_budgets_virementside s WHERE s.virement_id = v.id) = 2
        AND (SELECT sum(s.amount) FROM pooled_budgets_virementside s
             WHERE s.virement_id = v.id AND s.line_id = v.from_line_id) = -v.amount
        AND (SELECT sum(s.amount) FROM pooled_budgets_virementside s
             WHERE s.virement_id = v.id AND s.line_id = v.to_line_id) = v.amount
    ) THEN
        RAISE EXCEPTION 'the two sides of a virement sum to nil' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class VirementQuerySet(OwnedQuerySet["Virement"]):
    def visible_to(self, user: User) -> "VirementQuerySet":
        """Those of the person's partners, and those released, with both schemes, to the parties and the board."""
        shared = shared_in_fund(user)
        released = Q(from_line__scheme__released_at__isnull=False, to_line__scheme__released_at__isnull=False)
        return self.readable(user, area="fund__agreement__area", shared_with=shared & released)


@tracked()
class Virement(Owned, Authorised):
    """An amount in pounds that moves from a line of one scheme to a line of another, from a day on.

    The fund's parties read it as soon as it is prepared. Once approved or rejected it never changes; one that was
    wrong is moved back by another. `recurrent`: it is proposed for next year's budgets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="virements")
    number = models.PositiveIntegerField()
    from_line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="virements_out")
    to_line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="virements_in")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    recurrent = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000)
    effective_on = models.DateField()
    status = models.CharField(max_length=12, default=PREPARED)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # The day of the act in London, on which the authority had to hold.
    decided_on = models.DateField(null=True)
    rejected_because = models.CharField(max_length=500, blank=True)

    objects = VirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="virement_number_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="virement_moves_something"),
            models.CheckConstraint(condition=~Q(from_line=F("to_line")), name="virement_between_two_lines"),
            models.CheckConstraint(condition=~Q(reason=""), name="virement_has_reason"),
            one_of("status", list(STATUSES), name="virement_status"),
            at_most_one_authority(name="virement_one_authority"),
            both_or_neither("decided_by", "decided_at", name="virement_decided_by_somebody"),
            both_or_neither("decided_by", "decided_on", name="virement_decided_on_a_day"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("prepared_by")),
                name="virement_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=PREPARED, decided_by__isnull=True, rejected_because="")
                | Q(status=REJECTED, decided_by__isnull=False) & ~Q(rejected_because="")
                | Q(status=APPROVED, decided_by__isnull=False, rejected_because="")
                & (Q(decision__isnull=False) | Q(delegation__isnull=False)),
                name="virement_decided_as_status_says",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status <> 'prepared'"),
            ),
            pgtrigger.Protect(
                name="frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.fund_id, OLD.number, OLD.from_line_id, OLD.to_line_id, OLD.amount, OLD.prepared_by_id)"
                    " IS DISTINCT FROM"
                    " ROW(NEW.fund_id, NEW.number, NEW.from_line_id, NEW.to_line_id, NEW.amount, NEW.prepared_by_id)"
                ),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Virement {self.number} of {self.fund}"

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]


class VirementSide(models.Model):
    """What an approved virement did to one line, in pounds: less on the one side, as much more on the other.

    Append-only; the database refuses to commit one side without the other. A line's budget is its original one and
    the sum of its sides.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    virement = models.ForeignKey(Virement, models.PROTECT, related_name="sides")
    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="virement_sides")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["virement", "line"], name="virement_side_unique"),
            models.CheckConstraint(condition=~Q(amount=0), name="virement_side_moves_something"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="sums_to_nil",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert,
                func=SUMS_TO_NIL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.virement}, {self.line}"
