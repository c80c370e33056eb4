"""What the component gallery shows: a sample for each state of each component. Every figure is made up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator

from integration_hub.core.emptyfigures import EMPTY_STATES
from integration_hub.core.formfields import (
    AffixInput,
    CheckboxSelectMultiple,
    DateField,
    MoneyField,
    RadioSelect,
)
from integration_hub.core.tables import Column

YES_NO = [("yes", "Yes"), ("no", "No")]
STATES = [("nil", "Nil"), ("suppressed", "Suppressed"), ("missing", "Missing")]
PARTNERS = [("council", "The council"), ("nhs", "The NHS body")]
MONTHS = ("April", "May", "June")
GRID_LINES = (
    ("Scheme 1", ("41,000.00", "41,000.00", "")),
    ("Scheme 2", ("7,250.50", "7,250.50", "")),
    ("Scheme 3", ("0.00", "1,980.00", "")),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the scheme", help_text="As the agreement has it", max_length=100)
    amount = MoneyField(label="Budget for the year")
    starts_on = DateField(label="Starts on", required=False)
    share = forms.DecimalField(
        label="Share", widget=AffixInput(suffix="per cent", attrs={"class": "govuk-input--width-5"})
    )
    people = forms.IntegerField(label="People reached", widget=forms.NumberInput({"class": "govuk-input--width-5"}))
    lead = forms.ChoiceField(label="Lead partner", choices=PARTNERS)
    jointly = forms.ChoiceField(label="Jointly commissioned", choices=YES_NO, widget=RadioSelect(inline=True))
    state = forms.ChoiceField(
        label="Why there is no figure",
        choices=STATES,
        widget=RadioSelect(
            hints={"nil": "Nothing happened: counts as 0.00", "suppressed": "Too few people to publish"}
        ),
    )
    partners = forms.MultipleChoiceField(label="Partners", choices=PARTNERS, widget=CheckboxSelectMultiple())
    comment = forms.CharField(label="Comment", widget=forms.Textarea({"rows": 4}), max_length=200, required=False)
    plan = forms.FileField(
        label="Scheme plan", widget=forms.FileInput({"accept": ".xlsx,.csv"}), help_text="An .xlsx or .csv file"
    )
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="Both partners agree to these figures", help_text="The minutes must show it")
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


def samples() -> dict[str, Any]:
    """The context of components/gallery.html, without any database."""
    columns = [
        Column("Scheme", header=True),
        Column("Lead"),
        Column("Budget", money=True),
        Column("Outturn", money=True),
    ]
    rows = [
        ["1 Reablement", "The council", Decimal("1250000.00"), Decimal("1198450.75")],
        ["2 Rapid response", "The NHS body", Decimal("480000.00"), None],
    ]
    # Both forms stand on one page, so that one has its own ids.
    wrong = SampleForm(
        {"amount": "12k", "starts_on": "31 2 2015", "share": "a third", "people": "x", "version": "3"},
        auto_id="wrong_%s",
    )
    return {
        "amounts": {"plain": Decimal("8957000.00"), "negative": Decimal("-51549.25"), "over": Decimal("12.00")},
        "empty_states": sorted(EMPTY_STATES),
        "available_on": date(2014, 9, 30),
        "moment": datetime(2014, 7, 28, 9, 30, tzinfo=UTC),
        "columns": columns,
        "rows": rows,
        "total": ["Total", "", Decimal("1730000.00"), Decimal("1198450.75")],
        "summary_rows": [
            ("Area", "Southwark"),
            ("Host", "The council", "#host", "Change"),
        ],
        "page": Paginator(range(1000), 50).page(7),
        "form": SampleForm(),
        "wrong_form": wrong,
        "more_problems": ["The budget of the schemes is more than the fund holds. Lower one, or raise the fund."],
        "months": MONTHS,
        "grid_lines": GRID_LINES,
    }
