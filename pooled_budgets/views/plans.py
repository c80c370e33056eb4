"""The scheme plan as a file: template, upload, preview, correction, import and undoing."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.models import StagedImport
from integration_hub.core.quarters import Quarter
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.plan_sheet import outturn_label
from pooled_budgets.domain.words import moment
from pooled_budgets.forms import ConfirmForm, CorrectionForm, UploadForm
from pooled_budgets.models import Fund
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters import plan_words as words
from pooled_budgets.presenters.plan_files import PlanFile
from pooled_budgets.selectors import imports, positions
from pooled_budgets.services import plans
from pooled_budgets.views.common import load_fund, load_quarter

CSV = "text/csv; charset=utf-8"
UPLOADS = 10


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.PLAN_IMPORT)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    refusal: HubError | None = None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            staged = plans.stage(fund=fund, file=file, filename=file.name, by=request.user, at=timezone.now())
        except HubError as error:
            refusal = error
            form.add_error("file", error.message)
        else:
            return redirect("pooled_budgets:plan_import", fund.pk, staged.pk)
    status = refusal.http_status if refusal else 400 if form.errors else 200
    return render(request, "pooled_budgets/plan_upload.html", _upload_page(request, fund, form, refusal), status=status)


@require_safe
def template(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    period, _ = load_quarter(request, fund)
    position = positions.position(fund, period, request.user)
    file = plan_files.template(
        fund=fund.name,
        area=fund.agreement.area.name,
        quarter=Quarter(fund.year, period.number),
        lines=position.lines,
    )
    return _download(request, file)


@require_safe
def example(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    if not settings.DEMO or not plan_files.is_example_for(fund.agreement.area.name, fund.year):
        raise Http404("There is no example for this fund.")
    return _download(request, plan_files.example())


@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    preview = imports.preview(staged)
    if request.method != "POST":
        return _preview_page(request, fund, preview, CorrectionForm(problems=preview.correctable))
    form = CorrectionForm(request.POST, problems=preview.correctable)
    if not form.is_valid():
        return _preview_page(request, fund, preview, form, status=400)
    try:
        plans.correct(import_id=staged.pk, corrections=form.corrections, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _preview_page(request, fund, preview, form, refusal=refusal, status=refusal.http_status)
    return redirect("pooled_budgets:plan_import", fund.pk, staged.pk)


@require_POST
def confirm(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    form = ConfirmForm(request.POST)
    form.is_valid()
    try:
        plans.confirm(
            import_id=staged.pk,
            include_outturns=form.cleaned_data["include_outturns"],
            by=request.user,
            at=timezone.now(),
        )
    except HubError as refusal:
        return _refused(request, fund, staged, refusal)
    preview = imports.preview(staged)
    messages.success(request, f"The scheme plan is imported: {preview.summary}.")
    return redirect("pooled_budgets:fund", fund.pk)


@require_POST
def undo(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    try:
        plans.undo(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _refused(request, fund, staged, refusal)
    messages.success(request, f"The import of {staged.filename} is undone. The plan is what it was before.")
    return redirect("pooled_budgets:plan_import", fund.pk, staged.pk)


@require_POST
def discard(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    fund, staged = _load(request, pk, import_pk)
    try:
        plans.discard(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _refused(request, fund, staged, refusal)
    messages.success(request, f"{staged.filename} was put away. Nothing of it was imported.")
    return redirect("pooled_budgets:plan_upload", fund.pk)


def _load(request: SignedInRequest, pk: UUID, import_pk: UUID) -> tuple[Fund, StagedImport]:
    """The fund and its upload, or 404: only the partner that uploaded a sheet knows of it."""
    fund = load_fund(request, pk)
    staged = get_object_or_404(imports.plans_of(fund, request.user), pk=import_pk)
    return load_fund(request, pk, Permission.PLAN_IMPORT) if request.method == "POST" else fund, staged


def _download(request: SignedInRequest, file: PlanFile) -> HttpResponse:
    suffix, content_type, content = "xlsx", XLSX_CONTENT_TYPE, plan_files.workbook
    if request.GET.get("format") == "csv":
        suffix, content_type, content = "csv", CSV, plan_files.csv_file
    answer = HttpResponse(content(file), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{plan_files.download_name(file, suffix)}"'
    return answer


def _upload_page(request: SignedInRequest, fund: Fund, form: UploadForm, refusal: HubError | None) -> dict[str, object]:
    return {
        "fund": fund,
        "form": form,
        "refusal": words.refusal(refusal) if refusal else None,
        "uploads": words.uploads(imports.plans_of(fund, request.user)[:UPLOADS]),
        "can_import": permissions.can(request.user, Permission.PLAN_IMPORT, organisation=fund.owner),
        "has_example": settings.DEMO and plan_files.is_example_for(fund.agreement.area.name, fund.year),
    }


def _preview_page(
    request: SignedInRequest,
    fund: Fund,
    preview: imports.Preview,
    form: CorrectionForm,
    *,
    refusal: HubError | None = None,
    status: int = 200,
) -> HttpResponse:
    can_import = permissions.can(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)
    is_open = can_import and preview.is_open
    locks = imports.locks_on(fund, preview)
    context = {
        "fund": fund,
        "preview": preview,
        "staged": preview.staged,
        "rows": words.rows(preview),
        "ties": words.ties(preview, fund.total),
        "fate": words.fate(preview.staged),
        "uploaded": moment(preview.staged.uploaded_at),
        "refused_words": words.refused_words(preview),
        "outturn_heading": outturn_label(preview.sheet.quarter or 1),
        "form": form,
        "confirm_form": ConfirmForm(
            label=words.outturn_choice(preview), hint=words.outturn_hint(preview, str(fund.owner))
        ),
        "refusal": refusal,
        "summary_problems": [refusal.message] if refusal else [],
        "can_correct": is_open and bool(preview.problems),
        "locks": words.locks(locks, fund.name),
        "locked_words": words.locked_words(locks),
        "replaced": words.replaced(imports.replaced_before(fund, preview.staged)) if preview.is_open else "",
        "can_confirm": is_open and preview.is_ready and not locks.all,
        "can_renew": is_open and not preview.correctable,
        "can_discard": is_open,
        "can_undo": can_import and preview.is_confirmed,
    }
    return render(request, "pooled_budgets/plan_import.html", context, status=status)


def _refused(request: SignedInRequest, fund: Fund, staged: StagedImport, refusal: HubError) -> HttpResponse:
    preview = imports.preview(staged)
    form = CorrectionForm(problems=preview.correctable)
    return _preview_page(request, fund, preview, form, refusal=refusal, status=refusal.http_status)
