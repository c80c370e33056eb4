"""The months of a fund's year: closed softly, closed hard, reopened, and read again as they stood."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain import closed_month
from pooled_budgets.forms_months import SOFTLY, CloseMonthForm, ReopenForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import month_words
from pooled_budgets.selectors import grid as grids
from pooled_budgets.selectors import months as selectors
from pooled_budgets.selectors import periods
from pooled_budgets.services import month_close
from pooled_budgets.views.common import load_fund, refuse


@require_safe
def months(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    rows = month_words.rows(selectors.states(fund), selectors.closings(fund, request.user))
    page = {
        "fund": fund,
        "rows": rows,
        "can_close": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner),
        "can_reopen": permissions.can(request.user, Permission.RETURN_SIGN, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/months.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    fund = load_fund(request, pk)
    month = get_object_or_404(periods.months(fund), number=number)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    people = list(selectors.finance_people(fund))
    stands = grids.grid(fund, request.user, on=timezone.localdate())
    form = CloseMonthForm(
        request.POST if request.method == "POST" else None,
        people=people,
        warnings=month_words.before_closing(stands, number),
    )
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        try:
            _close(request, fund, form, number)
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{month.label} is closed.")
            return redirect("pooled_budgets:months", fund.pk)
    return render(
        request, "pooled_budgets/month_close.html", {"fund": fund, "month": month, "form": form}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    fund = load_fund(request, pk)
    month = get_object_or_404(periods.months(fund), number=number)
    if not permissions.can(request.user, Permission.RETURN_SIGN, organisation=fund.owner):
        permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method != "POST" or form.is_valid() else 400
    if form.is_bound and status == 200:
        given = {"fund": fund, "month": month, "reason": form.cleaned_data["reason"]}
        try:
            month_close.reopen(**given, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{month.label} is open again.")
            return redirect("pooled_budgets:months", fund.pk)
    lock = next((state.lock for state in selectors.states(fund) if state.period == month), None)
    page = {"fund": fund, "month": month, "form": form, "lock": lock}
    return render(request, "pooled_budgets/month_reopen.html", page, status=status)


@require_safe
def closing(request: SignedInRequest, pk: UUID, number: int, closing: int) -> HttpResponse:
    fund = load_fund(request, pk)
    rows = selectors.closings(fund, request.user).defer(None)
    kept = get_object_or_404(rows, period__number=number, number=closing)
    page = {
        "fund": fund,
        "kept": kept,
        "rows": month_words.kept_rows(kept.content),
        "is_whole": closed_month.digest(kept.content) == kept.sha256,
    }
    return render(request, "pooled_budgets/closing.html", page)


def _close(request: SignedInRequest, fund: Fund, form: CloseMonthForm, number: int) -> None:
    month, given = periods.months(fund).get(number=number), form.cleaned_data
    shared = {"fund": fund, "month": month, "reason": given["reason"], "by": request.user, "at": timezone.now()}
    if given["kind"] == SOFTLY:
        month_close.close_softly(**shared, may_edit=UUID(given["may_edit"]), until=given["until"])
    else:
        month_close.close(**shared)
