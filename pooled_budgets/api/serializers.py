"""The shapes of pooled budgets in the API: money as text with two decimals, empty amounts null with their state."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from integration_hub.core import money
from integration_hub.core.models import StagedImport
from integration_hub.core.money import MoneyError
from integration_hub.core.states import FigureState
from pooled_budgets.domain import figures
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.plan_sheet import LONGEST_NOTE
from pooled_budgets.domain.position import FundPosition
from pooled_budgets.models import Agreement, Forecast, Fund, Scheme
from pooled_budgets.selectors import funds
from pooled_budgets.selectors.imports import Preview

_FIGURE_FIELDS = ("amount", "state", "available_on")


class PartyOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class AgreementOut(serializers.ModelSerializer[Agreement]):
    area = serializers.CharField(source="area.name")
    host = PartyOut(allow_null=True)
    parties = PartyOut(many=True)
    state = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="current_version.number", allow_null=True, default=None)

    class Meta:
        model = Agreement
        fields = [
            "id",
            "key",
            "title",
            "kind",
            "status",
            "state",
            "area",
            "board",
            "host",
            "parties",
            "statutory_basis",
            "note",
            "commences_on",
            "expires_on",
            "terminated_on",
            "version",
        ]

    def get_state(self, agreement: Agreement) -> str:
        """What it is today: in force, expired, and so on; `status` is what its partners last did."""
        return agreement.state_on(timezone.localdate())


class FundOut(serializers.ModelSerializer[Fund]):
    financial_year = serializers.CharField(source="year.label")
    area = serializers.CharField(source="agreement.area.name")
    owner = PartyOut()

    class Meta:
        model = Fund
        fields = [
            "id",
            "name",
            "financial_year",
            "area",
            "agreement",
            "owner",
            "total",
            "total_state",
            "total_note",
            "split_note",
            "source",
            "discrepancies",
            "illustrative",
            "released_at",
        ]


class SchemeOut(serializers.ModelSerializer[Scheme]):
    budget = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    budget_state = serializers.CharField()

    class Meta:
        model = Scheme
        fields = ["id", "fund", "number", "position", "name", "budget", "budget_state", "note", "illustrative"]


class ForecastOut(serializers.ModelSerializer[Forecast]):
    fund = serializers.UUIDField(source="scheme.fund_id")
    scheme_no = serializers.CharField(source="scheme.number")
    financial_year = serializers.CharField(source="scheme.fund.year.label")
    quarter = serializers.IntegerField(source="period.number")
    entered_by = serializers.CharField(source="entered_by.name")

    class Meta:
        model = Forecast
        fields = [
            "id",
            "fund",
            "scheme",
            "scheme_no",
            "financial_year",
            "quarter",
            "amount",
            "state",
            "available_on",
            "as_printed",
            "note",
            "source",
            "provisional",
            "at",
            "entered_by",
            "entered_at",
            "released_at",
        ]


class SeenIn(serializers.Serializer[Any]):
    """What the caller was shown before the change: an amount in pounds as text, or null with the state that says why.

    `figure` gives it read; None where a PATCH names no part of it.
    """

    amount = serializers.CharField(allow_null=True, required=False, default=None, max_length=40)
    state = serializers.ChoiceField(choices=[state.value for state in FigureState], default="stated")
    available_on = serializers.DateField(allow_null=True, required=False, default=None)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)

    def validate_note(self, note: str) -> str:
        """One line, as the grid of the page shows it."""
        return " ".join(note.split())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_named = not self._is_patch or not attrs.keys().isdisjoint(_FIGURE_FIELDS)
        try:
            attrs["figure"] = self.read_figure(attrs) if is_named else None
        except MoneyError as error:
            field = "available_on" if error.code == "until" else "amount"
            raise serializers.ValidationError({field: [error.message]}, code=error.code) from error
        return attrs

    def read_figure(self, attrs: dict[str, Any]) -> Figure:
        """The figure of the fields that were sent; raises MoneyError."""
        return _figure(attrs)

    @property
    def _is_patch(self) -> bool:
        return bool(getattr(self.root, "partial", False))


class FigureIn(SeenIn):
    """An amount in pounds as text, or null with the state that says why. A note that is not named stays as it is."""

    def read_figure(self, attrs: dict[str, Any]) -> Figure:
        figure = _figure(attrs)
        if figure.available_on is not None:
            figures.check_day(figure.available_on)
        return figure


class ForecastIn(FigureIn):
    """A projected outturn to record, with what was seen there before. A PATCH leaves alone what it does not name."""

    seen = SeenIn(allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "seen" not in attrs:
            raise serializers.ValidationError({"seen": ["Send what was seen before the change."]}, code="required")
        if attrs["figure"] is not None and attrs["seen"] is not None and attrs["seen"]["figure"] is None:
            raise serializers.ValidationError({"seen": ["Send the figure that was seen, too."]}, code="required")
        return attrs

    def read_figure(self, attrs: dict[str, Any]) -> Figure:
        return super().read_figure(_with_rest(attrs, self.instance) if self._is_patch and self.instance else attrs)


class ForecastNewIn(FigureIn):
    """The first projected outturn of a scheme at a quarter."""

    scheme = serializers.PrimaryKeyRelatedField(queryset=funds.no_schemes())
    quarter = serializers.IntegerField(min_value=1, max_value=4)

    def __init__(self, *args: Any, schemes: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if schemes is not None:
            # Only rows that the caller may read: anybody else's are as if they were not there.
            self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]  # of a related field


class PositionLineOut(serializers.Serializer[Any]):
    scheme_no = serializers.CharField()
    name = serializers.CharField()
    budget = serializers.CharField(allow_null=True)
    budget_state = serializers.CharField()
    outturn = serializers.CharField(allow_null=True)
    outturn_state = serializers.CharField()
    available_on = serializers.DateField(allow_null=True)
    as_printed = serializers.CharField()
    variance = serializers.CharField(allow_null=True)
    note = serializers.CharField()


class PositionTotalsOut(serializers.Serializer[Any]):
    budget = serializers.CharField(allow_null=True)
    outturn = serializers.CharField(allow_null=True)
    variance = serializers.CharField(allow_null=True)
    complete = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())


class PositionOut(serializers.Serializer[Any]):
    """Where a fund stands; `missing` names the schemes that the totals of outturn and variance leave out."""

    financial_year = serializers.CharField()
    quarter = serializers.IntegerField()
    as_at = serializers.DateField()
    fund_total = serializers.CharField(allow_null=True)
    unallocated = serializers.CharField(allow_null=True)
    lines = PositionLineOut(many=True)
    totals = PositionTotalsOut()


class UploadIn(serializers.Serializer[Any]):
    file = serializers.FileField()


class CorrectionsIn(serializers.Serializer[Any]):
    """New values for refused cells by their reference, such as {"D14": "214,000.00"}; none only checks again."""

    corrections = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=LONGEST_NOTE), required=False, default=dict
    )


class ConfirmIn(serializers.Serializer[Any]):
    include_outturns = serializers.BooleanField(default=True)


class ProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    sheet = serializers.CharField()
    cell = serializers.CharField()
    column = serializers.CharField()
    row_name = serializers.CharField()
    value = serializers.CharField()
    message = serializers.CharField()
    expected = serializers.CharField()
    suggestion = serializers.CharField()


class FieldOut(serializers.Serializer[Any]):
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field that is called label
    before = serializers.CharField()
    after = serializers.CharField()


class ChangeOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    values = FieldOut(many=True)


class ImportOut(serializers.Serializer[Any]):
    """An uploaded plan: what it would change, or changed, and the cells that are refused."""

    id = serializers.UUIDField()
    fund = serializers.UUIDField()
    filename = serializers.CharField()
    status = serializers.ChoiceField(choices=StagedImport.STATUSES)
    uploaded_by = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    outturns = serializers.IntegerField()
    changes = ChangeOut(many=True)
    problems = ProblemOut(many=True)


def position_data(position: FundPosition, quarter: int) -> dict[str, Any]:
    """A position as the API gives it: money as text."""
    totals = position.totals
    return {
        "financial_year": position.financial_year,
        "quarter": quarter,
        "as_at": position.as_at,
        "fund_total": _plain(position.fund_total),
        "unallocated": _plain(position.unallocated),
        "lines": [
            {
                "scheme_no": line.number,
                "name": line.name,
                "budget": _plain(line.budget),
                "budget_state": line.budget_state,
                "outturn": _plain(line.outturn),
                "outturn_state": line.outturn_state,
                "available_on": line.available_on,
                "as_printed": line.as_printed,
                "variance": _plain(line.variance),
                "note": line.note,
            }
            for line in position.lines
        ],
        "totals": {
            "budget": _plain(totals.budget),
            "outturn": _plain(totals.outturn),
            "variance": _plain(totals.variance),
            "complete": totals.is_complete,
            "missing": list(totals.missing),
        },
    }


def import_data(preview: Preview) -> dict[str, Any]:
    """An upload as the API gives it."""
    staged = preview.staged
    return {
        "id": staged.pk,
        "fund": staged.target_id,
        "filename": staged.filename,
        "status": staged.status,
        "uploaded_by": staged.uploaded_by_name,
        "uploaded_at": staged.uploaded_at,
        "confirmed_by": staged.confirmed_by_name,
        "confirmed_at": staged.confirmed_at,
        "undone_by": staged.undone_by_name,
        "undone_at": staged.undone_at,
        "outturns": preview.outturns,
        "changes": staged.changes,
        "problems": staged.problems,
    }


def _with_rest(named: dict[str, Any], forecast: Forecast) -> dict[str, Any]:
    """The named parts of a figure with those that stand there, as far as they belong to its state."""
    state = named.get("state") or (FigureState.STATED if named.get("amount") else forecast.state)
    standing = {
        "state": state,
        "amount": _plain(forecast.amount) if state == FigureState.STATED else None,
        "available_on": forecast.available_on if state == FigureState.NOT_YET_AVAILABLE else None,
    }
    return standing | named


def _figure(attrs: dict[str, Any]) -> Figure:
    amount, state, until = attrs.get("amount"), attrs.get("state", "stated"), attrs.get("available_on")
    if state == FigureState.STATED:
        return Figure.stated(money.parse_pounds(amount or "", negative=True))
    if amount and money.parse_pounds(amount, negative=True) != 0:
        raise MoneyError("amount", f'There is an amount and the state "{state}". Send one of them.')
    return Figure.empty(state, until)


def _plain(amount: Any) -> str | None:
    return None if amount is None else money.as_plain(amount)
