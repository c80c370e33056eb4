import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from integration_hub.core.constraints import amount_has_reason, both_or_neither, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from integration_hub.core.states import AmountState
from partners.models import Organisation, Owned, OwnedQuerySet, User, known
from pooled_budgets.models.agreement import Agreement, released_while_party
from pooled_budgets.models.agreement_version import AgreementVersion
from pooled_budgets.models.fund import Fund, OfFundQuerySet
from pooled_budgets.models.scheme import Scheme

APPROVED_STAYS = [
    pgtrigger.Protect(
        name="approved_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.approved_at IS NOT NULL"),
    )
]


class RiskShareRulesQuerySet(OwnedQuerySet["RiskShareRules"]):
    def visible_to(self, user: User) -> "RiskShareRulesQuerySet":
        """The person's partners' own, and those released to the parties and the overseeing board."""
        shared = Q(agreement__in=known(user, Agreement.objects.visible_to)) | released_while_party(user, "agreement")
        return self.readable(user, area="agreement__area", shared_with=shared)


@tracked()
class RiskShareRules(Owned):
    """Who bears an overspend and who keeps an underspend under one agreement: one version of the rules.

    `groups` is the list that docs/domain/risk-share.md defines, with partners by their keys. A draft has no number;
    approval gives it one, and from then on the row never changes. It applies from `effective_from` until the next.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="risk_share_rules")
    number = models.PositiveSmallIntegerField(null=True)
    # The version of a signed agreement that brought these rules; empty where nothing was signed here.
    agreement_version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, related_name="risk_share_rules")
    groups = models.JSONField()
    # Where in the agreement the rules stand: "clause 14 and schedule 3".
    clause = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    effective_from = models.DateField(null=True)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_for = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = RiskShareRulesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="risk_share_rules_number_unique"),
            models.UniqueConstraint(
                fields=["agreement", "owner"], condition=Q(approved_at__isnull=True), name="risk_share_rules_one_draft"
            ),
            both_or_neither("approved_at", "approved_by", name="risk_share_rules_approved_by"),
            both_or_neither("approved_at", "approved_for", name="risk_share_rules_approved_for"),
            both_or_neither("approved_at", "number", name="risk_share_rules_numbered"),
            both_or_neither("approved_at", "effective_from", name="risk_share_rules_from"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="risk_share_rules_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(released_at__isnull=False), name="risk_share_rules_released"
            ),
            models.CheckConstraint(condition=Q(number__gte=1) | Q(number__isnull=True), name="risk_share_rules_from_1"),
            models.CheckConstraint(
                condition=~Q(groups=models.Value([], models.JSONField())), name="risk_share_rules_say_something"
            ),
        ]
        triggers = APPROVED_STAYS

    def __str__(self) -> str:
        return f"Risk-share rules, version {self.number}" if self.number else "Risk-share rules, draft"

    @property
    def rules(self) -> dict[str, object]:
        """As the domain takes them."""
        return {"groups": self.groups}


@tracked()
class RiskShareFigures(models.Model):
    """What a fund's risk share needs beside plan and outturn: the contingency of the year, in pounds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.OneToOneField(Fund, models.PROTECT, related_name="risk_share_figures")
    contingency = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    contingency_state = models.CharField(max_length=20, default=AmountState.NOT_STATED)
    illustrative = models.BooleanField(default=False)
    at = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            not_negative("contingency", name="risk_share_contingency_not_negative"),
            one_of("contingency_state", [state.value for state in AmountState], name="risk_share_contingency_state"),
            amount_has_reason("contingency", "contingency_state", name="risk_share_contingency_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Risk share of {self.fund}"


@tracked()
class SchemeLead(models.Model):
    """The partner that leads a scheme, where the rules ask for it. Read as the scheme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scheme = models.OneToOneField(Scheme, models.PROTECT, related_name="risk_share_lead")
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.lead} leads {self.scheme}"


class RiskShareScenarioQuerySet(OfFundQuerySet["RiskShareScenario"]):
    """Those of a fund."""


@tracked()
class RiskShareScenario(Owned):
    """A what-if with a name: other outturns for some schemes, in pounds as text by scheme number. No forecast."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="risk_share_scenarios")
    name = models.CharField(max_length=100)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    outturns = models.JSONField(default=dict)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = RiskShareScenarioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "owner", "name"], name="risk_share_scenario_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="risk_share_scenario_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
