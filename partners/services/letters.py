"""Letters about access: an invitation, a notice before an idle account is closed. The worker writes and sends them.

A link is made when its letter is written, so that none lies in the register of jobs; a letter that is sent again has
another link, and the one before it no longer opens.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from integration_hub.core import jobs
from integration_hub.core.attempts import Attempt
from integration_hub.core.models import Job
from partners.models import IdleNotice, Invitation
from partners.services import links, mail

SEND_INVITATION = "partners.send_invitation"
SEND_IDLE_NOTICE = "partners.send_idle_notice"
SUBJECT = "Integration Hub: "


def ask_for_invitation(invitation: Invitation, *, site: str, at: datetime) -> Job:
    """Have the invitation sent when the caller's transaction commits. `site` is our address as the reader knows it."""
    return jobs.enqueue(
        SEND_INVITATION,
        at=at,
        target=invitation,
        owner=invitation.organisation,
        arguments={"site": site},
        dedupe_key=str(invitation.pk),
    )


def ask_for_idle_notice(notice: IdleNotice, *, at: datetime) -> Job:
    """Have a notice sent when the caller's transaction commits."""
    return jobs.enqueue(SEND_IDLE_NOTICE, at=at, target=notice, dedupe_key=str(notice.pk))


def send_invitation(attempt: Attempt, *, at: datetime) -> None:
    """Make the link and send it. Nothing is sent for an invitation that was accepted or withdrawn meanwhile."""
    made = links.make(invitation_id=attempt.target_id, at=at)
    if made is None:
        return
    link = attempt.arguments["site"].rstrip("/") + reverse("partners:invitation", args=[made.secret])
    until = timezone.localtime(made.invitation.expires_at)
    message = _message("invitation", made.invitation.email, invitation=made.invitation, link=link, until=until)
    mail.hand_over(attempt, message, at=at, then="send the invitation again")


def send_idle_notice(attempt: Attempt, *, at: datetime) -> None:
    """Send a notice, unless the person has signed in or the account was closed meanwhile."""
    notice = IdleNotice.objects.select_related("person").get(pk=attempt.target_id)
    person = notice.person
    last = timezone.localdate(person.last_login) if person.last_login else None
    if not person.is_active or (last is not None and last > notice.idle_since):
        return
    message = _message(
        "idle_notice", person.email, person=person, notice=notice, closed_after=settings.IDLE_ACCOUNT_DAYS
    )
    mail.hand_over(attempt, message, at=at, then="tell the person yourself")


def _message(kind: str, address: str, **context: object) -> EmailMessage:
    subject = render_to_string(f"partners/email/{kind}_subject.txt", context).strip()
    text = render_to_string(f"partners/email/{kind}_message.txt", context)
    return EmailMessage(SUBJECT + subject, text, settings.DEFAULT_FROM_EMAIL, [address])
