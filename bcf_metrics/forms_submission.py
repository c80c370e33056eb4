"""Forms of a submission: how it was sent, and which decision of the Board ratified it."""

from collections.abc import Iterable, Mapping

from django import forms

from bcf_metrics.forms import Lines
from governance.models import Decision
from integration_hub.core.dates import long_date
from integration_hub.core.formfields import DateField


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


class AcceptForm(forms.Form):
    """Who accepted a return, and when."""

    accepted_by = forms.CharField(
        label="Who accepted it?",
        help_text="The team, and the person where one is named",
        max_length=200,
        error_messages={"required": "Say who accepted it"},
    )
    accepted_on = DateField(label="On which day?", error_messages={"required": "Enter the day of the acceptance"})
    reference = forms.CharField(label="Their reference (optional)", required=False, max_length=100)


def _lines(label: str, ask: str) -> Lines:
    return Lines(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": ask}
    )


class RestateForm(forms.Form):
    """What changes in an accepted return, why, and who was told."""

    what = _lines("What changes?", "Say what changes")
    why = _lines("Why?", "Say why it changes")
    told = _lines("Who was told, and when?", "Say who was told")
