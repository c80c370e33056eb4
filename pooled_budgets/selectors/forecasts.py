"""Projected outturns as the reader may see them."""

from uuid import UUID

from django.db.models import QuerySet

from integration_hub.core.models import Period
from partners.models import User, prepared_for
from pooled_budgets.models import Forecast, Fund

FIGURE = (
    *("amount", "state", "available_on", "as_printed", "note", "source"),
    *("provisional", "entered_at", "released_at", "at"),
)


def visible_to(user: User) -> QuerySet[Forecast]:
    """The projected outturns that the person may read, by fund, period and scheme."""
    return (
        Forecast.objects.visible_to(user)
        .select_related("scheme__fund", "period", "owner", "entered_by")
        .order_by("scheme__fund", "period__number", "scheme__position", "scheme__number", "pk")
    )


def of_fund(fund: Fund, period: Period, user: User) -> QuerySet[Forecast]:
    """The projected outturns of whoever keeps a fund at a period, as far as the person may read them.

    Where a successor took the fund over, its predecessor's stand until its own do: those come last.
    """
    return _of_fund(user, fund.pk, period.pk).select_related("scheme__fund", "period", "owner", "entered_by")


def figures_of(fund: Fund, period: Period, user: User) -> list[Forecast]:
    """The same with what a page shows of each and no more: a fund has up to 150."""
    return _figures(user, fund=fund.pk, period=period.pk)


@prepared_for
def _figures(user: User, *, fund: UUID, period: UUID) -> QuerySet[Forecast]:
    rows = _of_fund(user, fund, period).select_related("entered_by")
    return rows.only(*FIGURE, "scheme", "entered_by__name", "entered_by__email")


def _of_fund(user: User, fund: UUID, period: UUID) -> QuerySet[Forecast]:
    return Forecast.objects.visible_to(user).of_keeper().filter(scheme__fund=fund, period=period)


def none() -> QuerySet[Forecast]:
    """What the API's description is made from: no row of anybody."""
    return Forecast.objects.none()
