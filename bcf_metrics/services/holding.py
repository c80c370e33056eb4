"""A return held for a change."""

from uuid import UUID

from django.http import Http404

from bcf_metrics.selectors import returns
from partners.models import User
from pooled_budgets.services.locking import hold_fund


def hold(return_id: UUID, by: User) -> returns.Standing:
    """The return that the person may read, held after its fund; Http404 for any other.

    Whoever writes what a return reports takes the fund first, so that no two wait for each other.
    """
    fund = returns.visible_to(by).filter(pk=return_id).values_list("fund", flat=True).first()
    if fund is None:
        raise Http404("There is no such return.")
    hold_fund(fund, by=by)
    return returns.locked(by, return_id)
