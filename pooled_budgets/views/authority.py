"""Movements of money that no decision or delegation allows: of one fund, and of all that the reader sees."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.selectors import movements
from partners.requests import SignedInRequest
from pooled_budgets.models import Fund
from pooled_budgets.presenters import authority as words
from pooled_budgets.selectors import funds
from pooled_budgets.views.common import load_fund

PAGE = 50


@require_safe
def of_fund(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """/funds/<id>/authority/"""
    return _answer(request, load_fund(request, pk))


@require_safe
def of_all(request: SignedInRequest) -> HttpResponseBase:
    """/funds/authority/"""
    return _answer(request, None)


def _answer(request: SignedInRequest, fund: Fund | None) -> HttpResponseBase:
    found = movements.without_authority(request.user, funds=None if fund is None else [fund.pk])
    named = {fund.pk: fund} if fund else funds.by_id(request.user, {row.fund for row in found})
    rows = words.rows(found, named)
    if request.GET.get("format") == "csv":
        return StreamingHttpResponse(
            words.csv_file(rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="movements-without-authority.csv"'},
        )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "pooled_budgets/authority.html", {"fund": fund, "page": page})
