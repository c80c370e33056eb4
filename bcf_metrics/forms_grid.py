"""What was typed into the entry grid of a quarter, and the block pasted into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from bcf_metrics.domain import grid, numbers
from bcf_metrics.domain.entries import NOTHING, NOTHING_CODES, figure_code, shown
from bcf_metrics.domain.grid import COLUMNS, DENOMINATOR, FIGURE, NUMERATOR
from bcf_metrics.domain.progress import Basis, ProgressError
from bcf_metrics.presenters import series as words
from bcf_metrics.presenters.checks import FlagLine, lines
from bcf_metrics.selectors.checks import Found
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.series import SeriesRow, multiplier_of
from bcf_metrics.services.figures import Entry, FiguresChanged, FiguresMalformed
from integration_hub.core.errors import HubError
from integration_hub.core.formfields import DateField
from integration_hub.core.states import EFFECTS, Figure, FigureState
from integration_hub.core.templatetags.components import Problem as PageProblem

STATES = {
    EFFECTS[state].words: state
    for state in (FigureState.NIL, FigureState.NOT_APPLICABLE, FigureState.SUPPRESSED, FigureState.MISSING)
} | {"n/a": FigureState.NOT_APPLICABLE}
# Somebody said that there is no number: a ratio does not take that back by itself.
SAID = (FigureState.NIL, FigureState.NOT_APPLICABLE, FigureState.SUPPRESSED)
LATER = EFFECTS[FigureState.NOT_YET_AVAILABLE].words
TAKEN_OUT = "The figure was taken out. Write why there is none: nil, not applicable, suppressed or missing."
WRITE = (
    "Write a number, nil, not applicable, suppressed, missing, or the day on which it will be there, such as "
    "30 September 2014."
)
TITLES = {NUMERATOR: "Numerator", DENOMINATOR: "Denominator", FIGURE: "Figure"}


class Unreadable(ValueError):
    """A cell, or what the page had shown, that cannot be read."""


@dataclass
class Input:
    """One input of a row as the page draws it."""

    name: str
    column: str
    text: str
    seen: str
    error: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.column]

    @property
    def is_unsaved(self) -> bool:
        return _code_of(self.text, self.column) != self.seen


@dataclass
class Row:
    """One metric of the grid: what stands, what was typed, and the quarters before."""

    number: int
    row: FigureRow
    before: Sequence[SeriesRow]
    inputs: dict[str, Input] = field(default_factory=dict)
    was_sent: bool = False
    flags: list[FlagLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        codes = self.row.entered.codes() if self.row.entered else NOTHING_CODES
        self.inputs = {
            column: Input(f"{column}-{self.number}", column, text_of(column, codes[column]), codes[column])
            for column in COLUMNS
        }

    @property
    def cells(self) -> list[Input]:
        return list(self.inputs.values())

    @property
    def history(self) -> list[str]:
        return [words.short(one) for one in self.before]

    @property
    def errors(self) -> list[Input]:
        return [one for one in self.inputs.values() if one.error]

    def take(self, data: Mapping[str, str]) -> None:
        """Read what was sent for the row; raises Unreadable where the page cannot have shown what it says."""
        self.was_sent = True
        for one in self.inputs.values():
            one.text = data.get(one.name, "").strip()
            one.seen = data.get(f"seen-{one.name}", "")
            if not _is_code(one.column, one.seen):
                raise Unreadable("What this page was sent with is not what it showed. Reload it and enter it again.")

    def entry(self) -> Entry | None:
        """What the row asks for; None with an error in its inputs."""
        numerator, denominator, figure = (self._read(column) for column in COLUMNS)
        if self.errors:
            return None
        found = self._figure(figure, numerator, denominator)
        if self.errors:
            return None
        stands = self.row.entered or replace(NOTHING, value_period=self._usual_period if found else "")
        codes = stands.codes() if self.row.entered else NOTHING_CODES
        entered = replace(
            stands,
            figure=found or NOTHING.figure,
            numerator=_decimal(numerator),
            denominator=_decimal(denominator),
        )
        seen = codes | {column: one.seen for column, one in self.inputs.items()}
        return Entry(self.row.plan.pk, entered, seen, has_figure=found is not None)

    def _figure(self, typed: Figure | None, numerator: Figure | None, denominator: Figure | None) -> Figure | None:
        if not self._changed(*COLUMNS):
            return typed
        try:
            found = grid.figure_of(
                typed,
                _decimal(numerator),
                _decimal(denominator),
                multiplier=multiplier_of(self.row.plan),
                places=self.row.plan.metric.precision,
                retyped=self._changed(FIGURE) or (typed is not None and typed.state in SAID),
            )
        except ProgressError as error:
            self.inputs[error.field].error = error.message
            return None
        if found is None and self.inputs[FIGURE].seen:
            self.inputs[FIGURE].error = TAKEN_OUT
        return found

    def _changed(self, *columns: str) -> bool:
        """Whether any of the inputs says something else than the page showed."""
        return any(_code_of(self.inputs[column].text, column) != self.inputs[column].seen for column in columns)

    @property
    def _usual_period(self) -> str:
        """A target for one stated period is compared with a figure for the same."""
        return self.row.plan.target_period if self.row.plan.basis == Basis.SAME_PERIOD else ""

    def _read(self, column: str) -> Figure | None:
        one = self.inputs[column]
        try:
            return read(column, one.text, places=self.row.plan.metric.precision)
        except (numbers.NumberError, ValidationError) as error:
            one.error = str(error.message)
            return None


class MetricGrid:
    """The whole grid: each metric as it is or as it was typed."""

    def __init__(self, rows: Sequence[FigureRow], before: Mapping[UUID, Sequence[SeriesRow]]) -> None:
        self.rows = [Row(number, row, before.get(row.plan.pk, ())) for number, row in enumerate(rows)]
        self.pasted = ""
        self.filled = 0
        self.found: list[PageProblem] = []

    @property
    def problems(self) -> list[PageProblem]:
        return self.found + [
            PageProblem(f"{row.row.indicator}, {one.title.lower()}: {one.error}", f"#{one.name}")
            for row in self.rows
            for one in row.errors
        ]

    def take(self, data: Mapping[str, str]) -> None:
        """Read what was typed, by metric: the fund may have other metrics now than the page had."""
        by_plan = {row.row.key: row for row in self.rows}
        for name, key in data.items():
            if not name.startswith("plan-") or key not in by_plan:
                continue
            sent = name.removeprefix("plan-")
            row = by_plan[key]
            fields = {f"{column}-{row.number}": data.get(f"{column}-{sent}", "") for column in COLUMNS}
            seen = {f"seen-{column}-{row.number}": data.get(f"seen-{column}-{sent}", "") for column in COLUMNS}
            try:
                row.take(fields | seen)
            except Unreadable as error:
                self.found = [PageProblem(str(error))]
        self.pasted = data.get("pasted", "")

    def entries(self) -> list[Entry]:
        """What the rows that were sent ask for; nothing where any of them has an error."""
        found = [row.entry() for row in self.rows if row.was_sent]
        return [] if self.problems else [entry for entry in found if entry is not None]

    def preview(self) -> None:
        """Put a pasted block into the inputs, saving nothing; with anything wrong they stay as they are."""
        try:
            block = grid.block(self.pasted, len(self.rows))
        except grid.BlockError as error:
            self.found = [PageProblem(error.message, "#pasted")]
            return
        for row, texts in zip(self.rows, block, strict=True):
            for column, text in texts.items():
                try:
                    read(column, text, places=row.row.plan.metric.precision)
                except (numbers.NumberError, ValidationError) as error:
                    words = f"{row.row.indicator}, {TITLES[column].lower()}: {error.message}"
                    self.found.append(PageProblem(words, "#pasted"))
        if self.found:
            return
        for row, texts in zip(self.rows, block, strict=True):
            for column, text in texts.items():
                row.inputs[column].text = text
                self.filled += 1

    def flagged(self, found: Mapping[UUID, Sequence[Found]], reasons: Mapping[str, str]) -> "MetricGrid":
        """This grid with what the checks found in the figures that stand."""
        for row in self.rows:
            row.flags = lines(found.get(row.row.plan.pk, ()), reasons)
        return self

    def refused(self, error: HubError, typed: "MetricGrid") -> "MetricGrid":
        """This grid, on the figures as they are now, with what was typed and why it was not saved."""
        texts = {row.row.key: row for row in typed.rows if row.was_sent}
        by_plan = {row.row.key: row for row in self.rows}
        for key, row in by_plan.items():
            if key in texts:
                for column, one in texts[key].inputs.items():
                    if _code_of(one.text, column) != one.seen:
                        row.inputs[column].text = one.text
        self.pasted = typed.pasted
        faults = faults_of(error)
        for key, column, message in faults:
            by_plan[key].inputs[column].error = message
        if not faults:
            self.found = [PageProblem(error.message)]
        return self


def faults_of(error: HubError) -> list[tuple[str, str, str]]:
    """The cells that a refusal is about: plan, column and what to say; nothing for one about the whole."""
    found: list[tuple[str, str, str]] = []
    if isinstance(error, FiguresChanged):
        found = [(conflict.key, conflict.field, conflict.words) for conflict in error.conflicts]
    elif isinstance(error, FiguresMalformed):
        found = [(str(plan), one.field, one.message) for plan, listed in error.found.items() for one in listed]
    return [(key, column if column in COLUMNS else FIGURE, words) for key, column, words in found]


def read(column: str, text: str, *, places: int) -> Figure | None:
    """A cell as a figure, None where it is empty; raises NumberError or ValidationError with what to write."""
    words = " ".join(text.split())
    if not words:
        return None
    if column != FIGURE:
        return Figure(value=numbers.parse(words))
    if words.casefold() in STATES:
        return Figure(state=STATES[words.casefold()])
    try:
        return Figure(value=numbers.parse(words, places=places))
    except numbers.NumberError as error:
        if error.code != "not_a_number":
            raise
    bare = words.casefold().removeprefix(LATER).strip().removeprefix("until").strip()
    try:
        return Figure(state=FigureState.NOT_YET_AVAILABLE, until=DateField(required=True).clean(bare))
    except ValidationError as error:
        raise ValidationError(f'"{words[: numbers.LONGEST]}" is no figure and no date. {WRITE}') from error


def text_of(column: str, code: str) -> str:
    """A code as its input shows it: "23", "nil", "not yet available until 30 September 2014"."""
    return shown(column, code) if column == FIGURE and code else code


def _decimal(figure: Figure | None) -> Decimal | None:
    return figure.value if figure else None


def _code_of(text: str, column: str) -> str:
    """The code that a text would be kept as; the text itself where it cannot be read."""
    try:
        found = read(column, text, places=numbers.PLACES)
    except (numbers.NumberError, ValidationError):
        return text
    return figure_code(found) if found else ""


def _is_code(column: str, code: str) -> bool:
    """Whether a page of ours can have sent it as what it showed."""
    try:
        found = read(column, text_of(column, code), places=numbers.PLACES)
    except (ValueError, ValidationError):
        return False
    return (figure_code(found) if found else "") == code
