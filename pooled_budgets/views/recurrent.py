"""Recurrent virements of the year before: proposed changes of this year's lines, which a finance officer answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_recurrent import CARRY, RecurrentForm
from pooled_budgets.presenters import virements as words
from pooled_budgets.selectors import recurrent as selectors
from pooled_budgets.selectors import virements as virement_rows
from pooled_budgets.services import recurrent as services
from pooled_budgets.views.common import load_fund, refuse


@require_safe
def recurrent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    context = {
        "fund": fund,
        "rows": [{"found": row, **words.summary(row.virement)} for row in selectors.proposals(fund, request.user)],
        "may_prepare": permissions.can(request.user, Permission.VIREMENT_PREPARE, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/recurrent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, pk: UUID, virement_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.proposal(fund, request.user, virement_pk)
    permissions.require(request.user, Permission.VIREMENT_PREPARE, organisation=fund.owner)
    data = request.POST if request.method == "POST" else None
    if data is None and found.answer is not None:
        messages.info(request, "It is answered already: what was made of it stands in the list.")
        return redirect("pooled_budgets:recurrent", fund.pk)
    form = RecurrentForm(data, found=found, lines=virement_rows.lines(fund, request.user))
    status = 200 if data is None else 400
    if data is not None and form.is_valid():
        try:
            said = _answer(request, form, fund.pk, virement_pk)
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, said)
            return redirect("pooled_budgets:recurrent", fund.pk)
    context = {"fund": fund, "form": form, **words.summary(found.virement)}
    return render(request, "pooled_budgets/recurrent_answer.html", context, status=status)


def _answer(request: SignedInRequest, form: RecurrentForm, fund_id: UUID, virement_id: UUID) -> str:
    given = form.cleaned_data
    about = {"fund_id": fund_id, "virement_id": virement_id, "reason": given["reason"]}
    if given["choice"] == CARRY:
        lines = {name: given[name] for name in ("from_line", "to_line", "amount")}
        services.carry(**about, **lines, by=request.user, at=timezone.now())
        return "A virement of this year is prepared. Another person has to approve it."
    services.leave(**about, by=request.user, at=timezone.now())
    return "This year's budgets stay as they are."
