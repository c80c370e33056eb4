"""What the long tables of a fund draw in row after row, without a template of its own for each cell."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote
from uuid import UUID

from django import template
from django.template import Context
from django.urls import get_script_prefix, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from integration_hub.core.templatetags.components import money_tag
from pooled_budgets.domain.month_grid import Cell
from pooled_budgets.forms_grid import CellInput, RowInput

register = template.Library()

_CELL = "govuk-table__cell govuk-table__cell--numeric"


@register.simple_tag(takes_context=True)
def number_link(
    context: Context,
    figure: str,
    amount: Decimal | None,
    *,
    of: str = "",
    state: str = "",
    until: date | None = None,
    sign: bool = False,
) -> SafeString:
    """An amount that leads to its steps; the words of its state where there is none. The page has fund and period.

    {% number_link "variance" line.variance of=line.number state=line.variance_state sign=True %}
    """
    fund = context.get("fund")
    if amount is None or not fund:
        return money_tag(amount, state, until, sign=sign)
    # An address that was quoted needs no escaping any more.
    address = f"{_number(get_script_prefix(), fund.pk, figure)}?of={quote(of)}&amp;quarter={context['period'].number:d}"
    return SafeString(
        f'<a class="govuk-link govuk-link--no-visited-state" href="{address}">{money_tag(amount, state, sign=sign)}'
        '<span class="govuk-visually-hidden"> explained</span></a>'
    )


@lru_cache(1024)
def _number(prefix: str, fund: UUID, figure: str) -> str:
    """The address of a figure's steps; `prefix` is what all addresses of this installation begin with."""
    return reverse("pooled_budgets:number", args=[fund, figure])


@register.simple_tag
def grid_cells(row: RowInput, *, can_record: bool) -> SafeString:
    """The months of one line: an input for each that is open to the reader, else the amount."""
    drawn = (_input(row, cell) if can_record and cell.cell.is_open else _amount(cell.cell) for cell in row.cells)
    return SafeString("".join(f'<td class="{_CELL}">{cell}</td>' for cell in drawn))


def _amount(cell: Cell) -> str:
    if cell.amount is not None:
        return money_tag(cell.amount)
    return f'<span class="hub-figure-state">{cell.empty_words}</span>'


def _input(row: RowInput, cell: CellInput) -> str:
    """Only what somebody typed needs escaping: names are made of numbers. There may be 1,800 of them on a page."""
    wrong = ' aria-invalid="true"' if cell.is_wrong else ""
    saved = f' data-saved="{conditional_escape(cell.saved)}"' if cell.is_unsaved else ""
    look = "hub-grid__input hub-grid__input--invalid" if cell.is_wrong else "hub-grid__input"
    name, text = cell.name, conditional_escape(cell.text)
    marks = f'{saved}{wrong} aria-labelledby="r{row.number} m{cell.cell.month}"'
    return f'<input class="{look}" id="{name}" name="{name}" value="{text}"{marks}>'
