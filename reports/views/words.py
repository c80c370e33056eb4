"""What to report on, and the words of a report that no figure gives."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from integration_hub.core.errors import HubError, Malformed
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from reports.forms import NewReportForm, WordsForms, problem_links
from reports.models import ReportBrief
from reports.selectors import reports as selectors
from reports.services import briefs
from reports.services import reports as report_service
from reports.services.briefs import WordsChanged, save


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose what to report on."""
    permissions.require_any(request.user, Permission.REPORT_REQUEST)
    funds = [fund for fund in selectors.reportable_funds(request.user) if selectors.may_ask(request.user, fund)]
    form = NewReportForm(request.POST if request.method == "POST" else None, funds=funds)
    if form.is_valid():
        fund = next(fund for fund in funds if str(fund.pk) == form.cleaned_data["fund"])
        brief = briefs.begin(
            board_id=str(fund.agreement.board_id),
            fund_id=fund.pk,
            period=selectors.quarter(fund.financial_year, form.cleaned_data["quarter"]),
            by=request.user,
            at=timezone.now(),
        )
        return redirect("reports:words", pk=brief.pk)
    context = {"form": form, "funds": funds}
    return render(request, "reports/new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The words of a report; saved, or saved and the report asked for."""
    brief = selectors.brief(request.user, pk)
    permissions.require(request.user, Permission.REPORT_REQUEST, organisation=brief.owner)
    parts = _parts(brief, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, brief, parts, seen=briefs.fingerprint(brief.content, brief.meeting_id))
    seen = request.POST.get("seen", "")
    if not parts.is_valid():
        return _page(request, brief, parts, seen=seen, status=400)
    try:
        saved = save(
            brief_id=pk,
            content=parts.words(),
            meeting=parts.meeting(),
            seen=seen,
            by=request.user,
            at=timezone.now(),
        )
    except WordsChanged as refusal:
        return _page(request, brief, parts, seen=refusal.seen, refusal=refusal, status=refusal.http_status)
    if "ask" not in request.POST:
        messages.success(request, "The words are saved.")
        return redirect("reports:words", pk=pk)
    try:
        report = report_service.queue(brief_id=pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        # The form starts again from what is kept now: it counts its rows by that, and holds what others saved.
        now = briefs.fingerprint(saved.content, saved.meeting_id)
        return _page(request, saved, _parts(saved), seen=now, refusal=refusal, saved=True, status=refusal.http_status)
    return redirect("reports:report", pk=report.pk)


def _parts(brief: ReportBrief, data: Mapping[str, Any] | None = None) -> WordsForms:
    return WordsForms(data, words=brief.content, meeting=brief.meeting_id, meetings=selectors.meetings_for_words(brief))


def _page(
    request: SignedInRequest,
    brief: ReportBrief,
    parts: WordsForms,
    *,
    seen: str,
    refusal: HubError | None = None,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    meeting = brief.meeting
    context: dict[str, Any] = {
        "brief": brief,
        "parts": parts,
        "seen": seen,
        "saved": saved,
        "publish_by": selectors.publish_by(meeting.held_on) if meeting else None,
    }
    if isinstance(refusal, Malformed):
        context["problems"] = problem_links(refusal.problems)
    elif refusal is not None:
        context["problems"] = [refusal.message]
    return render(request, "reports/words.html", context, status=status)
