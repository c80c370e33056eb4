"""Everything that a quarterly report prints, gathered with the rights of the person who asked for it.

A report belongs to one partner, and its people read it before it is issued: so it holds that partner's drafts and
what others released, and no draft of another partner even where the person who asked acts for that one too.
What is not released is said, never left out in silence.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from bcf_metrics.selectors import figures
from bcf_metrics.selectors.figures import FigureRow
from governance.models import Meeting
from integration_hub.core.money import as_plain
from partners.models import User
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.models import FundingLine
from pooled_budgets.presenters import position as position_words
from pooled_budgets.selectors import funds, positions
from programme.models import NextStep, Risk
from programme.selectors import register
from reports.domain.sharing import without_drafts
from reports.domain.snapshot import NOT_RELEASED, SCHEMA
from reports.models import Report, ReportBrief
from reports.selectors.reports import publish_by

DRAFT = "draft, not released to the partners"
# Characters of a risk or step that name it among the drafts.
DRAFT_NAME = 120


@dataclass(frozen=True)
class Gathered:
    """What one report stands on. `on` is the day on which a figure that was to come counts as missing."""

    report: Report
    brief: ReportBrief
    on: date
    position: FundPosition
    funding: list[FundingLine]
    metrics: list[FigureRow]
    risks: list[Risk]
    steps: list[NextStep]

    @property
    def meeting(self) -> Meeting | None:
        return self.brief.meeting


def gather(report: Report, *, user: User) -> Gathered:
    """Read all that the report is about. A constant number of queries."""
    brief = ReportBrief.objects.select_related("meeting").get(
        board=report.board, fund=report.fund, period=report.period, owner=report.owner
    )
    asked_on = timezone.localdate(report.asked_at)
    # A report to a meeting in the past says what was known to that meeting.
    on = min(asked_on, brief.meeting.held_on) if brief.meeting else asked_on
    position = positions.position(report.fund, report.period, user, on=on)
    programme = register.for_board(report.board, user)
    return Gathered(
        report=report,
        brief=brief,
        on=on,
        position=position if report.fund.owner_id == report.owner_id else without_drafts(position, on=on),
        funding=[line for line in funds.funding_of(report.fund, user) if _may_print(line, report)],
        metrics=[_printable(row, report) for row in figures.for_quarter(report.fund, report.period, user, on=on)],
        risks=[risk for risk in programme.risks if _may_print(risk, report)],
        steps=[step for step in programme.steps if _may_print(step, report)],
    )


def snapshot(found: Gathered, *, at: datetime) -> dict[str, Any]:
    """The snapshot of a report, as reports.domain.snapshot describes it. No query."""
    report, words = found.report, found.brief.content
    return {
        "schema": SCHEMA,
        "title": words["title"],
        "version": report.version,
        "status": "final",
        "made_at": at.isoformat(),
        "made_for": report.owner.name,
        "illustrative": words["illustrative"],
        "header": _header(found),
        "recommendations": [
            {"number": number, "kind": row["kind"], "text": row["text"]}
            for number, row in enumerate(words["recommendations"], start=1)
        ],
        "background": words["background"],
        "key_issues": words["key_issues"],
        "fund": _fund(found),
        "period": {
            "label": report.period.label,
            "starts_on": report.period.starts_on.isoformat(),
            "ends_on": report.period.ends_on.isoformat(),
        },
        "metrics": [_metric(row) for row in found.metrics],
        "schemes": [_scheme(line, found) for line in found.position.lines],
        "scheme_total": _total(found),
        "risks": [
            {"text": risk.text, "response": risk.response, "owner": risk.held_by, "illustrative": risk.illustrative}
            for risk in found.risks
        ],
        "next_steps": [
            {
                "text": step.text,
                "due": step.due_on.isoformat() if step.due_on else None,
                "owner": step.held_by,
                "illustrative": step.illustrative,
            }
            for step in found.steps
        ],
        "implications": words["implications"],
        "consultation": words["consultation"],
        "audit_trail": [row for row in words["audit_trail"] if row["value"]],
        "background_papers": words["background_papers"],
        "appendices": words["appendices"],
        "sources": _sources(found),
    }


def drafts(frozen: dict[str, Any]) -> list[str]:
    """What in a snapshot was still a draft of the report's owner, as its list of sources names it."""
    ending = f" ({DRAFT})"
    return [row["figure"].removesuffix(ending) for row in frozen["sources"] if row["figure"].endswith(ending)]


def _may_print(row: FundingLine | Risk | NextStep, report: Report) -> bool:
    return row.released_at is not None or row.owner_id == report.owner_id


