"""Approvers, administrators and operators need a second factor first (demonstration accounts excepted)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from integration_hub.core.api import API_PREFIX, problem_response
from integration_hub.core.middleware import lead_to
from partners.models import User
from partners.selectors import memberships

SET_UP = "mfa_activate_totp"
# What somebody needs in order to set a second factor up, or to leave.
ON_THE_WAY = frozenset({SET_UP, "account_reauthenticate", "account_logout"})
ACTING_FOR = "acting_for"  # key in the session: id of the chosen partner
REQUIRED = "Your role needs a second factor. Sign in with your browser and set one up; then this will answer."


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
        if not memberships.standing(request.user).lacks_second_factor:
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
