"""Signatures: a person's, for one partner, bound to one version of a return."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from bcf_metrics import policies
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import Signature
from bcf_metrics.selectors import returns
from bcf_metrics.services import events
from integration_hub.core import audit
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission

LONGEST_CAPACITY = 120


class CapacityMissing(HubError):
    """A signature says in which capacity it is given."""

    code = "capacity_missing"
    http_status = 400


@service
def sign(
    *, return_id: UUID, organisation: Organisation, version: int, capacity: str, by: User, at: datetime
) -> Signature:
    """Sign a version for a partner; when each party has signed, the return is signed off.

    `version` is the number that the person was shown. Raises PreparerCannotSign, NotForSignature, AlreadySigned.
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
    policies.check_signatory(current, by, organisation, list(current.signatures.all()), principal=principal)
    policies.check_unsigned(current, organisation, waiting=held.unsigned)
    words = " ".join(capacity.split())
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
        signed_at=at,
        sha256=current.sha256,
    )
    signature.save(force_insert=True)
    events.write(held, EventKind.SIGNED, by=by, at=at, partner=organisation, version=current.number)
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
