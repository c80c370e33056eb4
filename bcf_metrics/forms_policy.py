"""Shapes of what an operator types about a year's policy, part by part."""

from collections.abc import Mapping
from typing import Any

from django import forms

from bcf_metrics.domain.policy_changes import BASES, BETTER
from bcf_metrics.domain.shapes import parse_date, parse_decimal
from bcf_metrics.domain.templates import LONGEST_CELL, LONGEST_SHEET_NAME, FieldType
from integration_hub.core.errors import HubError
from integration_hub.core.formfields import PlausibleDateField

CHECKED = "I compared it with the published document"
KINDS = [
    ("fund", "A year of the Fund"),
    ("preparatory", "The year before the Fund"),
    ("two_years", "Part of a plan for two years"),
    ("reduced", "A year with fewer duties"),
]
# What the form of a new field offers; tables come with a layout that is cloned.
TYPES = [
    (FieldType.TEXT.value, "A line of text"),
    (FieldType.LONG_TEXT.value, "A long text"),
    (FieldType.YES_NO.value, "Yes or no"),
    (FieldType.DATE.value, "A date"),
    (FieldType.MONEY.value, "Pounds"),
    (FieldType.NUMBER.value, "A number"),
    (FieldType.PERCENT.value, "A percentage"),
]
REQUIRED = [("always", "Always"), ("never", "Never")]
AS_IT_IS = ("", "By a rule of the layout, which stays as it is")


