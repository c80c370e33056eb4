"""Looking as a role or a person of one's own partner."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from integration_hub.core.errors import HubError
from partners import permissions
from partners.domain.roles import Permission, Role
from partners.forms import ViewAsForm
from partners.requests import person_of
from partners.selectors import directory, viewing
from partners.services import viewing as service


@never_cache
@require_http_methods(["GET", "POST"])
def view_as(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose as whom to look; from then on every page is what that role or person sees, and nothing can be changed."""
    shown = directory.get(person_of(request), pk)
    permissions.require(person_of(request), Permission.MEMBERSHIP_GRANT, organisation=shown)
    people = [(str(person.pk), str(person)) for person in viewing.people(shown)]
    form, status = ViewAsForm(request.POST or None, people=people), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            role, person = form.cleaned_data["role"], form.cleaned_data["person"]
            try:
                chosen = service.begin(
                    organisation_id=pk,
                    role=Role(role) if role else None,
                    person_id=person or None,
                    by=person_of(request),
                    at=timezone.now(),
                )
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                request.session[viewing.KEY] = chosen
                return redirect("home")
    return render(request, "partners/view_as.html", {"organisation": shown, "form": form}, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    chosen = request.session.pop(viewing.KEY, None)
    if chosen is None:
        return redirect("home")
    service.end(organisation_id=chosen["organisation"], by=person_of(request), at=timezone.now())
    messages.success(request, "You see the pages as yourself again.")
    return redirect("partners:organisation", chosen["organisation"])
