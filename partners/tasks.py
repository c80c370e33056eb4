"""Background work of partners: mail, and what the timetable asks for each night."""

from django.utils import timezone

from integration_hub.core import jobs
from integration_hub.core.attempts import Attempt
from partners.services import agreement_check, idle, letters, mail, tidying, tokens

CHECK_AGREEMENT = "partners.check_agreement"
TIDY = "partners.tidy"
CLOSE_IDLE = "partners.close_idle"


@jobs.handler(mail.SEND)
def send_password_mail(attempt: Attempt) -> None:
    """Send the message that somebody gets who wants a new password."""
    mail.send(attempt, at=timezone.now())


@jobs.handler(mail.TELL)
def tell_person(attempt: Attempt) -> None:
    """Send a person a message about their account."""
    mail.send(attempt, at=timezone.now())


@jobs.handler(CHECK_AGREEMENT)
def check_agreement(attempt: Attempt) -> None:
    """Take people out of groups whose roles ran out, then report where memberships and grants differ."""
    now = timezone.now()
    agreement_check.leave_lapsed_groups(at=now)
    agreement_check.report(at=now)


@jobs.handler(TIDY)
def tidy(attempt: Attempt) -> None:
    """Remove ended sessions and old tokens, and tell people of tokens that end in a week."""
    now = timezone.now()
    tidying.tidy(at=now)
    tokens.tell_of_ends(at=now)


@jobs.handler(CLOSE_IDLE)
def close_idle(attempt: Attempt) -> None:
    """Tell the holders of idle accounts, and close those whose time is over."""
    idle.look(at=timezone.now())


@jobs.handler(letters.SEND_INVITATION)
def send_invitation(attempt: Attempt) -> None:
    """Send one invitation."""
    letters.send_invitation(attempt, at=timezone.now())


@jobs.handler(letters.SEND_IDLE_NOTICE)
def send_idle_notice(attempt: Attempt) -> None:
    """Send one notice before an idle account is closed."""
    letters.send_idle_notice(attempt, at=timezone.now())
