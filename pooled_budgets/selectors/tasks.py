"""What waits for a finance officer: plans to import, outturns to enter, drafts to release."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from integration_hub.core.models import Period, StagedImport
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Forecast, Fund, PeriodLock, Scheme
from pooled_budgets.selectors import funds, imports


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: its fund, what is to be done, and the quarter or upload that it is about."""

    fund: Fund
    kind: str
    period: Period | None = None
    staged: StagedImport | None = None
    number: int = 0


IMPORT, CONFIRM, ENTER, RELEASE = "import", "confirm", "enter", "release"


def waiting_for(user: User, on: date) -> list[Waiting]:
    """What the person can do next for the funds of their partners; seven queries whatever the number of funds."""
    own = [fund for fund in funds.funds(user) if _may(user, fund)]
    if not own:
        return []
    uploads = {
        upload.target_id: upload
        for upload in imports.plans(user).filter(status__in=[StagedImport.STAGED, StagedImport.REFUSED])
    }
    schemes = _count(Scheme.objects.filter(fund__in=own).values(key=F("fund")))
    periods = _ended(own, on)
    locked = set(PeriodLock.objects.filter(fund__in=own, lifted_at__isnull=True).values_list("fund", "period"))
    recorded = _recorded(own)
    found = []
    for fund in own:
        upload = uploads.get(str(fund.pk))
        if upload is not None:
            found.append(Waiting(fund, CONFIRM, staged=upload))
        elif fund.pk not in schemes:
            found.append(Waiting(fund, IMPORT))
        open_periods = [period for period in periods.get(fund.financial_year, []) if (fund.pk, period.pk) not in locked]
        found += _figures(fund, schemes.get(fund.pk, 0), open_periods, recorded)
    return found


def _figures(
    fund: Fund, schemes: int, periods: list[Period], recorded: dict[tuple[Any, Any], tuple[int, int]]
) -> list[Waiting]:
    """The first quarter without all its figures, and every quarter with drafts."""
    found = []
    missing = next((period for period in periods if recorded.get((fund.pk, period.pk), (0, 0))[0] < schemes), None)
    if missing is not None and schemes:
        number = schemes - recorded.get((fund.pk, missing.pk), (0, 0))[0]
        found.append(Waiting(fund, ENTER, period=missing, number=number))
    for period in periods:
        drafts = recorded.get((fund.pk, period.pk), (0, 0))[1]
        if drafts:
            found.append(Waiting(fund, RELEASE, period=period, number=drafts))
    return found


def _may(user: User, fund: Fund) -> bool:
    return permissions.can(user, Permission.FORECAST_RECORD, organisation=fund.owner)


def _ended(own: list[Fund], on: date) -> dict[int, list[Period]]:
    """The quarters of the funds' years that have ended, by year and in order."""
    years = {fund.financial_year for fund in own}
    ended = Period.objects.filter(kind=Period.QUARTER, financial_year__in=years, ends_on__lt=on).order_by("number")
    by_year: dict[int, list[Period]] = {}
    for period in ended:
        by_year.setdefault(period.financial_year, []).append(period)
    return by_year


def _recorded(own: list[Fund]) -> dict[tuple[Any, Any], tuple[int, int]]:
    """How many of the owner's figures stand at each fund's period, and how many of them are drafts."""
    rows = (
        Forecast.objects.filter(scheme__fund__in=own, owner=F("scheme__fund__owner"))
        .order_by()
        .values_list("scheme__fund", "period")
        .annotate(number=Count("pk"), drafts=Count("pk", filter=Q(released_at__isnull=True)))
    )
    return {(fund, period): (number, drafts) for fund, period, number, drafts in rows}


def _count(rows: Any) -> dict[Any, int]:
    return {row["key"]: row["number"] for row in rows.order_by().annotate(number=Count("pk"))}
