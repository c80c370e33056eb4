"""What is typed about a settlement: why another is made, how a board divides, what allows it, what is carried."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from governance.forms_authority import AuthorityField
from governance.selectors.authority import AuthorityChoice
from integration_hub.core.formfields import MoneyField
from integration_hub.core.once import OnceForm
from pooled_budgets.models import Fund

SHARE = "share-"


class PrepareForm(forms.Form):
    """Why an approved settlement is replaced; how a decision of the board divides what the rules leave unresolved."""

    def __init__(
        self,
        data: Any = None,
        *,
        replaces: bool,
        unresolved: Decimal,
        names: Mapping[str, str],
        offered: Sequence[AuthorityChoice],
    ) -> None:
        super().__init__(data)
        if replaces:
            self.fields["reason"] = forms.CharField(
                label="Why the approved settlement is replaced",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": "Say why the approved settlement is replaced"},
            )
        self.divides = bool(unresolved)
        if self.divides:
            for key, name in names.items():
                self.fields[f"{SHARE}{key}"] = MoneyField(label=f"{name} bears", required=False)
            field = AuthorityField(label="Which decision divides it", required=False)
            self.fields["authority"] = field
            field.offer([choice for choice in offered if choice.value.startswith("decision:")])

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        shares = {
            name.removeprefix(SHARE): amount
            for name, amount in self.cleaned_data.items()
            if name.startswith(SHARE) and amount
        }
        return {
            "reason": self.cleaned_data.get("reason", ""),
            "shares": shares,
            "named": self.cleaned_data.get("authority"),
        }


class ApproveSettlementForm(forms.Form):
    """What allows the settlement."""

    authority = AuthorityField(label="What allows you to approve it")

    def __init__(self, data: Any = None, *, offered: Sequence[AuthorityChoice]) -> None:
        super().__init__(data)
        field = self.fields["authority"]
        if isinstance(field, AuthorityField):
            field.offer(offered)


class CarryForwardForm(OnceForm):
    """What is carried into the next year, where it goes, why, and what allows it."""

    to_fund = forms.ChoiceField(label="Into", error_messages={"required": "Choose the fund of the next year"})
    amount = MoneyField(
        label="Amount",
        help_text="Put a minus before it to take back what was carried",
        negative=True,
        error_messages={"required": "Enter the amount that is carried forward"},
    )
    reason = forms.CharField(
        label="Why it is carried forward",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it is carried forward"},
    )
    authority = AuthorityField(label="What allows it to be carried forward")

    def __init__(self, data: Any = None, *, funds: Sequence[Fund], offered: Sequence[AuthorityChoice]) -> None:
        super().__init__(data)
        field, allowed = self.fields["to_fund"], self.fields["authority"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(fund.pk), str(fund)) for fund in funds]
        if isinstance(allowed, AuthorityField):
            allowed.offer(offered)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "authority"} | {
            "named": self.cleaned_data["authority"]
        }
