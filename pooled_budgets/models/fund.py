import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from integration_hub.core.constraints import amount_has_reason, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.quarters import FinancialYear
from integration_hub.core.states import AmountState
from partners.models import Organisation, Owned, OwnedQuerySet, User, Ways, either, known, own_or_released
from partners.models.ownership import Row
from pooled_budgets.models.agreement import Agreement, released_while_party
from pooled_budgets.models.reference import FundingStream

CASH, IN_KIND = "cash", "in_kind"
FORMS = {CASH: "Cash", IN_KIND: "In kind"}


class FundQuerySet(OwnedQuerySet["Fund"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a fund."""
        shared = Q(agreement__in=known(user, Agreement.objects.visible_to))
        former = Q(released_at__isnull=False) & released_while_party(user, "agreement")
        return own_or_released(user, area="agreement__area", shared_with=shared) | {"former": former}

    def visible_to(self, user: User) -> "FundQuerySet":
        """The funds of the person's partners, and those released to the parties and the overseeing board."""
        return self.filter(either(self.ways(user)))

    def shared_now(self, user: User) -> "FundQuerySet":
        """The same without those of agreements that a partner of the person has left by its ending."""
        shared = Q(agreement__in=known(user, Agreement.objects.visible_to))
        return self.readable(user, area="agreement__area", shared_with=shared)


@tracked()
class Fund(Owned):
    """The money of one agreement in one financial year, in pounds. `owner` keeps it (the host, where there is one).

    `financial_year` is the year it starts in: 2014 is 2014/15.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="funds")
    financial_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    total = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    total_state = models.CharField(max_length=20, default=AmountState.STATED)
    # What the total is called in print: "potential", "preparatory year".
    total_note = models.CharField(max_length=300, blank=True)
    # How the partners split it, in words, where no document states it.
    split_note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    # Places where documents disagree about a figure of this fund: a list of {"figure", "printed", "where", "note"}.
    discrepancies = models.JSONField(default=list)
    illustrative = models.BooleanField(default=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "financial_year", "name"], name="fund_unique"),
            not_negative("total", name="fund_total_not_negative"),
            one_of("total_state", [state.value for state in AmountState], name="fund_total_state"),
            amount_has_reason("total", "total_state", name="fund_total_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year.label}"

    @property
    def year(self) -> FinancialYear:
        return FinancialYear(self.financial_year)


def shared_in_fund(user: User, fund: str = "fund") -> Q:
    """Rows whose `fund` (a path of lookups) the person shares now, or that were released while a party of it."""
    now = Q(**{f"{fund}__in": known(user, Fund.objects.shared_now)})
    return now | released_while_party(user, f"{fund}__agreement")


class OfFundQuerySet(OwnedQuerySet[Row]):
    """Rows that a partner entered in a fund, which `fund` leads to."""

    fund = "fund"

    def visible_to(self, user: User) -> Self:
        """Those of the person's partners, and those released to the parties and the overseeing board."""
        return self.readable(user, area=f"{self.fund}__agreement__area", shared_with=shared_in_fund(user, self.fund))


@tracked()
class FundingLine(Owned):
    """Money into the fund from one source, in pounds. An unknown payer stays empty: the page says "not stated"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="funding_lines")
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    # What it is kept apart as follows from the stream; without one that is not known.
    stream = models.ForeignKey(FundingStream, models.PROTECT, null=True, related_name="funding_lines")
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="funding_lines")
    form = models.CharField(max_length=10, default=CASH)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=20, default=AmountState.STATED)
    note = models.CharField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    at = models.DateField()

    objects = OfFundQuerySet["FundingLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "position"], name="funding_line_position_unique"),
            not_negative("amount", name="funding_line_not_negative"),
            one_of("state", [state.value for state in AmountState], name="funding_line_state"),
            amount_has_reason("amount", "state", name="funding_line_has_reason"),
            one_of("form", list(FORMS), name="funding_line_form"),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def form_words(self) -> str:
        return FORMS[self.form]

    @property
    def ring_fence(self) -> str:
        """What the money is kept apart as (domain.ring_fences); "" where no stream is named."""
        return self.stream.ring_fence if self.stream else ""
