"""The list of funds, and where one fund stands."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.presenters import fund_pages
from pooled_budgets.presenters import position as words
from pooled_budgets.selectors import contributions, periods, positions, settlement
from pooled_budgets.selectors import funds as selectors
from pooled_budgets.views.common import load_fund, load_quarter

PAGE = 50


@require_safe
def funds(request: SignedInRequest) -> HttpResponse:
    page = Paginator(selectors.funds(request.user), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pooled_budgets/funds.html",
        {"page": page, "rows": selectors.fund_rows(request.user, of=page)},
    )


@require_safe
def fund(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = load_fund(request, pk)
    period, quarters = load_quarter(request, found)
    position = positions.position(found, period, request.user)
    funding = selectors.funding_of(found, request.user)
    opened = settlement.opening_rows(found, request.user)
    chart = words.chart(position)
    monitoring = reverse("pooled_budgets:monitoring", args=[found.pk])
    return render(
        request,
        "pooled_budgets/fund.html",
        {
            "fund": found,
            "period": period,
            "quarters": quarters,
            "position": position,
            "funding": funding,
            "plan_tie": words.plan_tie(position),
            "money": contributions.money_of(found, request.user, funding, opened),
            "funding_tie": words.funding_tie(found.total, funding),
            "opened": opened,
            "opening_words": words.opening_words(funding, opened),
            "missing": words.missing_words(position),
            "discrepancies": words.discrepancies(found.discrepancies, position),
            "parties": selectors.parties_of(found.agreement),
            # Made by core.charts, which escapes every text that goes into it.
            "chart": mark_safe(chart.svg) if chart else "",  # noqa: S308
            "lock": periods.lock_in_force(found, period),
            "locked_words": f"{period.label} is locked.",
            "monitoring_url": f"{monitoring}?quarter={period.number}",
            "page_groups": fund_pages.groups(found),
            "can_import": permissions.can(request.user, Permission.PLAN_IMPORT, organisation=found.owner),
            "can_record": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=found.owner),
        },
    )
