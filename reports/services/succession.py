"""Successors take over the words of reports that are not issued. Called by partners.services.succession alone."""

from collections.abc import Sequence
from datetime import date, datetime

from integration_hub.core.registry import SuccessionProvider, Taking
from partners.models import User
from reports.models import ReportBrief
from reports.selectors.succession import holdings


def move(takings: Sequence[Taking], *, on: date, by: User, at: datetime) -> None:
    """One text for each board, fund, quarter and partner: where two predecessors have one, the second stays theirs."""
    keepers = {taking.holding.key: taking.keeper for taking in takings}
    briefs = list(ReportBrief.objects.filter(pk__in=keepers).order_by("entered_at", "pk"))
    taken = {
        (board, fund, period, str(owner))
        for board, fund, period, owner in ReportBrief.objects.filter(owner__in=set(keepers.values())).values_list(
            "board", "fund", "period", "owner"
        )
    }
    moved = []
    for brief in briefs:
        place = (brief.board_id, brief.fund_id, brief.period_id, keepers[str(brief.pk)])
        if place not in taken:
            taken.add(place)
            brief.owner_id = place[3]
            moved.append(brief)
    ReportBrief.objects.bulk_update(moved, ["owner"])


PROVIDER = SuccessionProvider(holdings=holdings, move=move)
