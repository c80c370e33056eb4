"""The token authenticator stands first, so that the API answers 401 with how to sign in."""

from typing import Any

import pghistory
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from partners.domain import scopes
from partners.models import ApiToken, User
from partners.selectors import memberships, tokens
from partners.services.tokens import note_use

OF_NO_AREA = frozenset({"api:me"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecondFactorMissing(PermissionDenied):
    """The person's role asks for a second factor that they have not set up."""

    default_code = "second_factor_required"


class TokenAuthentication(BaseAuthentication):
    """Authorization: Token …"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the header as: Authorization: Token, a space, and the token.")
        now = timezone.now()
        token = tokens.find(words[1], at=now)
        if token is None:
            raise AuthenticationFailed(
                "This token is unknown, has expired or was revoked. Make one at /account/tokens/."
            )
        # A role that came after the token asks for what the sign-in of today would ask for.
        if not token.person.is_demonstration and memberships.standing(token.person).lacks_second_factor:
            raise SecondFactorMissing(
                "Your role needs a second factor. Sign in with your browser and set one up; then this token works."
            )
        needed = ApiToken.READ if request.method in SAFE_METHODS else ApiToken.WRITE
        area = _area_of(request)
        if not scopes.permits(token.scopes, needed, area=area):
            where = f" {area}" if area else ""
            raise PermissionDenied(f"This token may not {needed}{where}. Make one with that scope at /account/tokens/.")
        # Adds to the context of the request, where it has one: the middleware did not know yet who asks.
        pghistory.context(person=str(token.person.pk), person_name=str(token.person))
        note_use(token, at=now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def _area_of(request: Request) -> str | None:
    """The area of the resource that is asked for; None for one's own entry, and the description of the API."""
    match = request.resolver_match
    if match is None or match.view_name in OF_NO_AREA:
        return None
    view = request.parser_context.get("view") if request.parser_context else None
    found = scopes.AREAS.get(type(view).__module__.partition(".")[0])
    return found.name if found else None


class NoAuthentication(BaseAuthentication):
    """For the address where a token is fetched: whatever is sent along does not matter, a refusal is still a 401."""

    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the API's description how a token is sent."""

    target_class = "partners.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and a token made at /account/tokens/ or by POST /api/v1/token/. "
            "A token may be limited to reading, and to some areas: " + ", ".join(scopes.WORDS) + ".",
        }


class NoAuthenticationScheme(OpenApiAuthenticationExtension):
    """The address where a token is fetched needs none."""

    target_class = "partners.api.authentication.NoAuthentication"
    name: list[str] = []

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return []
