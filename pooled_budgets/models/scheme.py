import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from integration_hub.core.constraints import amount_has_reason, not_negative, one_of
from integration_hub.core.history import tracked
from integration_hub.core.states import AmountState
from partners.models import Organisation, Owned
from pooled_budgets.models.fund import Fund, FundingLine, OfFundQuerySet

# How a partner shows the scheme in its own accounts, by who controls the activity.
ACCOUNTING_TREATMENTS = {
    "joint_operation": "Joint operation: each partner shows its own share",
    "lead": "Lead: one partner is principal and shows the whole",
    "agent": "Agent: one partner pays on behalf of another",
    "own": "Own: each partner shows what it spends itself",
}
# Whose rules say what VAT comes back: those of the body that delivers the service.
VAT_REGIMES = {
    "la_section_33": "Local authority, section 33",
    "nhs_contracted_out": "NHS, contracted-out services (section 41)",
    "none": "None: no VAT comes back",
    "mixed": "Mixed",
}


class SchemeQuerySet(OfFundQuerySet["Scheme"]):
    """Those of a fund."""


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
    accounting_treatment = models.CharField(max_length=20, blank=True)
    vat_regime = models.CharField(max_length=20, blank=True)
    # What of the VAT nobody gets back, as estimated, in pounds; and whose advice that is.
    irrecoverable_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    vat_advice = models.CharField(max_length=200, blank=True)
    # The import that brought it, so that the whole batch can be undone.
    imported_by = models.UUIDField(null=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="scheme_number_unique"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="scheme_has_number_and_name"),
            one_of("accounting_treatment", ["", *ACCOUNTING_TREATMENTS], name="scheme_accounting_treatment"),
            one_of("vat_regime", ["", *VAT_REGIMES], name="scheme_vat_regime"),
            not_negative("irrecoverable_vat", name="scheme_irrecoverable_vat"),
        ]

    def __str__(self) -> str:
        return f"Scheme {self.number}: {self.name}"

    @property
    def accounting_treatment_words(self) -> str:
        return ACCOUNTING_TREATMENTS.get(self.accounting_treatment, "")

    @property
    def vat_regime_words(self) -> str:
        return VAT_REGIMES.get(self.vat_regime, "")


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
    # The fields of the national template, in its words of the fund's year: domain.scheme_fields says which it asks for.
    description = models.TextField(blank=True)
    scheme_type = models.CharField(max_length=200, blank=True)
    sub_type = models.CharField(max_length=200, blank=True)
    type_other = models.CharField(max_length=300, blank=True)
    objective = models.CharField(max_length=200, blank=True)
    impact_nea = models.CharField(max_length=20, blank=True)
    impact_dtoc = models.CharField(max_length=20, blank=True)
    impact_res = models.CharField(max_length=20, blank=True)
    impact_rea = models.CharField(max_length=20, blank=True)
    outputs = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    output_unit = models.CharField(max_length=200, blank=True)
    area_of_spend = models.CharField(max_length=200, blank=True)
    area_other = models.CharField(max_length=300, blank=True)
    commissioner = models.CharField(max_length=200, blank=True)
    # Per cent of the line that the NHS commissions; the rest is the local authority's.
    nhs_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    provider = models.CharField(max_length=200, blank=True)
    new_or_existing = models.CharField(max_length=20, blank=True)
    previous_expenditure = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    percent_of_spend = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    comments = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="scheme_line_position_unique"),
            not_negative("budget", name="scheme_line_not_negative"),
            one_of("state", [state.value for state in AmountState], name="scheme_line_state"),
            amount_has_reason("budget", "state", name="scheme_line_has_reason"),
            not_negative("outputs", name="scheme_line_outputs"),
            not_negative("previous_expenditure", name="scheme_line_previous"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 100}),
                    name=f"scheme_line_{name}",
                )
                for name in ("nhs_percent", "percent_of_spend")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}, line {self.position}"

    @property
    def ring_fence(self) -> str:
        """What its money is kept apart as (domain.ring_fences); "" where no source, or no stream of it, is named."""
        return self.funding.ring_fence if self.funding else ""


@tracked()
class LedgerCode(models.Model):
    """What a budget line is called in one partner's ledger. A line may have several codes there."""

    line = models.ForeignKey(SchemeLine, models.PROTECT, related_name="ledger_codes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ledger_codes")
    code = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "organisation", "code"], name="ledger_code_unique")]

    def __str__(self) -> str:
        return self.code
