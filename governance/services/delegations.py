"""The register of delegations: a governance officer enters what their partner lets others decide, and its end."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from governance.domain.authority import Matter, limits_wrong
from governance.models import Board, Decision, Delegation
from governance.selectors import authority as selectors
from governance.selectors import boards
from governance.services.decisions import AlreadyEnded
from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission

ASK_WHY_REVOKED = "Say why the delegation is revoked: it stands beside it in the register."


class DelegationRefused(HubError):
    """What was entered cannot be a delegation of the partner."""

    code = "delegation_refused"


@service
def grant(
    *,
    board_id: UUID | str,
    reference: str,
    matters: Collection[Matter],
    limit: Decimal | None,
    year_total: Decimal | None = None,
    starts_on: date,
    ends_on: date | None = None,
    granted_by: Decision | None = None,
    scheme_text: str = "",
    to_organisation: Organisation | None = None,
    to_role: str = "",
    to_capacity: str = "",
    to_board: Board | None = None,
    note: str = "",
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> Delegation:
    """Enter a delegation by the officer's partner in the register of a board. Limits are pounds; None is without one.

    It goes to a role or a capacity of an organisation, or to a board, and rests on a decision or on the partner's own
    scheme of delegation. Raises DelegationRefused.
    """
    board = Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)
    partner = permissions.acting_for(by, Permission.DELEGATION_GRANT, among=boards.parties(board))
    _check_reference(partner, reference)
    if (wrong := limits_wrong(limit, year_total)) is not None:
        raise DelegationRefused(wrong[1], code="limits", field=wrong[0])
    _check_rests(granted_by, scheme_text, matters, starts_on, by)
    _check_holder(board, to_organisation, to_role, to_capacity, to_board, by)
    delegation = Delegation(
        board=board,
        owner=partner,
        released_at=at,
        reference=reference,
        granted_by=granted_by,
        scheme_text=scheme_text,
        to_organisation=to_organisation,
        to_role=to_role,
        to_capacity=to_capacity,
        to_board=to_board,
        matters=sorted(matters),
        limit=limit,
        year_total=year_total,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        illustrative=illustrative,
        recorded_by_name=str(by),
    )
    delegation.save(force_insert=True)
    audit.record(
        "delegation.granted",
        target=delegation,
        by=by,
        partner=partner,
        at=at,
        after={
            "reference": reference,
            "to": delegation.holder_words,
            "matters": sorted(matters),
            "limit": limit,
            "year_total": year_total,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "rests_on": scheme_text or str(granted_by),
        },
    )
    return delegation


@service
def revoke(*, delegation_id: UUID | str, ended_on: date, reason: str, by: User, at: datetime) -> Delegation:
    """Take a delegation back from a day on: nothing is allowed by it on that day or later; what was before stays."""
    delegation = selectors.delegations(by).select_for_update(of=("self",), no_key=True).get(pk=delegation_id)
    permissions.require(by, Permission.DELEGATION_GRANT, organisation=delegation.owner)
    why = reasons.given(reason, ask=ASK_WHY_REVOKED)
    if delegation.ended_on is not None:
        raise AlreadyEnded(
            f"{delegation} was revoked from {long_date(delegation.ended_on)} by {delegation.ended_by_name}: "
            f"{delegation.ended_reason}. Grant another one if the partner delegates again."
        )
    if ended_on < delegation.starts_on:
        raise DelegationRefused(
            f"It holds from {long_date(delegation.starts_on)}. Enter that day or a later one.", field="ended_on"
        )
    delegation.ended_on, delegation.ended_reason, delegation.ended_by_name = ended_on, why, str(by)
    delegation.save(update_fields=["ended_on", "ended_reason", "ended_by_name"])
    audit.record(
        "delegation.revoked",
        target=delegation,
        by=by,
        partner=delegation.owner,
        at=at,
        before={"ended_on": None},
        after={"ended_on": ended_on},
        reason=why,
    )
    return delegation


def _check_reference(partner: Organisation, reference: str) -> None:
    if Delegation.objects.filter(owner=partner, reference=reference).exists():
        raise DelegationRefused(
            f"{partner} already has a delegation {reference}. Give this one a reference of its own.",
            code="reference_taken",
            field="reference",
        )


def _check_rests(
    granted_by: Decision | None, scheme_text: str, matters: Collection[Matter], starts_on: date, by: User
) -> None:
    if granted_by is None:
        if not scheme_text:
            raise DelegationRefused(
                "Choose the decision that it rests on, or say where the partner's scheme of delegation gives it.",
                field="scheme_text",
            )
        return
    if not selectors.decisions(by).filter(pk=granted_by.pk).exists():
        raise DelegationRefused("Choose a decision that you may read.", field="granted_by")
    if starts_on < granted_by.made_on:
        raise DelegationRefused(
            f"{granted_by} was made on {long_date(granted_by.made_on)}: nothing rests on it before that day.",
            field="starts_on",
        )
    if granted_by.ended_on is not None and starts_on >= granted_by.ended_on:
        raise DelegationRefused(
            f"{granted_by} was rescinded from {long_date(granted_by.ended_on)}.", field="granted_by"
        )
    if missing := set(matters) - set(granted_by.matters):
        words = ", ".join(sorted(Matter(matter).words.lower() for matter in missing))
        raise DelegationRefused(f"{granted_by} does not cover: {words}.", field="matters")


def _check_holder(
    board: Board,
    to_organisation: Organisation | None,
    to_role: str,
    to_capacity: str,
    to_board: Board | None,
    by: User,
) -> None:
    of_somebody = to_organisation is not None and bool(to_role) != bool(to_capacity) and to_board is None
    of_board = to_board is not None and to_organisation is None and not to_role and not to_capacity
    if not (of_somebody or of_board):
        raise DelegationRefused(
            "Say who holds it: one role or one capacity of a partner, or a board.", field="to_organisation"
        )
    if to_organisation is not None and to_organisation not in boards.parties(board):
        raise DelegationRefused(f"{to_organisation} is no partner to {board}.", field="to_organisation")
    if to_board is not None and not Board.objects.visible_to(by).filter(pk=to_board.pk).exists():
        raise DelegationRefused("Choose a board that you may read.", field="to_board")
