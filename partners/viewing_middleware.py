"""While an administrator looks as somebody of their partner: every page is that person's, and nothing can be changed.

The reading runs in a read-only transaction, so that no page can write even by mistake. Account pages and the second
factor stay the real person's; this middleware stands after the one that asks for it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import InternalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from integration_hub.core.middleware import SAFE_METHODS
from integration_hub.core.readonly import is_refused, read_only
from integration_hub.core.views.errors import permission_denied
from partners.models import User
from partners.selectors import viewing
from partners.services import viewing as service

OWN_PAGES = "/account/"
# Staying signed in changes nothing but the real person's own session.
MAY_BE_SENT = frozenset({"partners:view_as_leave", "account_logout", "partners:session_left"})
PAGES = ("text/html", "application/json", "application/problem+json", "application/vnd.oai.openapi")
NO_CHANGES = "You are looking as {}. Nothing can be changed while you do. Leave the view first, then do it as yourself."
NO_FILES = "You are looking as {}. No file can be taken away while you do. Leave the view first."


class ViewAsMiddleware:
    """Put whom the administrator looks as in the place of the administrator, for one view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        real = request.user
        response = self.get_response(request)
        # What stands further out (sessions, sign-in) must go on knowing the real person.
        request.user = real
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        # An invitation can be opened by whoever holds it, but nobody takes one up while they look as another.
        is_own = name in MAY_BE_SENT | {"partners:invitation"} or name not in settings.PUBLIC_URL_NAMES
        if not is_own or not isinstance(request.user, User) or viewing.KEY not in request.session:
            return None
        looking = _looking(request, request.user)
        if looking is None:
            return None
        if name in MAY_BE_SENT:
            if name == "account_logout" and request.method == "POST":
                _end(request, request.user, reason="signed out")
            return None
        if request.method not in SAFE_METHODS:
            return permission_denied(request, PermissionError(NO_CHANGES.format(looking.words)))
        if request.path.startswith(OWN_PAGES):
            return None
        request.user = looking.person
        try:
            with read_only():
                response = view(request, *args, **kwargs)
        except InternalError as error:
            if not is_refused(error):
                raise
            return permission_denied(request, PermissionError(NO_CHANGES.format(looking.words)))
        if _is_file(response):
            return permission_denied(request, PermissionError(NO_FILES.format(looking.words)))
        return response


def _looking(request: HttpRequest, by: User) -> viewing.Viewing | None:
    """The look in hand; one whose time is up is ended here, and the page says so."""
    chosen: Mapping[str, Any] = request.session[viewing.KEY]
    found = viewing.current(chosen, by, at=timezone.now())
    if isinstance(found, viewing.Over):
        _end(request, by, reason=found.reason)
        messages.info(request, f"You see the pages as yourself again: {found.reason}.")
        return None
    request.viewing = found  # type: ignore[attr-defined]  # for the banner
    return found


def _end(request: HttpRequest, by: User, *, reason: str) -> None:
    chosen = request.session.pop(viewing.KEY)
    service.end(organisation_id=chosen["organisation"], by=by, at=timezone.now(), reason=reason)


def _is_file(response: HttpResponseBase) -> bool:
    content_type = response.headers.get("Content-Type", "text/html")
    return response.streaming or "Content-Disposition" in response.headers or not content_type.startswith(PAGES)
