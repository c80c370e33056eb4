"""The day on which a figure is to be read as it was known."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible
from integration_hub.core.formfields import DATE_FORMATS


class AsKnownForm(forms.Form):
    """`on` is a day that has come; empty for what is known now."""

    on = forms.DateField(
        label="As known on",
        required=False,
        help_text="Such as 15 July 2014. Leave it empty for what is known now",
        input_formats=[*DATE_FORMATS, "%Y-%m-%d"],
        widget=forms.DateInput(format="%-d %B %Y"),
        error_messages={"invalid": "Write the day as 15 July 2014"},
    )
    of = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    month = forms.IntegerField(required=False, min_value=1, max_value=13, widget=forms.HiddenInput)

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and not is_plausible(on):
            raise ValidationError(ENTER_PLAUSIBLE, code="implausible")
        if on is not None and on > timezone.localdate():
            raise ValidationError("Enter a day that has come: nobody knows yet what will be known then.", code="future")
        return on
