"""Who sent a request, for pages behind the sign-in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from partners.models import User


def person_of(request: HttpRequest) -> User:
    """The person who is signed in. The middleware lets nobody else through; should it ever, this is a 403."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user
