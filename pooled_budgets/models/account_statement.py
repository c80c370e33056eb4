"""What is said of a settled year's memorandum account: its purpose, who certifies it, what the auditor states."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import one_of
from partners.models import Owned, OwnedQuerySet, User
from pooled_budgets.models.agreement import released_while_party
from pooled_budgets.models.fund import Fund
from pooled_budgets.models.settlement import Settlement

PURPOSE, POOL_MANAGER, FINANCE_OFFICER, AUDIT = "purpose", "pool_manager", "finance_officer", "audit"
KINDS = {
    PURPOSE: "Purpose of the fund",
    POOL_MANAGER: "Certificate of the pool manager",
    FINANCE_OFFICER: "Certificate of the section 151 officer or chief finance officer",
    AUDIT: "Audit statement",
}
OF_KEEPER = """
    IF NOT EXISTS (
        SELECT 1 FROM pooled_budgets_settlement s WHERE s.id = NEW.settlement_id AND s.owner_id = NEW.owner_id
        AND (NEW.kind = 'purpose' OR EXISTS (
            SELECT 1 FROM pooled_budgets_settlementapproval a WHERE a.settlement_id = s.id
        ))
    ) THEN
        RAISE EXCEPTION 'the keeper alone states it, and certifies what was approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class AccountStatementQuerySet(OwnedQuerySet["AccountStatement"]):
    def visible_to(self, user: User) -> "AccountStatementQuerySet":
        """Those of settlements that the person may read: each is shown as soon as it is entered."""
        shared = Q(settlement__fund__in=Fund.objects.shared_now(user))
        former = released_while_party(user, "settlement__fund__agreement")
        return self.readable(user, area="settlement__fund__agreement__area", shared_with=shared | former)


class AccountStatement(Owned):
    """One statement on the account of a settlement, by whom it was made and on which day. Append-only.

    A later one of the same kind takes its place; both stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=2000)
    # Who certifies or states it, and in which capacity; for the purpose nobody.
    stated_by = models.CharField(max_length=200, blank=True)
    stated_on = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AccountStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", list(KINDS), name="account_statement_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="account_statement_says_something"),
            models.CheckConstraint(
                condition=Q(kind=PURPOSE, stated_by="") | ~Q(kind=PURPOSE) & ~Q(stated_by=""),
                name="account_statement_names_who",
            ),
            models.CheckConstraint(condition=Q(released_at__isnull=False), name="account_statement_is_shown"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="of_keeper", when=pgtrigger.Before, operation=pgtrigger.Insert, func=OF_KEEPER),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.kind]}, {self.settlement}"
