"""Pages of a fund's virements: the list with original and revised budgets, a new one, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from governance.domain.authority import Matter
from governance.selectors.authority import authorities_for, why_none
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_virement import ApproveForm, RejectForm, VirementForm
from pooled_budgets.models.virement import PREPARED
from pooled_budgets.presenters import virements as words
from pooled_budgets.selectors import settled
from pooled_budgets.selectors import virements as selectors
from pooled_budgets.services import virements as services
from pooled_budgets.views.common import load_fund

PAGE = 50


@require_safe
def virements(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Every virement of the fund, and what they made of the budgets."""
    fund = load_fund(request, pk)
    page = Paginator(selectors.of_fund(fund, request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "fund": fund,
        "page": page,
        "rows": [words.summary(row) for row in page],
        "lines": selectors.lines(fund, request.user),
        "approval": settled.approval_in_force(fund, request.user),
        "may_prepare": permissions.can(request.user, Permission.VIREMENT_PREPARE, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/virements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Prepare a virement."""
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.VIREMENT_PREPARE, organisation=fund.owner)
    form = VirementForm(request.POST or None, lines=selectors.lines(fund, request.user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = services.prepare(fund_id=fund.pk, by=request.user, at=timezone.now(), **form.values())
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The virement is prepared. Another person has to approve it.")
                return redirect("pooled_budgets:virement", pk=fund.pk, virement_pk=made.pk)
    return render(request, "pooled_budgets/virement_new.html", {"fund": fund, "form": form}, status=status)


@require_safe
def virement(request: SignedInRequest, pk: UUID, virement_pk: UUID) -> HttpResponse:
    """One virement: what moves, why, who prepared and decided it, and what allowed it."""
    fund = load_fund(request, pk)
    found = selectors.get(fund, request.user, virement_pk)
    parties = selectors.parties_of(fund)
    may_decide = any(
        permissions.can(request.user, Permission.VIREMENT_APPROVE, organisation=party) for party in parties
    )
    context = {
        "fund": fund,
        "virement": found,
        **words.summary(found),
        "is_open": found.status == PREPARED,
        "may_decide": may_decide and found.prepared_by_id != request.user.pk,
        "is_own": found.prepared_by_id == request.user.pk,
    }
    return render(request, "pooled_budgets/virement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, pk: UUID, virement_pk: UUID) -> HttpResponse:
    """Approve a virement, naming what allows it."""
    fund = load_fund(request, pk)
    found = selectors.get(fund, request.user, virement_pk)
    parties = selectors.parties_of(fund)
    permissions.acting_for(request.user, Permission.VIREMENT_APPROVE, among=parties)
    asked: Any = {"matter": Matter.VIREMENT, "on": timezone.localdate(), "parties": parties}
    offered = authorities_for(request.user, **asked)
    form = ApproveForm(request.POST if request.method == "POST" else None, offered=offered)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            named = form.cleaned_data["authority"]
            try:
                services.approve(virement_id=found.pk, named=named, by=request.user, at=timezone.now())
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field == "authority" else None, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The virement is approved. Both budgets have changed.")
                return redirect("pooled_budgets:virement", pk=fund.pk, virement_pk=found.pk)
    is_own = found.prepared_by_id == request.user.pk
    context = {
        "fund": fund,
        "form": form,
        "why_none": "" if offered else why_none(request.user, **asked),
        "is_own": is_own,
        "can_approve": bool(offered) and not is_own and found.status == PREPARED,
        **words.summary(found),
    }
    return render(request, "pooled_budgets/virement_approve.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: SignedInRequest, pk: UUID, virement_pk: UUID) -> HttpResponse:
    """Reject a virement with the reason."""
    fund = load_fund(request, pk)
    found = selectors.get(fund, request.user, virement_pk)
    permissions.acting_for(request.user, Permission.VIREMENT_APPROVE, among=selectors.parties_of(fund))
    form = RejectForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.reject(virement_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The virement is rejected. No budget has changed.")
                return redirect("pooled_budgets:virement", pk=fund.pk, virement_pk=found.pk)
    context = {"fund": fund, "form": form, **words.summary(found)}
    return render(request, "pooled_budgets/virement_reject.html", context, status=status)
