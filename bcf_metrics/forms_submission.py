"""Forms of a submission: how it was sent, and which decision of the Board ratified it."""

from collections.abc import Iterable, Mapping

from django import forms

from bcf_metrics.forms import Lines
from governance.models import Decision
from integration_hub.core.dates import long_date


class SubmitForm(forms.Form):
    """How a return was sent, and why it is late."""

    how = forms.CharField(
        label="How was it sent, and to whom?",
        help_text="For example, by e-mail to the national team from the council's shared mailbox",
        max_length=300,
        error_messages={"required": "Say how it was sent, and to whom"},
    )
    late_reason = Lines(
        label="Why is it late?",
        help_text="Only where the day on which it was due has passed.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RatifyForm(forms.Form):
    """Which decision ratified a submission."""

    decision = forms.ChoiceField(
        label="Which decision ratified it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the decision", "invalid_choice": "Choose the decision"},
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, decisions: Iterable[Decision]) -> None:
        super().__init__(data)
        choices = [(str(row.pk), f"{row}, {row.board}, {long_date(row.made_on)}") for row in decisions]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]  # a choice field
