"""Arrangements between partners under which money is pooled or passed on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from governance.models import Board
from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.models import Area, Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.terms import Terms, day, digest
from pooled_budgets.models import Agreement, AgreementParty, AgreementVersion


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


@service
def from_paper(
    *,
    agreement: Agreement,
    terms: Terms,
    effective_from: date,
    reason: str = "",
    at: datetime,
    system: str,
) -> AgreementVersion:
    """Enter terms that every party signed on paper before, as the agreement's next version. Only set-up does so."""
    held = hold(agreement.pk)
    number = next_version(held)
    version = AgreementVersion(
        agreement=held,
        number=number,
        based_on=held.current_version,
        content=terms,
        sha256=digest(terms),
        effective_from=effective_from,
        reason=reason,
        is_paper=True,
        prepared_by_name=system,
        prepared_at=at,
    )
    version.save(force_insert=True)
    before = {"version": held.current_version.number if held.current_version else None}
    put_in_force(held, version)
    audit.record(
        "agreement.recorded_from_paper",
        target=held,
        at=at,
        system=system,
        partner=held.host,
        before=before,
        after={"version": number, "sha256": version.sha256, "effective_from": effective_from},
        reason=reason,
    )
    return version


def hold(pk: UUID) -> Agreement:
    """The agreement, held until the end of the transaction: whoever writes its terms takes it first."""
    return (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("current_version", "host", "area", "board", "owner")
        .get(pk=pk)
    )


def next_version(agreement: Agreement) -> int:
    """The number of the next version, counting those that were sent back too."""
    return (AgreementVersion.objects.filter(agreement=agreement).aggregate(last=Max("number"))["last"] or 0) + 1


def put_in_force(agreement: Agreement, version: AgreementVersion) -> None:
    """Repeat the terms of a version that every party signed in the agreement's row, and make its parties those named.

    The database refuses this for a version that lacks a signature.
    """
    terms = version.content
    agreement.current_version = version
    agreement.status = "signed"
    repeat(agreement, terms)
    agreement.save()
    set_parties(agreement, terms)


def repeat(agreement: Agreement, terms: Terms) -> None:
    """What the agreement's row repeats of its terms; nothing is saved."""
    agreement.title = terms["title"]
    agreement.kind = terms["kind"]
    agreement.statutory_basis = terms["statutory_basis"]
    agreement.host_id = UUID(terms["host"]) if terms["host"] else None
    agreement.commences_on = day(terms, "commences_on")
    agreement.expires_on = day(terms, "expires_on")


def set_parties(agreement: Agreement, terms: Terms) -> None:
    """Make the partners named in the terms the parties to the agreement."""
    wanted = {UUID(party["id"]) for party in terms["parties"]}
    links = AgreementParty.objects.filter(agreement=agreement)
    known = set(links.values_list("organisation", flat=True))
    links.exclude(organisation__in=wanted).delete()
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, organisation_id=party) for party in sorted(wanted - known, key=str)
    )
