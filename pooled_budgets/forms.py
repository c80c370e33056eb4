"""What was typed, in shape: the upload, the corrected cells, and the monitoring grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django import forms

from integration_hub.core.errors import HubError
from integration_hub.core.money import MoneyError
from integration_hub.core.states import FigureState
from integration_hub.core.templatetags.components import Problem as PageProblem
from pooled_budgets.domain import figures, paste
from pooled_budgets.domain.entries import Conflict, Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.paste import PasteProblem
from pooled_budgets.domain.plan_sheet import LONGEST_NOTE, Problem
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.domain.words import count

# The only character that the database cannot keep.
NUL = "\x00"
_RELOAD = (
    "What this page was sent with is not what it showed, so nothing was saved. Copy what you typed, reload the page "
    "and enter it again."
)
REASON_CHOICES = (
    ("", "There is an amount"),
    (FigureState.NIL.value, "Nil"),
    (FigureState.NOT_APPLICABLE.value, "Not applicable"),
    (FigureState.NOT_YET_AVAILABLE.value, "Not yet available until"),
    (FigureState.SUPPRESSED.value, "Suppressed"),
    (FigureState.MISSING.value, "Missing"),
)


class UploadForm(forms.Form):
    """A scheme plan as a file; what is in it is read by the service."""

    file = forms.FileField(
        label="Scheme plan",
        help_text="An .xlsx or .csv file of at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Choose the file of your scheme plan",
            "empty": "The file is empty. Save it again and upload that.",
        },
    )


class CorrectionForm(forms.Form):
    """One input for each refused cell, filled in with the suggestion where there is one."""

    def __init__(self, data: Mapping[str, str] | None = None, *, problems: Sequence[Problem]) -> None:
        super().__init__(data)
        self.problems = problems
        for problem in problems:
            self.fields[f"cell-{problem.cell}"] = forms.CharField(
                label=f"{problem.column}, {problem.row_name}",
                help_text=_hint(problem),
                initial=problem.suggestion or problem.value,
                max_length=LONGEST_NOTE,
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
            )

    @property
    def corrections(self) -> dict[str, str]:
        """What was typed, by cell."""
        return {problem.cell: self.cleaned_data[f"cell-{problem.cell}"] for problem in self.problems}


class ConfirmForm(forms.Form):
    """Whether the projected outturns of the sheet are recorded with the plan."""

    include_outturns = forms.BooleanField(required=False, initial=True)

    def __init__(self, data: Mapping[str, str] | None = None, *, label: str = "", hint: str = "") -> None:
        super().__init__(data)
        self.fields["include_outturns"].label = label
        self.fields["include_outturns"].help_text = hint


@dataclass
class GridRow:
    """One scheme in the grid: what stands there, what is typed, what was seen, and what is wrong with it."""

    line: PositionLine
    outturn: str = ""
    reason: str = ""
    until: str = ""
    note: str = ""
    seen_outturn: str = ""
    seen_note: str = ""
    is_pasted: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.line.scheme_id)

    @property
    def label(self) -> str:
        return f"Scheme {self.line.number}: {self.line.name}"

    @property
    def saved_outturn(self) -> str:
        """What stands in the database as the input would show it, so that the page can count what is not saved."""
        return _typed(self.line.recorded)[0]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """What is wrong with the row, each with the id of its element."""
        words = [*self.conflicts, *self.errors.values()]
        return [(f"wrong-{self.key}-{number}", message) for number, message in enumerate(words, start=1)]

    @property
    def described_by(self) -> str:
        return " ".join(element for element, _ in self.messages)


class MonitoringForm:
    """The grid of one period: every row as it is or as it was typed, and the column pasted from a spreadsheet."""

    choices = REASON_CHOICES

    def __init__(self, position: FundPosition, data: Mapping[str, str] | None = None) -> None:
        self.position = position
        self.data = data
        self.rows = [_row(line) for line in position.lines]
        self.pasted = ""
        self.paste_problems: tuple[PasteProblem, ...] = ()
        self.refusal = ""
        self._figures: dict[str, Figure | None] = {}
        if data is not None:
            self.pasted = data.get("pasted", "")
            for row in self.rows:
                _type_in(row, data)

    @property
    def is_pasted(self) -> bool:
        return any(row.is_pasted for row in self.rows)

    @property
    def pasted_words(self) -> str:
        """How many rows the pasted column filled, and how many of them differ from what is saved."""
        filled = [row for row in self.rows if row.is_pasted]
        differ = sum(row.outturn != row.saved_outturn or bool(row.reason) for row in filled)
        return f"{count(len(filled), 'row', 'rows')} filled, {differ} of them different from what is saved"

    @property
    def problems(self) -> list[PageProblem]:
        """For the error summary, each with its input."""
        whole = [PageProblem(self.refusal)] if self.refusal else []
        pasted = [PageProblem(problem.words, "#pasted") for problem in self.paste_problems]
        rows = [
            PageProblem(f"{row.label}: {message}", f"#{name}-{row.key}")
            for row in self.rows
            for name, message in row.errors.items()
        ]
        conflicts = [PageProblem(words, f"#outturn-{row.key}") for row in self.rows for words in row.conflicts]
        return whole + pasted + rows + conflicts

    def is_valid(self) -> bool:
        """Read every row; what cannot be read is named on it."""
        if not all(_is_as_shown(row) for row in self.rows):
            self.refusal = _RELOAD
        for row in self.rows:
            try:
                self._figures[row.key] = _figure(row)
            except _RowError as error:
                row.errors[error.field] = error.message
            if len(row.note) > LONGEST_NOTE:
                row.errors["note"] = f"The note is longer than {LONGEST_NOTE:,} characters. Shorten it."
            elif NUL in row.note:
                row.errors["note"] = "The note has a character that cannot be kept. Type the note again."
        return not self.problems

    def entries(self) -> list[Entry]:
        """What the rows ask for, and what their writers had seen. Only after `is_valid`."""
        rows = [
            Entry(
                number=row.line.number,
                figure=self._figures[row.key],
                note=row.note,
                seen_figure=row.seen_outturn,
                seen_note=row.seen_note,
            )
            for row in self.rows
        ]
        return rows + self._gone()

    def preview(self) -> None:
        """Put a pasted column into the rows, saving nothing; with any bad line the rows stay as they are."""
        result = paste.read(self.pasted, [row.line.number for row in self.rows])
        self.paste_problems = result.problems
        for row in self.rows:
            figure = result.figures.get(row.line.number)
            if figure is not None:
                row.outturn, row.reason, row.until = _typed(figure)
                row.is_pasted = True

    def refuse(self, error: HubError, position: FundPosition) -> None:
        """Show why nothing was saved beside what was typed, on the figures as they are now."""
        conflicts: Sequence[Conflict] = getattr(error, "conflicts", ())
        if not conflicts:
            self.refusal = error.message
        typed = {row.key: row for row in self.rows}
        self.position = position
        self.rows = [_rebased(_row(line), typed.get(str(line.scheme_id))) for line in position.lines]
        for row in self.rows:
            row.conflicts = [conflict.words for conflict in conflicts if conflict.number == row.line.number]

    def _gone(self) -> list[Entry]:
        """Filled-in rows of schemes that the plan no longer has: the service refuses them by name."""
        known = {row.key for row in self.rows}
        data = self.data or {}
        gone = []
        for name in data:
            prefix, _, key = name.partition("-")
            if prefix != "number" or key in known:
                continue
            try:
                figure = figures.read(data.get(f"outturn-{key}", ""))
            except MoneyError:
                figure = None
            gone.append(Entry(number=data[name], figure=figure))
        return gone


class _RowError(Exception):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def _row(line: PositionLine) -> GridRow:
    recorded = line.recorded
    outturn, reason, until = _typed(recorded)
    return GridRow(
        line,
        outturn=outturn,
        reason=reason,
        until=until,
        note=line.forecast_note,
        seen_outturn=recorded.code if recorded else "",
        seen_note=line.forecast_note,
    )


def _typed(figure: Figure | None) -> tuple[str, str, str]:
    """A figure as the grid's three inputs show it: amount, reason, date."""
    if figure is None:
        return "", "", ""
    if figure.state == FigureState.STATED and figure.amount is not None:
        return f"{figure.amount:,.2f}", "", ""
    until = figure.available_on
    return "", str(figure.state), f"{until:%d/%m/%Y}" if until else ""


