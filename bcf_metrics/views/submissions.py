"""A return submitted, and ratified by a decision of the Board."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms_submission import RatifyForm, SubmitForm
from bcf_metrics.selectors import returns as selectors
from bcf_metrics.selectors import submissions
from bcf_metrics.services import submissions as services
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record that the signed return was submitted."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_SUBMIT, among=held.parties)
    form = SubmitForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = services.submit(return_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, f"Submission {made.number} is recorded.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    context = {"held": held, "return": held.quarterly_return, "form": form, "version": held.current}
    return render(request, "bcf_metrics/submit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def ratify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Link the decision by which the Board ratified what was submitted."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.DECISION_RECORD, among=held.parties)
    decisions = list(submissions.decisions(request.user, held.quarterly_return))
    form = RatifyForm(request.POST if request.method == "POST" else None, decisions=decisions)
    status = 200
    if request.method == "POST" and form.is_valid():
        chosen = next(row for row in decisions if str(row.pk) == form.cleaned_data["decision"])
        try:
            services.ratify(return_id=pk, decision=chosen, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, "The decision is linked: the return is ratified.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    context = {"held": held, "return": held.quarterly_return, "form": form, "decisions": decisions}
    return render(request, "bcf_metrics/ratify.html", context, status=status)
