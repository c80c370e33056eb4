"""What was typed about postings, commitments and ledger extracts, in shape."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from integration_hub.core.formfields import DateField, MoneyField, RadioSelect
from integration_hub.core.models import Period
from integration_hub.core.once import OnceForm
from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.models import Transaction
from pooled_budgets.selectors.ledger import LineChoice, Wanted

CHOOSE = ("", "Choose")
KINDS = [*Transaction.KINDS.items()]
KIND_HINTS = {
    "actual": "Spent or received, as the ledger has it",
    "accrual": "Received but not yet invoiced; reverse it when the invoice is posted",
}


def _line_field(lines: Sequence[LineChoice], *, required: bool = True) -> forms.ChoiceField:
    first = CHOOSE if required else ("", "All lines")
    return forms.ChoiceField(
        label="Budget line",
        choices=[first, *((str(line.line.pk), line.words) for line in lines)],
        required=required,
        error_messages={"required": "Choose the budget line"},
    )


def _month_field(months: Sequence[Period], *, required: bool = True, label: str = "Month") -> forms.ChoiceField:
    first = CHOOSE if required else ("", "All months")
    return forms.ChoiceField(
        label=label,
        choices=[first, *((str(month.number), month.label) for month in months)],
        required=required,
        error_messages={"required": "Choose the month"},
    )


class _OnMonths(forms.Form):
    """A form that asks for a month of the fund's year."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, months: Sequence[Period], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.months = {str(month.number): month for month in months}

    @property
    def month(self) -> Period | None:
        return self.months.get(self.cleaned_data.get("month", ""))


class LedgerFilter(forms.Form):
    """Which postings the list shows. What is no choice is left out of the look."""

    text = forms.CharField(label="Words", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "All kinds"), *KINDS, ("reversal", "Reversal")], required=False
    )

    def __init__(self, data: Mapping[str, Any], *, lines: Sequence[LineChoice], months: Sequence[Period]) -> None:
        super().__init__(data)
        self.fields["line"] = _line_field(lines, required=False)
        self.fields["month"] = _month_field(months, required=False)
        self.order_fields(["line", "month", "kind", "text"])

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        line = self.cleaned_data.get("line")
        words = {name: self.cleaned_data.get(name, "") for name in ("month", "kind", "text")}
        return Wanted(line=UUID(line) if line else None, **words)


class PostingForm(OnceForm, _OnMonths):
    """One posting. The amount may be below nil: income, or a credit note."""

    kind = forms.ChoiceField(label="Kind", choices=KINDS, initial="actual", widget=RadioSelect(hints=KIND_HINTS))
    amount = MoneyField(
        label="Amount",
        negative=True,
        help_text="Spending as it is; income with a minus",
        error_messages={"required": "Enter the amount"},
    )
    description = forms.CharField(
        label="What it was for", max_length=300, error_messages={"required": "Say what it was for"}
    )
    reference = forms.CharField(label="Reference in the ledger", max_length=60, required=False)
    true_on = DateField(label="Date in the ledger", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lines: Sequence[LineChoice],
        months: Sequence[Period],
    ) -> None:
        super().__init__(data, months=months)
        self.fields["line"] = _line_field(lines)
        self.fields["month"] = _month_field(months)
        self.order_fields(["line", "month", "kind", "amount", "description", "reference", "true_on"])

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "line_id": UUID(given["line"]),
            "month": self.month,
            **{name: given[name] for name in ("kind", "amount", "description", "reference", "true_on", "once")},
        }


class ReverseForm(_OnMonths):
    """Why a posting is taken back, and in which month."""

    reason = forms.CharField(
        label="Why it is reversed", max_length=300, error_messages={"required": "Say why the posting is reversed"}
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, months: Sequence[Period], own: Period | None = None
    ) -> None:
        super().__init__(data, months=months)
        self.fields["month"] = _month_field(months, label="Month in which it is reversed")
        self.fields["month"].initial = str(own.number) if own else ""
        self.fields["month"].help_text = "Its own month; a later one where that is closed"


class CommitmentForm(OnceForm, _OnMonths):
    """Money promised to a supplier."""

    supplier = forms.CharField(label="Supplier", max_length=200, error_messages={"required": "Enter the supplier"})
    description = forms.CharField(label="What for", max_length=300, required=False)
    open_value = MoneyField(label="Still to be paid", error_messages={"required": "Enter what is still to be paid"})

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lines: Sequence[LineChoice],
        months: Sequence[Period],
    ) -> None:
        super().__init__(data, months=months)
        self.fields["line"] = _line_field(lines)
        self.fields["month"] = _month_field(months, label="Falls due in")
        self.order_fields(["line", "supplier", "description", "open_value", "month"])

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "line_id": UUID(given["line"]),
            "due": self.month,
            **{name: given[name] for name in ("supplier", "description", "open_value", "once")},
        }


class CloseForm(forms.Form):
    """Why a commitment is closed."""

    reason = forms.CharField(
        label="Why it is closed",
        help_text="For example: paid with invoice 1234, or the order was withdrawn",
        max_length=300,
        error_messages={"required": "Say why it is closed"},
    )


class ExtractForm(forms.Form):
    """A ledger extract as a file, with the control totals that the ledger's own report gives."""

    file = forms.FileField(
        label="Ledger extract",
        help_text="An .xlsx or .csv file of at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choose the file", "empty": "The file is empty. Save it again and upload that."},
    )
    rows = forms.IntegerField(
        label="Number of rows",
        help_text="As the ledger's report gives it. Leave it empty where the file says it in a row named Count",
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}),
    )
    total = MoneyField(
        label="Total of the amounts",
        help_text="Leave it empty where the file says it in a row named Total",
        negative=True,
        required=False,
    )

    @property
    def stated(self) -> Controls:
        return Controls(count=self.cleaned_data["rows"], total=self.cleaned_data["total"])


class AssignForm(forms.Form):
    """The line of a code that has none."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lines: Sequence[LineChoice], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["line"] = _line_field(lines)
