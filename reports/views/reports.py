"""The list of reports, and one report: its progress, the report itself, its files, and what is done with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from governance.selectors import boards
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from reports import policies
from reports.forms import AttachForm
from reports.models import Report
from reports.presenters import document as layout
from reports.presenters import html
from reports.presenters.files import CONTENT_TYPES, answer
from reports.selectors import gather
from reports.selectors import reports as selectors
from reports.services import reports as service

PAGE = 50


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """/reports/: the reports that the reader may know of, the words still being written, and the dashboards."""
    page = Paginator(selectors.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    funds = selectors.reportable_funds(request.user)
    context = {
        "page": page,
        "rows": [(report, selectors.progress(report)) for report in page],
        "briefs": list(selectors.briefs(request.user)[:PAGE]),
        "may_ask": selectors.may_ask_any(request.user, funds),
        "boards": selectors.overseeing_boards(funds),
    }
    return render(request, "reports/reports.html", context)


@require_safe
def report(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A report: its progress while it is built, then the report itself, drawn from its snapshot alone."""
    shown = selectors.get(request.user, pk)
    progress = selectors.progress(shown)
    if request.headers.get("HX-Request"):
        if progress.is_finished:
            # The page has more to show now than the part that asked: it is loaded again as a whole.
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "reports/progress.html", {"report": shown, "progress": progress})
    context: dict[str, Any] = {
        "report": shown,
        "progress": progress,
        "may_ask": permissions.can(request.user, Permission.REPORT_REQUEST, organisation=shown.owner),
    }
    context["brief"] = selectors.brief_behind(shown, request.user) if context["may_ask"] else None
    if shown.snapshot is not None:
        context |= _ready(shown, shown.snapshot, may_ask=context["may_ask"])
    return render(request, "reports/report.html", context)


@require_safe
def document(request: SignedInRequest, pk: UUID, file_format: str) -> HttpResponse:
    """A file of the report, byte for byte as it was made."""
    return answer(selectors.document(request.user, pk, file_format=file_format))


@require_POST
def issue(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Issue a ready report to the board."""
    shown = _load(request, pk)
    return _done(
        request,
        pk,
        lambda at: service.issue(report_id=pk, by=request.user, at=at),
        f"Issued: the people of the partners to {shown.board} and its sitting members see it now.",
    )


@require_POST
def attach(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Attach a ready report to a meeting."""
    shown = _load(request, pk)
    meetings = boards.meetings_of(shown.board)
    form = AttachForm(request.POST, meetings=meetings)
    if not form.is_valid():
        messages.error(request, "Choose one of the board's meetings.")
        return redirect("reports:report", pk=pk)
    meeting = next(held for held in meetings if str(held.pk) == form.cleaned_data["meeting"])
    return _done(
        request,
        pk,
        lambda at: service.attach(report_id=pk, meeting_id=meeting.pk, by=request.user, at=at),
        f"Attached to the meeting on {meeting.held_on:%-d %B %Y}.",
    )


@require_POST
def try_again(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask again for a report that failed."""
    _load(request, pk)
    return _done(
        request,
        pk,
        lambda at: service.try_again(report_id=pk, by=request.user, at=at),
        "The report is asked for again.",
    )


def _load(request: SignedInRequest, pk: UUID) -> Report:
    """The report, or 404; 403 for a reader who may not make reports for its partner."""
    shown = selectors.get(request.user, pk)
    permissions.require(request.user, Permission.REPORT_REQUEST, organisation=shown.owner)
    return shown


def _ready(shown: Report, frozen: dict[str, Any], *, may_ask: bool) -> dict[str, Any]:
    context: dict[str, Any] = {
        "document": html.fragment(layout.build(frozen)),
        "formats": list(CONTENT_TYPES),
        "drafts": gather.drafts(frozen) if shown.released_at is None else [],
    }
    if may_ask:
        meetings = selectors.meetings_for_report(shown)
        dated = frozen["header"]["date"]
        chosen = shown.meeting_id or next((held.pk for held in meetings if held.held_on.isoformat() == dated), "")
        context["stays"] = policies.stays_with_its_meeting(shown)
        context["attach_form"] = AttachForm(initial={"meeting": str(chosen)}, meetings=meetings) if meetings else None
    return context


def _done(request: SignedInRequest, pk: UUID, act: Callable[[datetime], Report], words: str) -> HttpResponse:
    address = reverse("reports:report", args=[pk])
    try:
        act(timezone.now())
    except HubError as refusal:
        context = {"refusal": refusal, "back_url": address}
        return render(request, "409.html", context, status=refusal.http_status)
    messages.success(request, words)
    return redirect(address)
