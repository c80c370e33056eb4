"""The rules on a fund's money, tested on what the lines hold under plan, forecast or actual.

Each gives what was expected, what was found, the difference in pounds, and whether it is met, not met, or cannot be
said because something is not known. Nothing unknown counts as nought.

Worked example: the published social care floor is £6,000,000.00; lines of Social Care paid from the NHS minimum hold
£5,900,000.00. The rule is not met, and £100,000.00 are missing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final

from integration_hub.core import money
from pooled_budgets.domain.ring_fences import DFG, NHS_MINIMUM
from pooled_budgets.domain.unallocated import Source
from pooled_budgets.domain.words import listed

SOCIAL_CARE, ACUTE = "Social Care", "Acute"
MINIMUM, CARE_FLOOR, OUT_OF_HOSPITAL, DFG_TOTAL = "nhs_minimum", "social_care_floor", "out_of_hospital_floor", "dfg"


NOT_LOADED: Final = ("no published amount is loaded for the area and year",)


class Basis(StrEnum):
    PLAN = "plan"
    FORECAST = "forecast"
    ACTUAL = "actual"

    @property
    def words(self) -> str:
        return {"plan": "Plan", "forecast": "Forecast", "actual": "Actual to date"}[self]


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CANNOT_BE_SAID = "cannot_be_said"

    @property
    def words(self) -> str:
        return {"met": "Met", "not_met": "Not met", "cannot_be_said": "Cannot be said"}[self]


@dataclass(frozen=True)
class MoneyLine:
    """A line with its pounds under one basis; `unknown` says why `amount` is None.

    `ring_fence` and `area_of_spend` are "" and `nhs_percent` None where nobody entered them.
    """

    source: Any
    ring_fence: str
    name: str
    area_of_spend: str
    nhs_percent: Decimal | None
    amount: Decimal | None
    unknown: str = ""


@dataclass(frozen=True)
class FencedSource(Source):
    """Money in with what it is kept apart as; "" where no stream is named."""

    ring_fence: str = ""


@dataclass(frozen=True)
class Result:
    """What a rule expects and what was found, in pounds. `difference` is found less expected.

    `because` says why it cannot be said, or what was assumed. `is_partial`: some of what would be found is not known,
    so `found` is what is known of it (None where nothing is) and there is no difference.
    """

    rule: str
    title: str
    expected: Decimal | None
    found: Decimal | None
    outcome: Outcome
    because: str = ""
    is_partial: bool = False

    @property
    def difference(self) -> Decimal | None:
        if self.expected is None or self.found is None or self.is_partial:
            return None
        return self.found - self.expected


def results(
    sources: Sequence[FencedSource],
    lines: Sequence[MoneyLine],
    published: Mapping[str, Decimal],
    *,
    basis: Basis,
    year_has_ended: bool,
) -> list[Result]:
    """Every rule in its order: the minimum, the two floors, the grant, then each source spent exactly.

    `published` are the amounts of the fund's area and year by kind. Before the year has ended, an actual can only fail
    a rule by too much: what is still to be spent cannot be said.
    """
    open_year = basis is Basis.ACTUAL and not year_has_ended
    found = [
        _income(MINIMUM, "NHS minimum contribution, at least", NHS_MINIMUM, sources, published, exact=False),
        _floor(
            CARE_FLOOR,
            "Adult social care from the NHS minimum, at least",
            _in_social_care,
            lines,
            published,
            basis=basis,
            open_year=open_year,
        ),
        _floor(
            OUT_OF_HOSPITAL,
            "NHS-commissioned care out of hospital from the NHS minimum, at least",
            _out_of_hospital,
            lines,
            published,
            basis=basis,
            open_year=open_year,
        ),
        _income(DFG_TOTAL, "Disabled Facilities Grant, exactly the determination", DFG, sources, published, exact=True),
    ]
    return found + [_spent(source, lines, open_year=open_year) for source in sources]


def split_outturn(outturn: Decimal, budgets: Sequence[Decimal]) -> list[Decimal] | None:
    """A scheme's pounds over its lines in proportion to their budgets, to the penny; None where none has a budget."""
    if not any(budgets):
        return None
    weights = {str(place): budget for place, budget in enumerate(budgets)}
    return list(money.split_largest_remainder(outturn, weights, tie_order=list(weights)).values())


