"""Pages about quarterly reports: what to report on, its words, its progress, and the report itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.selectors import boards
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.permissions import Permission
from reports.forms import NewReportForm, WordsForms
from reports.presenters import document as layout
from reports.presenters import html
from reports.selectors import reports as selectors
from reports.services import briefs as brief_service
from reports.services import reports as report_service

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """/reports/: the reports that the reader may know of, and the words still being written."""
    rows = [(report, selectors.progress(report)) for report in selectors.visible_to(request.user)]
    funds = selectors.boards_with_funds(request.user)
    context = {
        "rows": rows,
        "briefs": selectors.briefs(request.user),
        "may_ask": report_service.may_ask_any(request.user, funds),
        "boards": selectors.overseeing_boards(funds),
    }
    return render(request, "reports/reports.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what to report on."""
    funds = [
        fund
        for fund in selectors.boards_with_funds(request.user)
        if report_service.may_ask(request.user, fund.agreement.board)
    ]
    permissions.require_any(request.user, Permission.REPORT_REQUEST)
    form = NewReportForm(request.POST or None, funds=funds)
    if request.method == "POST" and form.is_valid():
        fund = next(fund for fund in funds if str(fund.pk) == form.cleaned_data["fund"])
        brief = brief_service.begin(
            board_id=fund.agreement.board_id,
            fund_id=fund.pk,
            period=selectors.quarter(fund.financial_year, form.cleaned_data["quarter"]),
            by=request.user,
            at=timezone.now(),
        )
        return redirect("reports:words", pk=brief.pk)
    return render(request, "reports/new.html", {"form": form}, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words of a report; saved, or saved and the report asked for."""
    brief = selectors.brief(request.user, pk)
    permissions.require(request.user, Permission.REPORT_REQUEST, organisation=brief.owner)
    meetings = selectors.meetings_after(brief)
    parts = WordsForms(request.POST or None, words=brief.content, meeting=brief.meeting_id, meetings=meetings)
    problems: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST":
        status = 400
        if parts.is_valid():
            try:
                brief_service.save(
                    brief_id=pk,
                    content=parts.words(),
                    meeting=next((held for held in meetings if str(held.pk) == parts.meeting()), None),
                    seen=request.POST.get("seen", ""),
                    by=request.user,
                    at=timezone.now(),
                )
                if "ask" in request.POST:
                    report = report_service.queue(brief_id=pk, by=request.user, at=timezone.now())
                    return redirect("reports:report", pk=report.pk)
            except Malformed as refusal:
                problems = [(problem["field"], problem["message"]) for problem in refusal.problems]
            except HubError as refusal:
                problems = [("", refusal.message)]
                status = refusal.http_status
            else:
                messages.success(request, "The words are saved.")
                return redirect("reports:words", pk=pk)
    context = {
        "brief": brief,
        "parts": parts,
        "problems": problems,
        "seen": request.POST.get("seen") or brief_service.fingerprint(brief.content, brief.meeting_id),
        "publish_by": selectors.publish_by(brief.meeting.held_on) if brief.meeting else None,
    }
    return render(request, "reports/words.html", context, status=status)


@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A report: its progress while it is built, then the report itself, drawn from its snapshot alone."""
    shown = selectors.get(request.user, pk)
    progress = selectors.progress(shown)
    context = {
        "report": shown,
        "progress": progress,
        "may_ask": permissions.can(request.user, Permission.REPORT_REQUEST, organisation=shown.owner),
    }
    if request.headers.get("HX-Request") and not progress.finished:
        return render(request, "reports/progress.html", context)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    if progress.status == selectors.READY:
        drawn = layout.build(shown.snapshot)
        context |= {"document": html.fragment(drawn), "meetings": boards.meetings_of(shown.board)}
    return render(request, "reports/report.html", context)


@require_safe
def document(request: HttpRequest, pk: UUID, file_format: str) -> HttpResponse:
    """A file of the report, byte for byte as it was made."""
    if file_format not in CONTENT_TYPES:
        raise Http404
    found = selectors.document(request.user, pk, file_format=file_format)
    title = f"{found.report.board.name} {found.report.period.label} version {found.report.version}"
    answer = HttpResponse(bytes(found.content), content_type=CONTENT_TYPES[file_format])
    answer["Content-Disposition"] = f'attachment; filename="{download_name(title, file_format)}"'
    answer["ETag"] = f'"{found.sha256}"'
    return answer


@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a ready report to the board."""
    shown = selectors.get(request.user, pk)
    return _done(
        request,
        pk,
        lambda: report_service.issue(report_id=pk, by=request.user, at=timezone.now()),
        f"Issued: the people of {shown.board}'s partners and its sitting members see it now.",
    )


@require_POST
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Attach a ready report to a meeting."""
    shown = selectors.get(request.user, pk)
    meeting = next(
        (held for held in boards.meetings_of(shown.board) if str(held.pk) == request.POST.get("meeting")), None
    )
    if meeting is None:
        messages.error(request, "Choose one of the board's meetings.")
        return redirect("reports:report", pk=pk)
    return _done(
        request,
        pk,
        lambda: report_service.attach(report_id=pk, meeting_id=meeting.pk, by=request.user, at=timezone.now()),
        f"Attached to the meeting on {meeting.held_on:%-d %B %Y}.",
    )


@require_POST
def try_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask again for a report that failed."""
    selectors.get(request.user, pk)
    return _done(
        request,
        pk,
        lambda: report_service.try_again(report_id=pk, by=request.user, at=timezone.now()),
        "Asked for again.",
    )


def _done(request: HttpRequest, pk: UUID, act, words: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    try:
        act()
    except HubError as refusal:
        context = {"refusal": refusal, "back_url": f"/reports/{pk}/"}
        return render(request, "409.html", context, status=refusal.http_status)
    messages.success(request, words)
    return redirect("reports:report", pk=pk)
