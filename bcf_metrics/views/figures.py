"""The metric figures of a quarter: typed, judged, released."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bcf_metrics.forms import FigureForm
from bcf_metrics.presenters import checks as words
from bcf_metrics.presenters import pages
from bcf_metrics.selectors import checks, content, returns
from bcf_metrics.selectors import figures as selectors
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import figures
from bcf_metrics.services.figures import FiguresChanged, FiguresMalformed
from bcf_metrics.views.common import READING
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read the quarter's figures; whoever enters them for a partner has a form for each of its metrics."""
    held = returns.get(request.user, pk)
    rows = _rows(request, held)
    mine = _mine(request, rows)
    if request.method in READING:
        return _page(request, held, rows, [FigureForm(row) for row in mine])
    _require(request, rows)
    forms = [FigureForm(row, request.POST) for row in mine]
    sent = [form for form in forms if form.was_sent]
    if not all(form.is_valid() for form in sent):
        return _page(request, held, rows, forms, status=400)
    if "check" in request.POST:
        return _page(request, held, rows, forms, checked=True)
    try:
        saved = figures.record(
            fund=held.quarterly_return.fund,
            period=held.quarterly_return.period,
            entries=[form.entry() for form in sent],
            by=request.user,
            at=timezone.now(),
        )
    except HubError as refusal:
        return _refused(request, pk, sent, refusal)
    words = f"{len(saved.names)} metric{'' if len(saved.names) == 1 else 's'} saved."
    messages.success(request, words if saved.names else "Nothing was changed.")
    return redirect("bcf_metrics:figures", pk)


@require_POST
def release(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let the partners see the figures."""
    held = returns.get(request.user, pk)
    rows = _rows(request, held)
    _require(request, rows)
    quarterly_return = held.quarterly_return
    try:
        number = figures.release(
            fund=quarterly_return.fund, period=quarterly_return.period, by=request.user, at=timezone.now()
        )
    except HubError as refusal:
        forms = [FigureForm(row) for row in _mine(request, rows)]
        return _page(request, held, rows, forms, problems=[refusal.message], status=refusal.http_status)
    counted = f"{number} figure{'' if number == 1 else 's'}"
    messages.success(request, f"{counted} of {quarterly_return.period.label} released to the partners and the board.")
    return redirect("bcf_metrics:figures", pk)


def _rows(request: SignedInRequest, held: Standing) -> list[FigureRow]:
    """The figures as they are judged today; of a return that was sent, as they were judged on that day."""
    on = timezone.localdate(held.current.prepared_at) if held.current else None
    return selectors.for_quarter(held.quarterly_return.fund, held.quarterly_return.period, request.user, on=on)


def _mine(request: SignedInRequest, rows: list[FigureRow]) -> list[FigureRow]:
    return [row for row in rows if permissions.can(request.user, Permission.FIGURE_RECORD, organisation=row.plan.owner)]


def _require(request: SignedInRequest, rows: list[FigureRow]) -> None:
    owners = {row.plan.owner_id: row.plan.owner for row in rows}
    permissions.acting_for(request.user, Permission.FIGURE_RECORD, among=owners.values())


def _refused(request: SignedInRequest, pk: UUID, sent: list[FigureForm], refusal: HubError) -> HttpResponse:
    """The page again on the figures as they are now, with what was typed and why it was not saved."""
    held = returns.get(request.user, pk)
    rows = _rows(request, held)
    typed = {form.row.plan.pk: form for form in sent}
    forms = [
        typed[row.plan.pk].rebased(row) if row.plan.pk in typed else FigureForm(row) for row in _mine(request, rows)
    ]
    by_plan = {str(form.row.plan.pk): form for form in forms}
    problems = [refusal.message]
    if isinstance(refusal, FiguresChanged):
        problems = []
        for conflict in refusal.conflicts:
            by_plan[conflict.key].complain(conflict.field, conflict.words)
    elif isinstance(refusal, FiguresMalformed):
        problems = []
        for plan, found in refusal.found.items():
            for problem in found:
                by_plan[str(plan)].complain(problem.field, problem.message)
    return _page(request, held, rows, forms, problems=problems, status=refusal.http_status)


def _page(
    request: SignedInRequest,
    held: Standing,
    rows: list[FigureRow],
    forms: list[FigureForm],
    *,
    problems: list[str] | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    by_plan = {form.row.plan.pk: form for form in forms}
    is_open = bool(forms) and not held.is_frozen
    found = checks.of_return(request.user, held.quarterly_return, rows)
    reasons = content.answers_of(held.quarterly_return)
    shown: list[dict[str, Any]] = []
    for row in rows:
        form = by_plan.get(row.plan.pk) if is_open or status != 200 else None
        if checked and form is not None and form.was_sent:
            row = selectors.as_entered(row, form.entry().entered)  # the same metric, judged as typed
        flags = [] if checked else words.lines(found.get(row.plan.pk, ()), reasons)
        shown.append({"row": row, "form": form, "flags": flags})
    context = {
        "held": held,
        "return": held.quarterly_return,
        "rows": shown,
        "problems": [*(problems or []), *(problem for form in forms if form.is_bound for problem in form.problems)],
        "checked": checked,
        "lock": pages.lock(held),
        "is_open": is_open,
        "can_release": is_open and any(row.is_draft for row in _mine(request, rows)),
    }
    return render(request, "bcf_metrics/figures.html", context, status=status)
