"""The first line of every service on a fund: the fund's row, held until the transaction ends.

Whoever changes a plan, a forecast or a lock takes the fund first, so that no two of them wait for each other.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from partners.models import User, prepared_for
from pooled_budgets.models import Fund


def hold_fund(fund_id: Any, *, by: User) -> Fund:
    """The fund that the person may read, locked; raises Http404 for any other, as if it were not there."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A fund is held for a transaction.")
    found: list[Fund] = _held(by, pk=Fund._meta.pk.to_python(fund_id))
    if not found:
        raise Http404("There is no such fund.")
    return found[0]


@prepared_for
def _held(by: User, *, pk: UUID) -> QuerySet[Fund]:
    return (
        Fund.objects.visible_to(by)
        .select_for_update(of=("self",), no_key=True)
        .select_related("agreement__area", "owner")
        .filter(pk=pk)
    )
