"""What the pages of reports share."""

from django.http import HttpRequest

from partners.models import User


class SignedInRequest(HttpRequest):
    """A request of a page: core's middleware lets nobody through who is not signed in."""

    user: User
