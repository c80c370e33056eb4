"""Shapes of what people type about agreements."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from integration_hub.core.formfields import DATE_FORMATS, DateField
from integration_hub.core.once import OnceForm
from pooled_budgets.domain.life import STATES
from pooled_budgets.domain.terms import KINDS, LABELS, VAT_REGIMES, Terms

LONGEST = 4000


def box(label: str, *, rows: int = 3, help_text: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def number(label: str, *, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=400,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"invalid": "Enter a whole number"},
    )


class PartiesField(forms.CharField):
    """Names of organisations, one on each line, read as [{"id", "name"}]. `names` are those of the register."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Parties",
            help_text="One on each line, by the names of the register of partners",
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": "Enter the parties"},
            **kwargs,
        )
        self.names: Mapping[str, tuple[str, str]] = {}

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        found, unknown = [], []
        for line in (line for line in lines if line):
            known = self.names.get(line.casefold())
            if known is None:
                unknown.append(line)
            else:
                found.append({"id": known[0], "name": known[1]})
        if unknown:
            raise forms.ValidationError(
                f"The register has no {', no '.join(f'“{name}”' for name in unknown)}. Copy the name from the page "
                "of the partner."
            )
        return sorted({party["id"]: party for party in found}.values(), key=lambda party: (party["name"], party["id"]))


def by_name(organisations: Iterable[Any]) -> dict[str, tuple[str, str]]:
    """Organisations of the register by their names in lower case."""
    return {row.name.casefold(): (str(row.pk), row.name) for row in organisations}


class FilterForm(forms.Form):
    """Which agreements a list shows."""

    title = forms.CharField(label="Words of the title", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *KINDS.items()])
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Every state"), *STATES.items()])


