"""Arrangements between partners under which money is pooled or passed on."""

from collections.abc import Sequence
from datetime import datetime

from governance.models import Board
from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.models import Area, Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Agreement, AgreementParty


@service
def create(
    *,
    key: str,
    title: str,
    kind: str,
    status: str,
    area: Area,
    parties: Sequence[Organisation],
    board: Board | None = None,
    host: Organisation | None = None,
    statutory_basis: str = "",
    note: str = "",
    by: User | None,
    at: datetime,
    system: str = "",
) -> Agreement:
    """Enter an agreement with its parties. A person needs to import plans for a party; only set-up passes None."""
    if by is not None:
        permissions.acting_for(by, Permission.PLAN_IMPORT, among=parties)
    agreement = Agreement(
        key=key,
        title=title,
        kind=kind,
        status=status,
        area=area,
        board=board,
        host=host,
        statutory_basis=statutory_basis,
        note=note,
    )
    agreement.save(force_insert=True)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, organisation=organisation) for organisation in parties
    )
    audit.record(
        "agreement.created",
        target=agreement,
        by=by,
        at=at,
        system=system,
        partner=host,
        after={"title": title, "kind": kind, "status": status, "parties": [str(party) for party in parties]},
    )
    return agreement
