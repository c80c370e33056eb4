"""Links of invitations: made when the letter is written, kept as a digest, opened once."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from integration_hub.core.services import service
from partners.models import Invitation
from partners.selectors.tokens import digest_of


@dataclass(frozen=True)
class Made:
    """An invitation with the secret of its link, which stands in the letter alone."""

    invitation: Invitation
    secret: str


@service
def make(*, invitation_id: UUID | str, at: datetime) -> Made | None:
    """A new link, which replaces the one before; None where the invitation waits no longer."""
    rows = Invitation.objects.open(at).select_for_update(of=("self",)).select_related("organisation")
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None:
        return None
    secret = secrets.token_urlsafe(32)
    invitation.digest, invitation.sent_at = digest_of(secret), at
    invitation.save(update_fields=["digest", "sent_at"])
    return Made(invitation, secret)
