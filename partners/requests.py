"""Who sent a request, for pages behind the sign-in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from partners.models import User


def person_of(request: HttpRequest | Request) -> User:
    """The person who is signed in. The middleware lets nobody else through; should it ever, this is a 403."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


class SignedInRequest(HttpRequest):
    """A request of a page behind the sign-in, for annotations: core's middleware lets nobody else through."""

    user: User
