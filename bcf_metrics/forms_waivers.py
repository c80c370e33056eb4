"""Forms of a waiver: which check, until when and why; and why it is ended."""

from django import forms

from bcf_metrics.domain.checks import WAIVABLE
from bcf_metrics.forms import Lines
from integration_hub.core.formfields import DateField
from integration_hub.core.reasons import LONGEST


def _reason(label: str, ask: str) -> Lines:
    return Lines(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": ask}
    )


class WaiverForm(forms.Form):
    """Which check asks for nothing, until when, and why."""

    check = forms.ChoiceField(
        label="Which check?",
        choices=[(check.value, check.words) for check in WAIVABLE],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the check", "invalid_choice": "Choose the check"},
    )
    until = DateField(
        label="Until which day?",
        help_text="The last day on which the check asks for nothing, at most a year ahead",
        error_messages={"required": "Enter the last day of the waiver"},
    )
    reason = _reason("Why?", "Say why the check is waived")


class WaiverEndForm(forms.Form):
    reason = _reason("Why is it ended?", "Say why the waiver is ended")
