"""An open return and what was published about its year since."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.forms_policy import MoveForm
from bcf_metrics.presenters import policy as presenter
from bcf_metrics.selectors import policy as selectors
from bcf_metrics.selectors import returns
from bcf_metrics.services import policy_moves
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read how the newer layout and conditions differ, and move the return to them with a reason."""
    held = returns.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    form = MoveForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                policy_moves.move(return_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The return goes on with the newest layout and conditions of its year.")
                return redirect("bcf_metrics:return_detail", pk)
    changes = selectors.newer(held.quarterly_return)
    columns, rows = presenter.differences(changes or [])
    page = {
        "return": held.quarterly_return,
        "held": held,
        "form": form,
        "has_newest": changes is None,
        "lost": selectors.move_loses(held.quarterly_return) if changes is not None else [],
        "counted": presenter.counted(changes or []),
        "columns": columns,
        "rows": rows,
    }
    return render(request, "bcf_metrics/policy_move.html", page, status=status)
