"""What each request passes: an id, sign-in, and the history context of its writes."""

from collections.abc import Callable

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

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


class LoginRequiredMiddleware:
    """Everything needs an account but the addresses named in settings.PUBLIC_URL_NAMES. The API answers for itself.

    htmx is told to go to the sign-in page as a whole page; an ordinary request is redirected there and comes back.
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
        if request.headers.get("HX-Request"):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = (
                f"{resolve_url(settings.LOGIN_URL)}?next={request.headers.get('HX-Current-URL', '/')}"
            )
            return answer
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


class HistoryMiddleware:
    """Join what one request writes: the person and the request id stand beside each row's history."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        person = str(request.user.pk) if request.user.is_authenticated else ""
        with pghistory.context(request_id=requests.request_id(), person=person, address=request.path):
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
