"""What every page of a return begins with."""

from django.utils import timezone

from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.content import Draft
from bcf_metrics.selectors.returns import Standing
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.requests import SignedInRequest

READING = frozenset({"GET", "HEAD"})


def acting(user: User, permission: Permission, held: Standing) -> list[Organisation]:
    """The parties for which the person may do this."""
    return [party for party in held.parties if permissions.can(user, permission, organisation=party)]


def may_export(user: User, held: Standing) -> bool:
    """Whether the person may have the return as a workbook, for a party or one that was party until it ended."""
    return any(permissions.can(user, Permission.RETURN_EXPORT, organisation=reader) for reader in held.readers)


def shown(request: SignedInRequest, held: Standing) -> Draft:
    """The return as its page shows it: frozen while it is with its signatories or signed, else as it stands today."""
    if held.current is not None:
        return content.frozen(held.quarterly_return, returns.content_of(held.current))
    return content.draft(held.quarterly_return, request.user, on=timezone.localdate(), parties=held.parties)
