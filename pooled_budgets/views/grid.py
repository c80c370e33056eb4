"""The monitoring grid: every line by every month, saved as a whole or cell by cell."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from integration_hub.core.errors import HubError
from integration_hub.core.money import MoneyError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.explaining import MONTHS, POSTED
from pooled_budgets.domain.words import count
from pooled_budgets.forms_grid import GridForm, OneCell
from pooled_budgets.models import Fund
from pooled_budgets.selectors import grid as selectors
from pooled_budgets.selectors import settled
from pooled_budgets.services import month_forecasts
from pooled_budgets.views.common import load_fund


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    found = _grid(request, fund)
    form = GridForm(found, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and "preview" in request.POST:
        form.preview()
        status = 400 if form.problems else 200
    elif request.method == "POST" and form.problems:
        status = 400
    elif request.method == "POST":
        try:
            saved = month_forecasts.record(fund_id=fund.pk, entries=form.entries, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.refuse(refusal, _grid(request, fund))
            status = refusal.http_status
        else:
            messages.success(request, f"{count(saved, 'cell', 'cells')} saved." if saved else "Nothing was changed.")
            return redirect("pooled_budgets:grid", fund.pk)
    return _page(request, fund, form, status)


@require_POST
def cell(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Save one cell, as the page does while somebody types; the answer says what stands there now."""
    try:
        entry = OneCell.read(request.POST.dict()).entry
    except MoneyError as error:
        load_fund(request, pk, Permission.FORECAST_RECORD)
        return JsonResponse({"words": error.message}, status=400)
    except ValueError as error:
        load_fund(request, pk, Permission.FORECAST_RECORD)
        raise BadRequest("This is no cell of the grid.") from error
    try:
        month_forecasts.record(fund_id=pk, entries=[entry], by=request.user, at=timezone.now())
    except HubError as refusal:
        return JsonResponse({"words": refusal.message}, status=refusal.http_status)
    return JsonResponse({"code": entry.code, "words": "Saved"})


@require_POST
def release(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    try:
        number = month_forecasts.release(fund=fund, by=request.user, at=timezone.now())
    except HubError as refusal:
        form = GridForm(_grid(request, fund))
        form.refuse(refusal, form.grid)
        return _page(request, fund, form, refusal.http_status)
    words = count(number, "cell", "cells")
    messages.success(request, f"{words} released: the parties to the agreement and its board see them.")
    return redirect("pooled_budgets:grid", fund.pk)


def _explained(fund: Fund, month: int) -> str:
    where = reverse("pooled_budgets:number", args=[fund.pk, POSTED])
    return f"{where}?{urlencode({'quarter': (month - 1) // 3 + 1, 'month': month})}"


def _grid(request: SignedInRequest, fund: Fund) -> selectors.Grid:
    writing = permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    return selectors.grid(fund, request.user, on=timezone.localdate(), writing=writing)


def _page(request: SignedInRequest, fund: Fund, form: GridForm, status: int) -> HttpResponse:
    can_record = permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    page = {
        "fund": fund,
        "form": form,
        "grid": form.grid,
        "approval": settled.approval_in_force(fund, request.user),
        "columns": list(zip(form.grid.months, form.grid.names, strict=True)),
        # What was posted in a closed month is explained scheme by scheme.
        "totals": [
            (form.grid.total(month), "" if state.is_open else _explained(fund, month), form.grid.without(month))
            for state, month in ((state, state.period.number) for state in form.grid.months)
        ],
        "line_urls": {figure: reverse("pooled_budgets:number", args=[fund.pk, figure]) for figure in (POSTED, MONTHS)},
        "can_record": can_record,
        "can_release": can_record and form.grid.drafts > 0,
    }
    return render(request, "pooled_budgets/month_grid.html", page, status=status)
