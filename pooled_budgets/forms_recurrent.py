"""What is typed about a recurrent virement of the year before."""

from typing import Any

from django import forms

from integration_hub.core import money
from integration_hub.core.formfields import MoneyField, RadioSelect
from pooled_budgets.presenters import virements as words
from pooled_budgets.selectors.recurrent import Proposal
from pooled_budgets.selectors.virements import LineRow

CARRY, LEAVE = "carry", "leave"
CHOICES = [
    (CARRY, "Prepare a virement of this year for it; another person approves that"),
    (LEAVE, "Leave this year's budgets as they are: the plan has it already, or it is not wanted"),
]


class RecurrentForm(forms.Form):
    """Whether this year's budgets move as well, between which lines, how much, and why."""

    choice = forms.ChoiceField(
        label="What this year's fund makes of it",
        choices=CHOICES,
        widget=RadioSelect,
        error_messages={"required": "Say whether this year's budgets move as well"},
    )
    from_line = forms.ChoiceField(label="From", required=False)
    to_line = forms.ChoiceField(label="To", required=False)
    amount = MoneyField(
        label="Amount",
        required=False,
        help_text="What moved in the year before, which may be less than for a whole year",
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, found: Proposal, lines: list[LineRow]) -> None:
        virement = found.virement
        initial = {
            "from_line": str(found.source.line.pk) if found.source else "",
            "to_line": str(found.target.line.pk) if found.target else "",
            "amount": virement.amount,
        }
        super().__init__(data, initial=initial)
        self._goes_on = f"Goes on with virement {virement.number} of {virement.fund.year.label}: {virement.reason}"[
            :1000
        ]
        self.fields["reason"].help_text = (
            "Needed where the budgets stay as they are. A virement that is prepared without a reason says that it goes "
            f"on with virement {virement.number} of {virement.fund.year.label}, and that one's reason."
        )
        for name in ("from_line", "to_line"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = words.choices(lines)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("choice") == LEAVE and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why this year's budgets stay as they are")
        if given.get("choice") == CARRY:
            given["reason"] = given.get("reason") or self._goes_on
            for name, message in (
                ("from_line", "Choose the line that the money leaves"),
                ("to_line", "Choose the line that the money goes to"),
            ):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, message)
            if (given.get("amount") or money.NIL) <= money.NIL and "amount" not in self.errors:
                self.add_error("amount", "Enter the amount that moves")
        return given
