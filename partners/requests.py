"""Who sent a request, for pages behind the sign-in."""

from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from partners.models import User
from partners.sessions import SessionStore


def person_of(request: HttpRequest | Request) -> User:
    """The person who is signed in. The middleware lets nobody else through; should it ever, this is a 403."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


class SignedInRequest(HttpRequest):
    """A request of a page behind the sign-in, for annotations: core's middleware lets nobody else through."""

    user: User


def whence(request: HttpRequest) -> dict[str, Any]:
    """Address and browser of a request, as a session keeps them for its person to recognise."""
    return {"address": get_client_ip(request), "device": request.headers.get("User-Agent", "")}


def session_of(request: HttpRequest) -> SessionStore:
    """The session, as the engine that settings name."""
    return cast(SessionStore, request.session)


def shown_by_provider(request: HttpRequest, user: User) -> bool:
    """Whether the partner's OpenID provider showed a second factor of this person when they signed in here."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" and record.get("type") == "single_sign_on" for record in records)
