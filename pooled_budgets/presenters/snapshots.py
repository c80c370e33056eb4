"""Outturns as they were projected, in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from integration_hub.core import money
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.month_grid import MONTHS
from pooled_budgets.models import Fund
from pooled_budgets.selectors.snapshots import Column, Snapshots

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Heading:
    """The head of a column: a month with the address of what was kept of it, or a quarter."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Table:
    headings: list[Heading]
    rows: list[tuple[str, list[str]]]
    totals: list[str]


def table(found: Snapshots, fund: Fund) -> Table:
    """The table of the page."""
    return Table(
        headings=[_heading(column, fund) for column in found.columns],
        rows=[(row.name, [_words(figure) for figure in row.figures]) for row in found.rows],
        totals=[NOT_KNOWN if amount is None else money.pounds(amount) for amount in found.totals],
    )


def _heading(column: Column, fund: Fund) -> Heading:
    if column.kept is None:
        return Heading(f"Projected at Q{column.period.number}{' (draft)' if column.is_draft else ''}")
    url = reverse("pooled_budgets:closing", args=[fund.pk, column.period.number, column.kept.number])
    is_month = column.period.number <= max(MONTHS)
    return Heading(f"{column.period.starts_on:%B %Y}" if is_month else column.period.label, url)


def _words(figure: Figure | Decimal | None) -> str:
    if isinstance(figure, Figure):
        return figure.words
    return NOT_KNOWN if figure is None else money.pounds(figure)
