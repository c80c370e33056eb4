"""A board's dashboard for a quarter: read only, and only what is released."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from integration_hub.core.models import Period
from partners.requests import SignedInRequest
from pooled_budgets.models import Fund
from pooled_budgets.presenters import position as words
from reports.presenters import panels
from reports.selectors import dashboard as selectors


@require_safe
def dashboard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One fund of the board at one quarter, by ?fund= and ?quarter=; else the newest fund and its last quarter."""
    board, funds = selectors.board_and_funds(request.user, pk)
    context: dict[str, object] = {"board": board, "funds": funds, "issued": selectors.issued(board, request.user)}
    fund = _chosen_fund(request, funds)
    if fund is not None:
        quarters = selectors.quarters(fund, request.user)
        period = _chosen_quarter(request, quarters)
        shown = selectors.dashboard(board, fund, period, request.user, on=timezone.localdate())
        chart = words.chart(shown.position)
        context |= {
            "shown": shown,
            "fund": fund,
            "period": period,
            "quarters": quarters,
            "no_plan": panels.NO_PLAN,
            "missing": words.missing_words(shown.position),
            # Made by core.charts, which escapes every text that goes into it.
            "chart": mark_safe(chart.svg) if chart else "",  # noqa: S308
        }
    return render(request, "reports/dashboard.html", context)


def _chosen_fund(request: SignedInRequest, funds: list[Fund]) -> Fund | None:
    asked = request.GET.get("fund", "")
    if not asked:
        return selectors.liveliest(funds)
    fund = next((fund for fund in funds if str(fund.pk) == asked), None)
    if fund is None:
        raise BadRequest("This board oversees no such fund.")
    return fund


def _chosen_quarter(request: SignedInRequest, quarters: list[Period]) -> Period:
    asked = request.GET.get("quarter", "")
    if asked:
        period = next((quarter for quarter in quarters if str(quarter.number) == asked), None)
    else:
        period = selectors.latest_quarter(quarters)
    if period is None:
        raise BadRequest("A quarter is 1, 2, 3 or 4.")
    return period
