"""The quarters of a fund's year, and their locks."""

from django.db.models import QuerySet

from integration_hub.core.models import Period
from pooled_budgets.models import Fund, PeriodLock


def quarters(fund: Fund) -> QuerySet[Period]:
    """The fund's four quarters in order."""
    return Period.objects.filter(kind=Period.QUARTER, financial_year=fund.financial_year).order_by("number")


def months(fund: Fund) -> QuerySet[Period]:
    """The fund's twelve months in order, then the adjustment period."""
    return Period.objects.filter(kind=Period.MONTH, financial_year=fund.financial_year).order_by("number")


def locks_in_force(fund: Fund) -> list[PeriodLock]:
    """The locks on any quarter of the fund, in the order of the quarters. One query."""
    return list(
        PeriodLock.objects.filter(fund=fund, period__kind=Period.QUARTER, lifted_at__isnull=True)
        .select_related("period")
        .order_by("period__number")
    )


def lock_in_force(fund: Fund, period: Period) -> PeriodLock | None:
    """The lock on a period of the fund, or None while it is open."""
    return PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).first()
