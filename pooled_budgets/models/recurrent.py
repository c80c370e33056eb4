"""What a fund makes of the recurrent virements of the year before."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partners.models import User
from pooled_budgets.models.fund import Fund
from pooled_budgets.models.virement import Virement

_OF_THE_YEAR_BEFORE = """
    IF NOT EXISTS (
        SELECT 1 FROM pooled_budgets_virement AS v
        JOIN pooled_budgets_fund AS past ON past.id = v.fund_id
        JOIN pooled_budgets_fund AS next ON next.id = NEW.fund_id
        WHERE v.id = NEW.recurrent_id AND v.recurrent AND v.status = 'approved'
        AND next.agreement_id = past.agreement_id AND next.financial_year = past.financial_year + 1
    ) THEN
        RAISE EXCEPTION 'an answer is to an approved recurrent virement of the year before'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.prepared_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM pooled_budgets_virement AS v WHERE v.id = NEW.prepared_id AND v.fund_id = NEW.fund_id
    ) THEN
        RAISE EXCEPTION 'what is prepared for it is a virement of the fund' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class RecurrentAnswer(models.Model):
    """What a fund makes of a recurrent virement of the year before: a virement of its own, or nothing, with why.

    Read as the fund, and never changed. Where the virement that was prepared is rejected, another answer may follow.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recurrent = models.ForeignKey(Virement, models.PROTECT, related_name="answers")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="recurrent_answers")
    prepared = models.OneToOneField(Virement, models.PROTECT, null=True, related_name="continues")
    reason = models.CharField(max_length=1000)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recurrent_answer_has_reason")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_the_year_before",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_THE_YEAR_BEFORE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recurrent} in {self.fund}"
