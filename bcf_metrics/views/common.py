"""What every page of a return begins with."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.content import Draft
from bcf_metrics.selectors.returns import Standing
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission

READING = frozenset({"GET", "HEAD"})


class SignedInRequest(HttpRequest):
    """A request of a page: core's middleware lets nobody through who is not signed in."""

    user: User


View = Callable[[SignedInRequest, UUID], HttpResponse]


def only(method: str) -> Callable[[View], View]:
    """For an address of a return that takes one method: another is a 404 for whoever may not know of the return."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: SignedInRequest, pk: UUID) -> HttpResponse:
            # As it was sent: core's middleware asks again with GET to see whether there is a page to read.
            if request.META["REQUEST_METHOD"] != method:
                returns.get(request.user, pk)
                return HttpResponseNotAllowed([method])
            return view(request, pk)

        return checked

    return decorate


def acting(user: User, permission: Permission, held: Standing) -> list[Organisation]:
    """The parties for which the person may do this."""
    return [party for party in held.parties if permissions.can(user, permission, organisation=party)]


def shown(request: SignedInRequest, held: Standing) -> Draft:
    """The return as its page shows it: frozen while it is with its signatories or signed, else as it stands today."""
    if held.current is not None:
        return content.frozen(held.quarterly_return, returns.content_of(held.current))
    return content.draft(held.quarterly_return, request.user, on=timezone.localdate(), parties=held.parties)
