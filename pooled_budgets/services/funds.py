"""Funds, and the money into them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from integration_hub.core import audit
from integration_hub.core.services import service
from integration_hub.core.states import AmountState
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Agreement, Fund, FundingLine, FundingStream
from pooled_budgets.models.fund import CASH


@service
def create(
    *,
    agreement: Agreement,
    owner: Organisation,
    financial_year: int,
    name: str,
    total: Decimal | None,
    total_state: str = AmountState.STATED,
    total_note: str = "",
    split_note: str = "",
    source: str = "",
    discrepancies: Sequence[dict[str, str]] = (),
    illustrative: bool = False,
    released: bool = True,
    by: User | None,
    at: datetime,
    system: str = "",
) -> Fund:
    """Enter the fund of an agreement for one year (`financial_year` is the year it starts in), total in pounds.

    `discrepancies` are {"figure", "printed", "where", "note"}. A released fund is seen by all parties to the agreement.
    """
    if by is not None:
        permissions.require(by, Permission.PLAN_IMPORT, organisation=owner)
    fund = Fund(
        agreement=agreement,
        owner=owner,
        financial_year=financial_year,
        name=name,
        total=total,
        total_state=total_state,
        total_note=total_note,
        split_note=split_note,
        source=source,
        discrepancies=list(discrepancies),
        illustrative=illustrative,
        released_at=at if released else None,
    )
    fund.save(force_insert=True)
    audit.record(
        "fund.created",
        target=fund,
        by=by,
        at=at,
        system=system,
        partner=owner,
        after={"name": name, "financial_year": fund.year.label, "total": total, "total_state": str(total_state)},
    )
    return fund


@service
def add_funding(
    *,
    fund: Fund,
    source: str,
    amount: Decimal | None,
    state: str = AmountState.STATED,
    payer: Organisation | None = None,
    stream: FundingStream | None = None,
    form: str = CASH,
    note: str = "",
    illustrative: bool = False,
    true_on: date | None = None,
    by: User | None,
    at: datetime,
    system: str = "",
) -> FundingLine:
    """Add money into a fund from one source, in pounds. An unknown payer stays None: it is printed "not stated"."""
    locked = Fund.objects.select_for_update(of=("self",), no_key=True).select_related("owner").get(pk=fund.pk)
    if by is not None:
        permissions.require(by, Permission.PLAN_IMPORT, organisation=locked.owner)
    line = FundingLine(
        fund=locked,
        owner=locked.owner,
        position=locked.funding_lines.count() + 1,
        source=source,
        payer=payer,
        stream=stream,
        form=form,
        amount=amount,
        state=state,
        note=note,
        illustrative=illustrative,
        at=true_on or locked.year.starts_on,
        released_at=locked.released_at,
    )
    line.save(force_insert=True)
    audit.record(
        "fund.funding_added",
        target=locked,
        by=by,
        at=at,
        system=system,
        partner=locked.owner,
        after={"source": source, "payer": str(payer) if payer else None, "amount": amount, "state": str(state)},
    )
    return line
