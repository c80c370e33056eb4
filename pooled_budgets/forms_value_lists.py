"""Shapes of what an operator types about streams, lists and published amounts."""

from typing import Any

from django import forms

from integration_hub.core.formfields import MoneyField, PlausibleDateField
from integration_hub.core.quarters import FinancialYear
from pooled_budgets.domain.ring_fences import RING_FENCES
from pooled_budgets.forms_contributions import SeenForm
from pooled_budgets.models.reference import ALLOCATIONS

REASON = {"required": "Say why the list changes: every partner in the country reads it"}


class RowForm(SeenForm):
    """A row of a list."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the name"})
    source = forms.CharField(
        label="Where it was read", max_length=300, error_messages={"required": "Enter where it was read"}
    )
    checked = forms.BooleanField(label="I compared it with the published document", required=False)
    reason = forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)

    field_order = ("name", "ring_fence", "source", "checked", "reason")

    @property
    def values(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("seen-")}
        return {**given, "seen": self.seen["name"]}


class StreamForm(RowForm):
    """A funding stream."""

    ring_fence = forms.ChoiceField(label="Kept apart as", choices=list(RING_FENCES.items()))


class AllocationForm(SeenForm):
    """A minimum or total that was published for an area and a year."""

    area = forms.ChoiceField(label="Area", error_messages={"required": "Choose the area"})
    financial_year = forms.ChoiceField(label="Year", error_messages={"required": "Choose the year"})
    kind = forms.ChoiceField(label="What was published", choices=list(ALLOCATIONS.items()))
    amount = MoneyField(label="Amount", error_messages={"required": "Enter the amount"})
    known_from = PlausibleDateField(
        label="Published on", error_messages={"required": "Enter the day on which it was published"}
    )
    source = forms.CharField(
        label="Where it was read", max_length=300, error_messages={"required": "Enter where it was read"}
    )
    checked = forms.BooleanField(label="I compared it with the published document", required=False)

    def offer(self, areas: list[tuple[str, str]], years: list[int]) -> None:
        for name, choices in (
            ("area", [("", "Choose an area"), *areas]),
            ("financial_year", [(str(year), FinancialYear(year).label) for year in years]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = choices

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("kind", "amount", "known_from", "source", "checked")},
            "financial_year": int(given["financial_year"]),
        }