def words(label: str, longest: int = 200, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    """A line of text."""
    messages = {"required": f"Enter the {label[0].lower()}{label[1:]}"}
    return forms.CharField(label=label, max_length=longest, required=required, error_messages=messages, **kwargs)


def long_words(label: str, longest: int = 2_000, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return words(label, longest, required=required, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


def yes(label: str, **kwargs: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **kwargs)


def number(label: str, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    """A whole number."""
    asked = f"Enter a whole number from {least} to {most:,}"
    messages = {"required": asked, "invalid": asked, "min_value": asked, "max_value": asked}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=messages,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        **kwargs,
    )


class RowForm(forms.Form):
    """A row of a part. `seen` carries what the page showed, so that nobody writes over another's change."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # What tells the row apart: asked of a new row only, so that answers and figures keep what they belong to.
    KEY = ""

    def __init__(self, data: Any = None, *, row: Mapping[str, Any] | None, seen: str = "", **kwargs: Any) -> None:
        initial = {} if row is None else self.shown(row)
        super().__init__(data, initial={**initial, "seen": seen}, **kwargs)
        if row is not None and self.KEY:
            del self.fields[self.KEY]

    def shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row as the form shows it."""
        return {key: parse_date(value) if key in ("due_on", "day") and value else value for key, value in row.items()}

    @property
    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "seen"}

    def refuse(self, refusal: HubError) -> int:
        """Show a refusal at its field, or at the top; answers its status."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return refusal.http_status


class StreamForm(RowForm):
    KEY = "code"

    code = words("Code", 20, help_text="Short, of small letters and _, such as nhs_minimum")
    name = words("Name")
    payer = words("Paid by")
    payee = words("Paid to")
    capital = yes("It is capital")
    ring_fenced = yes("It is ring-fenced")
    must_pool = yes("It must be pooled")
    england_millions = words(
        "Total for England in millions of pounds",
        20,
        required=False,
        help_text="Empty while it is not known. Nil is 0, which is not the same.",
    )
    note = long_words("Note")
    checked = yes(CHECKED)

    def clean_england_millions(self) -> str | None:
        given = self.cleaned_data["england_millions"].replace(",", "").strip()
        if given and parse_decimal(given) is None:
            raise forms.ValidationError("Enter a number of millions, such as 5614 or 5614.5")
        return given or None


class ConditionForm(RowForm):
    KEY = "number"

    number = number("Number", 1, 20)
    name = words("Name")
    text = long_words("What it asks", required=True)
    checked = yes(CHECKED)


class MetricForm(RowForm):
    KEY = "code"

    code = words("Code", 20, help_text="Short, of capital letters, digits and _, such as RES65")
    name = words("Name")
    short_name = words("Short name", 60)
    numerator = words("Numerator", required=False, help_text="What is counted")
    denominator = words("Denominator", required=False, help_text="What it is counted among")
    multiplier = number("Multiplied by", 1, 1_000_000, required=False, help_text="100 for a percentage")
    unit = words("Unit of the figures in the year", 60)
    published_unit = words("Unit of the published figure", required=False)
    precision = number("Decimal places shown", 0, 4)
    better = forms.ChoiceField(label="It is better when", choices=list(BETTER.items()))
    basis = forms.ChoiceField(label="It is compared with", choices=list(BASES.items()))
    frequency = words("How often")
    source = words("Source")
    lag_note = words("When the figures come", required=False)
    supplementary = yes("It is supplementary: shown, and not one of the year's own goals")
    checked = yes(CHECKED)


class PeriodForm(RowForm):
    KEY = "quarter"

    quarter = number("Quarter", 1, 4)
    national_return = yes("There is a national return for it")
    due_on = PlausibleDateField(label="Due on", required=False)
    due_by = words("Due by", 40, required=False, help_text="Such as midday. Empty for the end of the day.")
    note = words("Note", required=False)
    checked = yes(CHECKED)


class PlanningForm(RowForm):
    name = words("What happens")
    day = PlausibleDateField(label="Day", error_messages={"required": "Enter the day"})
    checked = yes(CHECKED)


class TabForm(RowForm):
    title = words("Title", LONGEST_SHEET_NAME, help_text="Also the name of the sheet: none of [ ] : * ? / \\")
    help = long_words("Help")
    checked = yes(CHECKED)


class FieldForm(RowForm):
    """A field or column of the layout. What the workbook and the checks rest on is not changed here."""

    label = words("Question or label", 300)
    help = long_words("Help")
    required = forms.ChoiceField(label="Must be answered", choices=REQUIRED, required=False)
    limit = words("Largest number", 20, required=False)
    max_length = number("Most characters", 1, LONGEST_CELL, required=False)
    unit = words("Unit", 60, required=False)
    checked = yes(CHECKED)

    def __init__(self, data: Any = None, *, row: Mapping[str, Any] | None, **kwargs: Any) -> None:
        super().__init__(data, row=row, **kwargs)
        if row is None:
            return
        kind, by_rule = row["type"], not isinstance(row.get("required", ""), str)
        texts, amounts = ("text", "long_text"), ("money", "number", "percent")
        is_table = "columns" in row
        for name, fits in (("limit", kind in amounts), ("unit", kind in amounts), ("max_length", kind in texts)):
            if not fits:
                del self.fields[name]
        if is_table:
            del self.fields["required"]
        elif by_rule:
            self.initial["required"] = ""
            field = self.fields["required"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = [AS_IT_IS, *REQUIRED]

    def clean_limit(self) -> str | None:
        given = self.cleaned_data["limit"].replace(",", "").strip()
        if given and parse_decimal(given) is None:
            raise forms.ValidationError("Enter a number, such as 100000000")
        return given or None

    @property
    def values(self) -> dict[str, Any]:
        given = super().values
        empty_goes = ("help", "unit")
        found = {key: (value or None) if key in empty_goes else value for key, value in given.items()}
        return {key: value for key, value in found.items() if not (key == "required" and value == "")}


class NewFieldForm(FieldForm):
    tab = forms.ChoiceField(label="On which tab")
    code = forms.RegexField(
        label="Code",
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=60,
        help_text="Short, of small letters, digits and _",
        error_messages={"invalid": "Use small letters, digits and _, beginning with a letter"},
    )
    type = forms.ChoiceField(label="What it holds", choices=TYPES)

    field_order = ("tab", "code", "label", "type")

    def offer(self, layout: Mapping[str, Any]) -> None:
        field = self.fields["tab"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(tab["code"], tab["title"]) for tab in layout["tabs"] if tab["kind"] != "checklist"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount = cleaned.get("type") in ("money", "number", "percent")
        if amount and not cleaned.get("limit") and "limit" not in self.errors:
            self.add_error("limit", "Enter the largest number that can be typed")
        if not amount and cleaned.get("limit"):
            self.add_error("limit", "Only a number has a largest one. Leave it empty.")
        return cleaned


class YearForm(RowForm):
    """What is said of the year itself."""

    kind = forms.ChoiceField(label="Kind of year", choices=KINDS)
    note = long_words("Note")
    return_template = forms.ChoiceField(label="Layout of the return", required=False)
    layout_note = long_words("Note on the layout", 300)
    checked = yes("I compared the year as a whole with the published documents")

    def offer(self, choices: list[tuple[str, str]]) -> None:
        field = self.fields["return_template"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [("", "Not loaded: no return can be opened"), *choices]


class BeginForm(forms.Form):
    source = forms.ChoiceField(
        label="Begin from", required=False, help_text="What another year's documents say comes in as not checked."
    )

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices


class PublishForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = PlausibleDateField(
        label="From which day it is effective",
        required=False,
        help_text="For an addendum within the year: it holds for the quarters that end on this day or later. Empty: "
        "for every quarter.",
    )
    reason = long_words(
        "What changes, and on what ground",
        1_000,
        required=True,
        help_text="Kept with the version. Every partner in the country can read it.",
    )


class MoveForm(forms.Form):
    reason = long_words("Why the return is moved", 1_000, required=True)
