"""Agreement of balances at the end of a quarter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from integration_hub.core.errors import HubError
from integration_hub.core.models import Period
from integration_hub.core.templatetags.components import Problem
from partners.models import Organisation
from partners.requests import SignedInRequest
from pooled_budgets.domain.words import count
from pooled_budgets.forms_balances import DifferenceForm, SettleForm, StatementsForm
from pooled_budgets.models import Fund
from pooled_budgets.selectors import balances as selectors
from pooled_budgets.selectors import periods
from pooled_budgets.services import balances as services
from pooled_budgets.views.common import load_fund, load_quarter, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def balances(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    partner = _partner(request, fund)
    period, quarters = load_quarter(request, fund)
    rows = selectors.rows(fund, period, request.user, partner)
    form = StatementsForm.of(rows, request.POST if request.method == "POST" else None)
    status = 400 if form.problems else 200
    if request.method == "POST" and not form.problems:
        try:
            changed = services.state(
                fund=fund,
                quarter=period,
                amounts=form.amounts,
                release="release" in request.POST,
                by=request.user,
                at=timezone.now(),
            )
        except HubError as refusal:
            form.problems, status = [Problem(refusal.message)], refusal.http_status
        else:
            messages.success(request, f"{count(changed, 'line', 'lines')} stated.")
            return redirect(_address(fund, period))
    page = {
        "fund": fund,
        "period": period,
        "quarters": quarters,
        "form": form,
        "partner": partner,
        "lock": periods.lock_in_force(fund, period),
        "open": sum(row.balance.is_open for row in rows),
    }
    return render(request, "pooled_budgets/balances.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    """Type a difference, or settle it."""
    fund = load_fund(request, pk)
    period, _ = load_quarter(request, fund)
    rows = selectors.rows(fund, period, request.user, None)
    row = next((row for row in rows if row.balance.key == line_pk), None)
    if row is None:
        raise Http404("There is no such line.")
    if _partner(request, fund) is None:
        raise PermissionDenied("Only finance officers of the partners to the agreement clear up differences.")
    is_settling = "reason" in request.POST
    typed = DifferenceForm(
        request.POST if request.method == "POST" and not is_settling else None, parties=selectors.parties(fund)
    )
    settled = SettleForm(request.POST if is_settling else None, initial={"seen": f"{row.balance.difference or 0:.2f}"})
    sent: DifferenceForm | SettleForm = settled if is_settling else typed
    status = 400 if sent.is_bound and not sent.is_valid() else 200
    if sent.is_bound and status == 200:
        shared: dict[str, Any] = {
            "fund": fund,
            "quarter": period,
            "line_id": line_pk,
            "by": request.user,
            "at": timezone.now(),
        }
        try:
            if is_settling:
                services.settle(**shared, **settled.cleaned_data)
            else:
                services.type_difference(**shared, **typed.values)
        except HubError as refusal:
            status = refuse(sent, refusal)
        else:
            messages.success(request, "The difference is settled." if is_settling else "The difference is noted.")
            return redirect(_address(fund, period))
    page = {"fund": fund, "period": period, "row": row, "typed": typed, "settled": settled, "sent": sent}
    return render(request, "pooled_budgets/difference.html", page, status=status)


def _partner(request: SignedInRequest, fund: Fund) -> Organisation | None:
    """The party for which the person states figures; 403 for whoever would write and is of none."""
    partner = selectors.partner_of(fund, request.user)
    if partner is None and request.method == "POST":
        raise PermissionDenied("Only finance officers of the partners to the agreement state balances.")
    return partner


def _address(fund: Fund, period: Period) -> str:
    return f"{reverse('pooled_budgets:balances', args=[fund.pk])}?quarter={period.number}"
