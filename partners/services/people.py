"""Accounts of people. What a person may do comes from their memberships alone (partners.services.memberships)."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission


class AddressTaken(HubError):
    """Another account has this e-mail address."""

    code = "address_taken"


class NoDemonstrationHere(HubError):
    """A demonstration account needs no second factor, so it exists only where DEMO is 1."""

    code = "no_demonstration"


@service
def create_person(
    *,
    email: str,
    name: str,
    partner: Organisation | None = None,
    encoded_password: str = "",
    demonstration: bool = False,
    by: User | None,
    at: datetime,
    system: str = "",
) -> User:
    """Make an account. Without a password it cannot sign in until one is set by a link.

    `by` is an administrator of `partner`; only set-up passes None and `system`, and only set-up makes demonstration
    accounts. `encoded_password` is already hashed.
    """
    if by is not None:
        if partner is None:
            raise ValueError("say for which partner the person is invited")
        permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=partner)
    if demonstration and (by is not None or not settings.DEMO):
        raise NoDemonstrationHere(
            "Demonstration accounts are made only when the demonstration is loaded. Leave the mark out."
        )
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise AddressTaken(
            f"There is already an account for {address}. Give that person the role instead.", field="email"
        )
    person = User(
        email=address,
        name=name.strip(),
        password=encoded_password or make_password(None),
        is_demonstration=demonstration,
    )
    person.save(force_insert=True)
    audit.record(
        "person.created",
        target=person,
        by=by,
        partner=partner,
        at=at,
        system=system,
        after={"email": person.email, "name": person.name, "demonstration": demonstration},
    )
    return person
