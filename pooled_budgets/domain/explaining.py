"""A fund's figure as the steps that make it: what was added up, who entered each, and what changed since a day.

The steps of an explanation that count add up to its amount, or it has none. A step may itself be a figure with an
explanation (`figure` and `of`), down to the postings.

Worked example: scheme 3 has a budget of £1,000.00 and a projected outturn of £1,250.00. Its variance of £250.00 is two
steps, the outturn and less the budget; each of them opens in turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from integration_hub.core.emptyfigures import words as empty_words
from integration_hub.core.money import NIL, pounds, total
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.domain.words import schemes

BUDGET, OUTTURN, VARIANCE, UNALLOCATED, SHARE, POSTED, MONTHS = (
    "budget",
    "outturn",
    "variance",
    "unallocated",
    "share",
    "posted",
    "months",
)
COLUMNS: Final = {BUDGET: "Budget", OUTTURN: "Projected outturn", VARIANCE: "Variance"}
FIGURES: Final = (*COLUMNS, UNALLOCATED, SHARE, POSTED, MONTHS)


@dataclass(frozen=True)
class Entered:
    """Who wrote a row as it stood, and when; the partner alone where the person is another partner's."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Step:
    """One part of a figure, in pounds; None where it is not known, `state` says why. `counts`: adds to the figure."""

    words: str
    amount: Decimal | None
    state: str = ""
    until: date | None = None
    entered: Entered | None = None
    note: str = ""
    figure: str = ""
    of: str = ""
    counts: bool = True


@dataclass(frozen=True)
class Explanation:
    """A figure with its steps. `amount` is None exactly where a state says why."""

    title: str
    amount: Decimal | None
    state: str = ""
    until: date | None = None
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the steps that count make the amount to the penny."""
        amounts = [step.amount for step in self.steps if step.counts and step.amount is not None]
        return self.amount is None or total(amounts) == self.amount


@dataclass(frozen=True)
class BudgetLine:
    """A budget line in pounds: what it has now, and what virements that take effect later have in it."""

    words: str
    budget: Decimal | None
    state: str
    source: str = ""
    moved: Decimal = NIL
    moved_later: Decimal = NIL
    entered: Entered | None = None


@dataclass(frozen=True)
class LineMonth:
    """A month of a budget line, in pounds: what was posted once it is closed, what is expected while it is open."""

    name: str
    is_open: bool
    amount: Decimal | None
    entered: Entered | None = None


@dataclass(frozen=True)
class Changed:
    """A step that is not today what it was on the day: its amounts in words."""

    words: str
    then: str
    now: str


def variance(line: PositionLine, period_label: str, entered: Entered | None = None) -> Explanation:
    """Outturn less budget: above nil is an overspend."""
    return Explanation(
        f"Variance of scheme {line.number}",
        line.variance,
        line.variance_state,
        line.available_on,
        (
            Step(
                f"Outturn projected at {period_label}",
                line.outturn,
                line.outturn_state,
                line.available_on,
                entered,
                figure=OUTTURN,
                of=line.number,
            ),
            Step(
                "Less the budget",
                None if line.budget is None else -line.budget,
                line.budget_state,
                figure=BUDGET,
                of=line.number,
            ),
        ),
    )


def outturn(line: PositionLine, period_label: str, entered: Entered | None, posted: Decimal | None) -> Explanation:
    """The figure that somebody projected, with what was posted by the period's end beside it."""
    notes = [f"Source: {line.source}"] if line.source else []
    notes += [line.forecast_note] if line.forecast_note else []
    notes += [f"A paper prints it as “{line.as_printed}”."] if line.as_printed else []
    notes.append("A projected outturn is what an officer expects for the whole year; it is no sum of postings.")
    return Explanation(
        f"Projected outturn of scheme {line.number}",
        line.outturn,
        line.outturn_state,
        line.available_on,
        (
            Step(f"As it was entered for {period_label}", line.outturn, line.outturn_state, line.available_on, entered),
            Step(
                "Posted to the scheme by the end of the quarter",
                posted,
                "" if posted is not None else "missing",
                note="" if posted is not None else "nothing was posted",
                figure=POSTED,
                of=line.number,
                counts=False,
            ),
        ),
        tuple(notes),
    )


