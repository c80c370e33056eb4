"""What is typed about a virement."""

from collections.abc import Sequence
from typing import Any

from django import forms

from governance.forms_authority import AuthorityField
from governance.selectors.authority import AuthorityChoice
from integration_hub.core.formfields import DateField, MoneyField, RadioSelect
from integration_hub.core.once import OnceForm
from pooled_budgets.presenters import virements as words
from pooled_budgets.selectors.virements import LineRow

ONCE, RECURRENT = "once", "recurrent"


class VirementForm(OnceForm):
    """An amount, the two lines, from when on, and why."""

    from_line = forms.ChoiceField(label="From", error_messages={"required": "Choose the line that the money leaves"})
    to_line = forms.ChoiceField(label="To", error_messages={"required": "Choose the line that the money goes to"})
    amount = MoneyField(label="Amount", error_messages={"required": "Enter the amount that moves"})
    recurrent = forms.ChoiceField(
        label="For how long",
        choices=[(ONCE, "This year only"), (RECURRENT, "Recurrent: it is proposed for next year's budgets")],
        widget=RadioSelect,
        error_messages={"required": "Say whether the money moves for this year only"},
    )
    effective_on = DateField(
        label="Effective from", error_messages={"required": "Enter the day from which the budgets change"}
    )
    reason = forms.CharField(
        label="Why it moves",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why the money moves"},
    )

    def __init__(self, data: Any = None, *, lines: Sequence[LineRow]) -> None:
        super().__init__(data)
        for name in ("from_line", "to_line"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = words.choices(lines)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return self.cleaned_data | {"recurrent": self.cleaned_data["recurrent"] == RECURRENT}


class ApproveForm(forms.Form):
    """What allows the virement."""

    authority = AuthorityField(label="What allows you to approve it")

    def __init__(self, data: Any = None, *, offered: Sequence[AuthorityChoice]) -> None:
        super().__init__(data)
        self.has_choices = bool(offered)
        field = self.fields["authority"]
        if isinstance(field, AuthorityField):
            field.offer(offered)


class RejectForm(forms.Form):
    """Why the virement is rejected."""

    reason = forms.CharField(
        label="Why it is rejected",
        help_text="Whoever prepared it reads this",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it is rejected"},
    )
