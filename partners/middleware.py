"""Approvers, administrators and operators need a second factor first (demonstration accounts excepted)."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from integration_hub.core.api import API_PREFIX, problem_response
from integration_hub.core.middleware import SAFE_METHODS
from partners.models import User
from partners.selectors import memberships

SET_UP = "mfa_activate_totp"
# What somebody needs in order to set a second factor up, or to leave.
ON_THE_WAY = frozenset({SET_UP, "account_reauthenticate", "account_logout"})
REQUIRED = "Your role needs a second factor. Sign in with your browser and set one up; then this will answer."


class SecondFactorMiddleware:
    """Lead whoever lacks a second factor to set one up, and after a session has ended lead back to a page that opens.

    One query for a person whose account is their own, none for a demonstration account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return back_to_a_page(request, response)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        if not isinstance(request.user, User) or request.user.is_demonstration:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ON_THE_WAY or name in settings.PUBLIC_URL_NAMES:
            return None
        if not memberships.standing(request.user).lacks_second_factor:
            return None
        if request.path.startswith(API_PREFIX):
            return problem_response(request, 403, "second_factor_required", REQUIRED)
        return _lead(request, reverse(SET_UP))


def back_to_a_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Where the session had ended, come back after sign-in to the page that was open, never to an address that only
    takes what is sent to it: the answer to a POST, or to htmx, names the form's own page as `next`.
    """
    sign_in = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request") and response.get("HX-Redirect", "").startswith(f"{sign_in}?"):
        response["HX-Redirect"] = redirect_to_login(page_of(request), sign_in)["Location"]
    elif request.method not in SAFE_METHODS and response.get("Location", "").startswith(f"{sign_in}?"):
        response["Location"] = redirect_to_login(page_of(request), sign_in)["Location"]
    return response


def page_of(request: HttpRequest) -> str:
    """Path and query of the page that the request was sent from, where it is one of ours; else My tasks."""
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(sent_from)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    came_for = request.get_full_path() if request.method in SAFE_METHODS else page_of(request)
    address = f"{address}?{urlencode({'next': came_for})}"
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)
