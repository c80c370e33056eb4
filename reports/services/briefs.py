"""The words of a report, written by a governance officer of one of the board's parties."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import Truncator

from governance.models import Board, Meeting
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Fund
from reports import policies
from reports.domain import brief as words_of
from reports.models import ReportBrief
from reports.selectors import reports as selectors

# The key of the meeting beside those of the words.
MEETING = "meeting"


class WordsChanged(ChangedMeanwhile):
    """Somebody else saved other words in the same place. With `seen` in the form, saving again replaces theirs."""

    def __init__(self, message: str, *, seen: str) -> None:
        super().__init__(message)
        self.seen = seen


def fingerprint(content: Mapping[str, Any], meeting_id: UUID | str | None) -> str:
    """What a form over the words carries for each part of them, to notice that somebody else saved meanwhile."""
    parts = {**content, MEETING: str(meeting_id or "")}
    return json.dumps({key: _hash(part) for key, part in parts.items()}, sort_keys=True)


@service
def begin(
    *, board_id: UUID | str, fund_id: UUID | str, period: Period, by: User, at: datetime, unwritten: bool = False
) -> ReportBrief:
    """The partner's words for a board, fund and quarter: those that are there, else a beginning.

    `unwritten` makes a beginning that can be printed as it is, and says that nothing was assessed.
    """
    # Two officers may begin at once: the second waits here and finds the first one's words.
    board = Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)
    fund = Fund.objects.visible_to(by).select_related("agreement").get(pk=fund_id, agreement__board=board)
    owner = permissions.acting_for(by, Permission.REPORT_REQUEST, among=selectors.makers(fund))
    existing = selectors.brief_of(board=board, fund=fund, period=period, owner=owner)
    if existing:
        return existing
    content = words_of.beginning(period=period.label, fund=fund.name, owner=owner.name)
    brief = ReportBrief(
        board=board,
        fund=fund,
        period=period,
        owner=owner,
        meeting=board.meetings.filter(held_on__gt=period.ends_on).order_by("held_on", "pk").first(),
        content=words_of.unwritten(content) if unwritten else content,
        entered_by=by,
        entered_at=at,
    )
    brief.save(force_insert=True)
    audit.record("report_brief.begun", target=brief, by=by, partner=owner, at=at, after={"title": content["title"]})
    return brief


@service
def save(
    *, brief_id: UUID | str, content: Mapping[str, Any], meeting: Meeting | None, seen: str, by: User, at: datetime
) -> ReportBrief:
    """Keep the words, complete or not. `seen` is the fingerprint of what the form was filled in over.

    Parts that somebody else changed meanwhile stay theirs; raises WordsChanged where both changed the same part.
    """
    rows = ReportBrief.objects.visible_to(by).select_for_update(of=("self",))
    brief = rows.select_related("owner", "entered_by", "board", "period", "meeting").get(pk=brief_id)
    permissions.require(by, Permission.REPORT_REQUEST, organisation=brief.owner)
    before = {**brief.content, MEETING: str(brief.meeting_id or "")}
    typed = {**content, MEETING: str(meeting.pk if meeting else "")}
    changed = _changes(brief, before, typed, _read(seen))
    if not changed:
        return brief
    if MEETING in changed:
        if meeting:
            policies.check_meeting(meeting, brief.period)
        brief.meeting = meeting
    brief.content = brief.content | {key: part for key, part in changed.items() if key != MEETING}
    brief.entered_by, brief.entered_at = by, at
    brief.save(update_fields=["content", "meeting", "entered_by", "entered_at"])
    audit.record(
        "report_brief.saved",
        target=brief,
        by=by,
        partner=brief.owner,
        at=at,
        before={key: before.get(key) for key in changed},
        after=changed,
    )
    return brief


def _changes(
    brief: ReportBrief, before: Mapping[str, Any], typed: Mapping[str, Any], seen: Mapping[str, str]
) -> dict[str, Any]:
    """What the person changed; what only others changed is left as they have it."""
    differing = {key: part for key, part in typed.items() if key not in before or before[key] != part}
    mine = {key: part for key, part in differing.items() if _hash(part) != seen.get(key)}
    both = [key for key in mine if key in before and _hash(before[key]) != seen.get(key)]
    if both:
        told = " ".join(
            f"{words_of.LABELS.get(key, key)}: theirs is “{_short(before[key])}”, yours is “{_short(typed[key])}”."
            for key in both
        )
        now = dict(seen) | {key: _hash(before[key]) for key in both}
        raise WordsChanged(
            f"{brief.entered_by} saved other words after you opened this page. {told} "
            "Yours are still in the form and nothing is saved: save again to replace theirs.",
            seen=json.dumps(now, sort_keys=True),
        )
    return mine


def _read(seen: str) -> dict[str, str]:
    """The fingerprint that a form carried; nothing of one that is none, so that every difference is told."""
    try:
        carried = json.loads(seen)
    except ValueError:
        return {}
    return {str(key): str(part) for key, part in carried.items()} if isinstance(carried, dict) else {}


def _hash(part: object) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def _short(part: object) -> str:
    """A part of the words on one line, cut where it is long."""
    return Truncator(" ".join(_texts(part)) or "nothing").chars(160)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, str) and part:
        yield part
