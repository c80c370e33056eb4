"""A fund's position in words and pictures: how it ties, what is missing, where the papers disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from integration_hub.core import charts, emptyfigures, money
from integration_hub.core.charts import Bar, Group, Panel
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.domain.words import count, schemes
from pooled_budgets.models import FundingLine, OpeningBalance


@dataclass(frozen=True)
class Tie:
    """One statement of whether a sum ties to the fund's total; `is_tied` decides its tone."""

    words: str
    is_tied: bool


def plan_tie(position: FundPosition) -> Tie:
    """How the schemes' budgets tie to the fund's total, with what is unallocated."""
    total, budget = position.fund_total, position.totals.budget
    if total is None:
        return Tie(
            f"The fund's total is {emptyfigures.words(position.fund_total_state)}, so nothing can be set against it.",
            False,
        )
    if not position.lines or budget is None:
        return Tie(f"No budget stands in a scheme yet: {money.pounds(total)} is unallocated.", False)
    without = position.totals.without_budget
    besides = f" The budget of {schemes(without)} is not known." if without else ""
    unallocated = total - budget
    if unallocated == 0:
        return Tie(
            f"The schemes' budgets tie to the fund's total of {money.pounds(total)}: {money.pounds(unallocated)} is "
            f"unallocated.{besides}",
            not without,
        )
    if unallocated > 0:
        return Tie(
            f"The schemes' budgets add up to {money.pounds(budget)}: {money.pounds(unallocated)} of the fund's "
            f"total of {money.pounds(total)} is unallocated.{besides}",
            False,
        )
    return Tie(
        f"The schemes' budgets add up to {money.pounds(budget)}, which is {money.pounds(-unallocated)} more than "
        f"the fund's total of {money.pounds(total)}.{besides}",
        False,
    )


def funding_tie(total: Decimal | None, lines: Sequence[FundingLine]) -> Tie:
    """How the money in ties to the fund's total."""
    stated = money.total([line.amount for line in lines if line.amount is not None])
    without = sum(line.amount is None for line in lines)
    besides = f" {count(without, 'source has', 'sources have')} no stated amount." if without else ""
    if total is None or not lines:
        return Tie(
            f"The sources add up to {money.pounds(stated)}.{besides}" if lines else "No source is entered.", False
        )
    if stated == total and not without:
        return Tie(f"The sources tie to the fund's total of {money.pounds(total)}.", True)
    gap = total - stated
    more = "less" if gap > 0 else "more"
    return Tie(
        f"The sources add up to {money.pounds(stated)}, {money.pounds(abs(gap))} {more} than the fund's total of "
        f"{money.pounds(total)}.{besides}",
        False,
    )


def opening_words(lines: Sequence[FundingLine], opened: Sequence[OpeningBalance]) -> str:
    """What the fund has with its opening balance, as its memorandum account will say; empty without one."""
    if not opened:
        return ""
    carried = money.total(row.amount for row in opened)
    if not lines or any(line.amount is None for line in lines):
        return f"The opening balance of {money.pounds(carried)} comes on top of that."
    stated = money.total(line.amount for line in lines if line.amount is not None)
    return (
        f"Contributions of {money.pounds(stated)} and the opening balance of {money.pounds(carried)} are "
        f"{money.pounds(stated + carried)} in all."
    )


def missing_words(position: FundPosition) -> str:
    """What the totals leave out; empty where they leave out nothing."""
    missing = position.missing
    if not missing:
        return ""
    known = len(position.lines) - len(missing)
    return (
        f"The totals of outturn and variance are incomplete: they have {known} of "
        f"{count(len(position.lines), 'scheme', 'schemes')} and leave out {schemes(missing)}."
    )


def discrepancies(recorded: Sequence[Mapping[str, str]], position: FundPosition) -> list[str]:
    """Where papers disagree with the figures used here, one sentence each."""
    told = [discrepancy(row) for row in recorded]
    return told + [
        f"Scheme {line.number}: the projected outturn is printed as “{line.as_printed}”; "
        f"{_outturn_words(line)} is used."
        for line in position.lines
        if line.as_printed
    ]


def discrepancy(row: Mapping[str, str]) -> str:
    """One place where a paper prints another figure: "Paragraph 42 prints £1.3m against £8,957,000 in the table."."""
    where, printed, figure, note = (row.get(key, "").strip() for key in ("where", "printed", "figure", "note"))
    where = where or "a paper"
    words = f"{where[:1].upper()}{where[1:]} prints {printed}"
    if note.startswith("against"):
        return f"{words} {note.rstrip('.')}."
    about = f" ({figure[:1].lower()}{figure[1:]})" if figure else ""
    return " ".join([f"{words}{about}.", f"{note.rstrip('.')}." if note else ""]).strip()


def chart(position: FundPosition) -> Panel | None:
    """Budget and projected outturn of each scheme as bars; None without schemes."""
    if not position.lines:
        return None
    groups = [
        Group(
            f"{line.number}. {line.name}",
            (Bar(line.budget, _budget_words(line)), Bar(line.outturn, _outturn_words(line))),
        )
        for line in position.lines
    ]
    return charts.grouped_bars(
        "position",
        title=f"Budget and projected outturn by scheme, {position.period_label}",
        description=(
            f"Two bars for each of {count(len(groups), 'scheme', 'schemes')}: its budget and its projected outturn, "
            "each with its amount. The table of schemes on this page has the same figures."
        ),
        series=("Budget", "Projected outturn"),
        groups=groups,
        scale=charts.scale_for(groups),
        fluid=True,
    )


def _budget_words(line: PositionLine) -> str:
    return emptyfigures.words(line.budget_state) if line.budget is None else money.pounds(line.budget)


def _outturn_words(line: PositionLine) -> str:
    if line.outturn_state in emptyfigures.EMPTY_STATES:
        return emptyfigures.words(line.outturn_state, until=line.available_on)
    return money.pounds(line.outturn) if line.outturn is not None else emptyfigures.words("missing")
