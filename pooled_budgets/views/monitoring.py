"""The monitoring grid: projected outturns of one quarter, typed or pasted, and released to the partners."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from integration_hub.core.errors import HubError
from integration_hub.core.models import Period
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.figures import ACCEPTED_WORDS
from pooled_budgets.domain.words import count
from pooled_budgets.forms import MonitoringForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import position as words
from pooled_budgets.selectors import periods, positions, settled
from pooled_budgets.services import forecasts
from pooled_budgets.views.common import QuarterLink, load_fund, load_quarter


@require_http_methods(["GET", "HEAD", "POST"])
def monitoring(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    period, quarters = load_quarter(request, fund)
    position = positions.position(fund, period, request.user)
    form = MonitoringForm(position, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and "preview" in request.POST:
        form.preview()
        status = 400 if form.problems else 200
    elif request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            saved = forecasts.record(
                fund=fund, period=period, entries=form.entries(), by=request.user, at=timezone.now()
            )
        except HubError as refusal:
            form.refuse(refusal, positions.position(fund, period, request.user))
            status = refusal.http_status
        else:
            messages.success(request, _saved_words(len(saved.numbers), fund, period, released=position.released_at))
            return redirect(_address(fund, period))
    return render(
        request, "pooled_budgets/monitoring.html", _page(request, fund, period, quarters, form), status=status
    )


@require_POST
def release(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    period, quarters = load_quarter(request, fund)
    try:
        number = forecasts.release(fund=fund, period=period, by=request.user, at=timezone.now())
    except HubError as refusal:
        position = positions.position(fund, period, request.user)
        form = MonitoringForm(position)
        form.refuse(refusal, position)
        page = _page(request, fund, period, quarters, form)
        return render(request, "pooled_budgets/monitoring.html", page, status=refusal.http_status)
    figures = count(number, "figure", "figures")
    messages.success(
        request, f"{figures} of {period.label} released: the parties to the agreement and its board see them."
    )
    return redirect(_address(fund, period))


def _page(
    request: SignedInRequest, fund: Fund, period: Period, quarters: list[QuarterLink], form: MonitoringForm
) -> dict[str, object]:
    can_record = permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    lock = periods.lock_in_force(fund, period)
    return {
        "fund": fund,
        "period": period,
        "quarters": quarters,
        "form": form,
        "position": form.position,
        "missing": words.missing_words(form.position),
        "lock": lock,
        "locked_words": f"{period.label} is locked.",
        "can_record": can_record,
        "is_open": can_record and lock is None,
        "can_release": can_record and lock is None and form.position.is_draft,
        "accepted_words": ",".join(ACCEPTED_WORDS),
        "approval": settled.approval_in_force(fund, request.user),
    }


def _saved_words(number: int, fund: Fund, period: Period, *, released: datetime | None) -> str:
    if not number:
        return "Nothing was changed."
    who = "The partners see them" if released else f"Only {fund.owner} sees them until you release them"
    return f"{count(number, 'scheme', 'schemes')} of {period.label} saved. {who}."


def _address(fund: Fund, period: Period) -> str:
    return f"{reverse('pooled_budgets:monitoring', args=[fund.pk])}?quarter={period.number}"
