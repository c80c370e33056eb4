"""/: what waits for the reader, and what was issued to their boards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.selectors import home as selectors
from reports.selectors import reports
from reports.views.common import SignedInRequest

NEWEST = 5


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """My tasks by partner; below them the dashboards and newest issued reports of the boards that oversee funds."""
    boards = reports.overseeing_boards(reports.reportable_funds(request.user))
    context = {
        "groups": selectors.tasks(request.user, timezone.localdate()),
        "boards": boards,
        "issued": list(reports.issued_to(boards, request.user)[:NEWEST]),
    }
    return render(request, "reports/home.html", context)
