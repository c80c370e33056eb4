"""Whether a fund's year is settled, for the pages on which money of that year still moves."""

from partners.models import User
from pooled_budgets.models import Fund, SettlementApproval


def approval_in_force(fund: Fund, user: User) -> SettlementApproval | None:
    """The approval of the fund's settlement in force, with the settlement; None while the year is open. One query."""
    rows = SettlementApproval.objects.visible_to(user).filter(settlement__fund=fund)
    found = rows.select_related("settlement").order_by("-settlement__number").first()
    assert found is None or isinstance(found, SettlementApproval)  # noqa: S101  # a queryset of approvals
    return found