def _type_in(row: GridRow, data: Mapping[str, str]) -> None:
    if f"outturn-{row.key}" not in data:
        return
    row.outturn = data.get(f"outturn-{row.key}", "").strip()
    row.reason = data.get(f"reason-{row.key}", "").strip()
    row.until = data.get(f"until-{row.key}", "").strip()
    row.note = " ".join(data.get(f"note-{row.key}", "").split())
    row.seen_outturn = data.get(f"seen-outturn-{row.key}", "")
    row.seen_note = data.get(f"seen-note-{row.key}", "")


def _is_as_shown(row: GridRow) -> bool:
    """Whether the hidden values of the row are such as a page is made with; anything else was not made here."""
    return figures.is_code(row.seen_outturn) and NUL not in row.seen_note


def _figure(row: GridRow) -> Figure | None:
    """What the row says; None where nothing is typed and nothing was there."""
    if row.reason not in dict(REASON_CHOICES):
        raise _RowError("reason", "Choose one of the reasons.")
    if row.outturn and row.reason:
        raise _RowError("outturn", f'There is "{row.outturn}" and a reason for no amount. Leave one of them.')
    try:
        if row.outturn:
            return figures.read(row.outturn)
        if row.reason:
            until = figures.read_day(row.until) if row.until or row.reason == FigureState.NOT_YET_AVAILABLE else None
            return Figure.empty(row.reason, until)
    except MoneyError as error:
        raise _RowError("until" if error.code == "until" and row.reason else "outturn", error.message) from error
    if row.until:
        raise _RowError("reason", 'There is a date and no reason. Choose "Not yet available until".')
    if row.seen_outturn:
        raise _RowError("reason", "The figure was taken out. Choose why there is none.")
    return None


def _rebased(row: GridRow, typed: GridRow | None) -> GridRow:
    """The row as it is now, with what was typed where that differs from what had been seen."""
    if typed is None:
        return row
    try:
        figure = _figure(typed)
        changed = figure is not None and figure.code != typed.seen_outturn
    except _RowError:
        changed = True
    if changed:
        row.outturn, row.reason, row.until = typed.outturn, typed.reason, typed.until
    if typed.note != typed.seen_note:
        row.note = typed.note
    return row


def _hint(problem: Problem) -> str:
    if problem.suggestion_words:
        return (
            f"Filled in as a suggestion: {problem.suggestion_words} Change it if it is not the amount that was meant."
        )
    return f"Expected: {problem.expected}" if problem.expected else ""
