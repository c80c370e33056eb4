"""What a signed-in person does keeps their session; some must have a second factor first (not in the demonstration)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from integration_hub.core.api import API_PREFIX, problem_response
from integration_hub.core.middleware import lead_to
from partners import sessions
from partners.models import User
from partners.requests import session_of, shown_by_provider, whence
from partners.selectors import memberships

SET_UP = "mfa_activate_totp"
# What somebody needs in order to set a second factor up, or to leave.
ACTING_FOR = "acting_for"  # key in the session: id of the chosen partner
ON_THE_WAY = frozenset(
    {
        SET_UP,
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "partners:session_left",
    }
)
REQUIRED = "Your role needs a second factor. Sign in with your browser and set one up; then this will answer."


# Sent by what a page asks by itself, such as how a report is getting on: nobody has done anything.
BACKGROUND = "Hub-Background"
NOTED_AT_MOST_EVERY = 60  # seconds; a session is not written at every request


class ActivityMiddleware:
    """Note in the session that its person did something, and from where. No query but the write, once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        # The public addresses first: /healthz must answer while the database, and so the session, does not.
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in settings.PUBLIC_URL_NAMES or request.headers.get(BACKGROUND) or not request.user.is_authenticated:
            return
        if time.time() - request.session.get(sessions.USED, 0) >= NOTED_AT_MOST_EVERY:
            session_of(request).use(**whence(request))


class SecondFactorMiddleware:
    """Lead whoever lacks a second factor to set one up: one query for an account of one's own, none for others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        if not isinstance(request.user, User) or request.user.is_demonstration:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ON_THE_WAY or name in settings.PUBLIC_URL_NAMES:
            return None
        if not memberships.standing(request.user).lacks_second_factor or shown_by_provider(request, request.user):
            return None
        if request.path.startswith(API_PREFIX):
            return problem_response(request, 403, "second_factor_required", REQUIRED)
        return lead_to(request, reverse(SET_UP))


class ActingForMiddleware:
    """Tell the person's object which partner they chose to act for in this session (partners.views.acting).

    It orders what they may do anyway and narrows what waits for them; whatever stands in the session opens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        if isinstance(request.user, User):
            request.user.acting_for = str(request.session.get(ACTING_FOR, ""))
