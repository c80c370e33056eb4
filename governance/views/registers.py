"""Pages of the registers: a board's decisions and delegations, new ones, and their end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from governance.forms_registers import DecisionForm, DelegationForm, EndingForm, RegisterFilter
from governance.selectors import authority as selectors
from governance.selectors import boards, movements
from governance.services import decisions as decision_services
from governance.services import delegations as delegation_services
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest

PAGE = 50


@require_safe
def decisions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The register of a board's decisions."""
    board = boards.get(request.user, pk)
    form = RegisterFilter(request.GET)
    rows = selectors.decisions(request.user).filter(board=board)
    page = Paginator(_filtered(rows, form), PAGE).get_page(request.GET.get("page"))
    may = _may(request, Permission.DECISION_RECORD, board)
    return render(request, "governance/decisions.html", {"board": board, "form": form, "page": page, "may": may})


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record a decision."""
    board = boards.get(request.user, pk)
    permissions.acting_for(request.user, Permission.DECISION_RECORD, among=boards.parties(board))
    form = DecisionForm(request.POST if request.method == "POST" else None, meetings=boards.meetings_of(board))

    def act() -> HttpResponse:
        made = decision_services.record(board_id=board.pk, by=request.user, at=timezone.now(), **form.values())
        messages.success(request, f"{made} is recorded.")
        return redirect("governance:decision", pk=made.pk)

    return _answer(request, form, act, "governance/decision_new.html", {"board": board})


@require_safe
def decision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One decision, the delegations that rest on it, and the movements of money that it allowed."""
    found = selectors.decision(request.user, pk)
    context = {
        "decision": found,
        "movements": movements.allowed_by(found, request.user),
        "delegations": selectors.delegations(request.user).filter(granted_by=found)[:PAGE],
        "may": found.ended_on is None and _may(request, Permission.DECISION_RECORD, found.board),
    }
    return render(request, "governance/decision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_rescind(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record that the board took a decision back."""
    found = selectors.decision(request.user, pk)
    permissions.acting_for(request.user, Permission.DECISION_RECORD, among=boards.parties(found.board))
    form = EndingForm(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        decision_services.rescind(decision_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{found} is rescinded.")
        return redirect("governance:decision", pk=found.pk)

    return _answer(request, form, act, "governance/decision_rescind.html", {"decision": found})


@require_safe
def delegations(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The register of delegations that stands with a board: who, what, up to how much, until when."""
    board = boards.get(request.user, pk)
    form = RegisterFilter(request.GET)
    rows = selectors.delegations(request.user).filter(board=board)
    page = Paginator(_filtered(rows, form), PAGE).get_page(request.GET.get("page"))
    context = {
        "board": board,
        "form": form,
        "page": page,
        "rows": [(row, selectors.limit_words(row), selectors.state_words(row, timezone.localdate())) for row in page],
        "may": _may(request, Permission.DELEGATION_GRANT, board),
    }
    return render(request, "governance/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter a delegation."""
    board = boards.get(request.user, pk)
    parties = boards.parties(board)
    partner = permissions.acting_for(request.user, Permission.DELEGATION_GRANT, among=parties)
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        parties=parties,
        boards=list(boards.of_area(request.user, board.area)),
        decisions=list(selectors.decisions(request.user).filter(board=board, ended_on=None)[:PAGE]),
    )

    def act() -> HttpResponse:
        made = delegation_services.grant(board_id=board.pk, by=request.user, at=timezone.now(), **form.values())
        messages.success(request, f"{made} is entered.")
        return redirect("governance:delegation", pk=made.pk)

    return _answer(request, form, act, "governance/delegation_new.html", {"board": board, "partner": partner})


@require_safe
def delegation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One delegation, what is used of it, and the movements of money that it allowed."""
    found = selectors.delegation(request.user, pk)
    today = timezone.localdate()
    may_end = permissions.can(request.user, Permission.DELEGATION_GRANT, organisation=found.owner)
    context = {
        "delegation": found,
        "limit_words": selectors.limit_words(found),
        "state_words": selectors.state_words(found, today),
        "movements": movements.allowed_by(found, request.user),
        "may": found.ended_on is None and may_end,
    }
    return render(request, "governance/delegation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_revoke(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Revoke a delegation from a day on, with the reason."""
    found = selectors.delegation(request.user, pk)
    permissions.require(request.user, Permission.DELEGATION_GRANT, organisation=found.owner)
    form = EndingForm(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        delegation_services.revoke(delegation_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{found} is revoked.")
        return redirect("governance:delegation", pk=found.pk)

    return _answer(request, form, act, "governance/delegation_revoke.html", {"delegation": found})


def _answer(
    request: SignedInRequest, form: Form, act: Callable[[], HttpResponse], template: str, context: dict[str, Any]
) -> HttpResponse:
    """The form; what was sent and cannot be taken, with the reason; or what follows from the act."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return act()
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.http_status
    return render(request, template, context | {"form": form}, status=status)


def _filtered(rows: Any, form: RegisterFilter) -> Any:
    wanted = form.cleaned_data if form.is_valid() else {}
    if matter := wanted.get("matter"):
        rows = rows.filter(matters__contains=[matter])
    if state := wanted.get("state"):
        rows = selectors.in_state(rows, state, timezone.localdate())
    return rows


def _may(request: SignedInRequest, permission: Permission, board: Any) -> bool:
    return any(permissions.can(request.user, permission, organisation=party) for party in boards.parties(board))
