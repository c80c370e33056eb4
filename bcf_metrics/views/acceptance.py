"""A submitted return accepted by the national team, and an accepted one restated."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms_submission import AcceptForm, RestateForm
from bcf_metrics.selectors import returns as selectors
from bcf_metrics.services import acceptance
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record that the national team accepted the return."""
    done = "The acceptance is recorded."
    return _act(request, pk, AcceptForm, acceptance.accept, template="bcf_metrics/accept.html", done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def restate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Open an accepted return again."""
    done = "The restatement is begun: answers and figures can be changed."
    return _act(request, pk, RestateForm, acceptance.restate, template="bcf_metrics/restate.html", done=done)


def _act(
    request: SignedInRequest,
    pk: UUID,
    shape: type[forms.Form],
    act: Callable[..., Any],
    *,
    template: str,
    done: str,
) -> HttpResponse:
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_SUBMIT, among=held.parties)
    form = shape(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            act(return_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, done)
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    return render(request, template, {"held": held, "return": held.quarterly_return, "form": form}, status=status)
