"""The ledger of a fund: postings, their reversals, and commitments."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core import money
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_ledger import CloseForm, CommitmentForm, LedgerFilter, PostingForm, ReverseForm
from pooled_budgets.selectors import ledger, periods, settled
from pooled_budgets.services import commitments as commitment_services
from pooled_budgets.services import postings
from pooled_budgets.views.common import load_fund, refuse


@require_safe
def transactions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    lines = ledger.lines(fund, request.user)
    chosen = LedgerFilter(request.GET, lines=lines, months=periods.months_of(year=fund.financial_year))
    page = ledger.page(fund, request.user, chosen.wanted, request.GET.get("after", ""))
    here, kept = reverse("pooled_budgets:ledger", args=[fund.pk]), request.GET.copy()
    kept.pop("after", None)
    return render(
        request,
        "pooled_budgets/ledger.html",
        {
            "fund": fund,
            "form": chosen,
            "page": page,
            "spent": ledger.spent(fund, request.user),
            "approval": settled.approval_in_force(fund, request.user),
            "first_url": f"{here}?{kept.urlencode()}" if request.GET.get("after") else "",
            "next_url": f"{here}?{urlencode([*kept.items(), ('after', page.next_key)])}" if page.next_key else "",
            "is_filtered": any(kept.values()),
            "can_record": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def posting_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    form = PostingForm(
        request.POST if request.method == "POST" else None,
        lines=ledger.lines(fund, request.user),
        months=periods.months_of(year=fund.financial_year),
    )
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        try:
            posted = postings.post(fund=fund, **form.values, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{money.pounds(posted.amount)} posted to {posted.period.label}.")
            return redirect("pooled_budgets:ledger", fund.pk)
    return render(request, "pooled_budgets/posting_new.html", {"fund": fund, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def posting_reverse(request: SignedInRequest, pk: UUID, posting_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    posting = get_object_or_404(ledger.transactions(request.user).filter(fund=fund), pk=posting_pk)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    form = ReverseForm(
        request.POST if request.method == "POST" else None,
        months=periods.months_of(year=fund.financial_year),
        own=posting.period,
    )
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        given = {"reason": form.cleaned_data["reason"], "month": form.month}
        try:
            postings.reverse(transaction_id=posting.pk, **given, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"The posting of {money.pounds(posting.amount)} is reversed.")
            return redirect("pooled_budgets:ledger", fund.pk)
    page = {"fund": fund, "posting": posting, "form": form}
    return render(request, "pooled_budgets/posting_reverse.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def commitments(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    form = CommitmentForm(
        request.POST if request.method == "POST" else None,
        lines=ledger.lines(fund, request.user),
        months=periods.months_of(year=fund.financial_year),
    )
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        try:
            commitment_services.record(fund=fund, **form.values, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, "The commitment is noted.")
            return redirect("pooled_budgets:commitments", fund.pk)
    rows = ledger.commitments_of(fund, request.user)
    page = {
        "fund": fund,
        "form": form,
        "rows": rows,
        "open_total": ledger.open_total(rows),
        "can_record": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/commitments.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_close(request: SignedInRequest, pk: UUID, commitment_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = get_object_or_404(ledger.commitments(request.user).filter(line__scheme__fund=fund), pk=commitment_pk)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    form = CloseForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        try:
            commitment_services.close(
                commitment_id=found.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"The commitment to {found.supplier} is closed.")
            return redirect("pooled_budgets:commitments", fund.pk)
    page = {"fund": fund, "commitment": found, "form": form}
    return render(request, "pooled_budgets/commitment_close.html", page, status=status)
