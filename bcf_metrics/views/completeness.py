"""How far the returns of a region's areas are: for those who were given the view, 404 for everybody else."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bcf_metrics.presenters import completeness as presenter
from bcf_metrics.selectors import completeness as selectors
from bcf_metrics.selectors.completeness import Overview
from integration_hub.core.spreadsheets.texts import download_name
from partners.requests import SignedInRequest


@require_safe
def region(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Each area of the region in one quarter, by state."""
    found, status = _asked(request, pk)
    rows = [row for row in found.rows if row.answers(status)]
    page = {
        "region": found.region,
        "period": found.period,
        "quarters": [(selectors.code_of(one), one.label) for one in found.quarters],
        "chosen": selectors.code_of(found.period),
        "states": list(presenter.FILTERS.items()),
        "status": status,
        "summary": presenter.summary(found.rows),
        "columns": presenter.columns(),
        "rows": presenter.table(rows),
        "others": [one for one in selectors.overseen(request.user, on=timezone.localdate()) if one.pk != pk],
    }
    return render(request, "bcf_metrics/completeness.html", page)


@require_safe
def csv_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The same rows as a file."""
    found, status = _asked(request, pk)
    rows = [row for row in found.rows if row.answers(status)]
    name = download_name(f"Returns of {found.region.name} {found.period.label}", "csv")
    return HttpResponse(
        presenter.csv_file(found, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: SignedInRequest, pk: UUID) -> tuple[Overview, str]:
    """What was asked for; a state that is none is no filter."""
    code, status = request.GET.get("quarter", ""), request.GET.get("status", "")
    found = selectors.of_region(request.user, pk, code=code, on=timezone.localdate())
    return found, status if status in presenter.FILTERS else ""
