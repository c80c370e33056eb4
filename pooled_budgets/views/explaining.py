"""Explain this number: the steps of a figure of a fund, as known now or on a past day."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.requests import SignedInRequest
from pooled_budgets.domain import explaining
from pooled_budgets.forms_explaining import AsKnownForm
from pooled_budgets.presenters import explaining as words
from pooled_budgets.presenters.explaining import Asked
from pooled_budgets.selectors import known as selectors
from pooled_budgets.views.common import load_fund, load_quarter


@require_safe
def number(request: SignedInRequest, pk: UUID, figure: str) -> HttpResponse:
    fund = load_fund(request, pk)
    if figure not in explaining.FIGURES:
        raise Http404("There is no such figure.")
    period, _ = load_quarter(request, fund)
    form = AsKnownForm({"of": request.GET.get("of", ""), **request.GET.dict()})
    form.is_valid()
    given = form.cleaned_data
    asked = Asked(fund, period, figure, given.get("of", ""), given.get("on"), given.get("month"))
    now = selectors.known(fund, period, request.user)
    told_now = words.tell(asked, now, request.user) if now else None
    then = selectors.known(fund, period, request.user, on=asked.on) if asked.on else now
    told = words.tell(asked, then, request.user) if then else None
    if told is None and (told_now is None or asked.on is None):
        raise Http404("There is no such figure.")
    context = {
        "fund": fund,
        "period": period,
        "asked": asked,
        "form": form,
        "told": told,
        "title": (told or told_now or words.NOTHING).explanation.title,
        "rows": words.rows(asked, told.explanation.steps) if told else [],
        "inputs": words.rows(asked, told.inputs) if told else [],
        "groups": words.groups(asked, told.groups) if told else [],
        "closings": selectors.closings(
            fund, request.user, until=period.ends_on, moment=then.moment if then else timezone.now()
        ),
        "changes": explaining.changes(told.explanation, told_now.explanation) if asked.on and told and told_now else [],
        "now": told_now,
        "now_url": asked.address(on=""),
    }
    return render(request, "pooled_budgets/number.html", context, status=400 if form.errors else 200)
