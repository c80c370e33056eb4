"""The page of risks and next steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.selectors import boards
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from programme.forms import RiskForm, SeenForm, StepForm
from programme.selectors import register as selectors
from programme.services import register as services
from programme.services.register import RiskWords, StepWords


@require_safe
def programme(request: SignedInRequest) -> HttpResponse:
    """/programme/: risks and next steps by board."""
    return render(request, "programme/programme.html", {"registers": selectors.registers(request.user)})


@require_http_methods(["GET", "POST"])
def risk_new(request: SignedInRequest, board: UUID) -> HttpResponse:
    """Add a risk to a board."""
    shown = _board(request, board)
    return _answer(
        request,
        RiskForm(request.POST or None),
        save=lambda form, by, at: services.add_risk(board_id=shown.pk, words=RiskWords(**form.words()), by=by, at=at),
        title="Add a risk",
        board=shown,
    )


@require_http_methods(["GET", "POST"])
def step_new(request: SignedInRequest, board: UUID) -> HttpResponse:
    """Add a next step to a board."""
    shown = _board(request, board)
    return _answer(
        request,
        StepForm(request.POST or None),
        save=lambda form, by, at: services.add_step(board_id=shown.pk, words=StepWords(**form.words()), by=by, at=at),
        title="Add a next step",
        board=shown,
    )


@require_http_methods(["GET", "POST"])
def risk(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Change a risk."""
    row = selectors.risk(request.user, pk)
    permissions.require(request.user, Permission.RISK_RECORD, organisation=row.owner)
    return _answer(
        request,
        RiskForm(request.POST or None, initial=_initial(row, RiskForm)),
        save=lambda form, by, at: services.change_risk(
            risk_id=pk, words=RiskWords(**form.words()), seen=RiskWords(**form.seen()), by=by, at=at
        ),
        title="Change a risk",
        board=row.board,
    )


@require_http_methods(["GET", "POST"])
def step(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Change a next step."""
    row = selectors.step(request.user, pk)
    permissions.require(request.user, Permission.RISK_RECORD, organisation=row.owner)
    return _answer(
        request,
        StepForm(request.POST or None, initial=_initial(row, StepForm)),
        save=lambda form, by, at: services.change_step(
            step_id=pk, words=StepWords(**form.words()), seen=StepWords(**form.seen()), by=by, at=at
        ),
        title="Change a next step",
        board=row.board,
    )


@require_POST
def release(request: SignedInRequest, board: UUID) -> HttpResponse:
    """Release the partner's drafts of a board."""
    shown = _board(request, board)
    count = services.release(board_id=shown.pk, by=request.user, at=timezone.now())
    messages.success(
        request, f"{count} released to the partners of {shown}." if count else "There was no draft to release."
    )
    return redirect("programme:programme")


def _board(request: SignedInRequest, pk: UUID) -> Any:
    shown = boards.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RISK_RECORD, among=boards.parties(shown))
    return shown


def _initial(row: Any, form: type[SeenForm]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}


def _answer(
    request: SignedInRequest, form: SeenForm, *, save: Callable[..., Any], title: str, board: Any
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save(form, request.user, timezone.now())
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "Saved.")
                return redirect("programme:programme")
    return render(request, "programme/form.html", {"form": form, "title": title, "board": board}, status=status)
