"""Who asks: every address of these resources needs a signed-in person."""

from typing import cast

from rest_framework.request import Request

from partners.models import User


def person(request: Request) -> User:
    """The person who asks; the API has answered 401 to anybody else before."""
    return cast(User, request.user)
