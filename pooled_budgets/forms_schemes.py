"""Shapes of what is typed about schemes: the scheme, a budget line with the fields of its year, and its profile."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms

from governance.forms_authority import AuthorityField
from governance.selectors.authority import AuthorityChoice
from integration_hub.core.errors import HubError
from integration_hub.core.formfields import AffixInput, MoneyField, PlausibleDateField, RadioSelect
from integration_hub.core.money import MoneyError
from integration_hub.core.once import OnceForm
from integration_hub.core.quarters import FinancialMonth, FinancialYear
from pooled_budgets.domain import instalments, scheme_fields
from pooled_budgets.domain.scheme_fields import Lists
from pooled_budgets.forms_contributions import AmountForm, SeenForm
from pooled_budgets.models import FundingLine
from pooled_budgets.models.scheme import ACCOUNTING_TREATMENTS, VAT_REGIMES
from pooled_budgets.services.schemes import FieldsWrong

NOT_SAID = ("", "Not said yet")
LONG_TEXTS: Final = ("description", scheme_fields.COMMENTS)
PER_CENT: Final = (scheme_fields.PERCENT, scheme_fields.SHARE)
HINTS: Final = {
    scheme_fields.PERCENT: "Only where the commissioner is joint. The rest, to 100, is the local authority's.",
    scheme_fields.SUB_TYPE: "One of those of the type, where it has any",
    scheme_fields.TYPE_OTHER: "Only where the type or sub-type is Other",
    scheme_fields.AREA_OTHER: "Only where the area of spend is Other",
    scheme_fields.OUTPUTS: "Where the type has its outputs counted",
    scheme_fields.PREVIOUS: "Only of an existing scheme",
    scheme_fields.SHARE: "For information",
}


class SchemeForm(SeenForm):
    """A scheme but for its lines."""

    number = forms.CharField(
        label="Number",
        help_text="The partners' own; numbers may have gaps",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
        error_messages={"required": "Enter the number"},
    )
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the name"})
    note = forms.CharField(label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    accounting_treatment = forms.ChoiceField(
        label="Accounting treatment",
        help_text="Follows from who controls the activity",
        choices=[NOT_SAID, *ACCOUNTING_TREATMENTS.items()],
        required=False,
    )
    vat_regime = forms.ChoiceField(
        label="VAT regime",
        help_text="That of the body that delivers the service",
        choices=[NOT_SAID, *VAT_REGIMES.items()],
        required=False,
    )
    irrecoverable_vat = MoneyField(
        label="VAT that nobody gets back", help_text="An estimate for the year", required=False
    )
    vat_advice = forms.CharField(
        label="Advice on VAT", help_text="Whose, and its reference", max_length=200, required=False
    )

    field_order = (
        "number",
        "name",
        "note",
        "accounting_treatment",
        "vat_regime",
        "irrecoverable_vat",
        "vat_advice",
    )

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_order}


class StartForm(SeenForm):
    """From when a scheme may spend, and what allows it."""

    starts_on = PlausibleDateField(
        label="Starts on", error_messages={"required": "Enter the day on which the scheme starts"}
    )
    authority = AuthorityField()

    def offer(self, choices: Sequence[AuthorityChoice]) -> None:
        field = self.fields["authority"]
        assert isinstance(field, AuthorityField)  # noqa: S101  # declared above
        field.offer(choices)


class LineForm(AmountForm, OnceForm):
    """A budget line: its source, its amount, and the fields that the template of the year has."""

    funding = forms.ChoiceField(label="Source of funding", help_text="A line has one source", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        year: FinancialYear,
        lists: Lists,
        funding: Sequence[FundingLine],
        shown: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, shown=shown, **kwargs)
        if shown:
            del self.fields["once"]
        self.asked = scheme_fields.fields_of(year.start) if lists.is_loaded else list(scheme_fields.LABELS)
        source = self.fields["funding"]
        assert isinstance(source, forms.ChoiceField)  # noqa: S101  # declared above
        source.choices = [("", "Not said yet"), *((str(row.pk), _source(row)) for row in funding)]
        self.fields["amount"].label = "Budget"
        self.fields["state"].label = "The budget of the year"
        for name in self.asked:
            self.fields[name] = _field(name, year.start, lists)
        self.order_fields(["funding", "state", "amount", *self.asked])

    @property
    def template_fields(self) -> dict[str, Any]:
        """What was typed in the fields of the year's template."""
        found = {name: self.cleaned_data[name] for name in self.asked}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in found.items()}

    @property
    def funding_id(self) -> UUID | None:
        chosen = self.cleaned_data["funding"]
        return UUID(chosen) if chosen else None

    def refuse(self, refusal: HubError) -> int:
        """Each problem of the template at its own field."""
        if not isinstance(refusal, FieldsWrong):
            return super().refuse(refusal)
        for problem in refusal.found:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        return refusal.http_status


