"""A return beside last quarter's."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bcf_metrics.selectors import comparison, content, returns
from bcf_metrics.views.common import shown
from partners.requests import SignedInRequest


@require_safe
def compare(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What differs from last quarter's return, cell by cell; ?version= asks for one that was sent."""
    held = returns.get(request.user, pk)
    asked = request.GET.get("version", "")
    version = held.version(int(asked) if asked.isascii() and asked.isdigit() else 0) if asked else held.current
    draft = (
        shown(request, held)
        if version is None or version == held.current
        else content.frozen(held.quarterly_return, returns.content_of(version))
    )
    last = comparison.last_quarter(request.user, held.quarterly_return)
    context = {
        "return": held.quarterly_return,
        "version": version,
        "last": last,
        "found": comparison.compare(last, draft) if last else None,
    }
    return render(request, "bcf_metrics/compare.html", context)
