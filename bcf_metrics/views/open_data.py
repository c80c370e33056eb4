"""A return as open data: its page with what each file holds, and the files."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from bcf_metrics.presenters.open_data import COLUMNS, FILES
from bcf_metrics.selectors import returns
from bcf_metrics.services import open_data
from integration_hub.core.states import EFFECTS, FigureState
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_safe
def index(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """/returns/<id>/open-data/: the files, and how empty figures are told apart in them."""
    held = returns.get(request.user, pk)
    permissions.acting_for(request.user, Permission.RETURN_EXPORT, among=held.readers)
    context = {
        "return": held.quarterly_return,
        "is_signed": held.current is not None and not held.unsigned,
        "columns": COLUMNS,
        "states": [(str(state), EFFECTS[state]) for state in FigureState],
    }
    return render(request, "bcf_metrics/open_data.html", context)


@require_GET
def file(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """One of the files; ?version= asks for one of the return's versions."""
    held = returns.get(request.user, pk)
    if kind not in FILES:
        raise Http404("There is no such file.")
    if request.META["REQUEST_METHOD"] != "GET":
        # core's middleware asks whether there is something to read here; nobody gets a file, and no line is written.
        return HttpResponse()
    asked = request.GET.get("version", "")
    number = held.version(int(asked) if asked.isascii() and asked.isdigit() else 0).number if asked else None
    made = open_data.export(return_id=pk, kind=kind, number=number, by=request.user, at=timezone.now())
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return answer