class BeginForm(OnceForm):
    """A new agreement."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter the title"})
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose a kind"), *KINDS.items()], error_messages={"required": "Choose the kind"}
    )
    owner = forms.ChoiceField(label="Prepared by", error_messages={"required": "Choose the partner that prepares it"})
    area = forms.ChoiceField(label="Area", error_messages={"required": "Choose the area"})
    board = forms.ChoiceField(label="Board that oversees it", required=False)
    parties = PartiesField()

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], names: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # choice fields
        self.fields["parties"].names = names  # type: ignore[attr-defined]  # a PartiesField


class TermsForm(forms.Form):
    """The terms but their clauses, with the revision that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=LABELS["title"], max_length=200, error_messages={"required": "Enter the title"})
    kind = forms.ChoiceField(label=LABELS["kind"], choices=list(KINDS.items()))
    parties = PartiesField()
    host = forms.ChoiceField(label=LABELS["host"], required=False)
    pool_manager = forms.CharField(label=LABELS["pool_manager"], max_length=200, required=False)
    pool_manager_account = forms.ChoiceField(
        label="Account of the pool manager",
        help_text="Where they work here: their tasks show the duties",
        required=False,
    )
    statutory_basis = forms.CharField(label=LABELS["statutory_basis"], max_length=300, required=False)
    commences_on = DateField(label=LABELS["commences_on"], required=False)
    expires_on = DateField(label=LABELS["expires_on"], required=False)
    review_on = box(LABELS["review_on"], rows=2, help_text="One date on each line, such as 31 January 2018")
    notice_months = number(LABELS["notice_months"])
    report_days = number(LABELS["report_days"], help_text="After the end of each quarter")
    return_days = number(LABELS["return_days"], help_text="After 31 March")
    services = box(LABELS["services"])
    client_groups = box(LABELS["client_groups"])
    excluded_confirmed = forms.BooleanField(label="No excluded function is in scope", required=False)
    excluded_by = forms.CharField(label="Confirmed by", max_length=200, required=False)
    excluded_note = box(LABELS["excluded_note"], rows=2)
    vat_regime = forms.ChoiceField(
        label=LABELS["vat_regime"], required=False, choices=[("", "Not stated"), *VAT_REGIMES.items()]
    )
    dispute_steps = box(
        LABELS["dispute_steps"],
        help_text="One step on each line: the level; who; working days. For example: Level 1; the lead officers; 10",
    )
    effective_from = DateField(label="First day of the variation", required=False)
    reason = box("What the variation changes, and why", rows=2)

    def __init__(
        self,
        *args: Any,
        names: Any,
        parties: Iterable[Mapping[str, str]],
        people: Iterable[tuple[str, str]],
        varies: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].names = names  # type: ignore[attr-defined]  # a PartiesField
        hosts = {party["id"]: party["name"] for party in parties}
        hosts |= {pk: name for pk, name in names.values() if pk == self.data.get("host")}
        self.fields["host"].choices = [("", "Not stated"), *hosts.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["pool_manager_account"].choices = [("", "None"), *people]  # type: ignore[attr-defined]  # as above
        if not varies:
            del self.fields["effective_from"], self.fields["reason"]

    def clean_review_on(self) -> list[str]:
        found = []
        for line in self.cleaned_data["review_on"].splitlines():
            if line.strip():
                day = _day(line)
                if day is None:
                    raise forms.ValidationError(f"“{line.strip()}” is no date. Enter one such as 31 January 2018.")
                found.append(day.isoformat())
        return sorted(set(found))

    def clean_dispute_steps(self) -> list[dict[str, Any]]:
        found = []
        for line in self.cleaned_data["dispute_steps"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split(";")]
            days = parts[2] if len(parts) == 3 else ""
            if len(parts) not in {2, 3} or not all(parts[:2]) or (days and not (days.isascii() and days.isdigit())):
                raise forms.ValidationError(
                    f"“{line.strip()}” is no step. Write the level; who; the working days, such as: "
                    "Level 1; the lead officers; 10"
                )
            found.append({"level": parts[0], "who": parts[1], "days": int(days) if days else None})
        return found

    def changes(self) -> dict[str, Any]:
        """What was typed, as the terms hold it."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        for name in ("commences_on", "expires_on", "effective_from"):
            if name in found:
                found[name] = found[name].isoformat() if found[name] else ""
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in found.items()}


def shown(terms: Terms, *, revision: int, effective_from: date | None, reason: str) -> dict[str, Any]:
    """The terms as TermsForm shows them at first."""
    found = {name: value for name, value in terms.items() if name not in {"clauses", "document"}}
    for name in ("commences_on", "expires_on"):
        found[name] = date.fromisoformat(found[name]) if found[name] else None
    found["parties"] = "\n".join(party["name"] for party in terms["parties"])
    found["review_on"] = "\n".join(terms["review_on"])
    found["dispute_steps"] = "\n".join(
        "; ".join([step["level"], step["who"], *([str(step["days"])] if step["days"] is not None else [])])
        for step in terms["dispute_steps"]
    )
    return found | {"seen": revision, "effective_from": effective_from, "reason": reason}


def _day(text: str) -> date | None:
    field = forms.DateField(input_formats=[*DATE_FORMATS, "%Y-%m-%d"])
    try:
        return field.clean(" ".join(text.split()))
    except forms.ValidationError:
        return None


class ClauseForm(forms.Form):
    """Where a matter of the regulation stands, and what it says."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reference = forms.CharField(
        label="Where in the document it stands", help_text="For example, clause 9.2", max_length=200, required=False
    )
    summary = box("What it says", rows=5)
    file = forms.FileField(
        label="Document",
        help_text="Only where it is not in the agreement's own document. A PDF or Word file of at most 10 MB.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
    )


class DocumentForm(forms.Form):
    """The agreement itself as a file."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="The agreement as a document",
        help_text="A PDF or Word file of at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={"required": "Choose the file"},
    )


class SeenForm(forms.Form):
    """The revision of a working copy that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = box("Reason", rows=2, required=True)


class VaryForm(ReasonForm, OnceForm):
    """Why a variation is begun."""


class SignForm(forms.Form):
    """For which partner, and in which capacity, somebody signs."""

    organisation = forms.ChoiceField(label="You sign for", error_messages={"required": "Choose the partner"})
    capacity = forms.CharField(
        label="In which capacity",
        help_text="For example, chief finance officer",
        max_length=120,
        error_messages={"required": "Enter the capacity"},
    )

    def __init__(self, *args: Any, partners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(partners)  # type: ignore[attr-defined]  # a ChoiceField


class TerminateForm(forms.Form):
    """The last day of an agreement that ends before its time."""

    last_day = DateField(label="Last day", error_messages={"required": "Enter the last day"})
    reason = box("Reason, and the clause under which it ends", required=True)