def _income(
    rule: str,
    title: str,
    ring_fence: str,
    sources: Sequence[FencedSource],
    published: Mapping[str, Decimal],
    *,
    exact: bool,
) -> Result:
    ours = [source for source in sources if source.ring_fence == ring_fence]
    unknown = [f"{source.name} has no funding stream" for source in sources if not source.ring_fence]
    unknown += [f"{source.name} has no amount" for source in ours if source.amount is None]
    found = _Found([source.amount for source in ours if source.amount is not None], unknown)
    expected = published.get(rule)
    if expected is None:
        return _cannot(rule, title, None, found, NOT_LOADED)
    # A minimum that is reached already is met whatever the rest comes to.
    if unknown and (exact or found.total < expected):
        return _cannot(rule, title, expected, found, unknown)
    met = found.total == expected if exact else found.total >= expected
    return _said(rule, title, expected, found, Outcome.MET if met else Outcome.NOT_MET)


def _floor(
    rule: str,
    title: str,
    share: Callable[[MoneyLine], "Decimal | str"],
    lines: Sequence[MoneyLine],
    published: Mapping[str, Decimal],
    *,
    basis: Basis,
    open_year: bool,
) -> Result:
    """A floor on what lines of the NHS minimum hold; `share` gives a line's pounds that count, or why it cannot."""
    parts = [share(line) for line in _of(lines, NHS_MINIMUM)]
    unknown = [part for part in parts if isinstance(part, str)]
    unknown += [f"{line.name} names no source of a known stream" for line in lines if not line.ring_fence]
    found = _Found([part for part in parts if not isinstance(part, str)], unknown)
    expected = published.get(rule)
    if expected is None:
        return _cannot(rule, title, None, found, NOT_LOADED)
    # No budget is below nil, so a plan that has reached its floor meets it whatever the rest comes to.
    if unknown and (basis is not Basis.PLAN or found.total < expected):
        return _cannot(rule, title, expected, found, unknown)
    if found.total >= expected:
        return _said(rule, title, expected, found, Outcome.MET)
    if open_year:
        return _cannot(rule, title, expected, found, ["the year has not ended"])
    return _said(rule, title, expected, found, Outcome.NOT_MET)


def _spent(source: FencedSource, lines: Sequence[MoneyLine], *, open_year: bool) -> Result:
    """Whether the lines of a source hold exactly what came in."""
    rule, title = "spent_exactly", f"{source.name}: exactly what comes in"
    ours = [line for line in lines if line.source == source.key]
    unknown = [f"{line.name} {line.unknown}" for line in ours if line.amount is None]
    found = _Found([line.amount for line in ours if line.amount is not None], unknown)
    if source.amount is None:
        return _cannot(rule, title, None, found, [f"{source.name} has no amount"])
    if unknown:
        return _cannot(rule, title, source.amount, found, unknown)
    if found.total == source.amount:
        return _said(rule, title, source.amount, found, Outcome.MET)
    if open_year and found.total < source.amount:
        return _cannot(rule, title, source.amount, found, ["the year has not ended"])
    return _said(rule, title, source.amount, found, Outcome.NOT_MET)


def _in_social_care(line: MoneyLine) -> "Decimal | str":
    if not line.area_of_spend:
        return f"{line.name} has no area of spend"
    if line.area_of_spend != SOCIAL_CARE:
        return money.NIL
    return f"{line.name} {line.unknown}" if line.amount is None else line.amount


def _out_of_hospital(line: MoneyLine) -> "Decimal | str":
    """The NHS's share of a line that is not acute, rounded half up to the penny."""
    if not line.area_of_spend:
        return f"{line.name} has no area of spend"
    if line.area_of_spend == ACUTE:
        return money.NIL
    if line.nhs_percent is None:
        return f"{line.name} does not say who commissions it"
    if line.amount is None:
        return f"{line.name} {line.unknown}"
    return (line.amount * line.nhs_percent / 100).quantize(money.PENNY, ROUND_HALF_UP)


def _of(lines: Iterable[MoneyLine], ring_fence: str) -> list[MoneyLine]:
    return [line for line in lines if line.ring_fence == ring_fence]


MOST_NAMED: Final = 3


class _Found:
    """The pounds that are known, and whether something beside them is not."""

    def __init__(self, known: Sequence[Decimal], unknown: Sequence[str]) -> None:
        self.total = money.total(known)
        self.is_partial = bool(unknown)
        # Nothing known is not nil.
        self.shown = None if unknown and not any(known) else self.total


def _said(rule: str, title: str, expected: Decimal, found: _Found, outcome: Outcome) -> Result:
    return Result(rule, title, expected, found.shown, outcome, is_partial=found.is_partial)


def _cannot(rule: str, title: str, expected: Decimal | None, found: _Found, unknown: Sequence[str]) -> Result:
    named = list(dict.fromkeys(unknown))
    more = len(named) - MOST_NAMED
    words = listed([*named[:MOST_NAMED], f"{more} more"] if more > 0 else named)
    return Result(rule, title, expected, found.shown, Outcome.CANNOT_BE_SAID, words, is_partial=found.is_partial)
