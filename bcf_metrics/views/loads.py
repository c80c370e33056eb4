"""A return's workbook loaded back: download, upload, preview, taking over, undoing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bcf_metrics import policies_loads
from bcf_metrics.domain.figure_sheet import HEADINGS
from bcf_metrics.forms_loads import FigureFileForm, LoadForm
from bcf_metrics.presenters import figure_files as files
from bcf_metrics.presenters import loads as words
from bcf_metrics.presenters import pages
from bcf_metrics.selectors import loads as selectors
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import figure_files, loads
from bcf_metrics.views.common import READING, acting, may_export
from integration_hub.core.errors import HubError
from integration_hub.core.models import StagedImport
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.words import moment

CSV = "text/csv; charset=utf-8"
UPLOADS = 10


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """/returns/<id>/load/: how it is done, the upload, and the uploads so far."""
    held = _load(request, pk)
    if request.method in READING:
        return _upload_page(request, held, LoadForm())
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, held, form, status=400)
    file = form.cleaned_data["file"]
    try:
        staged = loads.stage(return_id=pk, file=file, filename=file.name, by=request.user, at=timezone.now())
    except HubError as refusal:
        form.add_error("file", refusal.message)
        return _upload_page(request, held, form, status=refusal.http_status)
    return redirect("bcf_metrics:load_preview", pk, staged.pk)


@require_safe
def preview(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    """What an upload would change, and what of it is not taken."""
    held, staged = _staged(request, pk, import_pk)
    return _preview_page(request, held, staged)


@require_POST
def confirm(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    """Take over what the preview showed."""
    held, staged = _staged(request, pk, import_pk)
    try:
        confirming = figure_files.confirm if staged.kind == selectors.FIGURES else loads.confirm
        done = confirming(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _preview_page(request, held, staged, refusal)
    messages.success(request, f"{done.filename} is taken over: {words.summary(selectors.preview(done))}.")
    return redirect("bcf_metrics:grid" if done.kind == selectors.FIGURES else "bcf_metrics:return_detail", pk)


@require_POST
def undo(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    """Bring back what the file changed."""
    held, staged = _staged(request, pk, import_pk)
    try:
        loads.undo(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _preview_page(request, held, staged, refusal)
    messages.success(request, f"{staged.filename} is undone: its answers are what they were before.")
    return redirect("bcf_metrics:load_preview", pk, import_pk)


@require_POST
def discard(request: SignedInRequest, pk: UUID, import_pk: UUID) -> HttpResponse:
    """Put an upload away."""
    held, staged = _staged(request, pk, import_pk)
    try:
        loads.discard(import_id=staged.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _preview_page(request, held, staged, refusal)
    messages.success(request, f"{staged.filename} was put away. Nothing of it was taken over.")
    return redirect("bcf_metrics:figure_file" if staged.kind == selectors.FIGURES else "bcf_metrics:load", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def figure_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """/returns/<id>/grid/file/: the quarter's metric figures from a file."""
    held = returns.get(request.user, pk)
    figure_files.rows_of(held, request.user)
    if request.method in READING:
        return _figures_page(request, held, FigureFileForm())
    form = FigureFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _figures_page(request, held, form, status=400)
    file = form.cleaned_data["file"]
    try:
        staged = figure_files.stage(return_id=pk, file=file, filename=file.name, by=request.user, at=timezone.now())
    except HubError as refusal:
        form.add_error("file", refusal.message)
        return _figures_page(request, held, form, status=refusal.http_status)
    return redirect("bcf_metrics:load_preview", pk, staged.pk)


@require_safe
def figure_template(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The figures as they stand, in a file to fill in; ?format=csv."""
    held = returns.get(request.user, pk)
    _, rows = figure_files.rows_of(held, request.user)
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    made = files.template(held.quarterly_return, rows, kind=kind)
    answer = HttpResponse(made.content, content_type=CSV if kind == "csv" else XLSX_CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return answer


def _load(request: SignedInRequest, pk: UUID) -> Standing:
    """The return, for somebody who may prepare it for a party."""
    held = returns.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    return held


def _staged(request: SignedInRequest, pk: UUID, import_pk: UUID) -> tuple[Standing, StagedImport]:
    """The return and the upload, or 404: only the partner that uploaded a file knows of it."""
    held = returns.get(request.user, pk)
    staged = get_object_or_404(selectors.of_return(held.quarterly_return, request.user), pk=import_pk)
    permissions.acting_for(request.user, selectors.PERMISSIONS[staged.kind], among=held.parties)
    return held, staged


def _upload_page(request: SignedInRequest, held: Standing, form: LoadForm, *, status: int = 200) -> HttpResponse:
    found = selectors.of_return(held.quarterly_return, request.user, kind=selectors.RETURN)[:UPLOADS]
    context = {
        "return": held.quarterly_return,
        "held": held,
        "form": form,
        "lock": pages.lock(held),
        "can_export": may_export(request.user, held),
        "uploads": words.uploads(found),
    }
    return render(request, "bcf_metrics/load.html", context, status=status)


def _figures_page(request: SignedInRequest, held: Standing, form: FigureFileForm, *, status: int = 200) -> HttpResponse:
    found = selectors.of_return(held.quarterly_return, request.user, kind=selectors.FIGURES)[:UPLOADS]
    context = {
        "return": held.quarterly_return,
        "form": form,
        "lock": pages.lock(held),
        "uploads": words.uploads(found),
        "about": files.about(held.quarterly_return).rows,
        "headings": HEADINGS,
    }
    return render(request, "bcf_metrics/figure_file.html", context, status=status)


def _preview_page(
    request: SignedInRequest, held: Standing, staged: StagedImport, refusal: HubError | None = None
) -> HttpResponse:
    found = selectors.preview(staged)
    is_open = bool(acting(request.user, selectors.PERMISSIONS[staged.kind], held)) and not held.is_frozen
    context = {
        "return": held.quarterly_return,
        "held": held,
        "staged": staged,
        "preview": found,
        "left": words.left(found),
        "summary": words.summary(found),
        "fate": policies_loads.fate(staged),
        "uploaded": moment(staged.uploaded_at),
        "lock": pages.lock(held),
        "problems": [refusal.message] if refusal else [],
        "can_confirm": is_open and found.is_ready,
        "can_discard": is_open and found.is_open,
        "can_undo": is_open and found.is_confirmed and staged.kind == selectors.RETURN,
        "is_figures": staged.kind == selectors.FIGURES,
    }
    return render(request, "bcf_metrics/load_preview.html", context, status=refusal.http_status if refusal else 200)
