"""Projected outturns quarter by quarter, the threshold of variances, and their explanations."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_variances import ExplanationForm, ThresholdForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import snapshots as snapshot_words
from pooled_budgets.selectors import periods, settled, variances
from pooled_budgets.selectors import snapshots as snapshot_rows
from pooled_budgets.services import variances as services
from pooled_budgets.views.common import load_fund, load_quarter, refuse


@require_safe
def outturns(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    period, quarters = load_quarter(request, fund)
    threshold = variances.threshold_of(fund)
    rows = variances.outturns(fund, period, [link.period for link in quarters], request.user, threshold)
    page = {
        "fund": fund,
        "period": period,
        "quarters": quarters,
        "threshold": threshold,
        "rows": rows,
        "is_draft": any(row.line.is_recorded and row.line.released_at is None for row in rows),
        "owed": sum(row.needs_words for row in rows),
        "can_record": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner),
        "approval": settled.approval_in_force(fund, request.user),
    }
    return render(request, "pooled_budgets/outturns.html", page)


@require_safe
def snapshots(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was projected at each month end, beside the quarters."""
    fund = load_fund(request, pk)
    found = snapshot_rows.snapshots(fund, list(periods.quarters(fund)), request.user)
    page = {"fund": fund, "found": found, "table": snapshot_words.table(found, fund)}
    return render(request, "pooled_budgets/outturn_snapshots.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def threshold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    found = variances.threshold_of(fund)
    initial = {"pounds": found.pounds, "percent": found.percent} if found else None
    form = ThresholdForm(request.POST) if request.method == "POST" else ThresholdForm(initial=initial)
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and status == 200:
        try:
            services.set_threshold(fund=fund, **form.cleaned_data, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, "The threshold is set.")
            return redirect("pooled_budgets:outturns", fund.pk)
    return render(request, "pooled_budgets/threshold.html", {"fund": fund, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: SignedInRequest, pk: UUID, scheme_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    period, quarters = load_quarter(request, fund)
    found = variances.outturns(
        fund, period, [link.period for link in quarters], request.user, variances.threshold_of(fund)
    )
    row = variances.scheme_of(found, scheme_pk)
    if row is None:
        raise Http404("There is no such scheme.")
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    form = ExplanationForm(request.POST if request.method == "POST" else None, variance=row.line.variance)
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and status == 200:
        given = {"scheme_id": scheme_pk, "period": period, **form.cleaned_data}
        try:
            services.explain(fund=fund, **given, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"The variance of scheme {row.line.number} is explained.")
            return redirect(_address(fund, period.number))
    page = {"fund": fund, "period": period, "row": row, "form": form}
    return render(request, "pooled_budgets/explain.html", page, status=status)


def _address(fund: Fund, quarter: int) -> str:
    return f"{reverse('pooled_budgets:outturns', args=[fund.pk])}?quarter={quarter}"
