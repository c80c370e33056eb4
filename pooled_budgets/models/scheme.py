import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import amount_has_reason, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.states import AmountState
from partners.models import Organisation, Owned, OwnedQuerySet, User
from pooled_budgets.models.agreement import released_while_party
from pooled_budgets.models.fund import Fund, FundingLine


class SchemeQuerySet(OwnedQuerySet["Scheme"]):
    def visible_to(self, user: User) -> "SchemeQuerySet":
        shared = Q(fund__in=Fund.objects.shared_now(user)) | released_while_party(user, "fund__agreement")
        return self.readable(user, area="fund__agreement__area", shared_with=shared)


@tracked()
class Scheme(Owned):
    """A scheme of a fund's plan. Numbers are the partners' own and may have gaps (1 to 5, 7, 11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="schemes")
    number = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    # The import that brought it, so that the whole batch can be undone.
    imported_by = models.UUIDField(null=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="scheme_number_unique"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="scheme_has_number_and_name"),
        ]

    def __str__(self) -> str:
        return f"Scheme {self.number}: {self.name}"


@tracked()
class SchemeLine(Owned):
    """A budget line of a scheme, in pounds, with at most one source. A scheme's budget is the sum of its lines."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    funding = models.ForeignKey(FundingLine, models.PROTECT, null=True, related_name="scheme_lines")
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=20, default=AmountState.STATED)
    at = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="scheme_line_position_unique"),
            not_negative("budget", name="scheme_line_not_negative"),
            one_of("state", [state.value for state in AmountState], name="scheme_line_state"),
            amount_has_reason("budget", "state", name="scheme_line_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}, line {self.position}"


@tracked()
class LedgerCode(models.Model):
    """What a budget line is called in one partner's ledger."""

    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="ledger_codes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ledger_codes")
    code = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "organisation"], name="ledger_code_unique")]

    def __str__(self) -> str:
        return self.code
