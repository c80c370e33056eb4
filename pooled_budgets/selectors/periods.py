"""The quarters of a fund's year, and their locks."""

from uuid import UUID

from django.db.models import QuerySet

from integration_hub.core.models import Period
from integration_hub.core.prepared import prepared
from pooled_budgets.models import Fund, PeriodLock


def quarters(fund: Fund) -> QuerySet[Period]:
    """The fund's four quarters in order."""
    return quarters_of(fund.financial_year)


def quarters_of(year: int) -> QuerySet[Period]:
    """The four quarters of a financial year, named by the year in which it starts, in order."""
    return Period.objects.filter(kind=Period.QUARTER, financial_year=year).order_by("number")


def months(fund: Fund) -> QuerySet[Period]:
    """The fund's twelve months in order, then the adjustment period."""
    return months_of.build(year=fund.financial_year)


@prepared
def months_of(*, year: int) -> QuerySet[Period]:
    """The twelve months of a financial year, named by the year in which it starts, then the adjustment period."""
    return Period.objects.filter(kind=Period.MONTH, financial_year=year).order_by("number")


def locks_in_force(fund: Fund) -> list[PeriodLock]:
    """The locks on any quarter of the fund, in the order of the quarters. One query."""
    return list(
        PeriodLock.objects.filter(fund=fund, period__kind=Period.QUARTER, lifted_at__isnull=True)
        .select_related("period")
        .order_by("period__number")
    )


def lock_in_force(fund: Fund, period: Period) -> PeriodLock | None:
    """The lock on a period of the fund, or None while it is open."""
    found: list[PeriodLock] = _locks_on(fund=fund.pk, period=period.pk)
    return found[0] if found else None


@prepared
def _locks_on(*, fund: UUID, period: UUID) -> QuerySet[PeriodLock]:
    return PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).order_by("pk")
