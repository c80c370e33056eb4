"""One metric over the quarters."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from bcf_metrics.presenters import series as words
from bcf_metrics.presenters.checks import waivers
from bcf_metrics.selectors import checks
from bcf_metrics.selectors import series as selectors
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_safe
def series(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The series as chart and table, what was said of it, and who entered what when."""
    found = selectors.of_plan(request.user, pk)
    held = waivers(checks.waivers_of(request.user, found.plan), on=timezone.localdate())
    return render(
        request,
        "bcf_metrics/metric.html",
        {
            "plan": found.plan,
            "metric": found.plan.metric,
            "aim": found.aim,
            "better": words.BETTER[found.better],
            # Made by core.linecharts, which escapes every text that goes into it.
            "chart": mark_safe(words.chart(found).svg),  # noqa: S308
            "rows": words.table(found),
            "limits": words.limits_words(found),
            "variation": found.chart.variation,
            "variation_tone": words.TONES[found.chart.variation],
            "assurance": found.assurance if found.chart.limits else None,
            "said": words.said(found),
            "entered": words.entered(found),
            "waived": [one for one in held if one.is_in_force],
            "targets": words.targets(found),
            "can_change": permissions.can(request.user, Permission.FIGURE_RECORD, organisation=found.plan.owner),
        },
    )
