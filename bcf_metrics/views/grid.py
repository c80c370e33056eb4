"""The entry grid of a quarter's metrics, saved as a whole or row by row."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bcf_metrics.forms_grid import MetricGrid, Unreadable, faults_of
from bcf_metrics.presenters import pages
from bcf_metrics.selectors import checks, content, returns, series
from bcf_metrics.selectors import figures as selectors
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import figures
from bcf_metrics.services.figures import Entry
from bcf_metrics.views.common import READING
from integration_hub.core.errors import HubError
from integration_hub.core.quarters import FinancialYear, Quarter
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One row for each metric that the person enters, with the eight quarters before."""
    held = returns.get(request.user, pk)
    form = _grid(request, held)
    if request.method in READING:
        return _page(request, held, form)
    form.take(request.POST.dict())
    if "preview" in request.POST:
        form.preview()
        return _page(request, held, form, 400 if form.problems else 200)
    entries = form.entries()
    if form.problems:
        return _page(request, held, form, 400)
    try:
        saved = _record(request, held, entries)
    except HubError as refusal:
        return _page(request, held, _grid(request, held).refused(refusal, form), refusal.http_status)
    number = len(saved.names)
    words = f"{number} metric{'' if number == 1 else 's'} saved." if number else "Nothing was changed."
    messages.success(request, words)
    return redirect("bcf_metrics:grid", pk)


@require_POST
def row(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Save one row, as the page does while somebody types; the answer says what stands there now."""
    held = returns.get(request.user, pk)
    rows = [one for one in _mine(request, held) if one.key == request.POST.get("plan-0", "")]
    if not rows:
        raise BadRequest("This is no row of the grid.")
    form = MetricGrid(rows, {})
    try:
        form.rows[0].take(request.POST.dict())
    except Unreadable as error:
        raise BadRequest(str(error)) from error
    entries = form.entries()
    if form.problems:
        errors = form.rows[0].errors
        told = {"words": " ".join(one.error for one in errors), "wrong": [one.column for one in errors]}
        return JsonResponse(told, status=400)
    try:
        _record(request, held, entries)
    except HubError as refusal:
        wrong = [column for _, column, _ in faults_of(refusal)]
        return JsonResponse({"words": refusal.message, "wrong": wrong}, status=refusal.http_status)
    stands = MetricGrid([one for one in _mine(request, held) if one.key == rows[0].key], {}).rows[0]
    return JsonResponse(
        {"words": "Saved", "cells": {one.column: {"text": one.text, "seen": one.seen} for one in stands.cells}}
    )


def _record(request: SignedInRequest, held: Standing, entries: list[Entry]) -> figures.Saved:
    quarterly_return = held.quarterly_return
    return figures.record(
        fund=quarterly_return.fund,
        period=quarterly_return.period,
        entries=entries,
        by=request.user,
        at=timezone.now(),
    )


def _mine(request: SignedInRequest, held: Standing) -> list[FigureRow]:
    """The rows that the person enters; PermissionDenied for none."""
    quarterly_return = held.quarterly_return
    rows = selectors.for_quarter(quarterly_return.fund, quarterly_return.period, request.user)
    owners = {one.plan.owner_id: one.plan.owner for one in rows}
    permissions.acting_for(request.user, Permission.FIGURE_RECORD, among=owners.values())
    return [one for one in rows if permissions.can(request.user, Permission.FIGURE_RECORD, organisation=one.plan.owner)]


def _grid(request: SignedInRequest, held: Standing) -> MetricGrid:
    rows, quarter = _mine(request, held), _quarter(held)
    return MetricGrid(rows, series.before(request.user, held.quarterly_return.fund, rows, quarter))


def _quarter(held: Standing) -> Quarter:
    period = held.quarterly_return.period
    return Quarter(FinancialYear(period.financial_year), period.number)


def _page(request: SignedInRequest, held: Standing, form: MetricGrid, status: int = 200) -> HttpResponse:
    rows, reasons = [row.row for row in form.rows], content.answers_of(held.quarterly_return)
    context: dict[str, Any] = {
        "held": held,
        "return": held.quarterly_return,
        "form": form.flagged(checks.of_return(request.user, held.quarterly_return, rows), reasons),
        "before": [one.short_label for one in series.quarters_before(_quarter(held))],
        "lock": pages.lock(held),
        "is_open": not held.is_frozen,
    }
    return render(request, "bcf_metrics/grid.html", context, status=status)
