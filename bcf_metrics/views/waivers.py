"""Waivers of the checks of one metric."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms_waivers import WaiverEndForm, WaiverForm
from bcf_metrics.models import MetricPlan
from bcf_metrics.presenters import checks as words
from bcf_metrics.selectors import checks as selectors
from bcf_metrics.selectors import figures
from bcf_metrics.services import waivers as services
from bcf_metrics.views.common import READING
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def waivers(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read the waivers; an approver of the partner that enters the figures gives one."""
    plan = _plan(request, pk)
    if request.method in READING:
        return _page(request, plan, WaiverForm())
    permissions.require(request.user, Permission.RETURN_SIGN, organisation=plan.owner)
    form = WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, form, 400)
    try:
        services.give(plan_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
    except HubError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, plan, form, refusal.http_status)
    messages.success(request, f"The check of {plan.name} is waived.")
    return redirect("bcf_metrics:waivers", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, pk: UUID, waiver_pk: UUID) -> HttpResponse:
    """End a waiver before its day."""
    plan = _plan(request, pk)
    waiver = selectors.waiver(request.user, plan, waiver_pk)
    permissions.require(request.user, Permission.RETURN_SIGN, organisation=plan.owner)
    form = WaiverEndForm(None if request.method in READING else request.POST)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            services.end(waiver_id=waiver_pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.http_status
        else:
            messages.success(request, "The waiver is ended.")
            return redirect("bcf_metrics:waivers", pk)
    elif form.is_bound:
        status = 400
    return render(request, "bcf_metrics/waiver_end.html", {"plan": plan, "waiver": waiver, "form": form}, status=status)


def _plan(request: SignedInRequest, pk: UUID) -> MetricPlan:
    return get_object_or_404(figures.plans_visible_to(request.user).select_related("fund"), pk=pk)


def _page(request: SignedInRequest, plan: MetricPlan, form: WaiverForm, status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "rows": words.waivers(selectors.waivers_of(request.user, plan), on=timezone.localdate()),
        "can_give": permissions.can(request.user, Permission.RETURN_SIGN, organisation=plan.owner),
    }
    return render(request, "bcf_metrics/waivers.html", context, status=status)
