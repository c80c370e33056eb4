"""Whether a fund's year is settled, for the pages on which money of that year still moves."""

from uuid import UUID

from django.db.models import QuerySet

from partners.models import User, prepared_for
from pooled_budgets.models import Fund, Settlement, SettlementApproval


def approval_in_force(fund: Fund, user: User) -> SettlementApproval | None:
    """The approval of the fund's settlement in force, with the settlement; None while the year is open. One query."""
    found = _approved(user, fund=fund.pk)
    return found[0].approval if found else None


# On every page on which money moves.
@prepared_for
def _approved(user: User, *, fund: UUID) -> QuerySet[Settlement]:
    approved = Settlement.objects.visible_to(user).filter(fund=fund, approval__isnull=False)
    return approved.select_related("approval").order_by("-number")[:1]
