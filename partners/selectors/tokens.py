"""Tokens of the API: which one was sent, and those that a person has made."""

import hashlib
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from partners.models import ApiToken, User


def digest_of(secret: str) -> str:
    """What is kept of a token: the SHA-256 of its text."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """The usable token with this text, its person loaded; None for one that is unknown, expired or revoked."""
    return ApiToken.objects.usable(at).select_related("person").filter(digest=digest_of(secret)).first()


def usable_by(person: User, *, at: datetime) -> QuerySet[ApiToken]:
    """The person's tokens that still open the API, newest first."""
    return ApiToken.objects.usable(at).filter(person=person).order_by("-created_at", "pk")


def ending(*, after: datetime, before: datetime) -> QuerySet[ApiToken]:
    """Usable tokens of people with accounts of their own that end between two moments, with their people."""
    found = ApiToken.objects.usable(after).filter(expires_at__lt=before, person__is_demonstration=False)
    return found.select_related("person").order_by("expires_at", "pk")


def get(person: User, pk: object, *, locked: bool = False) -> ApiToken:
    """One of the person's own tokens, locked for a change where asked; Http404 for anybody else's."""
    own = ApiToken.objects.filter(person=person)
    return get_object_or_404(own.select_for_update(of=("self",)) if locked else own, pk=pk)
