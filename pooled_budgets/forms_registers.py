"""Shapes of what people type in the registers beside agreements, with each value as it was shown."""

from collections.abc import Iterable
from typing import Any

from django import forms

from integration_hub.core.formfields import DateField, MoneyField, PlausibleDateField
from integration_hub.core.once import OnceForm
from integration_hub.core.quarters import FinancialYear
from pooled_budgets.domain.registers import LABELS, ROUTES, STATES

FIRST_YEAR, LAST_YEAR = 2013, 2040


class RegisterFilter(forms.Form):
    """Which rows a register shows."""

    words = forms.CharField(label="Words of the service", required=False, max_length=100)
    agreement = forms.ChoiceField(label="Agreement", required=False)
    until = DateField(label="Review or last day not after", required=False)

    def __init__(self, *args: Any, agreements: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].choices = [("", "Every agreement"), *agreements]  # type: ignore[attr-defined]  # choices


class RegisterForm(OnceForm):
    """A row of a register; `seen_…` carry what was shown."""

    def __init__(
        self,
        *args: Any,
        agreements: Iterable[tuple[str, str]],
        schemes: Iterable[tuple[str, str]],
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in self.fields if name not in ("agreement", "once")]
        if not is_new:
            del self.fields["agreement"], self.fields["once"]
        else:
            self.fields["agreement"].choices = [("", "Choose an agreement"), *agreements]  # type: ignore[attr-defined]  # choices
        if "scheme" in self.fields:
            self.fields["scheme"].choices = [("", "None"), *schemes]  # type: ignore[attr-defined]  # choices
        for name in self.names if not is_new else []:
            field = self.fields[name]
            more: dict[str, Any] = {"choices": field.choices} if isinstance(field, forms.ChoiceField) else {}
            more |= {"coerce": field.coerce} if isinstance(field, forms.TypedChoiceField) else {}
            seen = type(field)(required=False, widget=forms.HiddenInput, **more)
            seen.initial = self.initial.get(name)
            self.fields[f"seen_{name}"] = seen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") is None and cleaned.get("state") == "stated" and "amount" not in self.errors:
            self.add_error("amount", "Enter the value, or say why it is empty.")
        if cleaned.get("amount") is not None and cleaned.get("state") != "stated":
            self.add_error("state", "There is a value. Choose “Stated”, or clear the value.")
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    def seen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[f"seen_{name}"] for name in self.names}


def _agreement() -> forms.ChoiceField:
    return forms.ChoiceField(label="Beside the agreement", error_messages={"required": "Choose the agreement"})


def _text(name: str, *, required: bool = True, longest: int = 200) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name],
        max_length=longest,
        required=required,
        error_messages={"required": f"Enter the {LABELS[name].lower()}"},
    )


def _state() -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS["state"], choices=list(STATES.items()), initial="stated")


class AlignedBudgetForm(RegisterForm):
    """A budget that stays its partner's and is planned together."""

    agreement = _agreement()
    service = _text("service")
    financial_year = forms.TypedChoiceField(
        label=LABELS["financial_year"],
        choices=[(year, FinancialYear(year).label) for year in range(FIRST_YEAR, LAST_YEAR)],
        coerce=int,
    )
    amount = MoneyField(label=LABELS["amount"], required=False)
    state = _state()
    review_on = PlausibleDateField(label=LABELS["review_on"], required=False)
    candidate = forms.BooleanField(label=LABELS["candidate"], required=False)
    note = _text("note", required=False, longest=300)


class JointContractForm(RegisterForm):
    """A contract that partners hold jointly."""

    agreement = _agreement()
    service = _text("service")
    provider = _text("provider")
    scheme = forms.ChoiceField(label=LABELS["scheme"], required=False)
    amount = MoneyField(label=LABELS["amount"], help_text="Of the whole contract", required=False)
    state = _state()
    starts_on = PlausibleDateField(label=LABELS["starts_on"], required=False)
    ends_on = PlausibleDateField(label=LABELS["ends_on"], required=False)
    route = forms.ChoiceField(label=LABELS["route"], choices=list(ROUTES.items()))
    note = _text("note", required=False, longest=300)
