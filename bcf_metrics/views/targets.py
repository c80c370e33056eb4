"""The target of one metric, entered by the partner that enters its figures."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms_targets import TargetForm
from bcf_metrics.models import MetricPlan
from bcf_metrics.selectors import figures
from bcf_metrics.services import targets
from bcf_metrics.views.common import READING
from integration_hub.core.errors import HubError, Malformed
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: SignedInRequest, pk: UUID) -> HttpResponse:
    plan = _plan(request, pk)
    form = TargetForm(plan, None if request.method in READING else request.POST)
    if not form.is_bound:
        return _page(request, plan, form)
    if not form.is_valid():
        return _page(request, plan, form, 400)
    try:
        targets.change(plan_id=pk, aim=form.aim(), seen=form.seen_codes(), by=request.user, at=timezone.now())
    except HubError as refusal:
        return _refused(request, pk, form, refusal)
    messages.success(request, f"The target of {plan.name} is saved.")
    return redirect("bcf_metrics:metric", pk)


def _plan(request: SignedInRequest, pk: UUID) -> MetricPlan:
    plan = get_object_or_404(figures.plans_visible_to(request.user).select_related("fund"), pk=pk)
    permissions.require(request.user, Permission.FIGURE_RECORD, organisation=plan.owner)
    return plan


def _refused(request: SignedInRequest, pk: UUID, form: TargetForm, refusal: HubError) -> HttpResponse:
    """The page again with what was typed, beside what stands there now."""
    plan = _plan(request, pk)
    again = form.rebased(plan)
    if isinstance(refusal, Malformed) and refusal.problems:
        for problem in refusal.problems:
            again.complain(problem["field"], problem["message"])
    else:
        again.complain(refusal.field or "", refusal.message)
    return _page(request, plan, again, refusal.http_status)


def _page(request: SignedInRequest, plan: MetricPlan, form: TargetForm, status: int = 200) -> HttpResponse:
    return render(request, "bcf_metrics/target.html", {"plan": plan, "form": form}, status=status)
