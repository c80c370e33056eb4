"""The yearly review: every role of a partner confirmed, or ended, by an administrator who is not that person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions, policies
from partners.models import Confirmation, Organisation, User
from partners.permissions import Permission
from partners.selectors import people


class NothingToConfirm(HubError):
    """No review is open, or the role is none that waits for an answer."""

    code = "nothing_to_confirm"


@service
def confirm(
    *, organisation: Organisation, membership_ids: Collection[UUID], by: User, at: datetime
) -> list[Confirmation]:
    """Say of each of these roles that it is still needed. All of them, or none: raises OwnRole, NothingToConfirm."""
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=organisation)
    people.lock_partner(organisation)
    review = people.review(by, organisation, on=timezone.localdate(at))
    waiting = {row.membership.pk: row.membership for row in review.waiting} if review else {}
    found = []
    for key in membership_ids:
        membership = waiting.get(key)
        if review is None or membership is None:
            raise NothingToConfirm(
                "One of these roles waits for no answer: it was confirmed or ended meanwhile. Nothing was changed. "
                "Look at the list again."
            )
        policies.check_not_oneself(by, membership.person, "confirms a role of their own")
        confirmation = Confirmation(membership=membership, due_on=review.due_on, by_name=str(by), at=at)
        confirmation.save(force_insert=True)
        audit.record(
            "membership.confirmed",
            target=membership,
            by=by,
            partner=organisation,
            at=at,
            after={"review_due_on": review.due_on, "role": membership.role_words},
        )
        found.append(confirmation)
    return found
