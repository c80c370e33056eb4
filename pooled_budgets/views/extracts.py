"""Ledger extracts: upload, preview, posting, taking back, and codes that have no line yet."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.models import StagedImport
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.words import count, moment
from pooled_budgets.forms_ledger import AssignForm, ExtractForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import extract_words, plan_words
from pooled_budgets.selectors import extracts, ledger
from pooled_budgets.services import extracts as services
from pooled_budgets.views.common import load_fund, refuse

UPLOADS = 20


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.FORECAST_RECORD)
    form = ExtractForm(request.POST, request.FILES) if request.method == "POST" else ExtractForm()
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and status == 200:
        file = form.cleaned_data["file"]
        given = {"file": file, "filename": file.name, "stated": form.stated}
        try:
            staged = services.stage(fund=fund, **given, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            return redirect("pooled_budgets:extract", fund.pk, staged.pk)
    page = {
        "fund": fund,
        "form": form,
        "uploads": plan_words.uploads(extracts.extracts_of(fund, request.user)[:UPLOADS]),
        "parked": extracts.parked(fund, request.user),
        "can_record": permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/extract_upload.html", page, status=status)


@require_safe
def extract(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    return _page(request, fund, staged)


@require_POST
def confirm(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    try:
        services.confirm(import_id=staged.pk, seen=request.POST.get("seen", ""), by=request.user, at=timezone.now())
    except HubError as refusal:
        return _page(request, fund, staged, refusal)
    messages.success(request, f"{staged.filename} is posted.")
    return redirect("pooled_budgets:extract", fund.pk, staged.pk)


@require_POST
def undo(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    try:
        services.undo(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _page(request, fund, staged, refusal)
    messages.success(request, f"{staged.filename} is taken back: each of its postings is reversed.")
    return redirect("pooled_budgets:extract", fund.pk, staged.pk)


@require_POST
def discard(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    try:
        services.discard(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _page(request, fund, staged, refusal)
    messages.success(request, f"{staged.filename} was put away. Nothing of it was posted.")
    return redirect("pooled_budgets:extracts", fund.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def parked(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    lines = ledger.lines(fund, request.user)
    form = AssignForm(request.POST if request.method == "POST" else None, lines=lines)
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and status == 200:
        given = {"code": form.cleaned_data["code"], "line_id": UUID(form.cleaned_data["line"])}
        try:
            posted = services.assign(fund=fund, **given, by=request.user, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{count(posted, 'row', 'rows')} of code {given['code']} posted.")
            return redirect("pooled_budgets:parked", fund.pk)
    codes = extracts.parked(fund, request.user)
    forms = [_form_of(form, place, code.code, lines) for place, code in enumerate(codes, 1)]
    rows = list(zip(codes, forms, strict=True))
    page = {"fund": fund, "form": form, "rows": rows, "summary": extracts.summary(codes)}
    return render(request, "pooled_budgets/parked.html", page, status=status)


def _form_of(sent: AssignForm, place: int, code: str, lines: list[ledger.LineChoice]) -> AssignForm:
    """The form of one code: that which was sent and came back, or a new one; ids differ from row to row.

    They name the row and not the code: a ledger's codes may hold any sign.
    """
    if sent.is_bound and sent.data.get("code") == code:
        return sent
    return AssignForm(lines=lines, initial={"code": code}, auto_id=f"id_%s_{place}")


def _load(request: SignedInRequest, pk: UUID, import_pk: UUID) -> tuple[Fund, StagedImport]:
    """The fund and its extract, or 404: only the partner that uploaded it knows of it."""
    fund = load_fund(request, pk)
    staged = get_object_or_404(extracts.extracts_of(fund, request.user), pk=import_pk)
    return load_fund(request, pk, Permission.FORECAST_RECORD) if request.method == "POST" else fund, staged


def _page(request: SignedInRequest, fund: Fund, staged: StagedImport, refusal: HubError | None = None) -> HttpResponse:
    preview = extracts.preview(staged, fund, request.user)
    may = permissions.can(request.user, Permission.FORECAST_RECORD, organisation=fund.owner)
    page = {
        "fund": fund,
        "staged": staged,
        "preview": preview,
        "uploaded": moment(staged.uploaded_at),
        "fate": extract_words.fate(staged),
        "refusal": refusal,
        "summary_problems": [refusal.message] if refusal else [],
        "more": staged.before["refused"] - len(preview.problems),
        "can_confirm": may and preview.is_ready,
        "can_discard": may and preview.is_open,
        "can_undo": may and preview.is_confirmed,
    }
    return render(request, "pooled_budgets/extract.html", page, status=refusal.http_status if refusal else 200)
