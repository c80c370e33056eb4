"""Reports as a kind of object with a page."""

from django.db.models import Q
from django.urls import reverse

from partners.selectors import kinds
from partners.selectors.kinds import Kind, Part, events_of
from pooled_budgets.selectors.kinds import party_until
from reports.models import Report


def register_all() -> None:
    """Tell the pages of reasons and timelines about reports."""
    kinds.register(
        Kind(
            slug="report",
            noun="report",
            model=Report,
            ways=Report.objects.all().ways,
            rules={
                "own": "Your partner makes the report.",
                "inherited": "Your partner followed, in the area of the board, the one that made the report.",
                "former": "The report was issued while your partner was a party to the agreement, before that partner "
                "ended.",
                "released": "The report was issued to the board, and your partner may know of the board and the fund.",
                "released by seat": "The report was issued to the board, and you sit on it.",
            },
            address=lambda found: reverse("reports:report", args=[found.pk]),
            until=lambda user, found: party_until(user, found.fund.agreement_id),
            parts=[Part(events_of(Report), "Report", lambda found: Q(pgh_obj=found.pk))],
        )
    )
