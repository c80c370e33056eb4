"""Shapes of what is typed about contributions: the contribution itself, its amount, instalments and receipts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from governance.forms_authority import AuthorityField
from governance.selectors.authority import AuthorityChoice
from integration_hub.core import money
from integration_hub.core.errors import HubError
from integration_hub.core.formfields import MoneyField, PlausibleDateField, RadioSelect
from integration_hub.core.money import MoneyError
from integration_hub.core.quarters import FinancialYear
from integration_hub.core.states import AmountState
from partners.models import Organisation
from pooled_budgets.domain import contributions as arithmetic
from pooled_budgets.domain.instalments import Instalment, instalments
from pooled_budgets.models import Fund, FundingLine, FundingStream
from pooled_budgets.models.fund import FORMS

STATES = (
    (AmountState.STATED.value, "An amount"),
    (AmountState.TO_BE_CONFIRMED.value, "To be confirmed"),
    (AmountState.NOT_STATED.value, "Not stated in the document that the figures come from"),
)
SEEN = "seen-"


class SeenForm(forms.Form):
    """A form that carries each value as it was seen, so that what two people change is noticed field by field."""

    def __init__(self, data: Any = None, *, shown: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, value in shown.items():
            self.fields[f"{SEEN}{name}"] = forms.CharField(
                required=False, initial=value, widget=forms.HiddenInput, strip=False
            )

    @property
    def seen(self) -> dict[str, str]:
        """The values as they were shown, with line ends as they are stored."""
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith(SEEN)}
        return {name.removeprefix(SEEN): value.replace("\r\n", "\n") for name, value in found.items()}

    def refuse(self, refusal: HubError) -> int:
        """Show a refusal at its field, or at the top; answers its status."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return refusal.http_status


class AmountForm(SeenForm):
    """An amount of the year in pounds, or why there is none."""

    state = forms.ChoiceField(
        label="The amount of the year",
        choices=STATES,
        initial=AmountState.STATED.value,
        widget=RadioSelect,
        error_messages={"required": "Choose whether there is an amount"},
    )
    amount = MoneyField(
        label="Amount", help_text="Empty unless there is an amount. Write 0.00 for nothing.", required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state, amount = cleaned.get("state"), cleaned.get("amount")
        if state == AmountState.STATED and amount is None and "amount" not in self.errors:
            self.add_error("amount", "Enter the amount, or choose why there is none")
        elif state and state != AmountState.STATED and amount is not None:
            self.add_error("amount", "Clear the amount, or choose that there is one")
        return cleaned


class DescriptionFields(forms.Form):
    """What a contribution is and who pays it."""

    source = forms.CharField(
        label="Source",
        help_text="What the partners call it, for example CCG minimum contribution",
        max_length=200,
        error_messages={"required": "Enter what the money is called"},
    )
    stream = forms.ChoiceField(label="Funding stream", required=False)
    payer = forms.ChoiceField(label="Paid by", help_text="A party to the agreement", required=False)
    form = forms.ChoiceField(
        label="Cash or in kind",
        choices=list(FORMS.items()),
        initial="cash",
        widget=RadioSelect(inline=True),
        error_messages={"required": "Choose cash or in kind"},
    )
    note = forms.CharField(label="Note", max_length=300, required=False)

    def offer(self, streams: Sequence[FundingStream], parties: Sequence[Organisation], year: FinancialYear) -> None:
        """The streams of the year and the parties to choose from."""
        choices = [(str(row.pk), f"{row.name} ({row.ring_fence_words})") for row in streams]
        field = self.fields["stream"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [("", "Not known"), *choices]
        field.help_text = (
            "What the money is kept apart as follows from it"
            if choices
            else f"The funding streams of {year.label} are not loaded, so what the money is kept apart as is not known"
        )
        payer = self.fields["payer"]
        assert isinstance(payer, forms.ChoiceField)  # noqa: S101  # declared above
        payer.choices = [("", "Not stated"), *((str(row.pk), row.name) for row in parties)]

    @property
    def described(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        given = self.cleaned_data
        return {
            "source": given["source"],
            "stream_id": _id(given["stream"]),
            "payer_id": _id(given["payer"]),
            "form": given["form"],
            "note": given["note"],
        }


class ContributionForm(DescriptionFields, AmountForm):
    """A new contribution."""

    field_order = ("source", "payer", "stream", "form", "state", "amount", "note")


class DescriptionForm(DescriptionFields, SeenForm):
    """A contribution but for its amount."""

    field_order = ("source", "payer", "stream", "form", "note")


class ChangeForm(AmountForm):
    """Another amount for the year, with what allows it."""

    effective_on = PlausibleDateField(
        label="From when the partners count it", error_messages={"required": "Enter from when the partners count it"}
    )
    reason = forms.CharField(
        label="Reason for the change",
        max_length=300,
        error_messages={"required": "Say why the contribution changes: the partners and their auditors read it"},
    )
    authority = AuthorityField()

    def offer(self, choices: Sequence[AuthorityChoice]) -> None:
        field = self.fields["authority"]
        assert isinstance(field, AuthorityField)  # noqa: S101  # declared above
        field.offer(choices)


class InstalmentsForm(SeenForm):
    """When the money is due: in equal parts on usual days, or on days that are written out."""

    pattern = forms.ChoiceField(
        label="When it is due",
        choices=[
            (arithmetic.QUARTERLY, "In four, on the first day of each quarter"),
            (arithmetic.MONTHLY, "In twelve, on the first day of each month"),
            (arithmetic.OWN, "On the days below"),
        ],
        widget=RadioSelect,
        error_messages={"required": "Choose when the money is due"},
    )
    days = forms.CharField(
        label="Days",
        help_text="One due date a line, such as 1 July 2014. Equal parts, the odd pennies in the last; or write an "
        "amount after each date, such as 1 July 2014 £40,000.00.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data: Any = None, *, fund: Fund, line: FundingLine, shown: str) -> None:
        super().__init__(data, shown={"amount": shown})
        self.year, self.amount = fund.year, line.amount
        self.parts: list[Instalment] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pattern = cleaned.get("pattern")
        if not pattern or self.amount is None:
            return cleaned
        try:
            if pattern == arithmetic.OWN:
                self.parts = arithmetic.read_schedule(cleaned.get("days") or "", self.amount)
            else:
                self.parts = instalments(self.amount, arithmetic.days_of(self.year, pattern))
        except MoneyError as error:
            self.add_error("days", error.message)
        return cleaned


class ReceiptForm(SeenForm):
    """Money that came in."""

    received_on = PlausibleDateField(
        label="Day it came in", error_messages={"required": "Enter the day on which the money came in"}
    )
    amount = MoneyField(label="Amount", error_messages={"required": "Enter the amount"})
    reference = forms.CharField(
        label="Reference",
        help_text="Of the paying-in, as the ledger has it",
        max_length=100,
        error_messages={"required": "Enter the reference"},
    )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= money.NIL:
            raise forms.ValidationError("Enter an amount above nil. A wrong receipt is reversed.")
        return amount


class ReversalForm(SeenForm):
    """Why a receipt counts no more."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        error_messages={"required": "Say why the receipt is reversed: it stays in the list with this beside it"},
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
