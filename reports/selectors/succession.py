"""What an organisation holds in reports that its successors take: the words of reports that are not issued yet."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from integration_hub.core.registry import Holding
from reports.models import Report, ReportBrief

WORDS = "Words of a report that is not issued"


def holdings(organisations: Collection[UUID], *, on: date, lock: bool = False) -> list[Holding]:
    """One query. Reports that were made stay: the successor makes its own from the words."""
    issued = Report.objects.filter(
        board=OuterRef("board"),
        fund=OuterRef("fund"),
        period=OuterRef("period"),
        owner=OuterRef("owner"),
        released_at__isnull=False,
    )
    rows = ReportBrief.objects.filter(~Exists(issued), owner__in=organisations)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return [
        Holding(
            WORDS,
            str(row.pk),
            str(row.owner_id),
            f"{row.board.name}, {row.fund.name}",
            area=str(row.board.area_id),
            period=row.period.label,
        )
        for row in rows.select_related("board", "fund", "period").order_by("board__name", "period__starts_on", "pk")
    ]
