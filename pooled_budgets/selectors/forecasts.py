"""Projected outturns as the reader may see them."""

from django.db.models import QuerySet

from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.models import Forecast, Fund


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
    rows = Forecast.objects.visible_to(user).of_keeper().select_related("scheme__fund", "period", "owner", "entered_by")
    return rows.filter(scheme__fund=fund, period=period)


def none() -> QuerySet[Forecast]:
    """What the API's description is made from: no row of anybody."""
    return Forecast.objects.none()
