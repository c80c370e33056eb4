"""What is thrown away when its time is over. templates/pages/retention.html tells people the same days."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from integration_hub.core.services import service
from partners.models import ApiToken, Session
from partners.services import viewing

logger = logging.getLogger(__name__)

# Long enough to see afterwards in the list of tokens' history which one was used when.
TOKENS_KEPT = timedelta(days=90)
SYSTEM = "tidying"


@dataclass(frozen=True)
class Tidied:
    """How many rows went."""

    sessions: int
    tokens: int


@service
def tidy(*, at: datetime) -> Tidied:
    """Remove sessions that have ended, and tokens that ended or were revoked ninety days ago."""
    ended = Session.objects.filter(expire_date__lt=at)
    looking = ended.filter(person__isnull=False).select_related("person").order_by("pk")
    viewing.end_with_sessions(looking.iterator(), reason="the session ran out", at=at, system=SYSTEM)
    sessions, _ = ended.delete()
    tokens, _ = ApiToken.objects.filter(expires_at__lt=at - TOKENS_KEPT).delete()
    logger.info("Tidied: %s sessions, %s tokens", sessions, tokens)
    return Tidied(sessions=sessions, tokens=tokens)
