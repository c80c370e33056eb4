"""What is typed into the registers of decisions and delegations."""

from collections.abc import Sequence
from typing import Any

from django import forms

from governance.domain.authority import Matter, limits_wrong
from governance.models import Board, Decision, Meeting
from integration_hub.core.dates import long_date
from integration_hub.core.formfields import CheckboxSelectMultiple, DateField, MoneyField
from partners.domain.capacities import Capacity
from partners.domain.roles import Role
from partners.models import Organisation

MATTERS = [(matter.value, matter.words) for matter in Matter]
# The roles that act on money.
ROLES = (Role.FINANCE, Role.APPROVER)


class RegisterFilter(forms.Form):
    """Which rows of a register: of one matter, and in force or ended."""

    STATES = (("", "All"), ("in_force", "In force"), ("ended", "Ended"))

    matter = forms.ChoiceField(label="Matter", choices=[("", "Every matter"), *MATTERS], required=False)
    state = forms.ChoiceField(label="State", choices=STATES, required=False)


class _WithMatters(forms.Form):
    matters = forms.MultipleChoiceField(
        label="What it allows",
        choices=MATTERS,
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Choose what it allows"},
    )


class DecisionForm(_WithMatters):
    """A decision to be recorded."""

    reference = forms.CharField(
        label="Reference",
        help_text="As the minutes give it; unique for the board",
        max_length=60,
        error_messages={"required": "Enter the reference of the decision"},
    )
    made_on = DateField(label="Made on", error_messages={"required": "Enter the day on which it was made"})
    meeting = forms.ChoiceField(label="Meeting", required=False)
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter a title"})
    text = forms.CharField(
        label="What was resolved",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter what was resolved, in the words of the minutes"},
    )
    amount_limit = MoneyField(
        label="Up to how much in all", help_text="Leave empty where no limit was set", required=False
    )
    source = forms.CharField(label="Where it stands", help_text="Minutes, item", max_length=300, required=False)

    field_order = ["reference", "made_on", "meeting", "title", "text", "matters", "amount_limit", "source"]

    def __init__(self, data: Any = None, *, meetings: Sequence[Meeting]) -> None:
        super().__init__(data)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        options = [(key, long_date(meeting.held_on)) for key, meeting in self.meetings.items()]
        _offer(self.fields["meeting"], [("", "Outside of a meeting that is entered here"), *options])

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return self.cleaned_data | {"meeting": self.meetings.get(self.cleaned_data["meeting"])}


class DelegationForm(_WithMatters):
    """A delegation to be entered."""

    reference = forms.CharField(
        label="Reference",
        help_text="Unique for your partner",
        max_length=60,
        error_messages={"required": "Enter a reference for the delegation"},
    )
    holder = forms.ChoiceField(label="Given to", error_messages={"required": "Choose who holds it"})
    limit = MoneyField(
        label="Limit for one movement", help_text="Leave empty where there is no such limit", required=False
    )
    year_total = MoneyField(
        label="Limit for a financial year",
        help_text="For all movements together. Leave empty where there is no such limit",
        required=False,
    )
    starts_on = DateField(label="First day", error_messages={"required": "Enter the first day"})
    ends_on = DateField(label="Last day (optional)", required=False)
    granted_by = forms.ChoiceField(label="Decision that it rests on", required=False)
    scheme_text = forms.CharField(
        label="Or where your scheme of delegation gives it",
        help_text="For example, Part 3, paragraph 4.2",
        max_length=300,
        required=False,
    )
    note = forms.CharField(label="Note", max_length=300, required=False)

    field_order = [
        *("reference", "holder", "matters", "limit", "year_total", "starts_on", "ends_on", "granted_by"),
        *("scheme_text", "note"),
    ]

    def __init__(
        self,
        data: Any = None,
        *,
        parties: Sequence[Organisation],
        boards: Sequence[Board],
        decisions: Sequence[Decision],
    ) -> None:
        super().__init__(data)
        self.parties = {str(party.pk): party for party in parties}
        self.boards = {str(board.pk): board for board in boards}
        self.decisions = {str(decision.pk): decision for decision in decisions}
        _offer(self.fields["holder"], [("", "Choose who holds it"), *self._holders()])
        rests_on = [(key, str(decision)) for key, decision in self.decisions.items()]
        _offer(self.fields["granted_by"], [("", "None: it stands in the scheme of delegation"), *rests_on])

    def _holders(self) -> list[tuple[str, str]]:
        people = [
            choice
            for key, party in self.parties.items()
            for choice in (
                *((f"role:{key}:{role.value}", f"{party}: {role.words}") for role in ROLES),
                *((f"capacity:{key}:{capacity.value}", f"{party}: {capacity.words}") for capacity in Capacity),
            )
        ]
        return people + [(f"board:{key}:", str(board)) for key, board in self.boards.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Enter a later one.")
        wrong = limits_wrong(cleaned.get("limit"), cleaned.get("year_total"))
        if wrong is not None:
            self.add_error(*wrong)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        kind, key, what = given.pop("holder").split(":")
        given["granted_by"] = self.decisions.get(given["granted_by"])
        given["to_organisation"] = self.parties.get(key)
        given["to_board"] = self.boards.get(key) if kind == "board" else None
        given["to_role"] = what if kind == "role" else ""
        given["to_capacity"] = what if kind == "capacity" else ""
        if kind == "board":
            given["to_organisation"] = None
        return given


class EndingForm(forms.Form):
    """From which day a decision or delegation allows nothing any more, and why."""

    ended_on = DateField(label="From", error_messages={"required": "Enter the first day on which it allows nothing"})
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: it stands beside it in the register"},
    )


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
