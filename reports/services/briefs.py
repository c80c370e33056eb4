"""The words of a report, written by a governance officer of one of the board's parties."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from governance.models import Board, Meeting
from governance.selectors import boards
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Fund
from reports.domain import brief as words_of
from reports.models import ReportBrief


def fingerprint(content: Mapping[str, Any], meeting_id: object) -> str:
    """What a form over the words carries, to notice that somebody else saved meanwhile."""
    return hashlib.sha256(json.dumps([content, str(meeting_id)], sort_keys=True).encode()).hexdigest()


@service
def begin(*, board_id: object, fund_id: object, period: Period, by: User, at: datetime) -> ReportBrief:
    """The partner's words for a board, fund and quarter: those that are there, else a beginning."""
    board = Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)
    fund = Fund.objects.visible_to(by).get(pk=fund_id, agreement__board=board)
    owner = permissions.acting_for(by, Permission.REPORT_REQUEST, among=boards.parties(board))
    existing = ReportBrief.objects.filter(board=board, fund=fund, period=period, owner=owner).first()
    if existing:
        return existing
    brief = ReportBrief(
        board=board,
        fund=fund,
        period=period,
        owner=owner,
        meeting=board.meetings.filter(held_on__gt=period.ends_on).order_by("held_on", "pk").first(),
        content=words_of.beginning(
            board=board.name, financial_year=fund.year.label, period=period.label, fund=fund.name
        ),
        entered_by=by,
        entered_at=at,
    )
    brief.save(force_insert=True)
    audit.record("report_brief.begun", target=brief, by=by, partner=owner, at=at)
    return brief


@service
def save(
    *, brief_id: object, content: Mapping[str, Any], meeting: Meeting | None, seen: str, by: User, at: datetime
) -> ReportBrief:
    """Keep the words. `seen` is the fingerprint of what the form was filled in over."""
    brief = ReportBrief.objects.visible_to(by).select_for_update(of=("self",)).select_related("owner").get(pk=brief_id)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=brief.owner)
    wrong = words_of.problems(content)
    if wrong:
        raise Malformed(
            "Something is missing in the words of the report.",
            problems=[{"field": problem.field, "code": "missing", "message": problem.message} for problem in wrong],
        )
    now = fingerprint(brief.content, brief.meeting_id)
    wanted = fingerprint(content, meeting.pk if meeting else None)
    if now not in (seen, wanted):
        raise ChangedMeanwhile(
            f"{brief.entered_by} saved other words on {brief.entered_at:%-d %B %Y at %H:%M}, after you opened this page. "
            "Yours are still in the form. Open the page again in another tab, bring both together, and save."
        )
    if wanted == now:
        return brief
    before = brief.content
    brief.content, brief.meeting, brief.entered_by, brief.entered_at = dict(content), meeting, by, at
    brief.save(update_fields=["content", "meeting", "entered_by", "entered_at"])
    audit.record(
        "report_brief.saved",
        target=brief,
        by=by,
        partner=brief.owner,
        at=at,
        before={key: before.get(key) for key in content if before.get(key) != content[key]},
        after={key: content[key] for key in content if before.get(key) != content[key]},
    )
    return brief
