"""What is typed about a memorandum account: its purpose, a certificate, the auditor's statement."""

from typing import Any

from django import forms

from integration_hub.core.formfields import DateField
from integration_hub.core.once import OnceForm
from pooled_budgets.models.account_statement import KINDS


class StatementForm(OnceForm):
    """A statement, who makes it and when."""

    kind = forms.ChoiceField(label="What is stated", error_messages={"required": "Choose what is stated"})
    text = forms.CharField(
        label="Statement",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write the statement"},
    )
    stated_by = forms.CharField(
        label="Who states it",
        max_length=200,
        required=False,
        help_text="Name and capacity, as they are printed. Leave it empty for the purpose.",
    )
    stated_on = DateField(label="On", error_messages={"required": "Enter the day of the statement"})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(KINDS.items())