def _printable(row: FigureRow, report: Report) -> FigureRow:
    """The row as the report's owner may print it."""
    is_own = row.plan.owner_id == report.owner_id
    hidden = row.is_draft and not is_own
    return FigureRow(row.plan, None if hidden else row.figure, row.quarter, row.on, is_own)


def _header(found: Gathered) -> dict[str, Any]:
    words, meeting = found.brief.content, found.meeting
    deadline = publish_by(meeting.held_on) if meeting else None
    return {
        "report_to": found.report.board.name,
        "date": (meeting.held_on if meeting else found.on).isoformat(),
        "item_no": words["item_no"],
        "classification": words["classification"],
        "exempt": words["exempt"],
        "wards": words["wards"],
        "from": words["from"],
        "publish_by": deadline.isoformat() if deadline else None,
    }


def _fund(found: Gathered) -> dict[str, Any]:
    fund = found.report.fund
    is_own = fund.owner_id == found.report.owner_id
    nothing = "No source of the money is entered." if is_own else f"{fund.owner} has released no source of the money."
    return {
        "name": fund.name,
        "financial_year": fund.year.label,
        "statutory_basis": fund.agreement.statutory_basis,
        "total": _plain(fund.total),
        "total_state": str(fund.total_state),
        "split_note": fund.split_note if found.funding else nothing,
        "discrepancies": [position_words.discrepancy(row) for row in fund.discrepancies],
        "funding": [
            {
                "source": line.source,
                "payer": line.payer.name if line.payer else "",
                "amount": _plain(line.amount),
                "state": str(line.state),
                "note": line.note,
                "illustrative": line.illustrative,
            }
            for line in found.funding
        ],
    }


def _metric(row: FigureRow) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "target": row.target_words,
        "target_period": row.target_period,
        "progress": row.progress_words,
        "progress_period": row.progress_period,
        "comparison": row.comparison,
        "lag_note": row.lag_note,
        "status": str(row.status),
        "suggested": str(row.suggested),
        "override_reason": row.override_reason,
        "action": row.action,
        "source": row.source,
        "provisional": row.provisional,
        "illustrative": row.illustrative,
    }


def _scheme(line: PositionLine, found: Gathered) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "budget": _plain(line.budget),
        "budget_state": str(line.budget_state),
        **_outturn(line, found),
        "as_printed": line.as_printed,
        "variance": _plain(line.variance),
        "illustrative": line.illustrative,
    }


def _outturn(line: PositionLine, found: Gathered) -> dict[str, Any]:
    """The outturn; for a reader of another partner that nothing is released, which is silent on what is recorded."""
    fund = found.report.fund
    if not line.is_recorded and fund.owner_id != found.report.owner_id:
        note = "\n".join([*line.notes, f"Outturn not released by {fund.owner}."])
        return {"outturn": None, "outturn_state": NOT_RELEASED, "outturn_until": None, "note": note}
    return {
        "outturn": _plain(line.outturn),
        "outturn_state": str(line.outturn_state),
        "outturn_until": line.available_on.isoformat() if line.available_on else None,
        "note": "\n".join(line.notes),
    }


def _total(found: Gathered) -> dict[str, Any]:
    position, totals = found.position, found.position.totals
    is_whole = totals.is_complete and totals.is_budget_complete
    tie = position_words.plan_tie(position) if position.lines and position.unallocated else None
    return {
        "budget": _plain(totals.budget),
        "outturn": _plain(totals.outturn),
        "variance": _plain(totals.variance) if is_whole else None,
        "missing": list(totals.missing),
        "note": tie.words if tie else "",
    }


def _sources(found: Gathered) -> list[dict[str, str]]:
    owner = found.report.fund.owner.name
    outturns = [
        _source(f"Scheme {line.number}, projected outturn", owner, line.as_at, line.released_at)
        for line in found.position.lines
        if line.is_recorded and line.as_at
    ]
    metrics = [
        _source(row.indicator, row.owner_name, row.figure.at, row.figure.released_at)
        for row in found.metrics
        if row.figure
    ]
    # No figures, so they stand here only while they are drafts: whoever issues the report publishes them.
    programme = [
        _source(f"{kind} “{_short(row.text)}”", row.owner.name, row.at, None)
        for kind, rows in (("Risk", found.risks), ("Next step", found.steps))
        for row in rows
        if row.released_at is None
    ]
    return outturns + metrics + programme


def _short(text: str) -> str:
    """A text on one line, cut where it is long."""
    return Truncator(" ".join(text.split())).chars(DRAFT_NAME)


def _source(figure: str, entered_by: str, as_at: date, released_at: datetime | None) -> dict[str, str]:
    return {
        "figure": figure if released_at else f"{figure} ({DRAFT})",
        "entered_by": entered_by,
        "as_at": as_at.isoformat(),
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else as_plain(amount)
