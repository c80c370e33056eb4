"""The token authenticator stands first, so that the API answers 401 with how to sign in."""

import hashlib

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from partners.models import ApiToken, User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuthentication(BaseAuthentication):
    """Authorization: Token …"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the header as: Authorization: Token, a space, and the token.")
        now = timezone.now()
        digest = hashlib.sha256(words[1].encode()).hexdigest()
        token = ApiToken.objects.usable(now).select_related("person").filter(digest=digest).first()
        if token is None:
            raise AuthenticationFailed("This token is unknown, has expired or was revoked. Make one at /account/tokens/.")
        needed = ApiToken.READ if request.method in SAFE_METHODS else ApiToken.WRITE
        if needed not in token.scopes:
            raise PermissionDenied(f"This token may not {needed}. Make one with that scope at /account/tokens/.")
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"