class ProfileForm(SeenForm):
    """Twelve months by one of three ways, made into amounts that are the budget to the penny."""

    EVEN, PERCENTAGES, MANUAL = "even", "percentages", "manual"

    way = forms.ChoiceField(
        label="How the budget is spread",
        choices=[
            (EVEN, "Evenly, the odd pennies in March"),
            (PERCENTAGES, "By the percentages below, which make exactly 100"),
            (MANUAL, "As the amounts below, which make exactly the budget"),
        ],
        widget=RadioSelect,
        error_messages={"required": "Choose how the budget is spread"},
    )

    def __init__(
        self, data: Any = None, *, year: FinancialYear, budget: Decimal | None, months: Sequence[Decimal], shown: str
    ) -> None:
        super().__init__(data, shown={"budget": shown})
        self.budget = budget
        self.months: list[Decimal] = []
        for number in range(1, instalments.MONTHS + 1):
            self.fields[f"month-{number}"] = forms.CharField(
                label=FinancialMonth(year, number).label,
                required=False,
                max_length=30,
                initial=f"{months[number - 1]:.2f}" if len(months) == instalments.MONTHS else "",
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way = cleaned.get("way")
        if not way or self.budget is None:
            return cleaned
        if way == self.EVEN:
            self.months = instalments.even(self.budget)
            return cleaned
        typed = [self._amount(cleaned, number) for number in range(1, instalments.MONTHS + 1)]
        if any(each is None for each in typed):
            return cleaned
        amounts = [each for each in typed if each is not None]
        try:
            if way == self.PERCENTAGES:
                self.months = instalments.by_percentages(self.budget, amounts)
            else:
                instalments.check_manual(self.budget, amounts)
                self.months = amounts
        except MoneyError as error:
            self.add_error(None, error.message)
        return cleaned

    def _amount(self, cleaned: Mapping[str, Any], number: int) -> Decimal | None:
        """One month as typed; an empty one is refused, for nought is written."""
        try:
            return MoneyField(required=True).clean(str(cleaned.get(f"month-{number}", "")).replace("%", "").strip())
        except forms.ValidationError as error:
            empty = error.code == "required"
            self.add_error(f"month-{number}", "Fill in every month; write 0.00 for nothing" if empty else error)
            return None


def _field(name: str, year: int, lists: Lists) -> forms.Field:
    """The field of the year's template, with its list where it has one."""
    label, hint = scheme_fields.label(name, year), HINTS.get(name, "")
    required = lists.is_loaded and scheme_fields.is_required(name, year)
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    choices = _choices(name, lists)
    if choices:
        return forms.ChoiceField(choices=[NOT_SAID, *choices], **common)
    if name == scheme_fields.PREVIOUS:
        return MoneyField(**common)
    if name in PER_CENT:
        widget = AffixInput({"class": "govuk-input--width-5", "inputmode": "decimal"}, suffix="per cent")
        return forms.DecimalField(max_digits=5, decimal_places=2, widget=widget, **common)
    if name == scheme_fields.OUTPUTS:
        narrow = forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"})
        return forms.DecimalField(max_digits=12, decimal_places=2, widget=narrow, **common)
    if name in LONG_TEXTS:
        return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **common)
    longest = 300 if name in (scheme_fields.TYPE_OTHER, scheme_fields.AREA_OTHER) else 200
    short = name == scheme_fields.NEW or name in scheme_fields.IMPACTS
    return forms.CharField(max_length=20 if short else longest, **common)


def _choices(name: str, lists: Lists) -> list[Any]:
    """A list as it is offered; sub-types stand under their type."""
    kind = scheme_fields.LISTS.get(name, "")
    if name == scheme_fields.SUB_TYPE:
        of_type = lists.of_type.get(kind, {})
        return [(parent, [(value, value) for value in values]) for parent, values in of_type.items()]
    if name == scheme_fields.UNIT:
        units = [value for values in lists.of_type.get(kind, {}).values() for value in values]
        return [(value, value) for value in dict.fromkeys(units)]
    return [(value, value) for value in lists.choices(name)]


def _source(row: FundingLine) -> str:
    return f"{row.source}, {row.payer}" if row.payer else row.source
