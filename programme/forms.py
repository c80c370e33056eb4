"""Shapes of what is typed about risks and next steps. `seen` fields carry what the form showed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible
from integration_hub.core.formfields import DateField, RadioSelect


def check_plausible(day: date) -> None:
    """Refuse a date that was mistyped: no step is due in another century."""
    if not is_plausible(day):
        raise ValidationError(ENTER_PLAUSIBLE, code="date_out_of_range")


class SeenForm(forms.Form):
    """A form that carries each field's value as shown, to find out what somebody else changed meanwhile."""

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for name, field in list(self.fields.items()):
            seen = type(field)(required=False, widget=forms.HiddenInput, **_choices(field))
            seen.initial = (initial or {}).get(name)
            self.fields[f"seen_{name}"] = seen

    def words(self) -> dict[str, Any]:
        """What was typed."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("seen_")}

    def seen(self) -> dict[str, Any]:
        """What the form showed."""
        return {name: self.cleaned_data[f"seen_{name}"] for name in self.words()}


class RiskForm(SeenForm):
    """A risk."""

    text = forms.CharField(
        label="Risk",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what may go wrong"},
    )
    response = forms.CharField(
        label="What the partners do about it", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    held_by = forms.CharField(label="Held by", help_text="A post or group, not a name", max_length=200, required=False)
    status = forms.ChoiceField(
        label="Status",
        choices=[("open", "Open"), ("closed", "Closed")],
        initial="open",
        widget=RadioSelect(inline=True),
    )


class StepForm(SeenForm):
    """A next step."""

    text = forms.CharField(
        label="Next step",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what will be done"},
    )
    held_by = forms.CharField(label="Held by", help_text="A post or group, not a name", max_length=200, required=False)
    due_on = DateField(label="Due on", required=False, validators=[check_plausible])
    done_on = DateField(label="Done on", required=False, validators=[check_plausible])


def _choices(field: forms.Field) -> dict[str, Any]:
    return {"choices": field.choices} if isinstance(field, forms.ChoiceField) else {}
