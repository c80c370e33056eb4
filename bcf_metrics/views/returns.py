"""The list of returns, and one return: its checklist, signatures, history, and the acts on it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from bcf_metrics.domain import content as contents
from bcf_metrics.domain.status import ReturnStatus
from bcf_metrics.forms import OpenForm, SendForm
from bcf_metrics.presenters import pages, sections
from bcf_metrics.selectors import content, policy, submissions
from bcf_metrics.selectors import returns as selectors
from bcf_metrics.selectors import sections as section_selectors
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import amendments, returns
from bcf_metrics.views.common import acting, may_export, shown
from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.selectors import funds, periods

PAGE = 50


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """/returns/: the returns that the reader may see, and the funds that can open one."""
    return _index(request)


@require_POST
def open(request: SignedInRequest) -> HttpResponse:
    """Open the return of a fund's quarter."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _index(request, problems=[str(words) for found in form.errors.values() for words in found], status=400)
    fund = get_object_or_404(funds.funds(request.user), pk=form.cleaned_data["fund"])
    period = get_object_or_404(periods.quarters(fund), number=form.cleaned_data["quarter"])
    try:
        opened = returns.open(fund=fund, period=period, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _index(request, problems=[refusal.message], status=refusal.http_status)
    messages.success(request, f"The return of {period.label} is open.")
    return redirect("bcf_metrics:return_detail", opened.pk)


@require_safe
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One return: checklist, what was found, signatures, lock, timeline."""
    return _detail(request, selectors.get(request.user, pk))


@require_POST
def send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send the return for sign-off."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _detail(request, held, problems=["Load the page again, then send the return."], status=400)
    try:
        version = returns.send_for_sign_off(
            return_id=pk, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )
    except HubError as refusal:
        return _detail(request, selectors.get(request.user, pk), problems=[refusal.message], status=refusal.http_status)
    messages.success(request, f"Version {version.number} is with the approvers of {pages.party_words(held.parties)}.")
    return redirect("bcf_metrics:return_detail", pk)


@require_POST
def ready(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Mark the return as ready, for somebody else to send for sign-off."""
    held = selectors.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    try:
        amendments.mark_ready(return_id=pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _detail(request, selectors.get(request.user, pk), problems=[refusal.message], status=refusal.http_status)
    messages.success(request, "The return is marked as ready for sign-off.")
    return redirect("bcf_metrics:return_detail", pk)


@require_safe
def version(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """A frozen version as it was sent, with its signatures; one that was sent back stays readable."""
    held = selectors.get(request.user, pk)
    found = selectors.content_of(held.version(number))
    draft = content.frozen(held.quarterly_return, found)
    return render(
        request,
        "bcf_metrics/version.html",
        {
            "held": held,
            "return": held.quarterly_return,
            "version": found,
            "version_words": f"Version {number}",
            "in_force": held.current is not None and held.current.number == number,
            "signatures": pages.signatures(held, found),
            "sections": [
                (tab, pages.blocks(draft.template, tab, draft.cells_of(tab.code)))
                for tab in draft.template.asked(draft.content["period"]["financial_year"])
                if tab.kind != "checklist"
            ],
            "can_export": may_export(request.user, held),
        },
    )


@require_GET
def export(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The return as a workbook; ?version= asks for one of its versions."""
    asked = request.GET.get("version", "")
    held = selectors.get(request.user, pk)
    if request.META["REQUEST_METHOD"] != "GET":
        # core's middleware asks whether there is something to read here; nobody gets a file, and no line is written.
        return HttpResponse()
    number = held.version(int(asked) if asked.isascii() and asked.isdigit() else 0).number if asked else None
    made = returns.export(return_id=pk, number=number, by=request.user, at=timezone.now())
    answer = HttpResponse(made.content, content_type=XLSX_CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return answer


def _index(request: SignedInRequest, *, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
    page = Paginator(selectors.listed(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "return": held.quarterly_return,
            "tone": pages.tone(held.quarterly_return),
            "waiting": pages.waiting(held),
            "due": pages.due(held.quarterly_return),
        }
        for held in selectors.rows(list(page.object_list))
    ]
    context = {"page": page, "rows": rows, "openable": selectors.openable(request.user), "problems": problems or []}
    return render(request, "bcf_metrics/returns.html", context, status=status)


def _detail(
    request: SignedInRequest, held: Standing, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    quarterly_return, draft = held.quarterly_return, shown(request, held)
    assigned = section_selectors.of_return(held, section_selectors.tabs_of(quarterly_return), draft)
    newest, in_force = held.newest, held.current or held.amended
    can_prepare = bool(acting(request.user, Permission.RETURN_PREPARE, held))
    can_sign = bool(acting(request.user, Permission.RETURN_SIGN, held))
    return render(
        request,
        "bcf_metrics/return_detail.html",
        {
            "return": quarterly_return,
            "held": held,
            "problems": problems or [],
            "tone": pages.tone(quarterly_return),
            "waiting": pages.waiting(held),
            "due": pages.due(quarterly_return),
            "draft": draft,
            "sections": sections.rows(held, assigned, on=timezone.localdate()),
            "ready_no_more": section_selectors.is_ready_no_more(held, draft),
            "sheets": pages.checklist(draft, quarterly_return),
            "findings": pages.findings(draft, quarterly_return),
            "signatures": pages.signatures(held, in_force) if in_force else [],
            "lock": pages.lock(held),
            "timeline": pages.timeline(held.events, {tab.code: tab.title for tab in draft.template.tabs}),
            "earlier": [found for found in held.versions if found != held.current],
            "send_form": SendForm(initial={"seen": contents.digest(draft.content)}),
            "can_send": can_prepare
            and not held.is_frozen
            and draft.completion.complete
            and draft.completion.can_submit,
            "can_prepare": can_prepare and not held.is_frozen,
            "is_behind": can_prepare and not held.is_frozen and policy.is_behind(quarterly_return),
            "can_sign": can_sign and bool(held.unsigned),
            "can_send_back": can_sign and held.is_frozen and quarterly_return.status != ReturnStatus.ACCEPTED,
            "can_amend": can_prepare and held.is_frozen and quarterly_return.status != ReturnStatus.ACCEPTED,
            "amended": held.amended,
            "can_submit": quarterly_return.status == ReturnStatus.SIGNED
            and bool(acting(request.user, Permission.RETURN_SUBMIT, held)),
            "can_ratify": quarterly_return.status == ReturnStatus.NOT_YET_RATIFIED
            and bool(acting(request.user, Permission.DECISION_RECORD, held)),
            "can_accept": quarterly_return.status in (ReturnStatus.SUBMITTED, ReturnStatus.RESUBMITTED)
            and bool(acting(request.user, Permission.RETURN_SUBMIT, held)),
            "can_restate": quarterly_return.status == ReturnStatus.ACCEPTED
            and bool(acting(request.user, Permission.RETURN_SUBMIT, held)),
            "submissions": submissions.of_return(quarterly_return) if pages.was_submitted(held) else [],
            "overdue": pages.is_overdue(quarterly_return, timezone.localdate()),
            "can_export": may_export(request.user, held),
            "can_fill": bool(acting(request.user, Permission.RETURN_EXPORT, held)),
            "is_preparer": held.is_preparer(request.user),
            "newest": newest,
        },
        status=status,
    )
