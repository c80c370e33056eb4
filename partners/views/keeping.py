"""Pages on which operators keep the register: organisations, the areas that they serve, and footprints."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.forms import DayFilter
from partners.forms_keeping import EndForm, FootprintForm, KindForm, MoveForm, OrganisationForm, RenameForm, ServiceForm
from partners.models import User
from partners.requests import SignedInRequest
from partners.selectors import directory
from partners.selectors import keeping as selectors
from partners.services import keeping as services
from partners.views.register import answer

# Rules speak of the day on which something starts; of an entry itself it is the first day that there is.
FIRST_DAYS = {"starts_on": "valid_from"}
RENAMING = (
    "For a name that is new on paper alone. Where an order makes the change, an operator prepares a succession: the "
    "partner then agrees to it."
)
ENDING = (
    "For an organisation that nobody follows. Its codes, and the areas that it serves, end on the same day. What still "
    "has agreements, funds, boards or people ends by a succession, which says who takes them."
)
SERVING = "An organisation may serve several areas, and several organisations may serve one."
MOVING = "It takes everything with it that lies in it."
ENDING_FOOTPRINT = "What lies in it lies in no other from the day after, until it is moved."


@require_http_methods(["GET", "POST"])
def organisation_new(request: SignedInRequest) -> HttpResponse:
    """Enter an organisation."""
    permissions.require_maintenance(request.user)
    form = OrganisationForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = services.register(**form.cleaned_data, by=request.user, at=timezone.now())
            except HubError as refusal:
                status = _refuse(form, refusal)
            else:
                messages.success(request, f"{made} is in the register. Enter the areas that it serves.")
                return redirect("partners:organisation", pk=made.pk)
    return render(request, "partners/organisation_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def kind(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Correct of which kind an organisation is."""
    shown = directory.get(request.user, pk)
    permissions.require_maintenance(request.user)
    form = KindForm(request.POST or None, initial={"kind": shown.kind, "seen": shown.kind})

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.correct_kind(organisation_id=pk, **form.cleaned_data, by=by, at=at)

    return answer(request, form, save, title="Correct the kind", holder=shown, address="partners:organisation")


@require_http_methods(["GET", "POST"])
def rename(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter the name that an organisation has from a day on."""
    shown = directory.get(request.user, pk)
    permissions.require_maintenance(request.user)
    form = RenameForm(request.POST or None, initial={"seen": shown.name})

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.rename(organisation_id=pk, **form.cleaned_data, by=by, at=at)

    return answer(
        request, form, save, title="Enter a new name", holder=shown, address="partners:organisation", words=RENAMING
    )


@require_http_methods(["GET", "POST"])
def organisation_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter the last day of an organisation that nobody follows."""
    shown = directory.get(request.user, pk)
    permissions.require_maintenance(request.user)
    form = EndForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.end(organisation_id=pk, **form.cleaned_data, by=by, at=at)

    return answer(
        request, form, save, title="Enter the last day", holder=shown, address="partners:organisation", words=ENDING
    )


@require_http_methods(["GET", "POST"])
def service_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter an area that an organisation serves."""
    shown = directory.get(request.user, pk)
    permissions.require_maintenance(request.user)
    form = ServiceForm(request.POST or None, areas=selectors.area_choices(request.user))

    def save(form: forms.Form, by: User, at: datetime) -> None:
        typed = dict(form.cleaned_data)
        services.serve_area(organisation_id=pk, area_id=typed.pop("area"), **typed, by=by, at=at)

    return answer(
        request, form, save, title="Add an area served", holder=shown, address="partners:organisation", words=SERVING
    )


@require_http_methods(["GET", "POST"])
def service_end(request: SignedInRequest, pk: UUID, link: int) -> HttpResponse:
    """Enter the last day on which an organisation serves an area."""
    shown = selectors.service(request.user, pk, link)
    permissions.require_maintenance(request.user)
    form = EndForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.end_service(organisation_id=pk, link_id=link, **form.cleaned_data, by=by, at=at)

    title = f"End serving {shown.area}"
    return answer(request, form, save, title=title, holder=shown.organisation, address="partners:organisation")


@require_safe
def footprint(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One footprint: where it lies, what lies in it on a day, and the areas that it covers."""
    form = DayFilter(request.GET)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    shown = selectors.footprint_detail(request.user, pk, on=on)
    context = {"form": form, "on": on, "shown": shown, "may_keep": permissions.may_maintain(request.user)}
    return render(request, "partners/footprint_page.html", context, status=200 if form.is_valid() else 400)


@require_http_methods(["GET", "POST"])
def footprint_new(request: SignedInRequest) -> HttpResponse:
    """Enter a footprint."""
    permissions.require_maintenance(request.user)
    form = FootprintForm(request.POST or None, footprints=selectors.footprint_choices(request.user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            typed: dict[str, Any] = dict(form.cleaned_data)
            try:
                made = services.register_footprint(
                    parent_id=typed.pop("parent"), **typed, by=request.user, at=timezone.now()
                )
            except HubError as refusal:
                status = _refuse(form, refusal)
            else:
                messages.success(request, f"{made} is in the register.")
                return redirect("partners:footprint", pk=made.pk)
    return render(request, "partners/footprint_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def footprint_move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter where a footprint lies from a day on."""
    shown = selectors.footprint(request.user, pk)
    permissions.require_maintenance(request.user)
    choices = selectors.footprint_choices(request.user, holding=shown.kind)
    form = MoveForm(request.POST or None, footprints=choices)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        typed = dict(form.cleaned_data)
        services.move_footprint(footprint_id=pk, parent_id=typed.pop("parent"), **typed, by=by, at=at)

    return answer(
        request, form, save, title="Move the footprint", holder=shown, address="partners:footprint", words=MOVING
    )


@require_http_methods(["GET", "POST"])
def footprint_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter the last day of a footprint."""
    shown = selectors.footprint(request.user, pk)
    permissions.require_maintenance(request.user)
    form = EndForm(request.POST or None)

    def save(form: forms.Form, by: User, at: datetime) -> None:
        services.end_footprint(footprint_id=pk, **form.cleaned_data, by=by, at=at)

    return answer(
        request,
        form,
        save,
        title="Enter the last day",
        holder=shown,
        address="partners:footprint",
        words=ENDING_FOOTPRINT,
    )


def _refuse(form: forms.Form, refusal: HubError) -> int:
    """Put a refusal on the form, at its field; the status of the page."""
    field = FIRST_DAYS.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, refusal.message)
    return refusal.http_status
