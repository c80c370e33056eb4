"""Payment for performance of 2015/16: what the fall in admissions releases, and the figures behind it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.payment_for_performance import YEAR
from pooled_budgets.forms_performance import PerformanceForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import performance as words
from pooled_budgets.selectors import funds as fund_rows
from pooled_budgets.selectors import performance as selectors
from pooled_budgets.services import performance as services
from pooled_budgets.views.common import load_fund, refuse


@require_safe
def performance(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = _fund(request, pk)
    found = selectors.recorded(fund)
    context = {
        "fund": fund,
        "found": found,
        "worked": found.worked_out() if found else None,
        "terms": words.terms(found) if found else "",
        "rows": words.rows(found) if found else [],
        "can_record": permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/performance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = _fund(request, pk)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    found, parties = selectors.recorded(fund), fund_rows.parties_of(fund.agreement)
    data = request.POST if request.method == "POST" else None
    form = PerformanceForm(data, parties=parties, found=found, seen=selectors.seen(found))
    status = 400 if data is not None else 200
    if data is not None and form.is_valid():
        given = form.cleaned_data
        try:
            services.record(
                fund_id=fund.pk,
                unit=given["unit"],
                capped=given["capped"],
                nhs_partner=given["nhs_partner"],
                illustrative=given["illustrative"],
                quarters=form.counts(),
                seen=given["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, "Payment for performance saved.")
            return redirect("pooled_budgets:performance", fund.pk)
    return render(request, "pooled_budgets/performance_record.html", {"fund": fund, "form": form}, status=status)


def _fund(request: SignedInRequest, pk: UUID) -> Fund:
    fund = load_fund(request, pk)
    if fund.financial_year != YEAR:
        raise Http404("Part of the fund was paid for performance in 2015/16 alone.")
    return fund
