"""Accounts that nobody signs in to are closed, after three notices. Safe to run twice in a night."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.services import service
from partners.domain import idle
from partners.models import IdleNotice, User
from partners.selectors import people
from partners.services import leaving, letters

logger = logging.getLogger(__name__)

SYSTEM = "idle accounts"


@dataclass(frozen=True)
class Looked:
    """How many were told, and how many closed."""

    notices: int
    closed: int


def look(*, at: datetime) -> Looked:
    """Give every notice that is due and close what is due; each account in a transaction of its own."""
    today = timezone.localdate(at)
    nobody_since = today - timedelta(days=settings.IDLE_ACCOUNT_DAYS - idle.NOTICES[0])
    edge = timezone.make_aware(datetime.combine(nobody_since + timedelta(days=1), datetime.min.time()))
    notices = closed = 0
    for pk in people.signed_in_before(edge).values_list("pk", flat=True):
        taken = _look_at(pk, today=today, at=at)
        notices += isinstance(taken, idle.Notice)
        closed += isinstance(taken, idle.Close)
    logger.info("Idle accounts: %s notices, %s closed", notices, closed)
    return Looked(notices, closed)


@service
def _look_at(pk: UUID, *, today: date, at: datetime) -> idle.Step:
    person = User.objects.select_for_update(of=("self",)).get(pk=pk)
    seen = timezone.localdate(max(filter(None, (person.last_login, person.date_joined, person.reopened_at))))
    given = dict(IdleNotice.objects.filter(person=person, idle_since=seen).values_list("days_before", "closes_on"))
    step = idle.step(idle_since=seen, closed_after=settings.IDLE_ACCOUNT_DAYS, today=today, given=given)
    if not person.is_active or step is None:
        return None
    if isinstance(step, idle.Notice):
        _give(person, seen, step, at)
        return step
    if needed := people.cannot_spare(person, on=today):
        # A partner without an administrator, or an installation without an operator, could not be put right by itself.
        logger.warning("The idle account of %s stays open: it is the last %s", person.pk, needed)
        return None
    leaving.close_idle(person=person, at=at, system=SYSTEM)
    return step


def _give(person: User, seen: date, step: idle.Notice, at: datetime) -> None:
    notice = IdleNotice(person=person, idle_since=seen, days_before=step.days_before, closes_on=step.closes_on, at=at)
    notice.save(force_insert=True)
    letters.ask_for_idle_notice(notice, at=at)
    audit.record(
        "person.idle_notice",
        target=person,
        at=at,
        system=SYSTEM,
        after={"days_before": step.days_before, "closes_on": step.closes_on},
    )
