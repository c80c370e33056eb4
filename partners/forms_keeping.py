"""Shapes of what an operator types to keep the register: organisations, the areas that they serve, and footprints."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integration_hub.core.formfields import RadioSelect
from partners.domain.codes import SCHEMES, looks_right
from partners.domain.footprints import KINDS as FOOTPRINT_KINDS
from partners.domain.kinds import KINDS
from partners.forms import REASON, RegisterDateField
from partners.models import Organisation
from partners.selectors import successions

AREAS_AT_MOST = 50
NOT_KNOWN = "Empty only where it is not known."
# Codes that most organisations have; the others are added on the organisation's page.
ENTERED_AT_ONCE = ("ods", "ons")


def reason() -> forms.CharField:
    return forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)


def code_box(scheme: str) -> forms.CharField:
    known = SCHEMES[scheme]
    return forms.CharField(
        label=f"{known.words} code",
        help_text=f"Looks like: {known.looks}",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )


class OrganisationForm(forms.Form):
    """An organisation that the register does not have."""

    name = forms.CharField(
        label="Name",
        help_text="As it calls itself, for example NHS North East London Integrated Care Board",
        max_length=200,
        error_messages={"required": "Enter the name"},
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose a kind"), *KINDS.items()], error_messages={"required": "Choose the kind"}
    )
    valid_from = RegisterDateField(label="First day", help_text=NOT_KNOWN, required=False)
    ods = code_box("ods")
    ons = code_box("ons")
    source = forms.CharField(
        label="Where the codes were read",
        help_text="For example, the ODS list of 1 July 2025",
        max_length=300,
        required=False,
    )
    checked = forms.BooleanField(label="I read the codes there", required=False)
    note = forms.CharField(
        label="Note",
        help_text="Everybody who works here reads it. No figures, and nothing about a person.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = reason()

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        codes = {scheme: cleaned.pop(scheme, "").strip().upper() for scheme in ENTERED_AT_ONCE}
        for scheme, code in codes.items():
            if code and not looks_right(scheme, code):
                known = SCHEMES[scheme]
                self.add_error(scheme, f"A code of {known.words} is {known.looks}. “{code}” is not.")
        cleaned["codes"] = {scheme: code for scheme, code in codes.items() if code}
        if cleaned.get("checked") and not cleaned.get("source"):
            self.add_error("source", "Enter where you read the codes")
        return cleaned


class KindForm(forms.Form):
    """Of which kind an organisation is, with the kind as it was shown."""

    kind = forms.ChoiceField(label="Kind", choices=list(KINDS.items()), error_messages={"required": "Choose the kind"})
    seen = forms.CharField(widget=forms.HiddenInput)
    reason = reason()


class RenameForm(forms.Form):
    """The name of an organisation from a day on, with the name as it was shown."""

    name = forms.CharField(label="New name", max_length=200, error_messages={"required": "Enter the new name"})
    starts_on = RegisterDateField(
        label="First day of the new name",
        help_text="The name before ends the day before. Today at the latest.",
        error_messages={"required": "Enter the first day of the new name"},
    )
    seen = forms.CharField(strip=False, widget=forms.HiddenInput)
    reason = reason()


class EndForm(forms.Form):
    """The last day of an organisation, of a footprint, or of serving an area."""

    ends_on = RegisterDateField(label="Last day", error_messages={"required": "Enter the last day"})
    reason = reason()


class ServiceForm(forms.Form):
    """An area that an organisation serves, from a day to a day."""

    area = forms.ChoiceField(label="Area", error_messages={"required": "Choose the area"})
    starts_on = RegisterDateField(label="First day on which it serves the area", help_text=NOT_KNOWN, required=False)
    ends_on = RegisterDateField(
        label="Last day on which it serves the area", help_text="Empty where no end is known.", required=False
    )
    reason = reason()

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Choose an area"), *areas]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Change one of them.")
        return cleaned


class FootprintForm(forms.Form):
    """A footprint that the register does not have."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the name"})
    kind = forms.ChoiceField(
        label="Kind",
        choices=list(FOOTPRINT_KINDS.items()),
        widget=RadioSelect,
        error_messages={"required": "Choose the kind"},
    )
    parent = forms.ChoiceField(label="Lies in", required=False, help_text="A footprint of a wider kind, or none.")
    valid_from = RegisterDateField(label="First day", help_text=NOT_KNOWN, required=False)
    areas = forms.CharField(
        label="ONS codes of the areas that it covers",
        help_text="Whole or in part, such as E09000030, E09000025",
        max_length=600,
        required=False,
    )
    body = forms.CharField(
        label="Organisation that plans for it",
        help_text="Its whole name, as the register has it",
        max_length=200,
        required=False,
    )
    note = forms.CharField(label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.CharField(label="Where this was read", max_length=300, required=False)
    reason = reason()

    def __init__(self, *args: Any, footprints: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "None"), *footprints]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_areas(self) -> list[str]:
        codes = [code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["areas"]) if code]
        wrong = [code for code in codes if not looks_right("ons", code)]
        if wrong:
            raise ValidationError(f"{', '.join(wrong)}: a code of ONS is {SCHEMES['ons'].looks}.", code="code")
        if len(codes) > AREAS_AT_MOST:
            raise ValidationError(f"Enter at most {AREAS_AT_MOST} codes.", code="too_many")
        return codes

    def clean_body(self) -> Organisation | None:
        name = self.cleaned_data["body"].strip()
        found = successions.find_organisation(name) if name else None
        if name and found is None:
            raise ValidationError(
                f"The register has no organisation called {name}. Look its name up under Partners.", code="unknown"
            )
        return found

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")


class MoveForm(forms.Form):
    """Where a footprint lies from a day on."""

    parent = forms.ChoiceField(label="Lies in", required=False, help_text="A footprint of a wider kind, or none.")
    starts_on = RegisterDateField(
        label="From which day",
        help_text="Until the day before it lies where it did.",
        error_messages={"required": "Enter the day from which it lies there"},
    )
    reason = reason()

    def __init__(self, *args: Any, footprints: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "None"), *footprints]  # type: ignore[attr-defined]  # a ChoiceField
