"""What agreements ask of people, as lines of the page "My tasks": duties that fall due, versions to be signed."""

from datetime import date

from django.urls import reverse

from integration_hub.core.registry import Task
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.selectors import agreements as selectors


def tasks(user: User, on: date) -> list[Task]:
    """The duties of the person's partners, and what waits for their signature. Two queries, or none without a right."""
    return [*_duties(user, on), *_signatures(user)]


def _duties(user: User, on: date) -> list[Task]:
    """Worked out from the terms in force, so that a task moves when a date does.

    The host's duties are for its people, or for the pool manager alone where the terms name their account.
    """
    mine = set(permissions.organisations_where(user, Permission.AGREEMENT_PREPARE))
    found: list[Task] = []
    for agreement in selectors.with_duties(user) if mine else []:
        if agreement.current_version is None:
            continue
        terms = agreement.current_version.content
        done: list[str] = agreement.done  # type: ignore[attr-defined]  # annotated
        parties = {party["id"]: party["name"] for party in terms["parties"] if party["id"] in mine}
        host, manager = str(agreement.host_id), terms["pool_manager_account"]
        for duty in selectors.due(agreement, terms, on=on, done=done):
            if duty.of_host and manager not in ("", str(user.pk)):
                continue
            names = [name for key, name in parties.items() if key == host or not duty.of_host]
            if names:
                url = reverse("agreements:agreement", args=[agreement.pk])
                found.append(Task(f"{duty.words}: {agreement}", url, names[0], duty.note, duty.due_on))
    return found


def _signatures(user: User) -> list[Task]:
    mine = set(permissions.organisations_where(user, Permission.AGREEMENT_SIGN))
    found: list[Task] = []
    for version in selectors.for_signature(user) if mine else []:
        signed = {str(pk) for pk in version.signed if pk}  # type: ignore[attr-defined]  # annotated
        if str(user.pk) in {row["id"] for row in version.preparers}:
            continue
        url = reverse("agreements:version", args=[version.agreement_id, version.number])
        found += [
            Task(f"Sign version {version.number} of {version.agreement}", url, party["name"])
            for party in version.content["parties"]
            if party["id"] in mine - signed
        ]
    return found
