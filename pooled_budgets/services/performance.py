"""Recording a fund's payment for performance of 2015/16."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.domain.kinds import COMMISSIONERS
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain.payment_for_performance import YEAR
from pooled_budgets.models import PerformancePay, PerformanceQuarter
from pooled_budgets.selectors import funds as fund_rows
from pooled_budgets.selectors import performance as selectors
from pooled_budgets.services.locking import hold_fund

# Pounds for one admission: ten thousand would be seven times the national amount.
MOST_FOR_ONE = Decimal("10000.00")
UNIT_WRONG = "Enter more than 0.00 and at most 10,000.00: it is what one admission is paid with."


class NotOfThatYear(HubError):
    """Part of the fund was paid for performance in 2015/16 alone."""

    code = "not_of_that_year"


@dataclass(frozen=True)
class QuarterCounts:
    """Admissions of a quarter; `actual` is None where `state` says why there is no count."""

    baseline: int
    planned_reduction: int
    actual: int | None
    state: str


@service
def record(
    *,
    fund_id: UUID,
    unit: Decimal,
    capped: bool,
    nhs_partner: str,
    quarters: Sequence[QuarterCounts],
    seen: str,
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> PerformancePay:
    """Record terms and counts of the four quarters. `seen` is what the person had read (selectors.performance.seen).

    Raises NotOfThatYear, Malformed for a partner that is no party, ChangedMeanwhile.
    """
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=held.owner)
    if held.financial_year != YEAR:
        raise NotOfThatYear(
            f"Part of the fund was paid for performance in 2015/16 alone; this fund is of {held.year.label}."
        )
    if len(quarters) != 4:
        raise Malformed("Four quarters are needed.", field="quarters")
    parties = {str(party.pk): party for party in fund_rows.parties_of(held.agreement)}
    if nhs_partner not in parties or parties[nhs_partner].kind not in COMMISSIONERS:
        raise Malformed("Choose an NHS commissioner that is a party to the agreement.", field="nhs_partner")
    if not 0 < unit <= MOST_FOR_ONE:
        raise Malformed(UNIT_WRONG, field="unit")
    before = selectors.recorded(held)
    if selectors.seen(before) != seen:
        raise ChangedMeanwhile(
            "Somebody saved other figures after you had opened this page. Nothing was saved: look at what stands now."
        )
    pay = before.pay if before else PerformancePay(fund=held)
    pay.unit, pay.capped, pay.nhs_partner = unit, capped, parties[nhs_partner]
    pay.illustrative, pay.at = illustrative, held.year.starts_on
    pay.save()
    existing = {row.number: row for row in before.quarters} if before else {}
    for number, counts in enumerate(quarters, start=1):
        row = existing.get(number) or PerformanceQuarter(pay=pay, number=number)
        row.at = held.year.starts_on
        for name, value in asdict(counts).items():
            setattr(row, name, value)
        row.save()
    audit.record(
        "performance.recorded",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before=selectors.plain(before),
        after=selectors.plain(selectors.recorded(held)),
    )
    return pay