def budget(line: PositionLine, lines: Sequence[BudgetLine]) -> Explanation:
    """The scheme's lines, each with what virements did to it, less what takes effect after the period."""
    steps = []
    for each in lines:
        original = None if each.budget is None else each.budget - each.moved
        name = f"{each.words}, from {each.source}" if each.source else each.words
        steps.append(Step(f"{name}: as planned", original, each.state, entered=each.entered))
        if each.moved:
            steps.append(Step(f"{each.words}: moved by virements", each.moved))
        if each.moved_later:
            steps.append(Step(f"{each.words}: less virements that take effect later", -each.moved_later))
    return Explanation(f"Budget of scheme {line.number}", line.budget, line.budget_state, steps=tuple(steps))


def in_all(position: FundPosition, column: str) -> Explanation:
    """A total of the page: each scheme's own figure, and which schemes it leaves out."""
    totals = position.totals
    steps = tuple(
        Step(
            f"Scheme {line.number}: {line.name}",
            getattr(line, column),
            getattr(line, f"{column}_state"),
            line.available_on,
            figure=column,
            of=line.number,
        )
        for line in position.lines
    )
    left_out = totals.without_budget if column == BUDGET else totals.missing
    notes = (f"It leaves out {schemes(left_out)}, whose figure is not there.",) if left_out else ()
    state = "" if getattr(totals, column) is not None else totals.outturn_state or "missing"
    return Explanation(f"{COLUMNS[column]} of all schemes", getattr(totals, column), state, steps=steps, notes=notes)


def posted_in_all(position: FundPosition, sums: Mapping[str, Decimal], when: str) -> Explanation:
    """What was posted to every scheme, by its number; a scheme without a posting adds nothing and says so."""
    steps = tuple(
        Step(
            f"Scheme {line.number}: {line.name}",
            sums.get(line.number),
            "" if line.number in sums else "missing",
            note="" if line.number in sums else "nothing was posted",
            figure=POSTED if line.number in sums else "",
            of=line.number,
            counts=line.number in sums,
        )
        for line in position.lines
    )
    known = [step.amount for step in steps if step.amount is not None]
    amount = total(known) if known else None
    return Explanation(f"Posted to all schemes {when}", amount, "" if known else "missing", steps=steps)


def by_month(line: str, of: str, months: Sequence[LineMonth], posted: Decimal | None) -> Explanation:
    """The outturn of a line in the grid of months; not known while an open month is missing. `posted` is beside it.

    A closed month in which nothing was posted adds nothing.
    """
    steps = tuple(
        Step(f"{month.name}: expected", month.amount, _missing(month.amount), entered=month.entered)
        if month.is_open
        else Step(f"{month.name}: posted", month.amount, note=_missing(month.amount, "nothing was posted"))
        for month in months
    )
    missing = [month.name for month in months if month.is_open and month.amount is None]
    amount = None if missing else total(month.amount for month in months if month.amount is not None)
    notes = (f"Nobody has said what is expected in {', '.join(missing)}.",) if missing else ()
    beside = Step(
        "Posted to the line so far",
        posted,
        note=_missing(posted, "nothing was posted"),
        figure=POSTED,
        of=of,
        counts=False,
    )
    return Explanation(f"Outturn by month of {line}", amount, _missing(amount), steps=(*steps, beside), notes=notes)


def _missing(amount: Decimal | None, words: str = "missing") -> str:
    """Why there is no amount; "" where there is one."""
    return words if amount is None else ""


def unallocated(position: FundPosition, entered: Entered | None) -> Explanation:
    """The fund's total less the schemes' budgets."""
    known = position.totals.budget
    steps = (
        Step("Total of the fund", position.fund_total, position.fund_total_state, entered=entered),
        Step("Less the budgets of its schemes", None if known is None else -known, _missing(known), figure=BUDGET),
    )
    return Explanation("Unallocated money", position.unallocated, position.unallocated_state, steps=steps)


def said(amount: Decimal | None, state: str, until: date | None = None) -> str:
    """An amount in words, or why there is none."""
    if amount is not None:
        return pounds(amount)
    return empty_words(state, until=until) if state else "not there"


def changes(then: Explanation, now: Explanation) -> list[Changed]:
    """What of a figure is another today than on the day: the figure itself, then each step that differs."""
    found = []
    if said(then.amount, then.state, then.until) != said(now.amount, now.state, now.until):
        was, is_now = said(then.amount, then.state, then.until), said(now.amount, now.state, now.until)
        found.append(Changed(now.title, was, is_now))
    before, after = _by_words(then.steps), _by_words(now.steps)
    for words in dict.fromkeys([*before, *after]):
        was, is_now = before.get(words, "not there"), after.get(words, "not there")
        if was != is_now:
            found.append(Changed(words, was, is_now))
    return found


def _by_words(steps: Sequence[Step]) -> Mapping[str, str]:
    return {step.words: said(step.amount, step.state, step.until) for step in steps}
