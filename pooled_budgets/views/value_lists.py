"""Funding streams, lists and published amounts by year: read by everybody, corrected by whoever keeps the register."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.quarters import FinancialYear
from partners import permissions
from partners.requests import SignedInRequest
from partners.selectors import keeping
from pooled_budgets.forms_contributions import SeenForm
from pooled_budgets.forms_value_lists import AllocationForm, RowForm, StreamForm
from pooled_budgets.selectors import value_lists as selectors
from pooled_budgets.services import value_lists as services

FIRST_YEAR, LAST_YEAR = 2014, 2030


@require_safe
def lists(request: SignedInRequest) -> HttpResponse:
    loaded = selectors.years()
    asked = request.GET.get("year", "")
    known = len(asked) == 4 and asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR
    year = int(asked) if known else next(iter(loaded), FIRST_YEAR)
    page = {
        "year": FinancialYear(year),
        "years": [FinancialYear(each) for each in sorted({*loaded, year}, reverse=True)],
        "streams": selectors.streams(year),
        "values": selectors.values(year),
        "allocations": selectors.allocations(year),
        "may_maintain": permissions.may_maintain(request.user),
    }
    return render(request, "pooled_budgets/lists.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def stream(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.every_stream(), pk=pk)
    permissions.require_maintenance(request.user)
    initial = {"name": found.name, "ring_fence": found.ring_fence, "source": found.source, "checked": found.checked}
    form = StreamForm(request.POST or None, shown={"name": found.name}, initial=initial)

    def save() -> int:
        services.correct_stream(stream_id=found.pk, **form.values, by=request.user, at=timezone.now())
        return found.financial_year

    return _answer(request, form, save, title="Correct a funding stream", year=found.financial_year)


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.every_value(), pk=pk)
    permissions.require_maintenance(request.user)
    initial = {"name": found.name, "source": found.source, "checked": found.checked}
    form = RowForm(request.POST or None, shown={"name": found.name}, initial=initial)

    def save() -> int:
        services.correct_value(value_id=found.pk, **form.values, by=request.user, at=timezone.now())
        return found.financial_year

    return _answer(request, form, save, title="Correct a value of a list", year=found.financial_year)


@require_http_methods(["GET", "HEAD", "POST"])
def allocation_new(request: SignedInRequest) -> HttpResponse:
    permissions.require_maintenance(request.user)
    form = AllocationForm(request.POST or None, shown={})
    areas = keeping.area_choices(request.user)
    form.offer([(str(key), name) for key, name in areas], list(range(LAST_YEAR, FIRST_YEAR - 1, -1)))

    def save() -> int:
        services.announce(area_id=UUID(form.cleaned_data["area"]), **form.values, by=request.user, at=timezone.now())
        return int(form.cleaned_data["financial_year"])

    return _answer(request, form, save, title="Enter a published amount", year=None)


def _answer(
    request: SignedInRequest, form: SeenForm, save: Callable[[], int], *, title: str, year: int | None
) -> HttpResponse:
    """The form, or what was typed saved and the way to the lists of the year."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                saved = save()
            except HubError as refusal:
                status = form.refuse(refusal)
            else:
                messages.success(request, "Saved.")
                return redirect(f"{reverse('pooled_budgets:lists')}?year={saved}")
    page: dict[str, Any] = {"form": form, "title": title, "year": FinancialYear(year) if year else None}
    return render(request, "pooled_budgets/list_form.html", page, status=status)
