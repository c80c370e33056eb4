"""Signing a version of a return, and sending a return back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms import SignAsForm, SignForm
from bcf_metrics.forms_sections import AmendSectionsForm, SendBackSectionsForm
from bcf_metrics.presenters import pages
from bcf_metrics.selectors import returns as selectors
from bcf_metrics.selectors import sections
from bcf_metrics.selectors.returns import Needed, Standing
from bcf_metrics.services import amendments, returns, signatures
from bcf_metrics.views.common import acting
from integration_hub.core.errors import HubError
from partners import permissions
from partners.models import Organisation
from partners.permissions import Permission
from partners.requests import SignedInRequest
from partners.selectors import memberships


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read what is to be signed, and sign it for a partner."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_SIGN, among=held.parties)
    parties = acting(request.user, Permission.RETURN_SIGN, held)
    named = [row for row in held.needed(held.current) if row.signatory.code and row.organisation in parties]
    offered = [row for row in held.awaited if row in named and selectors.may_sign(request.user, row)]
    plain = [party for party in parties if party not in {row.organisation for row in named}]
    form = _form(request, held, named if request.method == "POST" else offered, plain)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            signatures.sign(
                return_id=pk,
                **_signature(given, named, parties),
                version=given["version"],
                by=request.user,
                at=timezone.now(),
            )
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, f"You signed version {given['version']}.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    return render(
        request,
        "bcf_metrics/sign.html",
        {
            "held": held,
            "return": held.quarterly_return,
            "form": form,
            "is_preparer": held.is_preparer(request.user),
            "signatures": pages.signatures(held, held.current) if held.current else [],
            "can_sign": bool(held.awaited) and bool(offered or plain) and not held.is_preparer(request.user),
            "is_named": bool(offered or plain),
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send the return back to its preparers with a reason."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_SIGN, among=held.parties)
    tabs = sections.tabs_of(held.quarterly_return)
    form = SendBackSectionsForm(request.POST if request.method == "POST" else None, tabs=tabs)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            reason, named = form.cleaned_data["reason"], form.sections()
            returns.send_back(return_id=pk, reason=reason, named=named, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, "The return is sent back: its answers and figures can be changed again.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    context = {"held": held, "return": held.quarterly_return, "form": form}
    return render(request, "bcf_metrics/send_back.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Begin an amendment of a return that is with its signatories, signed or submitted, with a reason."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    tabs = sections.tabs_of(held.quarterly_return)
    form = AmendSectionsForm(request.POST if request.method == "POST" else None, tabs=tabs)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            reason, named = form.cleaned_data["reason"], form.sections()
            amendments.begin(return_id=pk, reason=reason, named=named, by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status, held = refusal.http_status, selectors.get(request.user, pk)
        else:
            messages.success(request, "The amendment is begun: answers and figures can be changed.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method == "POST":
        status = 400
    context = {
        "held": held,
        "return": held.quarterly_return,
        "form": form,
        "scopes": pages.scopes(held, held.newest) if held.newest else [],
    }
    return render(request, "bcf_metrics/amend.html", context, status=status)


def _form(
    request: SignedInRequest, held: Standing, named: list[Needed], plain: list[Organisation]
) -> SignForm | SignAsForm:
    """The capacities that the policy year names; a partner of which it names nobody signs in words."""
    data = request.POST if request.method == "POST" else None
    number = held.newest.number if held.newest else 0
    if named or not plain:
        return SignAsForm(data, choices=[(row.slot.key, row.words) for row in named], version=number)
    first = permissions.acting_for(request.user, Permission.RETURN_SIGN, among=plain)
    return SignForm(
        data,
        parties=plain,
        version=number,
        chosen=request.user.acting_for,
        capacity=memberships.signing_capacity(request.user, first),
    )


def _signature(given: dict[str, str], named: list[Needed], parties: list[Organisation]) -> dict[str, Any]:
    """For which partner and in which capacity, from either form."""
    if "signing_as" in given:
        row = next(row for row in named if row.slot.key == given["signing_as"])
        return {"organisation": row.organisation, "signing_as": row.signatory.code}
    organisation = next(party for party in parties if str(party.pk) == given["organisation"])
    return {"organisation": organisation, "capacity": given["capacity"]}
