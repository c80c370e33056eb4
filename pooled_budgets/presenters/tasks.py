"""What waits for a finance officer or an approver of settlements, as lines of the page "My tasks"."""

from datetime import date

from django.urls import reverse

from integration_hub.core import money
from integration_hub.core.quarters import FinancialYear
from integration_hub.core.registry import Task
from partners.models import User
from pooled_budgets.domain.words import count
from pooled_budgets.presenters.contributions import late_task
from pooled_budgets.selectors import tasks as selectors
from pooled_budgets.selectors.tasks import CONFIRM, DECIDE, ENTER, IMPORT, SETTLE, Moving, Waiting


def tasks(user: User, on: date) -> list[Task]:
    """The person's next acts on their partners' funds, for the page "My tasks"."""
    return [_task(waiting) for waiting in selectors.waiting_for(user, on)]


def _task(waiting: Waiting) -> Task:
    fund = waiting.fund
    if waiting.late is not None:
        return late_task(fund, waiting.late)
    if waiting.kind == SETTLE:
        return Task(
            title=f"Settle the year of {fund}",
            url=reverse("pooled_budgets:settlement", args=[fund.pk]),
            partner=str(fund.owner),
            detail="The year has ended, and no settlement is prepared yet",
            due_on=fund.year.ends_on,
        )
    if waiting.settlement is not None:
        last = waiting.settlement
        return Task(
            title=f"Approve settlement {last.number} of {fund}: {money.pounds(last.moved)}",
            url=reverse("pooled_budgets:settlement_version", args=[fund.pk, last.number]),
            partner=waiting.partner,
            detail=f"Prepared by {last.by_name}",
        )
    if waiting.kind == IMPORT:
        return _line(
            waiting, f"Import the scheme plan of {fund}", reverse("pooled_budgets:plan_upload", args=[fund.pk])
        )
    if waiting.kind == CONFIRM and waiting.staged is not None:
        url = reverse("pooled_budgets:plan_import", args=[fund.pk, waiting.staged.pk])
        return _line(waiting, f"Finish the import of {waiting.staged.filename} into {fund}", url)
    if waiting.virement is not None:
        return _virement(waiting, waiting.virement)
    url = reverse("pooled_budgets:monitoring", args=[fund.pk])
    quarter = waiting.period.number if waiting.period else 1
    figures = count(waiting.number, "projected outturn", "projected outturns")
    verb = "Enter" if waiting.kind == ENTER else "Release"
    return _line(waiting, f"{verb} {figures} at quarter {quarter} of {fund}", f"{url}?quarter={quarter}")


def _virement(waiting: Waiting, moving: Moving) -> Task:
    fund, amount = waiting.fund, money.pounds(moving.amount)
    if waiting.kind == DECIDE:
        url = reverse("pooled_budgets:virement", args=[fund.pk, moving.pk])
        title = f"Approve or reject virement {moving.number} of {fund}: {amount}"
        return _line(waiting, title, url, f"Prepared by {moving.prepared_by}")
    url = reverse("pooled_budgets:recurrent_answer", args=[fund.pk, moving.pk])
    year = FinancialYear(moving.year).label
    title = f"Say what {fund} makes of recurrent virement {moving.number} of {year}: {amount}"
    return _line(waiting, title, url, "No budget of the year moves by itself")


def _line(waiting: Waiting, title: str, url: str, detail: str = "") -> Task:
    return Task(title=title, url=url, partner=waiting.partner or str(waiting.fund.owner), detail=detail)
