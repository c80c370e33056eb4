"""Second factors from outside: what an operator does for somebody who lost theirs, and sealing anew."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from integration_hub.core import audit, sealing
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners.domain.roles import Role
from partners.models import Membership, SingleSignOn, User
from partners.selectors import memberships
from partners.services import mail, sessions

SEALED_IN = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class CannotReset(HubError):
    """The second factor cannot be reset as asked."""

    code = "cannot_reset"


@service
def reset(*, email: str, reason: str, operator: str, at: datetime) -> int:
    """Remove all second factors of a person and end their sessions; how many were removed.

    Their password and roles stay. `operator` is the address of an operator's account, never the person's own.
    Raises CannotReset.
    """
    by = User.objects.filter(email=operator.strip().lower(), is_active=True).first()
    if by is None or not _is_operator(by, at=at):
        raise CannotReset(f"{operator} is not the account of an operator. Give the address of your own account.")
    person = User.objects.select_for_update(of=("self",)).filter(email=email.strip().lower()).first()
    if person is None:
        raise CannotReset(f"There is no account for {email}. Check the address.")
    if person.pk == by.pk:
        raise CannotReset("Nobody resets their own second factor. Ask another operator.")
    if not reason.strip():
        raise CannotReset("Say who asked, and how you made sure that it is them.")
    found = Authenticator.objects.filter(user=person)
    removed = found.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    if not found.exists():
        raise CannotReset(f"{person} has no second factor. Nothing was changed.")
    found.delete()
    sessions.end_all(person=person, reason="the second factor was reset", by=by, at=at)
    audit.record(
        "person.second_factor_reset",
        target=person,
        by=by,
        partner=memberships.standing(person).only_partner,
        at=at,
        reason=reason,
        before={"second_factors": removed},
        after={"second_factors": 0},
    )
    mail.ask_to_tell(person, template="partners/email/second_factor_reset", at=at)
    return removed


@service
def reseal(*, at: datetime) -> int:
    """Seal every secret again under the present key; how many. Raises sealing.Unreadable, having changed nothing."""
    count = 0
    for row in Authenticator.objects.select_for_update().filter(type__in=SEALED_IN).order_by("pk"):
        name = SEALED_IN[Authenticator.Type(row.type)]
        if name in row.data:
            row.data[name] = sealing.reseal(row.data[name])
            row.save(update_fields=["data"])
            count += 1
    for provider in SingleSignOn.objects.select_for_update(of=("self",)).order_by("pk"):
        provider.sealed_secret = sealing.reseal(provider.sealed_secret)
        provider.save(update_fields=["sealed_secret"])
        count += 1
    return count


def _is_operator(person: User, *, at: datetime) -> bool:
    return Membership.objects.on(at.date()).filter(person=person, role=Role.OPERATOR.value).exists()
