"""Signing in by a partner's OpenID provider, and the page on which its administrator says who may."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from partners import openid, permissions
from partners.forms import AllowSingleSignOnForm
from partners.models import Organisation, SingleSignOn, User
from partners.permissions import Permission
from partners.requests import person_of
from partners.selectors import directory
from partners.selectors import single_sign_on as rows
from partners.services import invitations, single_sign_on

logger = logging.getLogger(__name__)

METHOD = "single_sign_on"
NOT_REACHED = "It did not answer as it should. Try again, or sign in with your password."
NOT_PROVEN = "It did not prove who you are. Begin again; if it happens again, sign in with your password."


@never_cache
@require_safe
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the browser to the provider."""
    provider = rows.active_provider(pk)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    came_for = request.GET.get("next", "")
    try:
        return openid.send_to(provider, request, came_for=came_for)
    except openid.Failed as failure:
        return _refused(request, provider, failure=failure, words=NOT_REACHED, status=502)


@never_cache
@require_safe
def back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The browser comes back from the provider; the second factor is asked next, unless the provider showed one."""
    provider = rows.active_provider(pk)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    now = timezone.now()
    came_for = str(request.session.pop(openid.NEXT, ""))
    try:
        claims = openid.came_back(provider, request)
    except openid.Failed as failure:
        return _refused(request, provider, failure=failure, words=NOT_PROVEN, status=400)
    try:
        person, came_for = _who(provider, claims, came_for=came_for, at=now)
    except HubError as refusal:
        single_sign_on.record_refused(provider=provider, reason=refusal.code, at=now)
        context = {"provider": provider, "words": refusal.message}
        return render(request, "partners/single_sign_on_refused.html", context, status=refusal.http_status)
    record_authentication(request, person, METHOD, provider=str(provider.pk))
    if single_sign_on.shows_second_factor(provider, claims):
        record_authentication(request, person, "mfa", type=METHOD)
    is_ours = url_has_allowed_host_and_scheme(came_for, {request.get_host()}, require_https=request.is_secure())
    return perform_login(request, Login(user=person, redirect_url=came_for if is_ours and came_for else None))


def _who(provider: SingleSignOn, claims: Mapping[str, Any], *, came_for: str, at: datetime) -> tuple[User, str]:
    """Whom the provider has shown, and where they go. Raises HubError where nobody is let in.

    Whoever is not known yet and comes from an invitation takes it up.
    """
    try:
        return single_sign_on.find_person(provider=provider, claims=claims, at=at), came_for
    except single_sign_on.NotLinked:
        secret = _invitation_of(came_for)
        if not secret:
            raise
    taken_up = invitations.accept_by_provider(secret=secret, provider=provider, claims=claims, at=at)
    return taken_up.person, ""


def _invitation_of(came_for: str) -> str:
    """The secret of the invitation's page from which somebody came; "" for any other page."""
    try:
        match = resolve(urlsplit(came_for).path)
    except Resolver404:
        return ""
    return str(match.kwargs["secret"]) if match.view_name == "partners:invitation" else ""


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/partners/<id>/single-sign-on/: who may sign in by the partner's provider; POST lets somebody."""
    organisation = _administered(request, pk)
    providers = rows.of_partner(organisation)
    form = AllowSingleSignOnForm(request.POST if request.method == "POST" else None, choices=providers)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                single_sign_on.allow(
                    provider_id=form.cleaned_data["provider"],
                    person_id=form.cleaned_data["person"],
                    subject=form.cleaned_data["subject"],
                    by=person_of(request),
                    at=timezone.now(),
                )
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "They may sign in by single sign-on.")
                return redirect("partners:single_sign_on", pk=organisation.pk)
    context = {"organisation": organisation, "form": form, "providers": providers}
    return render(request, "partners/single_sign_on.html", context, status=status)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take single sign-on away from somebody."""
    link = single_sign_on.remove(link_id=pk, by=person_of(request), at=timezone.now())
    messages.success(request, f"{link.person} no longer signs in by {link.provider.name}.")
    return redirect("partners:single_sign_on", pk=link.provider.organisation_id)


def _administered(request: HttpRequest, pk: UUID) -> Organisation:
    organisation = directory.get(person_of(request), pk)
    permissions.require(person_of(request), Permission.MEMBERSHIP_GRANT, organisation=organisation)
    return organisation


def _refused(
    request: HttpRequest, provider: SingleSignOn, *, failure: openid.Failed, words: str, status: int
) -> HttpResponse:
    logger.warning("Single sign-on failed: %s", failure)
    # Anybody can open the address; who was on the way has a state.
    if "state" in request.GET:
        single_sign_on.record_refused(provider=provider, reason="not proven", at=timezone.now())
    context = {"provider": provider, "words": words}
    return render(request, "partners/single_sign_on_refused.html", context, status=status)
