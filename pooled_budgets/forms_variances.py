"""From which variance on an explanation is asked for, and an explanation."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from integration_hub.core import money
from integration_hub.core.formfields import AffixInput, MoneyField


class ThresholdForm(forms.Form):
    """Pounds, per cent of a scheme's budget, or both."""

    pounds = MoneyField(label="More than, in pounds", required=False)
    percent = forms.DecimalField(
        label="More than, in per cent of the budget of the scheme",
        min_value=Decimal(0),
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=AffixInput(
            {"class": "govuk-input--width-3", "inputmode": "decimal", "autocomplete": "off"}, suffix="per cent"
        ),
    )


class ExplanationForm(forms.Form):
    """Why an outturn differs from its budget."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="Why the outturn differs, and what is done about it",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write why the outturn differs from the budget"},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, variance: Decimal | None = None) -> None:
        super().__init__(data, initial={"seen": "" if variance is None else money.as_plain(variance)})

    def clean_seen(self) -> Decimal:
        try:
            return money.parse_pounds(self.cleaned_data["seen"], negative=True)
        except money.MoneyError as error:
            raise forms.ValidationError("Reload the page and write it again.") from error
