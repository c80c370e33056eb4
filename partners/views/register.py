"""Pages of the register: areas, footprints, and corrections by those who may make them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.registry import area_panels
from partners import permissions
from partners.forms import (
    AreaCodeForm,
    AreaFilter,
    CodeCheckForm,
    CodeEndForm,
    DayFilter,
    NoteForm,
    OrganisationCodeForm,
)
from partners.models import User
from partners.presenters import register as words
from partners.requests import SignedInRequest
from partners.selectors import areas as area_selectors
from partners.selectors import directory
from partners.selectors import footprints as footprint_selectors
from partners.services import register as services

PAGE_SIZE = 50
TREES = 10


@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """/partners/areas/: the areas with who serves them on a day."""
    form = AreaFilter(request.GET)
    wanted = dict(form.cleaned_data) if form.is_valid() else {}
    on = wanted.pop("on", None) or timezone.localdate()
    page = Paginator(area_selectors.rows(request.user, on=on, **wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "on": on, "narrowed": any(wanted.values())}
    return render(request, "partners/areas.html", context, status=200 if form.is_valid() else 400)


@require_safe
def area(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One area as on a day, and what the apps above say of it to the reader."""
    form, on = _day(request)
    shown = area_selectors.detail(request.user, pk, on=on)
    panels = [provider(request.user, shown.area) for provider in area_panels]
    context = {
        "form": form,
        "on": on,
        "shown": shown,
        "codes": words.codes(shown.codes),
        "panels": [panel for panel in panels if panel.links],
        "may_correct": permissions.may_maintain(request.user),
    }
    return render(request, "partners/area.html", context, status=200 if form.is_valid() else 400)


@require_safe
def footprints(request: SignedInRequest) -> HttpResponse:
    """/partners/footprints/: what lies in what on a day."""
    form, on = _day(request)
    forest = footprint_selectors.on_day(request.user, on)
    page = Paginator(forest.roots, TREES).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "on": on,
        "page": page,
        "trees": footprint_selectors.trees(forest, list(page.object_list), on),
    }
    context["may_keep"] = permissions.may_maintain(request.user)
    return render(request, "partners/footprints.html", context, status=200 if form.is_valid() else 400)


@require_http_methods(["GET", "POST"])
def note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Correct what the register notes of an organisation."""
    shown = directory.get(request.user, pk)
    permissions.require_correction(request.user, organisation=shown)
    form = NoteForm(request.POST or None, initial={"note": shown.note, "seen_note": shown.note})

    def save(form: forms.Form, by: User, at: datetime) -> None:
        typed = form.cleaned_data
        services.correct_note(
            organisation_id=pk, note=typed["note"], seen=typed["seen_note"], reason=typed["reason"], by=by, at=at
        )

    return answer(request, form, save, title="Correct the note", holder=shown, address="partners:organisation")


@require_http_methods(["GET", "POST"])
def code_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give an organisation a code."""
    shown = directory.get(request.user, pk)
    permissions.require_correction(request.user, organisation=shown)
    form = OrganisationCodeForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.add_code(organisation_id=pk, **_code(form), by=by, at=at)

    return answer(request, form, save, title="Add an official code", holder=shown, address="partners:organisation")


@require_http_methods(["GET", "POST"])
def code_end(request: SignedInRequest, pk: UUID, code: UUID) -> HttpResponse:
    """End a code of an organisation."""
    shown = directory.code(request.user, pk, code)
    permissions.require_correction(request.user, organisation=shown.organisation)
    form = CodeEndForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.end_code(organisation_id=pk, code_id=code, **form.cleaned_data, by=by, at=at)

    return answer(request, form, save, title=f"End {shown}", holder=shown.organisation, address="partners:organisation")


@require_http_methods(["GET", "POST"])
def code_check(request: SignedInRequest, pk: UUID, code: UUID) -> HttpResponse:
    """Say where a code of an organisation was read."""
    shown = directory.code(request.user, pk, code)
    permissions.require_correction(request.user, organisation=shown.organisation)
    form = CodeCheckForm(request.POST or None, initial={"source": shown.source})

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.check_code(organisation_id=pk, code_id=code, **form.cleaned_data, by=by, at=at)

    return answer(
        request, form, save, title=f"Check {shown}", holder=shown.organisation, address="partners:organisation"
    )


@require_http_methods(["GET", "POST"])
def area_code_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give an area the ONS code that it has from a day on."""
    shown = area_selectors.get(request.user, pk)
    permissions.require_maintenance(request.user)
    form = AreaCodeForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.add_area_code(area_id=pk, **_code(form), by=by, at=at)

    return answer(request, form, save, title="Enter a new ONS code", holder=shown, address="partners:area")


def _code(form: forms.Form) -> dict[str, Any]:
    typed = dict(form.cleaned_data)
    typed["valid_from"] = typed.pop("starts_on")
    return typed


def _day(request: SignedInRequest) -> tuple[DayFilter, date]:
    form = DayFilter(request.GET)
    chosen: date | None = form.cleaned_data["on"] if form.is_valid() else None
    return form, chosen or timezone.localdate()


def answer(
    request: SignedInRequest,
    form: forms.Form,
    save: Callable[[forms.Form, User, datetime], None],
    *,
    title: str,
    holder: Any,
    address: str,
    words: str = "",
) -> HttpResponse:
    """The form, or what was typed saved and the way back to the page of the organisation, area or footprint."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save(form, request.user, timezone.now())
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "Saved.")
                return redirect(address, pk=holder.pk)
    context = {"form": form, "title": title, "holder": holder, "address": address, "words": words}
    return render(request, "partners/correction.html", context, status=status)
