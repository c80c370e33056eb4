"""Why an amount or figure is empty, and what that does to totals, charts, reminders and workbooks.

Zero is never shown for missing. The table EFFECTS is the rule; docs/domain/empty-figures.md is printed from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from integration_hub.core.dates import long_date


class AmountState(StrEnum):
    """Of a budget, contribution or target: an amount that somebody still has to state."""

    STATED = "stated"
    TO_BE_CONFIRMED = "to_be_confirmed"
    NOT_STATED = "not_stated"


class TargetState(StrEnum):
    SET = "set"
    NOT_YET_DEFINED = "not_yet_defined"


class FigureState(StrEnum):
    """Of an actual or forecast. Nil counts as 0.00; the others are no number at all."""

    STATED = "stated"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_AVAILABLE = "not_yet_available"
    SUPPRESSED = "suppressed"
    MISSING = "missing"


class InTotal(StrEnum):
    """What a figure does to a total that it is part of."""

    ADDS = "adds"  # its number
    ADDS_NIL = "adds_nil"  # 0.00, because it is known to be nothing
    LEFT_OUT = "left_out"  # belongs to no total, which stays complete without it
    INCOMPLETE = "incomplete"  # the total leaves it out and says so


class OnChart(StrEnum):
    """How a figure is drawn."""

    POINT = "point"
    POINT_AT_NIL = "point_at_nil"
    GAP = "gap"


class Reminder(StrEnum):
    """When the owner of a figure is asked for it."""

    NEVER = "never"
    NOW = "now"
    ON_ITS_DATE = "on_its_date"


class InWorkbook(StrEnum):
    """What the cell of a workbook holds."""

    NUMBER = "number"
    NIL = "nil"  # the number 0, shown as the word
    WORDS = "words"


@dataclass(frozen=True)
class Effect:
    """One row of the table: the words for a state and each of its consequences."""

    words: str
    used_for: tuple[str, ...]
    meaning: str
    in_total: InTotal
    on_chart: OnChart
    reminder: Reminder
    in_workbook: InWorkbook
    answers_the_checklist: bool


# By the value of the state: figures, amounts and targets share the words that they have in common.
EFFECTS: dict[str, Effect] = {
    FigureState.STATED: Effect(
        words="stated",
        used_for=("actual", "target", "amount"),
        meaning="There is a number.",
        in_total=InTotal.ADDS,
        on_chart=OnChart.POINT,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.NUMBER,
        answers_the_checklist=True,
    ),
    FigureState.NIL: Effect(
        words="nil",
        used_for=("actual", "amount"),
        meaning="Somebody has checked, and there was none.",
        in_total=InTotal.ADDS_NIL,
        on_chart=OnChart.POINT_AT_NIL,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.NIL,
        answers_the_checklist=True,
    ),
    FigureState.NOT_APPLICABLE: Effect(
        words="not applicable",
        used_for=("actual", "amount"),
        meaning="No number can exist here.",
        in_total=InTotal.LEFT_OUT,
        on_chart=OnChart.GAP,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
    FigureState.NOT_YET_AVAILABLE: Effect(
        words="not yet available",
        used_for=("actual", "amount"),
        meaning="The source publishes it on a later date; on that date it becomes missing.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.ON_ITS_DATE,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
    FigureState.SUPPRESSED: Effect(
        words="suppressed",
        used_for=("actual",),
        meaning="It exists, but is too small to print without identifying people.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
    FigureState.MISSING: Effect(
        words="missing",
        used_for=("actual", "amount"),
        meaning="It is due, and nobody has entered it or said why it is empty.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.NOW,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=False,
    ),
    TargetState.NOT_YET_DEFINED: Effect(
        words="not yet defined",
        used_for=("target", "amount"),
        meaning="Those who must define it, often a national body, have not done so.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
    AmountState.TO_BE_CONFIRMED: Effect(
        words="to be confirmed",
        used_for=("target", "amount"),
        meaning="The partners have still to agree it.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
    AmountState.NOT_STATED: Effect(
        words="not stated",
        used_for=("actual", "amount"),
        meaning="The document that the figures come from does not give it.",
        in_total=InTotal.INCOMPLETE,
        on_chart=OnChart.GAP,
        reminder=Reminder.NEVER,
        in_workbook=InWorkbook.WORDS,
        answers_the_checklist=True,
    ),
}

NIL_AMOUNT = Decimal("0.00")
NO_FIGURE = "no figure"


class FigureStateError(ValueError):
    """A number and a state that contradict each other. `code` names the contradiction."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number, or the reason that there is none. Only a stated figure has a value; only one that is
    not yet available has a date."""

    value: Decimal | None = None
    state: FigureState | AmountState = FigureState.STATED
    until: date | None = None

    def __post_init__(self) -> None:
        if self.state == FigureState.STATED and self.value is None:
            raise FigureStateError("no_value", "Enter a number, or choose why there is none.")
        # The database keeps 0 beside nil, because it counts as 0.
        nil_as_nought = self.state == FigureState.NIL and self.value == 0
        if self.state != FigureState.STATED and self.value is not None and not nil_as_nought:
            words = EFFECTS[self.state].words
            raise FigureStateError(
                "value_and_reason",
                f"A figure that is {words} has no number. Clear the number or the reason.",
            )
        if self.state == FigureState.NOT_YET_AVAILABLE and self.until is None:
            raise FigureStateError("no_date", "Enter the date until which the figure is not available.")
        if self.state != FigureState.NOT_YET_AVAILABLE and self.until is not None:
            raise FigureStateError(
                "date_without_reason",
                "Only a figure not yet available has a date. Clear it.",
            )

    @property
    def effect(self) -> Effect:
        return EFFECTS[self.state]

    def as_at(self, day: date) -> "Figure":
        """The same figure on a day: one not yet available until then has become missing."""
        if self.until is not None and day >= self.until:
            return Figure(state=FigureState.MISSING)
        return self

    @property
    def words(self) -> str:
        """The reason in words, with its date; empty for a stated number."""
        return "" if self.state == FigureState.STATED else state_words(self.state, until=self.until)

    @property
    def counted(self) -> Decimal | None:
        """The number that a total adds: nil counts as 0.00; None where there is nothing to add."""
        return NIL_AMOUNT if self.state == FigureState.NIL else self.value


@dataclass(frozen=True)
class Total:
    """A sum, how many figures it adds, and the reason, in words, for each that it leaves out and should not.

    A sum that adds none is no figure: print NO_FIGURE for it, never 0.00.
    """

    amount: Decimal
    added: int
    left_out: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.left_out


def state_words(state: str, *, until: date | None = None) -> str:
    """A state in words: "nil", "not yet available until 30 September 2014"; "set" where there is a target."""
    if state == TargetState.SET:
        return "set"
    words = EFFECTS[state].words
    return f"{words} until {long_date(until)}" if until else words


def total(figures: Iterable[Figure]) -> Total:
    """Add figures as the table of effects says."""
    amount, added = NIL_AMOUNT, 0
    left_out = []
    for figure in figures:
        if figure.counted is not None:
            amount += figure.counted
            added += 1
        elif figure.effect.in_total is InTotal.INCOMPLETE:
            left_out.append(figure.words)
    return Total(amount, added, tuple(left_out))


def is_owed(figure: Figure, *, on: date) -> bool:
    """Whether the owner should be reminded of the figure on a day."""
    return figure.as_at(on).effect.reminder is Reminder.NOW


def effects_page() -> str:
    """The page docs/domain/empty-figures.md, in Markdown."""
    rows = []
    for effect in EFFECTS.values():
        cells = (
            effect.words,
            effect.meaning,
            ", ".join(effect.used_for),
            _IN_TOTAL[effect.in_total],
            _ON_CHART[effect.on_chart],
            _REMINDER[effect.reminder],
            _IN_WORKBOOK[effect.in_workbook],
            "yes" if effect.answers_the_checklist else "no",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return _PAGE.format(rows="\n".join(rows))


_IN_TOTAL = {
    InTotal.ADDS: "adds its number",
    InTotal.ADDS_NIL: "adds 0.00",
    InTotal.LEFT_OUT: "left out; the total is complete without it",
    InTotal.INCOMPLETE: "left out; the total says that it is incomplete, and why",
}
_ON_CHART = {
    OnChart.POINT: "a point",
    OnChart.POINT_AT_NIL: "a point at 0",
    OnChart.GAP: "a gap in the line, never a 0; the table beside it has the words",
}
_REMINDER = {
    Reminder.NEVER: "none",
    Reminder.NOW: "to its owner, now",
    Reminder.ON_ITS_DATE: "to its owner, on its date",
}
_IN_WORKBOOK = {
    InWorkbook.NUMBER: "the number",
    InWorkbook.NIL: 'the number 0, shown as "nil"',
    InWorkbook.WORDS: "the words",
}
_PAGE = """\
# Empty figures

A figure is a number, or it is empty for a reason. Nothing prints 0 for a figure that is missing. This page is
printed from the table in `integration_hub/core/states.py`, and a test holds the two in step. Change the table,
then run `python -m integration_hub.core.states > docs/domain/empty-figures.md`.

| state | meaning | used for | in a total | on a chart | reminder | in a workbook | answers the checklist |
| --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

A total that adds nothing, because all its figures are empty for a reason, prints "no figure".

## Worked example

Days in a quarter, month by month: April 40, May 35, June not yet available until 30 September 2014.

- The total is 75, marked incomplete: it leaves out one figure, "not yet available until 30 September 2014".
- The chart has points for April and May, then a gap.
- Nobody is reminded before 30 September 2014. On that day the figure becomes missing: its owner is reminded
  and the checklist answer turns to No.
- Had June been nil, the total would be 75, complete, with a point at 0 for June.
"""

if __name__ == "__main__":
    import sys

    sys.stdout.write(effects_page())
