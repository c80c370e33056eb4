"""Signing in by a partner's OpenID provider: who may, who is found, and what an operator sets up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from integration_hub.core import audit, reasons, sealing
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions, policies
from partners.models import Organisation, SingleSignOn, SingleSignOnLink, User
from partners.permissions import Permission
from partners.selectors import memberships
from partners.selectors import single_sign_on as selectors
from partners.services import sessions

SYSTEM = "single sign-on"
DEFAULT_SCOPE = "openid profile email"


class NotLinked(HubError):
    """The provider knows the person; no account here belongs to them, or none that may come in by this provider.

    One message for all causes: what is missing is the administrator's to know.
    """

    code = "not_linked"
    http_status = 403


class SubjectTaken(HubError):
    """Another account is linked to this identity already."""

    code = "subject_taken"


@service
def set_up(
    *,
    organisation: Organisation,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    scope: str = DEFAULT_SCOPE,
    address_claim: str = "email",
    vouches_for_addresses: bool = False,
    second_factor_claim: str = "",
    second_factor_values: list[str] | None = None,
    is_active: bool = True,
    reason: str,
    at: datetime,
    by: User | None = None,
    system: str = "",
) -> SingleSignOn:
    """Set up or change a partner's provider. Only an operator does this, by a command: whoever names a provider decides
    who can sign in as the partner's people.
    """
    words = reasons.given(reason, ask="Say why the provider is set up or changed, and who asked for it.")
    provider = selectors.for_update(organisation, issuer) or SingleSignOn(organisation=organisation, issuer=issuer)
    before = _shown(provider) if provider.client_id else None
    provider.name, provider.client_id, provider.scope = name, client_id, scope
    provider.sealed_secret = sealing.seal(secret)
    provider.address_claim, provider.vouches_for_addresses = address_claim, vouches_for_addresses
    provider.second_factor_claim = second_factor_claim
    provider.second_factor_values = second_factor_values or []
    provider.is_active = is_active
    provider.save()
    audit.record(
        "single_sign_on.set_up",
        target=provider,
        by=by,
        partner=organisation,
        at=at,
        system=system,
        reason=words,
        before=before,
        after=_shown(provider),
    )
    return provider


@service
def allow(*, provider_id: UUID, person_id: UUID, subject: str = "", by: User, at: datetime) -> SingleSignOnLink:
    """Let a person of the partner sign in by its provider.

    With a subject, the provider's own id for them, at once; else the first sign-in that shows their e-mail address
    links the two. `by` administers the partner; Http404 for somebody who holds no role in it.
    """
    provider = selectors.provider(by, provider_id)
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=provider.organisation)
    person = selectors.person_of_partner(provider.organisation, person_id, at=at)
    policies.check_own_account(person)
    policies.check_single_sign_on_shows_who(provider, subject=subject)
    link = selectors.link_for_update(provider, person) or SingleSignOnLink(provider=provider, person=person)
    _check_free(issuer=provider.issuer, subject=subject, person=person)
    link.issuer, link.subject = provider.issuer, subject
    link.address = "" if subject else person.email
    link.allowed_at, link.linked_at = at, at if subject else None
    link.save()
    audit.record(
        "single_sign_on.allowed",
        target=link,
        by=by,
        partner=provider.organisation,
        at=at,
        after={"person": str(person), "address": link.address, "subject": subject},
    )
    return link


@service
def remove(*, link_id: UUID, by: User, at: datetime) -> SingleSignOnLink:
    """Take the provider away from a person, whose sessions end; their password still signs them in."""
    link = selectors.link(by, link_id)
    permissions.require(by, Permission.MEMBERSHIP_GRANT, organisation=link.provider.organisation)
    audit.record(
        "single_sign_on.removed",
        target=link,
        by=by,
        partner=link.provider.organisation,
        at=at,
        before={"person": str(link.person), "subject": link.subject},
    )
    SingleSignOnLink.objects.filter(pk=link.pk).delete()
    sessions.end_all(person=link.person, reason="single sign-on was taken away", by=by, at=at)
    return link


@service
def find_person(*, provider: SingleSignOn, claims: Mapping[str, Any], at: datetime) -> User:
    """The person whom the provider has just shown; `claims` are those of a token that was verified.

    Found by issuer and subject alone. Where nobody is, an administrator's permission for the address that the provider
    verified is taken up, once. Raises NotLinked.
    """
    subject = str(claims["sub"])
    link = selectors.by_subject(provider, subject) or _taken_up(provider, claims, subject=subject, at=at)
    if link is None or not _may_come_in(provider, link.person, at=at):
        raise NotLinked(
            f"{provider.name} knows you, but no account here that may sign in by it belongs to you. Ask an "
            f"administrator of {provider.organisation} to allow it, or sign in with your password.",
            who_can_lift=f"An administrator of {provider.organisation}",
        )
    return link.person


@service
def record_refused(*, provider: SingleSignOn, reason: str, at: datetime) -> None:
    """Somebody came back from the provider and was not let in. What the provider said about them is not kept."""
    audit.record(
        "single_sign_on.refused",
        target=provider,
        partner=provider.organisation,
        at=at,
        system=SYSTEM,
        reason=reason,
    )


def shows_second_factor(provider: SingleSignOn, claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for a second factor, in the way that the operator set up."""
    if not provider.second_factor_claim:
        return False
    said = claims.get(provider.second_factor_claim)
    values = said if isinstance(said, list) else [said]
    return any(value in provider.second_factor_values for value in values if isinstance(value, str))


