"""The one question that every movement of money asks: does what it names allow it?"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from governance.domain.authority import Matter, Named, check
from governance.models import Decision, Delegation
from governance.selectors import authority as selectors
from integration_hub.core.errors import HubError
from partners.models import Organisation, User


class AuthorityRefused(HubError):
    """What was named does not allow the movement: too much, another matter, revoked, lapsed, another's to use."""

    code = "authority_refused"


class AuthorityMissing(HubError):
    """Nothing was named that allows the movement, or nothing that the person may know of."""

    code = "authority_missing"
    http_status = 400


def require(
    *,
    named: Named,
    matter: Matter,
    amount: Decimal | None,
    on: date,
    parties: Collection[Organisation],
    by: User,
) -> Decision | Delegation:
    """The authority that was named, its row held until the caller's transaction ends; raises AuthorityRefused (409).

    The decision that a delegation rests on is held as well: nobody rescinds it while money moves by the delegation.

    Call it inside the service that moves the money, after the fund's row is held and the person's right is asked, and
    before the row counts as moved (what counts already is added up under the lock). `amount` is in pounds, None where
    none moves; `on` is the day on which the act is done, never one that somebody typed; `parties` are the partners to
    the agreement: the authority has to be one of theirs.
    """
    row = _held(named, by)
    if row is None:
        raise AuthorityMissing(
            "Name the decision or the delegation that allows this. Nothing was changed.", field="authority"
        )
    if not selectors.of_parties(row, parties):
        names = ", ".join(str(organisation) for organisation in parties)
        raise AuthorityRefused(
            f"{row} is of none of the partners that this money belongs to ({names}). Nothing was changed.",
            code="of_others",
            field="authority",
            who_can_lift=names,
        )
    authority = selectors.as_authority(row, on=on, used=selectors.used(row, on))
    refusal = check(authority, matter=matter, amount=amount, on=on, by_capacities=selectors.standings(by))
    if refusal is not None:
        raise AuthorityRefused(refusal.message, code=refusal.code, field="authority", who_can_lift=refusal.who_can_lift)
    return row


def _held(named: Named, by: User) -> Decision | Delegation | None:
    try:
        if named.decision:
            decisions = selectors.decisions(by).select_for_update(of=("self",), no_key=True)
            return decisions.filter(pk=named.decision).first()
        if named.delegation:
            delegations = selectors.delegations(by).select_for_update(of=("self",), no_key=True)
            found = delegations.filter(pk=named.delegation).first()
            if found is not None and found.granted_by_id is not None:
                # As it stands once it is held, not as it was read along with the delegation.
                found.granted_by = Decision.objects.select_for_update(no_key=True).get(pk=found.granted_by_id)
            return found
    except ValidationError:  # what was sent is no id
        return None
    return None
