"""The first line of every service on a fund: the fund's row, held until the transaction ends.

Whoever changes a plan, a forecast or a lock takes the fund first, so that no two of them wait for each other.
"""

from typing import Any

from django.http import Http404

from partners.models import User
from pooled_budgets.models import Fund


def hold_fund(fund_id: Any, *, by: User) -> Fund:
    """The fund that the person may read, locked; raises Http404 for any other, as if it were not there."""
    held = (
        Fund.objects.visible_to(by)
        .select_for_update(of=("self",), no_key=True)
        .select_related("agreement__area", "owner")
        .filter(pk=fund_id)
        .first()
    )
    if held is None:
        raise Http404("There is no such fund.")
    return held
