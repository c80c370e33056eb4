"""What an organisation holds in the programme that its successors take: open risks and steps that are not done."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from integration_hub.core.registry import Holding
from programme.models import NextStep, Risk

RISK, STEP = "Open risk", "Next step"
SHOWN = 120


def holdings(organisations: Collection[UUID], *, on: date, lock: bool = False) -> list[Holding]:
    """Two queries."""
    risks = Risk.objects.filter(owner__in=organisations, status="open")
    steps = NextStep.objects.filter(owner__in=organisations, done_on__isnull=True)
    if lock:
        risks, steps = risks.select_for_update(of=("self",)), steps.select_for_update(of=("self",))
    found = [_holding(RISK, row) for row in risks.select_related("board").order_by("board__name", "pk")]
    return found + [_holding(STEP, row) for row in steps.select_related("board").order_by("board__name", "pk")]


def _holding(kind: str, row: Risk | NextStep) -> Holding:
    text = row.text if len(row.text) <= SHOWN else f"{row.text[:SHOWN]}…"
    return Holding(kind, str(row.pk), str(row.owner_id), f"{text} ({row.board.name})", area=str(row.board.area_id))
