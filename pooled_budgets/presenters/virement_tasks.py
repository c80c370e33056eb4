"""Virements that wait for somebody's approval, as lines of the page "My tasks"."""

from datetime import date
from typing import Any

from django.urls import reverse

from integration_hub.core import money
from integration_hub.core.registry import Task
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.selectors import virements as selectors


def tasks(user: User, on: date) -> list[Task]:
    """What others prepared and the person may approve or reject, oldest first. One query, or none without a right."""
    mine = permissions.organisations_where(user, Permission.VIREMENT_APPROVE)
    found = []
    for virement in selectors.waiting_for(user, mine) if mine else []:
        fund = virement.fund
        parties: Any = virement.partners
        partners = [{"pk": str(fund.owner_id), "name": str(fund.owner)}, *parties]
        names = [party["name"] for party in partners if party["pk"] in mine]
        if names:
            url = reverse("pooled_budgets:virement", args=[fund.pk, virement.pk])
            title = f"Approve or reject virement {virement.number} of {fund}: {money.pounds(virement.amount)}"
            found.append(Task(title, url, names[0], f"Prepared by {virement.prepared_by}"))
    return found
