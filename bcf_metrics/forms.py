"""Shapes of what is typed about metric figures and returns. Who, when and what may be is decided in the services."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import escape

from bcf_metrics.domain import answers, numbers
from bcf_metrics.domain.answers import Cell, Wanted, name_of
from bcf_metrics.domain.entries import FIELD_WORDS, LONG, MEDIUM, NOTHING, NOTHING_CODES, SHORT, Entered
from bcf_metrics.domain.progress import PERCENT, STATUS_WORDS, Basis
from bcf_metrics.domain.shapes import parse_date
from bcf_metrics.domain.templates import FieldType
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.services.figures import Entry
from integration_hub.core import money
from integration_hub.core.formfields import AffixInput, DateField, MoneyField, RadioSelect
from integration_hub.core.states import EFFECTS, AmountState, Figure, FigureState
from integration_hub.core.templatetags.components import Problem as PageProblem

REASONS = (
    FigureState.NIL,
    FigureState.NOT_APPLICABLE,
    FigureState.NOT_YET_AVAILABLE,
    FigureState.SUPPRESSED,
    FigureState.MISSING,
)
# A text that may be longer than this is written at length, and says how many characters it has left.
LONG_TEXT = 8_000
BOTH = "There is a number and a reason for there being none. Leave one of them."
TAKEN_OUT = "The figure was taken out. Choose why there is none."
DATE_ALONE = "There is a date and no reason. Choose “Not yet available”, or clear the date."
DATE_MISSING = "Enter the date until which it is not available."
DATE_TOO_MUCH = "Only something not yet available has a date. Clear it."


@dataclass(frozen=True)
class Drawn:
    """A cell with its inputs as a page draws them; `field` is None where nothing is typed."""

    cell: Cell
    field: BoundField | None = None
    reason: BoundField | None = None
    until: BoundField | None = None
    seen_name: str = ""
    seen: str = ""

    @property
    def anchor(self) -> str:
        return f"field-{name_of(self.cell.key)}" if self.field else ""

    @property
    def until_words(self) -> str:
        """The date as its input shows it: what was typed stays as typed."""
        value = self.until.value() if self.until else ""
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value or "")

    @property
    def errors(self) -> list[str]:
        """Everything that is wrong with the inputs of the cell."""
        return [str(words) for bound in (self.field, self.reason, self.until) if bound for words in bound.errors]


class MayWait(forms.Field):
    """A field that the checklist asks for, but that may be saved empty until then."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class Lines(forms.CharField):
    """Text of several lines: a line's end is one character, as the limits count it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class WaitingLines(MayWait, Lines):
    pass


class WaitingText(MayWait, forms.CharField):
    pass


class WaitingChoice(MayWait, forms.ChoiceField):
    pass


class WaitingDate(MayWait, DateField):
    pass


class WaitingMoney(MayWait, MoneyField):
    pass


class FigureForm(forms.Form):
    """One metric's figure. Its hidden `seen-…` inputs carry each field as the person was shown it."""

    value = WaitingText(
        label="Figure",
        max_length=numbers.LONGEST,
        widget=AffixInput({"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = WaitingChoice(label="If there is no figure, why")
    until = DateField(label="Not yet available until", required=False)
    value_period = forms.CharField(
        label="Period of the figure",
        help_text="Where it is not the quarter itself, for example April and May, or 2013/14 year end",
        required=False,
        max_length=SHORT,
    )
    lagged = forms.BooleanField(
        label="Lagged: it is the latest figure, for an earlier period than the quarter", required=False
    )
    numerator = forms.CharField(
        label="Numerator",
        required=False,
        max_length=numbers.LONGEST,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    denominator = forms.CharField(
        label="Denominator",
        required=False,
        max_length=numbers.LONGEST,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    source = forms.CharField(label="Source", required=False, max_length=MEDIUM)
    provisional = forms.BooleanField(label="Provisional: the figure may still change", required=False)
    override_status = forms.ChoiceField(label="Status", required=False)
    override_reason = Lines(
        label="Why it differs from the suggestion",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    challenges = Lines(
        label="Challenges",
        help_text="Something is needed here or below where the metric is not on track or has no data",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    achievements = Lines(
        label="Achievements", required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 2})
    )
    support_needs = Lines(
        label="Support needs",
        help_text="What the area asks of the region or of the national team",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    action = Lines(label="Action", required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, row: FigureRow, data: Mapping[str, str] | None = None) -> None:
        self.row = row
        stands = row.entered or NOTHING
        self.codes = stands.codes() if row.entered else NOTHING_CODES
        super().__init__(data, prefix=row.key, initial=self._initial(stands))
        if row.plan.unit == PERCENT:
            self.fields["value"].widget.suffix = "%"
        else:
            # A unit may be as long as a line, such as a rate for each 100,000 people of an age.
            self.fields["value"].help_text = escape(f"Unit: {row.plan.unit}")
        self.fields["reason"].choices = [("", "There is a figure"), *((r.value, sentence(r)) for r in REASONS)]  # type: ignore[attr-defined]  # a choice field
        self.fields["override_status"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", f"As suggested: {row.suggested_words.lower()}"),
            *((status.value, f"My own: {words.lower()}") for status, words in STATUS_WORDS.items()),
        ]

    @property
    def was_sent(self) -> bool:
        """Whether the page that was sent had this metric on it."""
        return self.add_prefix("seen-figure") in self.data

    @property
    def seen(self) -> list[tuple[str, str]]:
        """The hidden inputs: name and value of each field as it is shown."""
        given = (
            {field: self.data.get(self.add_prefix(f"seen-{field}")) for field in FIELD_WORDS} if self.is_bound else {}
        )
        return [
            (self.add_prefix(f"seen-{field}"), self.codes[field] if given.get(field) is None else str(given[field]))
            for field in FIELD_WORDS
        ]

    @property
    def is_open(self) -> bool:
        """Whether the part with the finer points stands open: where something is in it or wrong with it."""
        fields = ("lagged", "numerator", "denominator", "source")
        return any(self[name].errors or self[name].value() for name in fields)

    @property
    def has_override(self) -> bool:
        """Whether the part for a status of one's own stands open."""
        return any(self[name].errors or self[name].value() for name in ("override_status", "override_reason"))

    @property
    def problems(self) -> list[PageProblem]:
        """What is wrong, named by the metric, each with its input."""
        whole = [PageProblem(f"{self.row.indicator}: {words}") for words in self.non_field_errors()]
        return whole + [
            PageProblem(
                words if words.startswith(self.row.indicator) else f"{self.row.indicator}: {words}",
                f"#{bound.id_for_label or bound.auto_id}",
            )
            for bound in self
            for words in map(str, bound.errors)
        ]

    def clean_value(self) -> Any:
        return self._number("value", places=self.row.plan.metric.precision)

    def clean_numerator(self) -> Any:
        return self._number("numerator")

    def clean_denominator(self) -> Any:
        return self._number("denominator")

    def clean(self) -> dict[str, Any]:
        """Number, reason and date make one figure together."""
        given = self.cleaned_data
        if "value" not in given or "reason" not in given or "until" not in given:
            return given
        value, reason, until = given["value"], given["reason"], given["until"]
        for field, words in _together(value, reason, until):
            self.add_error(field, words)
        if value is None and not reason and not until and self._seen("figure"):
            self.add_error("reason", TAKEN_OUT)
        return given

    def entry(self) -> Entry:
        """What the form asks for. Only after is_valid."""
        given = self.cleaned_data
        value, reason = given["value"], given["reason"]
        has_figure = value is not None or bool(reason)
        entered = Entered(
            figure=Figure(
                value=value, state=FigureState(reason) if reason else FigureState.STATED, until=given["until"]
            )
            if has_figure
            else NOTHING.figure,
            **{field: given[field] for field in FIELD_WORDS if field != "figure"},
        )
        if not has_figure and self._is_untouched(entered):
            entered = NOTHING
        return Entry(
            self.row.plan.pk, entered, {field: self._seen(field) for field in FIELD_WORDS}, has_figure=has_figure
        )

    def rebased(self, row: FigureRow) -> "FigureForm":
        """The form on the figures as they are now, with what the person had changed. Only after is_valid."""
        now = FigureForm(row)
        typed = self.entry().codes()
        data = QueryDict(mutable=True)
        data.update({key: value for key, value in self.data.items() if key.startswith(f"{self.prefix}-")})
        for field in FIELD_WORDS:
            if typed[field] == self._seen(field):
                for name in ("value", "reason", "until") if field == "figure" else (field,):
                    _put(data, self.add_prefix(name), now[name].value())
            data[self.add_prefix(f"seen-{field}")] = now.codes[field]
        form = FigureForm(row, data)
        form.is_valid()
        return form

    def complain(self, field: str, message: str) -> None:
        """Set what the service found beside the input that it is about."""
        self.add_error("value" if field == "figure" else field if field in self.fields else None, message)

    def _initial(self, stands: Entered) -> dict[str, Any]:
        figure = stands.figure
        codes = stands.codes()
        stated = figure.state == FigureState.STATED
        return codes | {
            "value": codes["figure"] if stated else "",
            "reason": "" if stated or not self.row.entered else str(figure.state),
            "until": figure.until,
            "lagged": stands.lagged,
            "provisional": stands.provisional,
            "value_period": stands.value_period or self._usual_period,
        }

    @property
    def _usual_period(self) -> str:
        """A target for one stated period is compared with a figure for the same."""
        same = self.row.plan.basis == Basis.SAME_PERIOD and self.row.entered is None
        return self.row.plan.target_period if same else ""

    def _is_untouched(self, entered: Entered) -> bool:
        """Whether nothing was typed where nothing stood: what the form filled in by itself is no entry."""
        codes = entered.codes() | {"figure": "", "value_period": ""}
        return self.row.entered is None and codes == NOTHING_CODES and entered.value_period == self._usual_period

    def _seen(self, field: str) -> str:
        return str(self.data.get(self.add_prefix(f"seen-{field}"), self.codes[field])).replace("\r\n", "\n")

    def _number(self, name: str, *, places: int = numbers.PLACES) -> Any:
        text = self.cleaned_data[name]
        if not text:
            return None
        try:
            return numbers.parse(text, places=places)
        except numbers.NumberError as error:
            raise ValidationError(error.message, code=error.code) from error


class SectionForm(forms.Form):
    """The fields of one section that are typed in the return, made from its template."""

    def __init__(
        self, cells: Sequence[Cell], data: Mapping[str, str] | None = None, *, required: Iterable[str] = ()
    ) -> None:
        super().__init__(data)
        self.cells = {cell.key: cell for cell in cells if cell.is_typed}
        asked = frozenset(required)
        for cell in self.cells.values():
            self._add(cell, required=cell.entry.path in asked)

    def clean(self) -> dict[str, Any]:
        for cell in self.cells.values():
            self._check_amount(cell)
        return self.cleaned_data

    def wanted(self) -> list[Wanted]:
        """The answers that the page asked for. Only after is_valid."""
        return [
            Wanted(key, self._code(cell), self._seen(key)) for key, cell in self.cells.items() if self._was_sent(key)
        ]

    def drawn(self, cell: Cell) -> Drawn:
        """The cell with its inputs, and the hidden one that carries the answer as it is shown."""
        if cell.key not in self.cells:
            return Drawn(cell)
        name = name_of(cell.key)
        names = self.names(cell.key)
        return Drawn(
            cell,
            field=self[name],
            reason=self[f"{name}-reason"] if f"{name}-reason" in names else None,
            until=self[f"{name}-until"] if f"{name}-until" in names else None,
            seen_name=f"seen-{name}",
            seen=self._seen(cell.key),
        )

    def rebased(self, cells: Sequence[Cell], *, required: Iterable[str]) -> "SectionForm":
        """The form on the answers as they are now, with what the person had changed. Only after is_valid."""
        now = SectionForm(cells, required=required)
        data = QueryDict(mutable=True)
        data.update(dict(self.data.items()))
        for key in now.cells:
            if key not in self.cells or self._code(self.cells[key]) == self._seen(key):
                for name in now.names(key):
                    _put(data, name, now[name].value())
            data[f"seen-{name_of(key)}"] = now.cells[key].code
        form = SectionForm(cells, data, required=required)
        form.is_valid()
        return form

    def complain(self, key: str, message: str) -> None:
        """Set what the service found beside the input that it is about."""
        self.add_error(name_of(key) if name_of(key) in self.fields else None, message)

    def names(self, key: str) -> list[str]:
        """The inputs of one answer: for an amount also its reason and date."""
        name = name_of(key)
        return [found for found in (name, f"{name}-reason", f"{name}-until") if found in self.fields]

    def _add(self, cell: Cell, *, required: bool) -> None:
        name, field = name_of(cell.key), cell.field
        label, hint = cell.entry.label, field.help
        if cell.is_amount:
            amount, state, until = answers.split(cell.code)
            kind = WaitingMoney if field.type is FieldType.MONEY else WaitingText
            self.fields[name] = kind(label=label, help_text=hint, required=required, initial=amount and _amount(amount))
            if cell.reasons:
                empty = "" if amount is not None or not cell.code else state
                choices = [("", "There is an amount"), *((reason.value, sentence(reason)) for reason in cell.reasons)]
                self.fields[f"{name}-reason"] = forms.ChoiceField(
                    label=f"{label}: why there is none", choices=choices, initial=empty, required=False
                )
            if field.until:
                self.fields[f"{name}-until"] = DateField(
                    label=f"{label}: not yet available until", initial=parse_date(until or ""), required=False
                )
        elif field.type is FieldType.DATE:
            self.fields[name] = WaitingDate(label=label, required=required, initial=parse_date(cell.code) or cell.code)
            self.fields[name].help_text = " ".join(filter(None, [hint, str(self.fields[name].help_text)]))
        elif field.choices:
            self.fields[name] = WaitingChoice(
                label=label,
                help_text=hint,
                required=required,
                initial=cell.code,
                choices=field.choices,
                widget=RadioSelect(inline=len(field.choices) < 3),
            )
        elif field.type is FieldType.LONG_TEXT:
            left = field.max_length - len(cell.code)
            is_long = field.max_length > LONG_TEXT
            remaining = f"{left:,} of {field.max_length:,} characters remain, as saved." if is_long else ""
            self.fields[name] = WaitingLines(
                label=label,
                help_text=f"{hint} {remaining}".strip(),
                required=required,
                initial=cell.code,
                max_length=field.max_length,
                widget=forms.Textarea(attrs={"rows": 16 if is_long else 3}),
            )
        else:
            self.fields[name] = WaitingText(
                label=label, help_text=hint, required=required, initial=cell.code, max_length=field.max_length
            )

    def _check_amount(self, cell: Cell) -> None:
        """Number, reason and date make one amount together."""
        name = name_of(cell.key)
        parts = self.names(cell.key)
        if not cell.is_amount or not all(part in self.cleaned_data for part in parts):
            return
        value = self.cleaned_data[name]
        if isinstance(value, str) and value:
            try:
                value = numbers.parse(value)
            except numbers.NumberError as error:
                self.add_error(name, error.message)
                return
        self.cleaned_data[name] = value = None if value == "" else value
        reason, until = self.cleaned_data.get(f"{name}-reason", ""), self.cleaned_data.get(f"{name}-until")
        for field, words in _together(value, reason, until):
            self.add_error({"value": name}.get(field, f"{name}-{field}"), words)

    def _code(self, cell: Cell) -> str:
        name = name_of(cell.key)
        value = self.cleaned_data[name]
        if not cell.is_amount:
            return value.isoformat() if cell.field.type is FieldType.DATE and value else str(value or "")
        reason = self.cleaned_data.get(f"{name}-reason", "")
        if reason:
            return answers.of_amount(None, reason, self.cleaned_data.get(f"{name}-until"))
        if value is None:
            return ""
        return money.as_plain(value) if cell.field.type is FieldType.MONEY else numbers.plain(value)

    def _was_sent(self, key: str) -> bool:
        return f"seen-{name_of(key)}" in self.data

    def _seen(self, key: str) -> str:
        return str(self.data.get(f"seen-{name_of(key)}", self.cells[key].code)).replace("\r\n", "\n")


class OpenForm(forms.Form):
    """For which fund and quarter a return is opened."""

    fund = forms.UUIDField(widget=forms.HiddenInput)
    quarter = forms.TypedChoiceField(
        label="Quarter",
        choices=[(number, f"Quarter {number}") for number in range(1, 5)],
        coerce=int,
        error_messages={"required": "Choose a quarter", "invalid_choice": "A quarter is 1, 2, 3 or 4"},
    )


class SignForm(forms.Form):
    """For which partner, in which capacity, and which version was read."""

    organisation = forms.ChoiceField(
        label="For which partner do you sign?", widget=RadioSelect, error_messages={"required": "Choose the partner"}
    )
    capacity = forms.CharField(
        label="In which capacity do you sign?",
        help_text="For example, Chief Officer, or Strategic Director by delegation of the Board",
        max_length=SHORT,
        error_messages={"required": "Say in which capacity you sign"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        parties: Sequence[Any],
        version: int,
        chosen: str = "",
        capacity: str = "",
    ) -> None:
        """`chosen` is the partner that the person acts for, `capacity` what the register of roles says of them."""
        keys = [str(party.pk) for party in parties]
        first = keys[0] if len(keys) == 1 else chosen if chosen in keys else None
        super().__init__(data, initial={"version": version, "organisation": first, "capacity": capacity})
        self.fields["organisation"].choices = [(str(party.pk), party.name) for party in parties]  # type: ignore[attr-defined]  # a choice field


class SignAsForm(forms.Form):
    """In which of the capacities that the policy year names a version is signed; the register says who holds them."""

    signing_as = forms.ChoiceField(
        label="In which capacity do you sign?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose in which capacity you sign",
            "invalid_choice": "Choose in which capacity you sign",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, data: Mapping[str, str] | None = None, *, choices: Sequence[tuple[str, str]], version: int
    ) -> None:
        """`choices` are the signatures that the person may give, by key."""
        first = choices[0][0] if len(choices) == 1 else None
        super().__init__(data, initial={"version": version, "signing_as": first})
        self.fields["signing_as"].choices = list(choices)  # type: ignore[attr-defined]  # a choice field


class SendBackForm(forms.Form):
    """Why a return goes back."""

    reason = Lines(
        label="What has to be put right?",
        help_text="The preparers and the partners read this.",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what has to be put right"},
    )


class AmendForm(forms.Form):
    """Why a return is changed after it went to its signatories."""

    reason = Lines(
        label="What is changed, and why?",
        help_text="Everybody who signed it reads this.",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what is changed, and why"},
    )


class SendForm(forms.Form):
    """The digest of the content that the sender was shown."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def sentence(state: FigureState | AmountState) -> str:
    """A reason as a choice: "Not yet available"."""
    words = EFFECTS[state].words
    return words[0].upper() + words[1:]


def _together(value: Any, reason: str, until: Any) -> list[tuple[str, str]]:
    """What does not go together in number, reason and date, with the input to blame."""
    found = []
    if value is not None and reason:
        found.append(("value", BOTH))
    if reason == FigureState.NOT_YET_AVAILABLE and until is None:
        found.append(("until", DATE_MISSING))
    if until is not None and not reason:
        found.append(("reason", DATE_ALONE))
    if until is not None and reason and reason != FigureState.NOT_YET_AVAILABLE:
        found.append(("until", DATE_TOO_MUCH))
    return found


def _put(data: QueryDict, name: str, value: Any) -> None:
    """Fill an input as a browser would send it: a box that is not ticked is not there."""
    if value is True:
        data[name] = "on"
    elif value is False or value is None:
        data.pop(name, None)
    else:
        data[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)


def _amount(code: str) -> str:
    whole, point, pence = code.partition(".")
    return f"{int(whole):,}{point}{pence}"
