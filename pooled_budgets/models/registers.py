"""Registers beside an agreement: budgets that are aligned and not pooled, and contracts that partners hold jointly."""

import uuid

from django.db import models
from django.db.models import Q

from integration_hub.core.constraints import amount_has_reason, in_order, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.states import AmountState
from partners.models import Owned, OwnedQuerySet, User, Ways, either, known, own_or_released
from pooled_budgets.domain.registers import ROUTES
from pooled_budgets.models.agreement import Agreement
from pooled_budgets.models.scheme import Scheme

STATES = [state.value for state in AmountState]


class AlignedBudgetQuerySet(OwnedQuerySet["AlignedBudget"]):
    def ways(self, user: User) -> Ways:
        shared = Q(agreement__in=known(user, Agreement.objects.visible_to))
        return own_or_released(user, area="agreement__area", shared_with=shared)

    def visible_to(self, user: User) -> "AlignedBudgetQuerySet":
        """The owner's people, and once released the parties and the board that oversees the agreement."""
        return self.filter(either(self.ways(user)))


@tracked()
class AlignedBudget(Owned):
    """A budget of one partner that stays its own and is planned together with the others', in pounds for a year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="aligned_budgets")
    service = models.CharField(max_length=200)
    financial_year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=20, default=AmountState.STATED)
    review_on = models.DateField(null=True)
    candidate = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    objects = AlignedBudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            not_negative("amount", name="aligned_budget_not_negative"),
            one_of("state", STATES, name="aligned_budget_state"),
            amount_has_reason("amount", "state", name="aligned_budget_has_reason"),
        ]

    def __str__(self) -> str:
        return self.service


class JointContractQuerySet(OwnedQuerySet["JointContract"]):
    def ways(self, user: User) -> Ways:
        shared = Q(agreement__in=known(user, Agreement.objects.visible_to))
        return own_or_released(user, area="agreement__area", shared_with=shared)

    def visible_to(self, user: User) -> "JointContractQuerySet":
        """The owner's people, and once released the parties and the board that oversees the agreement."""
        return self.filter(either(self.ways(user)))


@tracked()
class JointContract(Owned):
    """A contract with a provider that partners hold jointly; `amount` is its whole value in pounds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="joint_contracts")
    provider = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, related_name="joint_contracts")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=20, default=AmountState.STATED)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    route = models.CharField(max_length=30, default="not_stated")
    note = models.CharField(max_length=300, blank=True)

    objects = JointContractQuerySet.as_manager()

    class Meta:
        constraints = [
            not_negative("amount", name="joint_contract_not_negative"),
            one_of("state", STATES, name="joint_contract_state"),
            amount_has_reason("amount", "state", name="joint_contract_has_reason"),
            in_order("starts_on", "ends_on", name="joint_contract_dates_in_order"),
            one_of("route", list(ROUTES), name="joint_contract_route"),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.provider}"

    @property
    def route_words(self) -> str:
        return ROUTES[self.route]
