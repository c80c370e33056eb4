"""Mail to people. A page only asks for a message; the worker writes it, and keeps trying while the mail server is away.

The link to a new password is made when the message is sent, so that no link lies in the register of jobs. A message
may come twice where a worker died between sending it and saying so.
"""

import hashlib
import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone

from integration_hub.core import jobs
from integration_hub.core.attempts import Attempt, NotNow
from integration_hub.core.errors import HubError
from integration_hub.core.models import Job
from partners.models import User

logger = logging.getLogger(__name__)

SEND = "partners.send_password_mail"
TELL = "partners.tell_person"
ANSWER_WITHIN = 10  # seconds; a mail server that hangs must not keep the workers from building reports
GIVE_UP_AFTER = timedelta(days=1)
# What is left of a message that is done with: somebody without an account is nobody's business any longer.
NOBODY: dict[str, Any] = {"arguments": {}, "dedupe_key": ""}
WAIT_AT_LEAST, WAIT_AT_MOST = timedelta(seconds=15), timedelta(minutes=15)


class NotDelivered(HubError):
    """The mail server would not take a message, or was away for a day."""

    code = "mail_not_delivered"


def ask_for_password_mail(*, email: str, person: User | None, site: str, at: datetime) -> Job:
    """Ask for the message that somebody gets who wants a new password: the link, or that there is no such account.

    `site` is this installation's address as the reader knows it, such as "https://hub.example/". Asked again before
    it was sent, it is sent once.
    """
    return jobs.enqueue(
        SEND,
        at=at,
        target=person,
        arguments={"site": site} if person else {"email": email},
        dedupe_key=hashlib.sha256(email.strip().lower().encode()).hexdigest(),
    )


def ask_to_tell(person: User, *, template: str, at: datetime) -> Job:
    """Ask for a message to a person about their own account, from templates/<template>_subject.txt and _message.txt."""
    return jobs.enqueue(TELL, at=at, target=person, arguments={"template": template})


def send(attempt: Attempt, *, at: datetime) -> None:
    """Send one message. Raises NotNow while the mail server is away, and NotDelivered when that is no use any more."""
    message = _message_of(attempt)
    if message is not None:
        hand_over(attempt, message, at=at, then="ask for a new password again")


def hand_over(attempt: Attempt, message: EmailMessage, *, at: datetime, then: str) -> None:
    """Give a message to the mail server, and end the job. Raises NotNow and NotDelivered; `then` says what to do."""
    message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT or ANSWER_WITHIN)
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        waited = at - attempt.queued_at
        if waited < GIVE_UP_AFTER and not _is_final(error):
            # As long again as it has waited already: soon at first, and no rush on a server that comes back.
            raise NotNow(min(max(waited, WAIT_AT_LEAST), WAIT_AT_MOST)) from error
        logger.error("Job %s: its message is given up (%s)", attempt.job_id, type(error).__name__)
        attempt.held().update(**NOBODY)
        raise NotDelivered(
            "The mail server did not take this message, which is not tried again. Check EMAIL_URL and the address; "
            f"then {then}."
        ) from error
    with attempt.finishing():
        attempt.held().update(**NOBODY)


def _message_of(attempt: Attempt) -> EmailMessage | None:
    """The message, or None where the account was closed meanwhile."""
    adapter = get_adapter()
    if not attempt.target_id:
        return adapter.render_mail("account/email/unknown_account", attempt.arguments["email"], {})
    person = User.objects.filter(pk=attempt.target_id, is_active=True).first()
    if person is None:
        return None
    if "template" in attempt.arguments:
        return adapter.render_mail(
            attempt.arguments["template"],
            person.email,
            {"person": person, "when": timezone.localtime(attempt.queued_at)},
        )
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = attempt.arguments["site"].rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
    # To the address of the account, whatever was typed to find it.
    return adapter.render_mail("account/email/password_reset_key", person.email, {"password_reset_url": link})


def _is_final(error: Exception) -> bool:
    """Whether the server has said that it will never deliver to this address."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )
