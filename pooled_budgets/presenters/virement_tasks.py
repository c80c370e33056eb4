"""Virements that wait for an approver, as lines of the page "My tasks"."""

from datetime import date

from django.urls import reverse

from integration_hub.core import money
from integration_hub.core.registry import Task
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.selectors import virements as selectors


def tasks(user: User, on: date) -> list[Task]:
    """What a partner's approver may approve or reject, oldest first. One query, or none without the role.

    Finance officers may approve too where something allows it; they find what waits on the page of the virements.
    """
    preparing = permissions.organisations_where(user, Permission.VIREMENT_PREPARE)
    mine = [key for key in permissions.organisations_where(user, Permission.VIREMENT_APPROVE) if key not in preparing]
    if not mine:
        return []
    found = []
    for virement in selectors.waiting_for(user, mine):
        fund = virement.fund
        parties: list[str] = virement.names  # type: ignore[attr-defined]  # annotated
        names = [str(fund.owner), *parties] if str(fund.owner_id) in mine else parties
        if names:
            url = reverse("pooled_budgets:virement", args=[fund.pk, virement.pk])
            title = f"Approve or reject virement {virement.number} of {fund}: {money.pounds(virement.amount)}"
            found.append(Task(title, url, names[0], f"Prepared by {virement.prepared_by}"))
    return found
