"""How a month is closed, and why it is reopened."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from integration_hub.core.formfields import DateField, RadioSelect
from partners.models import User

SOFTLY, HARD = "soft", "hard"
KINDS = [(SOFTLY, "Softly"), (HARD, "To everybody")]
HINTS = {
    SOFTLY: "One finance officer may still write in it, until a day that you choose",
    HARD: "Nobody writes in it any more, and it is kept as it stands",
}


class CloseMonthForm(forms.Form):
    """Softly, with who may still write until when; or hard. Both with a reason."""

    kind = forms.ChoiceField(
        label="How it is closed",
        choices=KINDS,
        widget=RadioSelect(hints=HINTS),
        error_messages={"required": "Choose how it is closed"},
    )
    until = DateField(label="Until when, if softly", required=False)
    reason = forms.CharField(
        label="Why it is closed",
        help_text="Whoever is refused a change reads it. For example: accounts of June are complete",
        max_length=300,
        error_messages={"required": "Say why the month is closed"},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, people: Iterable[User], warnings: Sequence[str] = ()
    ) -> None:
        super().__init__(data)
        self.fields["may_edit"] = forms.ChoiceField(
            label="Who may still write, if softly",
            choices=[("", "Choose"), *((str(person.pk), person.name) for person in people)],
            required=False,
        )
        if warnings:
            self.fields["aware"] = forms.BooleanField(
                label="Close it as it stands", help_text=" ".join(warnings), required=False
            )
        self.order_fields(["kind", "may_edit", "until", "reason", "aware"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == SOFTLY:
            if not given.get("may_edit") and "may_edit" not in self.errors:
                self.add_error("may_edit", "Choose who may still write in it")
            if not given.get("until") and "until" not in self.errors:
                self.add_error("until", "Enter the day until which they may")
        elif "aware" in self.fields and not given.get("aware"):
            self.add_error("aware", "Say that the month is closed as it stands, or post what is missing first")
        return given


class ReopenForm(forms.Form):
    """Why a closed month is opened again."""

    reason = forms.CharField(
        label="Why it is reopened", max_length=300, error_messages={"required": "Say why the month is reopened"}
    )
