"""Shapes of what is typed about meetings."""

from django import forms

from integration_hub.core.formfields import DateField


class MeetingForm(forms.Form):
    """A meeting to be entered."""

    held_on = DateField(label="Date of the meeting", error_messages={"required": "Enter the date of the meeting"})
    title = forms.CharField(label="Title", max_length=200, required=False)
    purpose = forms.CharField(
        label="What the integration paper goes there for",
        help_text="For example, for noting, or for decision",
        max_length=200,
        required=False,
    )


class OutcomeForm(forms.Form):
    """What came of the paper. `seen` carries the text over which the person wrote."""

    outcome = forms.CharField(
        label="Outcome",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter what came of the paper at the meeting"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
