"""What a partner states of each line, and what the partners say of a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from integration_hub.core import money
from integration_hub.core.formfields import RadioSelect
from integration_hub.core.money import MoneyError
from integration_hub.core.templatetags.components import Problem as PageProblem
from partners.models import Organisation
from pooled_budgets.domain.month_grid import is_code, read_cell
from pooled_budgets.models import BalanceDifference
from pooled_budgets.selectors.balances import BalanceRow


@dataclass
class StatedRow:
    """One line with the input of the reader's own partner."""

    row: BalanceRow
    text: str
    name: str
    is_wrong: bool = False


@dataclass
class StatementsForm:
    """The figures of one partner for a quarter: all lines at once."""

    rows: list[StatedRow]
    problems: list[PageProblem] = field(default_factory=list)
    amounts: dict[UUID, Decimal | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[BalanceRow], data: Mapping[str, str] | None = None) -> "StatementsForm":
        form = cls([StatedRow(row, _shown(row), f"amount-{row.balance.key}") for row in rows])
        for stated in form.rows if data is not None else ():
            form._take(stated, data or {})
        return form

    def _take(self, stated: StatedRow, data: Mapping[str, str]) -> None:
        text = data.get(stated.name)
        if text is None:
            return
        seen = data.get(f"seen-{stated.row.balance.key}", "")
        stated.text = text.strip()
        try:
            amount = read_cell(text)
        except MoneyError as error:
            stated.is_wrong = True
            self.problems.append(PageProblem(f"{stated.row.balance.words}: {error.message}", f"#{stated.name}"))
            return
        if is_code(seen) and ("" if amount is None else money.as_plain(amount)) != seen:
            self.amounts[stated.row.balance.key] = amount


class DifferenceForm(forms.Form):
    """Of which kind a difference is, which partner clears it up, and who there."""

    kind = forms.ChoiceField(
        label="What kind of difference is it?",
        choices=[*BalanceDifference.KINDS.items()],
        widget=RadioSelect(),
        error_messages={"required": "Choose the kind"},
    )
    person = forms.CharField(
        label="Who clears it up", max_length=200, error_messages={"required": "Name the person who clears it up"}
    )
    note = forms.CharField(label="Note", max_length=500, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, parties: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.fields["owner"] = forms.ChoiceField(
            label="Which partner clears it up?",
            choices=[("", "Choose"), *((str(party.pk), party.name) for party in parties)],
            error_messages={"required": "Choose the partner"},
        )
        self.order_fields(["kind", "owner", "person", "note"])

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "owner_id": UUID(given["owner"]),
            **{name: given[name] for name in ("kind", "person", "note")},
        }


class SettleForm(forms.Form):
    """How a difference was settled."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="How it was settled",
        max_length=500,
        error_messages={"required": "Say how the difference was settled"},
    )

    def clean_seen(self) -> Decimal:
        try:
            return money.parse_pounds(self.cleaned_data["seen"])
        except MoneyError as error:
            raise forms.ValidationError("Reload the page and settle it again.") from error


def _shown(row: BalanceRow) -> str:
    return "" if row.own is None else f"{row.own:,.2f}"
