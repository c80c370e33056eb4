"""Pages about boards and their meetings."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from governance.forms import MeetingForm, OutcomeForm
from governance.selectors import boards
from governance.services import meetings
from integration_hub.core.errors import HubError
from integration_hub.core.registry import board_panels
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """/boards/: the boards of the reader's partners, by area, as outlines."""
    return render(request, "governance/boards.html", {"structures": boards.structures(request.user)})


@require_safe
def board(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One board: parties, place in the structure, meetings, seats, and what upper apps add."""
    shown = boards.detail(request.user, pk)
    panels = [provider(request.user, shown.board) for provider in board_panels]
    may_call = any(
        permissions.can(request.user, Permission.MEETING_EDIT, organisation=link.organisation) for link in shown.parties
    )
    context = {"shown": shown, "panels": [panel for panel in panels if panel.links], "may_call": may_call}
    return render(request, "governance/board.html", context)


@require_http_methods(["GET", "POST"])
def meeting_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Add a meeting to a board."""
    shown = boards.get(request.user, pk)
    permissions.acting_for(request.user, Permission.MEETING_EDIT, among=boards.parties(shown))
    form = MeetingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                meetings.call(board_id=shown.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The meeting is entered.")
                return redirect("governance:board", pk=shown.pk)
    return render(request, "governance/meeting_new.html", {"board": shown, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def meeting_outcome(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record what came of the integration paper at a meeting."""
    meeting = boards.meeting(request.user, pk)
    permissions.acting_for(request.user, Permission.MEETING_EDIT, among=boards.parties(meeting.board))
    form = OutcomeForm(request.POST or None, initial={"outcome": meeting.outcome, "seen": meeting.outcome})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                meetings.record_outcome(meeting_id=pk, by=request.user, at=timezone.now(), **form.cleaned_data)
            except HubError as refusal:
                form = OutcomeForm({"outcome": form.cleaned_data["outcome"], "seen": meeting.outcome})
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The outcome is kept.")
                return redirect("governance:board", pk=meeting.board_id)
    return render(request, "governance/meeting_outcome.html", {"meeting": meeting, "form": form}, status=status)
