"""Signatures: a person's, for one partner, bound to one version of a return."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from bcf_metrics import policies
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import Signature
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Needed
from bcf_metrics.services import events
from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.selectors import memberships

LONGEST_CAPACITY = 120


class CapacityMissing(HubError):
    """A signature says in which capacity it is given."""

    code = "capacity_missing"
    http_status = 400


@service
def sign(
    *,
    return_id: UUID,
    organisation: Organisation,
    version: int,
    capacity: str = "",
    signing_as: str = "",
    by: User,
    at: datetime,
) -> Signature:
    """Sign a version for a partner; when each signature that it needs is there, the return is signed off.

    `version` is the number that the person was shown. `signing_as` is the code of the capacity where the policy year
    names some for the partner; else `capacity` says in words which one it is. Raises PreparerCannotSign,
    NotForSignature, AlreadySigned, NotInThatCapacity.
    """
    held = returns.locked(by, return_id)
    permissions.require(by, Permission.RETURN_SIGN, organisation=organisation)
    if organisation not in held.parties:
        raise PermissionDenied(f"{organisation} is no party to this return's agreement.")
    current = held.current
    policies.check_for_signature(held.quarterly_return, current, version)
    if current is None:
        raise RuntimeError("a return with its signatories has a version")
    principal = permissions.deputy_for(by, Permission.RETURN_SIGN, organisation=organisation)
    given = list(current.signatures.all())
    capacities = memberships.signing_capacities(by, organisation)
    wanted = _wanted(held.needed(current), organisation, signing_as, capacities)
    policies.check_unsigned(current, wanted, given, waiting=held.awaited)
    policies.check_signatory(current, by, organisation, given, principal=principal)
    policies.check_capacity(wanted.signatory, organisation, capacities, principal=principal)
    words = wanted.signatory.name or " ".join(capacity.split())
    if not words or len(words) > LONGEST_CAPACITY:
        raise CapacityMissing(
            f"Say in which capacity you sign, in at most {LONGEST_CAPACITY} characters.", field="capacity"
        )

    signature = Signature(
        version=current,
        organisation=organisation,
        organisation_name=organisation.name,
        person=by,
        person_name=by.acting_name(organisation),
        capacity=words,
        capacity_code=wanted.signatory.code,
        signed_at=at,
        sha256=current.sha256,
    )
    signature.save(force_insert=True)
    events.write(
        held,
        EventKind.SIGNED,
        by=by,
        at=at,
        partner=organisation,
        version=current.number,
        capacity_code=signature.capacity_code,
    )
    audit.record(
        "return.signed",
        target=held.quarterly_return,
        by=by,
        at=at,
        partner=organisation,
        after={
            "version": current.number,
            "sha256": current.sha256,
            "capacity": words,
            "status": held.quarterly_return.status_words,
        },
    )
    return signature


def _wanted(
    needed: Sequence[Needed], organisation: Organisation, signing_as: str, capacities: Collection[str]
) -> Needed:
    """The signature that is meant: the one named, else the first that the person's capacities allow."""
    own = [row for row in needed if row.organisation == organisation]
    named = next((row for row in own if row.signatory.code == signing_as), None)
    if named is not None:
        return named
    if signing_as:
        raise CapacityMissing("The return waits for no signature in that capacity.", field="signing_as")
    return next((row for row in own if set(row.signatory.held_by) & set(capacities)), own[0])
