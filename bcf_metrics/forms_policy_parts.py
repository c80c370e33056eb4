"""The forms of a working copy's rows, one for each part; those of signatories and of ancestors are here."""

from collections.abc import Mapping
from typing import Any

from django import forms

from bcf_metrics.domain import lineage, policy_drafts
from bcf_metrics.domain.lineage import LineageError
from bcf_metrics.domain.signatories import OF
from bcf_metrics.forms_policy import (
    CHECKED,
    ConditionForm,
    FieldForm,
    MetricForm,
    PeriodForm,
    PlanningForm,
    RowForm,
    StreamForm,
    TabForm,
    long_words,
    words,
    yes,
)
from integration_hub.core.formfields import CheckboxSelectMultiple
from partners.domain.capacities import CAPACITY_WORDS, Capacity


class AncestorForm(RowForm):
    """What a metric of the year was in an earlier one."""

    KEY = "code"

    code = words("Code of the metric in this year", 20, help_text="Such as AVOID_ADM")
    former_year = words("Year that it comes from", 7, help_text="Such as 2019-20")
    former = words("Code that it had there", 20, help_text="Such as NEA")
    kind = forms.ChoiceField(label="What happened", choices=list(lineage.KINDS.items()))
    factor = words(
        "Factor",
        40,
        required=False,
        help_text="A figure of the earlier year times this is on the basis of this year: 1, 0.95 or 1/12. Empty where "
        "the series breaks.",
    )
    reason = long_words("Why it is joined or breaks", 500, required=True)
    checked = yes(CHECKED)

    def clean_former_year(self) -> str:
        given: str = self.cleaned_data["former_year"].strip()
        return _refused(lambda: (lineage.year_of(given), given)[1])

    def clean_factor(self) -> str:
        given: str = self.cleaned_data["factor"].strip()
        return _refused(lambda: (lineage.factor_of(given), given)[1])


class SignatoryForm(RowForm):
    """A capacity in which the year's returns are signed."""

    KEY = "code"

    code = forms.RegexField(
        label="Code",
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text="Short, of small letters, digits and _, such as chief_executive",
        error_messages={
            "required": "Enter the code",
            "invalid": "Use small letters, digits and _, beginning with a letter",
        },
    )
    name = words("Who signs", 120, help_text="As it stands on the return, such as Chief executive of the council")
    of = forms.ChoiceField(label="Signs for", choices=list(OF.items()))
    held_by = forms.MultipleChoiceField(
        label="Which capacities of the register of roles may sign",
        choices=list(CAPACITY_WORDS.items()),
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one capacity"},
    )
    delegable = yes("A deputy may sign instead")
    sheets = forms.MultipleChoiceField(
        label="Tabs that the signature vouches for",
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="None: the whole return.",
    )
    note = long_words("Note", 500)
    checked = yes(CHECKED)

    def offer(self, layout: Mapping[str, Any] | None) -> None:
        """The tabs of the year's layout; a year without one asks for none, and what stands there stays."""
        field = self.fields["sheets"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(tab["code"], tab["title"]) for tab in (layout or {}).get("tabs", []) if _is_form(tab)]
        if not field.choices:
            del self.fields["sheets"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        held = [Capacity(one) for one in cleaned.get("held_by", [])]
        if cleaned.get("delegable") and held and all(one.in_person_because for one in held):
            self.add_error("delegable", f"No deputy signs here: {held[0].in_person_because}. Leave it out.")
        return cleaned


class NewTabForm(TabForm):
    """A tab that the layout does not have; its fields are added afterwards."""

    code = forms.RegexField(
        label="Code",
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=60,
        help_text="Short, of small letters, digits and _",
        error_messages={
            "required": "Enter the code",
            "invalid": "Use small letters, digits and _, beginning with a letter",
        },
    )

    field_order = ("code", "title")

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "kind": "form", "fields": []}


ROW_FORMS: dict[str, type[RowForm]] = {
    "streams": StreamForm,
    "conditions": ConditionForm,
    "metrics": MetricForm,
    "lineage": AncestorForm,
    "signatories": SignatoryForm,
    "periods": PeriodForm,
    "planning": PlanningForm,
    "tabs": TabForm,
    "fields": FieldForm,
}
assert set(ROW_FORMS) == set(policy_drafts.PARTS)  # noqa: S101  # one form for each part


def _is_form(tab: Mapping[str, Any]) -> bool:
    return bool(tab["kind"] != "checklist")


def _refused(read: Any) -> str:
    try:
        found: str = read()
    except LineageError as error:
        raise forms.ValidationError(str(error)) from error
    return found
