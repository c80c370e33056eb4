"""What each request passes: an id, sign-in, and the history context of its writes."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from integration_hub.core import requests
from integration_hub.core.api import API_PREFIX
from integration_hub.core.views.errors import page_not_found

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_ALLOWED, NOT_FOUND = 405, 404


class RequestIdMiddleware:
    """Give the request an id that stands in the answer, the log lines, the audit lines and the jobs it asks for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = requests.begin(request.headers.get("X-Request-ID", ""))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class NotStoredMiddleware:
    """Nothing that a page, file or the API answers is kept by a browser: after the sign-out nobody goes back to it.

    Static files never get here; what a view says of itself stays.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class LoginRequiredMiddleware:
    """Everything needs an account but the addresses named in settings.PUBLIC_URL_NAMES. The API answers for itself.

    htmx is told to go to the sign-in page as a whole page; an ordinary request is redirected there. Both come back.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        # The public addresses first: /healthz must answer while the database, and so the session, does not.
        if request.resolver_match and request.resolver_match.view_name in settings.PUBLIC_URL_NAMES:
            return None
        if request.user.is_authenticated or request.path.startswith(API_PREFIX):
            return None
        return lead_to(request, resolve_url(settings.LOGIN_URL))


def lead_to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to a page (sign-in, second factor) that leads on, with `next`, to the page which the person had open.

    What was sent from a form, or by htmx, comes back to the page it was sent from: its own address may be none that
    opens.
    """
    is_htmx = "HX-Request" in request.headers
    came_for = page_of(request) if is_htmx or request.method not in SAFE_METHODS else request.get_full_path()
    leading = redirect_to_login(came_for, address)
    if not is_htmx:
        return leading
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = leading["Location"]
    return answer


def page_of(request: HttpRequest) -> str:
    """Path and query of the page that the request was sent from, where it is one of ours; else My tasks."""
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(sent_from)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


class HistoryMiddleware:
    """Join what one request writes: the person and the request id stand beside each row's history."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        who = {"person": "", "person_name": ""}
        if request.user.is_authenticated:
            # The name as text: it stays as it was on the day.
            who = {"person": str(request.user.pk), "person_name": str(request.user)}
        with pghistory.context(request_id=requests.request_id(), address=request.path, **who):
            return self.get_response(request)


class UnknownMethodMiddleware:
    """A method that an address does not have: 404 where the reader may not know of the object, as ever.

    The page's own GET decides that. An address that only takes POST has no page to read: that is a 404 for all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        match = request.resolver_match
        if answer.status_code != NOT_ALLOWED or match is None or request.path.startswith(API_PREFIX):
            return answer
        if request.method in SAFE_METHODS:
            return page_not_found(request, Http404())
        request.method = "GET"
        try:
            readable = match.func(request, *match.args, **match.kwargs)
        except Http404 as missing:
            return page_not_found(request, missing)
        except PermissionDenied:
            return answer
        return page_not_found(request, Http404()) if readable.status_code in (NOT_FOUND, NOT_ALLOWED) else answer
