"""Everything that a quarterly report prints, gathered with the rights of the person who asked for it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from bcf_metrics.selectors import figures
from integration_hub.core.money import as_plain
from partners.models import User
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.selectors import funds, positions
from programme.selectors import register
from reports.domain.snapshot import SCHEMA
from reports.models import Report, ReportBrief
from reports.selectors.reports import publish_by


def snapshot(report: Report, *, user: User, at: datetime) -> dict[str, Any]:
    """The snapshot of a report, as reports.domain.snapshot describes it. A constant number of queries."""
    brief = ReportBrief.objects.get(
        board=report.board, fund=report.fund, period=report.period, owner=report.owner
    )
    words = brief.content
    position = positions.position(report.fund, report.period, user, on=report.period.ends_on)
    metrics = figures.for_quarter(report.fund, report.period, user)
    programme = register.for_board(report.board, user)
    return {
        "schema": SCHEMA,
        "title": words["title"],
        "version": report.version,
        "status": "final",
        "made_at": at.isoformat(),
        "made_for": report.owner.name,
        "illustrative": words["illustrative"],
        "header": _header(report, words),
        "recommendations": [
            {"number": number, "kind": row["kind"], "text": row["text"]}
            for number, row in enumerate(words["recommendations"], start=1)
        ],
        "background": words["background"],
        "key_issues": words["key_issues"],
        "fund": _fund(report, user),
        "period": {
            "label": report.period.label,
            "starts_on": report.period.starts_on.isoformat(),
            "ends_on": report.period.ends_on.isoformat(),
        },
        "metrics": [_metric(row) for row in metrics],
        "schemes": [_scheme(line) for line in position.lines],
        "scheme_total": _total(position),
        "risks": [
            {"text": risk.text, "response": risk.response, "owner": risk.held_by, "illustrative": risk.illustrative}
            for risk in programme.risks
        ],
        "next_steps": [
            {
                "text": step.text,
                "due": step.due_on.isoformat() if step.due_on else None,
                "owner": step.held_by,
                "illustrative": step.illustrative,
            }
            for step in programme.steps
        ],
        "implications": words["implications"],
        "consultation": words["consultation"],
        "audit_trail": [row for row in words["audit_trail"] if row["value"]],
        "background_papers": words["background_papers"],
        "appendices": words["appendices"],
        "sources": _sources(position, metrics, report),
    }


def _header(report: Report, words: dict[str, Any]) -> dict[str, Any]:
    meets_on = report.meeting.held_on if report.meeting else report.asked_at.date()
    deadline = publish_by(meets_on) if report.meeting else None
    return {
        "report_to": report.board.name,
        "date": meets_on.isoformat(),
        "item_no": words["item_no"],
        "classification": words["classification"],
        "exempt": words["exempt"],
        "wards": words["wards"],
        "from": words["from"],
        "publish_by": deadline.isoformat() if deadline else None,
    }


def _fund(report: Report, user: User) -> dict[str, Any]:
    fund = report.fund
    return {
        "name": fund.name,
        "financial_year": fund.year.label,
        "statutory_basis": fund.agreement.statutory_basis,
        "total": _plain(fund.total),
        "total_state": fund.total_state,
        "split_note": fund.split_note,
        "discrepancies": [funds.discrepancy_words(entry) for entry in fund.discrepancies],
        "funding": [
            {
                "source": line.source,
                "payer": line.payer.name if line.payer else "",
                "amount": _plain(line.amount),
                "state": line.state,
                "note": line.note,
                "illustrative": line.illustrative,
            }
            for line in funds.funding_of(fund, user)
        ],
    }


def _metric(row: figures.FigureRow) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "target": row.target_words,
        "target_period": row.target_period,
        "progress": row.progress_words,
        "progress_period": row.progress_period,
        "comparison": row.comparison,
        "lag_note": row.lag_note,
        "status": row.status,
        "suggested": row.suggested,
        "override_reason": row.override_reason,
        "action": row.action,
        "source": row.source,
        "provisional": row.provisional,
        "illustrative": row.illustrative,
    }


def _scheme(line: PositionLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "budget": _plain(line.budget),
        "budget_state": line.budget_state,
        "outturn": _plain(line.outturn),
        "outturn_state": line.outturn_state,
        "outturn_until": line.available_on.isoformat() if line.available_on else None,
        "as_printed": line.as_printed,
        "variance": _plain(line.variance),
        "note": " ".join(line.notes),
        "illustrative": line.illustrative,
    }


def _total(position: FundPosition) -> dict[str, Any]:
    totals = position.totals
    note = ""
    if position.unallocated:
        note = f"The fund's total is £{position.fund_total:,.2f}: £{position.unallocated:,.2f} is not allocated to a scheme."
    return {
        "budget": _plain(totals.budget),
        "outturn": _plain(totals.outturn),
        "variance": _plain(totals.variance) if totals.is_complete else None,
        "missing": list(totals.missing),
        "note": note,
    }


def _sources(position: FundPosition, metrics: list[figures.FigureRow], report: Report) -> list[dict[str, str]]:
    lines = [
        {
            "figure": f"Scheme {line.number}, projected outturn",
            "entered_by": report.fund.owner.name,
            "as_at": line.as_at.isoformat(),
        }
        for line in position.lines
        if line.is_recorded and line.as_at
    ]
    return lines + [
        {"figure": row.indicator, "entered_by": row.owner_name, "as_at": row.as_at.isoformat()}
        for row in metrics
        if row.as_at
    ]


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else as_plain(amount)
