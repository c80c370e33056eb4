"""What agreements ask of people, as lines of the page "My tasks": duties that fall due, versions to be signed."""

from datetime import date
from typing import Any

from django.urls import reverse

from integration_hub.core.registry import Task
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Agreement
from pooled_budgets.selectors import agreements as selectors


def tasks(user: User, on: date) -> list[Task]:
    """The duties of the person's partners, and what waits for their signature. One query, or none without a right."""
    prepares = set(permissions.organisations_where(user, Permission.AGREEMENT_PREPARE))
    signs = set(permissions.organisations_where(user, Permission.AGREEMENT_SIGN))
    rows = selectors.asking(user) if prepares | signs else []
    return [
        *(task for agreement in rows for task in _duties(user, agreement, prepares, on=on)),
        *(task for agreement in rows for task in _signatures(user, agreement, signs)),
    ]


def _duties(user: User, agreement: Agreement, mine: set[str], *, on: date) -> list[Task]:
    """Worked out from the terms in force, so that a task moves when a date does.

    The host's duties are for its people, or for the pool manager alone where the terms name their account.
    """
    if agreement.status != "signed" or agreement.terminated_on is not None or agreement.current_version is None:
        return []
    terms = agreement.current_version.content
    done: list[str] = agreement.done  # type: ignore[attr-defined]  # annotated
    parties = {party["id"]: party["name"] for party in terms["parties"] if party["id"] in mine}
    host, manager = str(agreement.host_id), terms["pool_manager_account"]
    url, found = reverse("agreements:agreement", args=[agreement.pk]), []
    for duty in selectors.due(agreement, terms, on=on, done=done):
        if duty.of_host and manager not in ("", str(user.pk)):
            continue
        names = [name for key, name in parties.items() if key == host or not duty.of_host]
        if names:
            found.append(Task(f"{duty.words}: {agreement}", url, names[0], duty.note, duty.due_on))
    return found


def _signatures(user: User, agreement: Agreement, mine: set[str]) -> list[Task]:
    found = []
    waiting: list[dict[str, Any]] = agreement.to_sign  # type: ignore[attr-defined]  # annotated
    for version in waiting:
        if str(user.pk) in {row["id"] for row in version["preparers"]}:
            continue
        url = reverse("agreements:version", args=[agreement.pk, version["number"]])
        found += [
            Task(f"Sign version {version['number']} of {agreement}", url, party["name"])
            for party in version["parties"]
            if party["id"] in mine - set(version["signed"])
        ]
    return found
