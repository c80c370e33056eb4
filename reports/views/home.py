"""/: what waits for the reader, and what was issued to their boards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bcf_metrics.selectors import completeness
from partners.requests import SignedInRequest
from reports.presenters import panels
from reports.selectors import home as selectors
from reports.selectors import reports


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """My tasks by partner; below them the dashboards and newest issued reports of the boards that oversee funds."""
    today = timezone.localdate()
    boards = reports.boards_with_funds(request.user)
    issued, waiting = reports.for_home(boards, request.user)
    own = panels.tasks(waiting, reports.open_briefs(request.user))
    groups = selectors.grouped([*selectors.tasks(request.user, today), *own], today)
    groups = selectors.of_chosen_partner(groups, request.user)
    regions = completeness.overseen(request.user, on=today)
    context = {"groups": groups, "boards": boards, "issued": issued, "regions": regions}
    return render(request, "reports/home.html", context)