def _taken_up(
    provider: SingleSignOn, claims: Mapping[str, Any], *, subject: str, at: datetime
) -> SingleSignOnLink | None:
    address = verified_address(provider, claims)
    link = selectors.waiting_for(provider, address) if address else None
    if link is None:
        return None
    link.subject, link.linked_at = subject, at
    link.save(update_fields=["subject", "linked_at"])
    audit.record(
        "single_sign_on.linked",
        target=link,
        by=link.person,
        partner=provider.organisation,
        at=at,
        after={"address": address, "subject": subject},
    )
    return link


def link_invited(*, provider: SingleSignOn, person: User, subject: str, at: datetime) -> SingleSignOnLink:
    """Link somebody who takes up an invitation of the provider's partner. Raises SubjectTaken."""
    _check_free(issuer=provider.issuer, subject=subject, person=person)
    link = selectors.link_for_update(provider, person) or SingleSignOnLink(provider=provider, person=person)
    link.issuer, link.subject, link.address = provider.issuer, subject, ""
    link.allowed_at = link.linked_at = at
    link.save()
    audit.record(
        "single_sign_on.linked",
        target=link,
        by=person,
        partner=provider.organisation,
        at=at,
        after={"address": person.email, "subject": subject},
    )
    return link


def verified_address(provider: SingleSignOn, claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider stands for, in small letters; "" for none or one that it did not verify."""
    address = claims.get(provider.address_claim) if provider.address_claim else None
    if not isinstance(address, str):
        return ""
    if not provider.vouches_for_addresses and claims.get("email_verified") is not True:
        return ""
    return address.strip().lower()


def _may_come_in(provider: SingleSignOn, person: User, *, at: datetime) -> bool:
    return (
        person.is_active
        and not person.is_demonstration
        and any(held.organisation_id == provider.organisation_id for held in memberships.standing(person).memberships)
    )


def _check_free(*, issuer: str, subject: str, person: User) -> None:
    if subject and selectors.is_taken(issuer, subject, by_other_than=person):
        raise SubjectTaken(
            "Another account is linked to this id already. Check it; each id belongs to one person.", field="subject"
        )


def _shown(provider: SingleSignOn) -> dict[str, object]:
    return {
        "name": provider.name,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "scope": provider.scope,
        "address_claim": provider.address_claim,
        "vouches_for_addresses": provider.vouches_for_addresses,
        "second_factor_claim": provider.second_factor_claim,
        "second_factor_values": provider.second_factor_values,
        "is_active": provider.is_active,
    }
