"""A metric's target and trajectory as they are typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from bcf_metrics.domain import numbers
from bcf_metrics.domain.entries import LONG, SHORT
from bcf_metrics.domain.progress import QUARTERS, Basis
from bcf_metrics.forms import Lines
from bcf_metrics.models import MetricPlan
from bcf_metrics.services.targets import FIELDS, Aim, aim_of

ENDS = [f"end_{number}" for number in range(1, QUARTERS + 1)]


def number(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=numbers.LONGEST, widget=widget)


class TargetForm(forms.Form):
    """What the partners aim at. Hidden `seen-…` inputs carry each field as the person was shown it."""

    target = number("Target", "Empty: not yet defined")
    target_period = forms.CharField(
        label="Period of the target",
        help_text="For example full year, or April to December 2014",
        required=False,
        max_length=SHORT,
    )
    baseline = number("Baseline", "Where it stood before")
    baseline_period = forms.CharField(label="Period of the baseline", required=False, max_length=SHORT)
    end_1 = number("Quarter 1")
    end_2 = number("By the end of quarter 2")
    end_3 = number("By the end of quarter 3")
    end_4 = number("By the end of quarter 4")
    rationale = Lines(
        label="Rationale",
        help_text="Why the partners aim at this, and why it is changed",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why the partners aim at this"},
    )

    def __init__(self, plan: MetricPlan, data: Mapping[str, str] | None = None) -> None:
        self.stands = aim_of(plan).codes()
        ends = dict(zip(ENDS, plan.profile, strict=False))
        super().__init__(data, initial=self.stands | ends)
        self.fields["target"].help_text = escape(f"In {plan.unit}. Empty: not yet defined")
        if plan.basis == Basis.CUMULATIVE:
            self.fields["end_1"].label = "Trajectory: by the end of quarter 1"
            self.fields[
                "end_1"
            ].help_text = "All four or none; without them it builds up evenly. The fourth is the target"
        else:
            # Only what counts up over the year has a trajectory.
            for name in ENDS:
                del self.fields[name]

    @property
    def seen(self) -> list[tuple[str, str]]:
        """The hidden inputs: name and value of each field as it is shown."""
        return [(f"seen-{field}", self._seen(field)) for field in FIELDS]

    def seen_codes(self) -> dict[str, str]:
        return {field: self._seen(field) for field in FIELDS}

    def aim(self) -> Aim:
        """What the form asks for. Only after is_valid."""
        given = self.cleaned_data
        return Aim(
            **{field: given[field] for field in FIELDS if field != "profile"},
            profile=tuple(given[name] for name in ENDS if given.get(name) is not None),
        )

    def rebased(self, plan: MetricPlan) -> "TargetForm":
        """The form on the target as it is now, with what the person had changed. Only after is_valid."""
        stands, typed = aim_of(plan).codes(), self.aim().codes()
        data = {key: str(value) for key, value in self.data.items() if not key.startswith("seen-")}
        for field in FIELDS:
            if typed[field] == self._seen(field):
                ends = dict(zip(ENDS, plan.profile or [""] * QUARTERS, strict=False))
                data |= ends if field == "profile" else {field: stands[field]}
        form = TargetForm(plan, data)
        form.is_valid()
        return form

    def complain(self, field: str, message: str) -> None:
        """Set what the service found beside the input that it is about."""
        name = "end_1" if field == "profile" else field
        self.add_error(name if name in self.fields else None, message)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("target", "baseline", *ENDS):
            if given.get(name):
                try:
                    given[name] = numbers.parse(str(given[name]))
                except numbers.NumberError as error:
                    self.add_error(name, ValidationError(error.message, code=error.code))
            elif name in given:
                given[name] = None
        ends: list[Decimal | None] = [given.get(name) for name in ENDS if name in given]
        if any(end is not None for end in ends) and any(end is None for end in ends):
            self.add_error("end_1", "Enter all four quarters of the trajectory, or none.")
        elif all(end is not None for end in ends) and ends != sorted(end for end in ends if end is not None):
            self.add_error("end_1", "The trajectory counts up: no quarter can stand below the one before.")
        return given

    def _seen(self, field: str) -> str:
        sent = self.data.get(f"seen-{field}") if self.is_bound else None
        return self.stands[field] if sent is None else str(sent).replace("\r\n", "\n")
