"""The official workbook of a return: the empty file, its cell map, and filling it in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bcf_metrics.forms_official import BlankForm, FillForm, LineForm, TakeOutForm
from bcf_metrics.presenters import official as presenter
from bcf_metrics.selectors import official as selectors
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.official import Standing
from bcf_metrics.selectors.returns import Standing as ReturnStanding
from bcf_metrics.services import official
from bcf_metrics.views.common import acting
from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest

FILLINGS = 20


@require_safe
def index(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """/returns/<id>/official/: the file, its map, what differs from last time, what was filled in."""
    return _index(request, _load(request, pk, Permission.RETURN_EXPORT))


@require_POST
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take in the empty official workbook."""
    held = _load(request, pk, Permission.RETURN_PREPARE)
    form = BlankForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, held, blank_form=form, status=400)
    file = form.cleaned_data["file"]
    try:
        kept = official.upload(return_id=pk, file=file, filename=file.name, by=request.user, at=timezone.now())
    except HubError as refusal:
        form.add_error("file", refusal.message)
        return _index(request, held, blank_form=form, status=refusal.http_status)
    messages.success(request, f"{kept.filename} is kept. Check the cell map before you fill it in.")
    return redirect("bcf_metrics:official", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Add a line to the cell map, or put one anew: ?line= names it."""
    held = _load(request, pk, Permission.RETURN_PREPARE)
    standing = selectors.of_return(held.quarterly_return, request.user)
    if standing is None:
        return redirect("bcf_metrics:official", pk)
    asked = request.POST.get("replaces", "") if request.method == "POST" else request.GET.get("line", "")
    chosen = next((entry for entry in standing.entries if entry.target == asked), None)
    form = LineForm(
        request.POST if request.method == "POST" else None,
        outlines=standing.outlines,
        targets=selectors.targets_of(held, request.user, on=timezone.localdate()),
        taken=[entry.target for entry in standing.entries],
        number=standing.map.number,
        line=chosen,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            official.change_map(
                return_id=pk,
                replaces=given["replaces"],
                entry=form.entry,
                seen=given["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except HubError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.http_status
        else:
            messages.success(request, "The cell map is saved.")
            return redirect("bcf_metrics:official", pk)
    elif request.method == "POST":
        status = 400
    context = {"return": held.quarterly_return, "form": form, "line": chosen}
    return render(request, "bcf_metrics/official_line.html", context, status=status)


@require_POST
def take_out(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a line out of the cell map."""
    held = _load(request, pk, Permission.RETURN_PREPARE)
    form = TakeOutForm(request.POST)
    if not form.is_valid():
        return _index(request, held, problems=["Load the page again, then take the line out."], status=400)
    given = form.cleaned_data
    try:
        official.change_map(
            return_id=pk,
            replaces=given["replaces"],
            entry=None,
            seen=given["seen"],
            by=request.user,
            at=timezone.now(),
        )
    except HubError as refusal:
        return _index(request, held, problems=[refusal.message], status=refusal.http_status)
    messages.success(request, "The line is taken out of the cell map.")
    return redirect("bcf_metrics:official", pk)


@require_POST
def fill(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Fill the workbook in, and go to the proof."""
    held = _load(request, pk, Permission.RETURN_EXPORT)
    form = FillForm(request.POST, versions=held.versions, current=held.current)
    if not form.is_valid():
        return _index(request, held, fill_form=form, status=400)
    try:
        kept = official.fill(return_id=pk, number=form.number, by=request.user, at=timezone.now())
    except official.MapRefused as refusal:
        return _index(request, held, problems=[refusal.message, *refusal.problems], status=refusal.http_status)
    except HubError as refusal:
        return _index(request, held, problems=[refusal.message], status=refusal.http_status)
    messages.success(request, "The official workbook is filled in.")
    return redirect("bcf_metrics:official_filled", pk, kept.pk)


@require_safe
def filled(request: SignedInRequest, pk: UUID, filling_pk: UUID) -> HttpResponse:
    """A workbook that was filled in: each cell written, and the proof that the rest is as it was."""
    held = _load(request, pk, Permission.RETURN_EXPORT)
    found = selectors.filling(held.quarterly_return, request.user, filling_pk)
    context = {
        "return": held.quarterly_return,
        "filling": found,
        "made_from": presenter.made_from(found),
        "proof": found.proof,
        "changed": presenter.changed_parts(found.proof),
    }
    return render(request, "bcf_metrics/official_filled.html", context)


@require_safe
def download(request: SignedInRequest, pk: UUID, filling_pk: UUID) -> HttpResponse:
    """The filled workbook itself."""
    held = _load(request, pk, Permission.RETURN_EXPORT)
    found = selectors.filling(held.quarterly_return, request.user, filling_pk, whole=True)
    answer = HttpResponse(bytes(found.content), content_type=XLSX_CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    return answer


def _load(request: SignedInRequest, pk: UUID, permission: Permission) -> ReturnStanding:
    """The return, for somebody who may do this for a party to it."""
    held = returns.get(request.user, pk)
    permissions.acting_for(request.user, permission, among=held.parties)
    return held


def _index(request: SignedInRequest, held: ReturnStanding, *, status: int = 200, **given: Any) -> HttpResponse:
    quarterly_return, user = held.quarterly_return, request.user
    standing = selectors.of_return(quarterly_return, user)
    context = {
        "return": quarterly_return,
        "held": held,
        "standing": standing,
        "blank_form": BlankForm(),
        "fill_form": FillForm(versions=held.versions, current=held.current),
        "can_prepare": bool(acting(user, Permission.RETURN_PREPARE, held)),
        "fillings": selectors.fillings(quarterly_return, user, limit=FILLINGS),
        "problems": [],
    }
    if standing is not None:
        context |= _about(held, standing, request)
    return render(request, "bcf_metrics/official.html", context | given, status=status)


def _about(held: ReturnStanding, standing: Standing, request: SignedInRequest) -> dict[str, Any]:
    differences = selectors.differences(standing, held.quarterly_return, request.user)
    rows = presenter.difference_rows(differences or [])
    targets = selectors.targets_of(held, request.user, on=timezone.localdate())
    return {
        "map_rows": presenter.map_rows(standing, targets),
        "is_compared": differences is not None,
        "used_differences": [row for row in rows if row.difference.used],
        "other_differences": [row for row in rows if not row.difference.used],
    }
