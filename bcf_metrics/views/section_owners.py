"""Who prepares a section of a return, and a section said to be ready."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bcf_metrics.domain.sections import DAYS_BEFORE, default_due
from bcf_metrics.forms_sections import OwnerForm, ReadyForm
from bcf_metrics.models import ReturnSection
from bcf_metrics.selectors import returns as selectors
from bcf_metrics.selectors import sections
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import sections as services
from bcf_metrics.services.sections import Wish
from bcf_metrics.views.common import READING, acting
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.requests import SignedInRequest

Choices = dict[str, tuple[str, Organisation, User | None]]


@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: SignedInRequest, pk: UUID, tab: str) -> HttpResponse:
    """Choose who prepares a section, and until when."""
    held = selectors.get(request.user, pk)
    section = services.tab_of(held, tab)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    found = next(iter(sections.of_return(held, [section])))
    form = _form(request, held, found.row)
    status = 200
    if request.method not in READING and form.is_valid():
        partner, person = form.wanted()
        given = form.cleaned_data
        wish = Wish(partner, person, given["due_on"], given.get("after_return", False))
        try:
            services.assign(return_id=pk, tab=tab, wish=wish, seen=given["seen"], by=request.user, at=timezone.now())
        except HubError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.http_status
        else:
            messages.success(request, f"{section.title}: who prepares it is saved.")
            return redirect("bcf_metrics:return_detail", pk)
    elif request.method not in READING:
        status = 400
    context = {"held": held, "return": held.quarterly_return, "section": section, "form": form}
    return render(request, "bcf_metrics/section_owner.html", context, status=status)


@require_POST
def ready(request: SignedInRequest, pk: UUID, tab: str) -> HttpResponse:
    """Say that a section is ready."""
    held = selectors.get(request.user, pk)
    section = services.tab_of(held, tab)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    form = ReadyForm(request.POST)
    if not form.is_valid():
        return _refused(request, held, tab, "Load the section again, then say that it is ready.", 400)
    try:
        services.mark_ready(return_id=pk, tab=tab, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now())
    except HubError as refusal:
        words = refusal.message
        if refusal.who_can_lift and refusal.who_can_lift not in words:
            words = f"{words} Who can do it: {refusal.who_can_lift}."
        return _refused(request, selectors.get(request.user, pk), tab, words, refusal.http_status)
    messages.success(request, f"{section.title} is marked as ready.")
    return redirect("bcf_metrics:section", pk, tab)


def _refused(request: SignedInRequest, held: Standing, tab: str, words: str, status: int) -> HttpResponse:
    context = {"held": held, "return": held.quarterly_return, "section": services.tab_of(held, tab), "words": words}
    return render(request, "bcf_metrics/section_refused.html", context, status=status)


def _form(request: SignedInRequest, held: Standing, row: ReturnSection | None) -> OwnerForm:
    """The partners, and the people of those that the person acts for: each partner names its own."""
    choices: Choices = {str(party.pk): (party.name, party, None) for party in held.parties}
    for party in acting(request.user, Permission.RETURN_PREPARE, held):
        for person in sections.people(party):
            choices[f"{party.pk}:{person.pk}"] = (f"{person}, {party.name}", party, person)
    chosen = ""
    if row is not None:
        chosen = f"{row.owner_id}:{row.person_id}" if row.person_id else str(row.owner_id)
        choices.setdefault(
            chosen, (f"{row.person}, {row.owner}" if row.person else str(row.owner), row.owner, row.person)
        )
    initial = {"owner": chosen, "due_on": row.due_on if row else None, "seen": services.seen_of(row)}
    due_on = default_due(held.quarterly_return.due_on)
    default = (
        f"Left empty, it is {long_date(due_on)}: {DAYS_BEFORE} days before the return."
        if due_on
        else "The return has no day on which it is due."
    )
    data = request.POST if request.method == "POST" else None
    return OwnerForm(data, choices=choices, default=default, has_day=due_on is not None, initial=initial)
