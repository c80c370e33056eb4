"""Work done in the demonstration, each step by the person whose step it is: Southwark's quarter 1 of 2014/15, finished,
and a made-up 2025/26: quarter 1 of its return half done, its fund in use (demonstration_year).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import transaction

from bcf_metrics.domain.answers import Wanted
from bcf_metrics.domain.entries import Entered
from bcf_metrics.models import QuarterlyReturn
from bcf_metrics.services import answers, figures, returns, signatures
from integration_hub.core import jobs
from integration_hub.core.models import Period
from integration_hub.core.quarters import Quarter
from integration_hub.core.states import Figure, FigureState
from partners.models import User
from pooled_budgets.models import Fund
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters.plan_files import PlanFile, PlanRow
from pooled_budgets.services import forecasts, performance, plans
from pooled_budgets.services.performance import QuarterCounts
from programme.services import register
from reports.services import briefs, demonstration, demonstration_data, demonstration_year, reports
from reports.services.demonstration import LONDON, Cast


def load(*, at: datetime, finished: bool) -> Cast:
    """The whole demonstration, with Southwark's quarter 1 of 2014/15 finished or still to do. Raises CannotLoad."""
    with transaction.atomic():
        cast = demonstration.load(at=at)
        begin_made_up_year(cast)
        demonstration_year.load(cast)
        record_performance(cast)
        if finished:
            finish_quarter(cast)
    return cast


def begin_made_up_year(cast: Cast) -> None:
    """The plan of 2025/26 is in, with some outturns as a draft; the return is opened and partly answered."""
    work = demonstration_data.work_in_hand()
    fund, plan = cast.funds[work["fund"]], work["plan"]
    rows = [
        PlanRow(
            number=row["number"],
            name=row["name"],
            budget=Decimal(row["budget"]),
            outturn=row["outturn"] and Decimal(row["outturn"]),
            note="Illustrative",
        )
        for row in plan["schemes"]
    ]
    file = PlanFile(fund.agreement.area.name, fund.name, Quarter(fund.year, work["quarter"]), tuple(rows))
    officer = cast.person("finance", work["council"])
    _take_in(file, fund=fund, filename=plan["filename"], corrections={}, by=officer, at=_moment(plan["at"]))
    _answer_return(work["return"], fund=fund, period=_quarter(fund, work["quarter"]), by=officer)


def record_performance(cast: Cast) -> None:
    """What the fall in admissions released in 2015/16; the one year that had payment for performance."""
    told = demonstration_data.performance()
    performance.record(
        fund_id=cast.funds[told["fund"]].pk,
        unit=Decimal(told["unit"]),
        capped=True,
        nhs_partner=str(cast.organisations[told["nhs"]].pk),
        quarters=[QuarterCounts(**row, state=FigureState.STATED) for row in told["quarters"]],
        seen="",
        illustrative=True,
        by=cast.person("finance", told["council"]),
        at=_moment(told["at"]),
    )


def finish_quarter(cast: Cast) -> None:
    """Southwark's quarter 1 of 2014/15: plan, outturns, figures, signed return, register, report."""
    story = demonstration_data.quarter()
    fund = cast.funds[story["fund"]]
    period = _quarter(fund, story["quarter"])
    _import_plan(cast, story, period)
    _record_figures(cast, story, period)
    _sign_return(cast, story, period)
    _fill_register(cast, story)
    _make_report(cast, story, period)


def _import_plan(cast: Cast, story: dict[str, Any], period: Period) -> None:
    """The finance officer uploads the plan as the paper printed it, corrects the cell, imports and releases it."""
    plan, fund = story["plan"], cast.funds[story["fund"]]
    officer = cast.person("finance", story["council"])
    _take_in(
        plan_files.example(),
        fund=fund,
        filename=plan["filename"],
        corrections=plan["corrections"],
        by=officer,
        at=_moment(plan["at"]),
    )
    forecasts.release(fund=fund, period=period, by=officer, at=_moment(plan["released_at"]))


def _take_in(
    file: PlanFile, *, fund: Fund, filename: str, corrections: Mapping[str, str], by: User, at: datetime
) -> None:
    """Upload a plan, correct each refused cell by what it says, and import it with its outturns, in ten minutes."""
    content = BytesIO(plan_files.workbook(file))
    staged = plans.stage(fund=fund, file=content, filename=filename, by=by, at=at)
    if staged.problems:
        typed = {problem["cell"]: corrections[problem["value"]] for problem in staged.problems}
        plans.correct(import_id=staged.pk, corrections=typed, by=by, at=at + timedelta(minutes=5))
    plans.confirm(import_id=staged.pk, by=by, at=at + timedelta(minutes=10))


def _record_figures(cast: Cast, story: dict[str, Any], period: Period) -> None:
    """The metrics officer of the clinical commissioning group enters the six figures and releases them."""
    rows, fund = story["figures"], cast.funds[story["fund"]]
    officer = cast.person("metrics", story["ccg"])
    plan_ids = {plan.metric.code: plan.pk for plan in fund.metric_plans.select_related("metric")}
    entries = [figures.Entry(plan_ids[row["code"]], _entered(row)) for row in rows["rows"]]
    figures.record(fund=fund, period=period, entries=entries, by=officer, at=_moment(rows["at"]))
    figures.release(fund=fund, period=period, by=officer, at=_moment(rows["released_at"]))


def _entered(row: dict[str, Any]) -> Entered:
    return Entered(
        figure=Figure(
            value=Decimal(row["value"]) if "value" in row else None,
            state=FigureState(row.get("state", FigureState.STATED)),
            until=row.get("available_on"),
        ),
        value_period=row.get("value_period", ""),
        lagged=row.get("lagged", False),
        # The paper calls none of its figures provisional.
        provisional=False,
        source=row["source"],
        challenges=row.get("commentary", ""),
        action=row.get("action", ""),
    )


def _sign_return(cast: Cast, story: dict[str, Any], period: Period) -> None:
    """Opened and answered by finance, sent by the metrics officer, signed in each capacity that the year names."""
    rows, fund = story["return"], cast.funds[story["fund"]]
    opened = _answer_return(rows, fund=fund, period=period, by=cast.person("finance", story["council"]))
    version = returns.send_for_sign_off(
        return_id=opened.pk, by=cast.person("metrics", story["ccg"]), at=_moment(rows["sent_at"])
    )
    for signed in rows["signed"]:
        signatures.sign(
            return_id=opened.pk,
            organisation=cast.organisations[signed["partner"]],
            version=version.number,
            by=cast.person(signed["as"], signed["partner"]),
            at=_moment(signed["at"]),
        )


def _answer_return(rows: dict[str, Any], *, fund: Fund, period: Period, by: User) -> QuarterlyReturn:
    opened = returns.open(fund=fund, period=period, by=by, at=_moment(rows["opened_at"]))
    wanted = [Wanted(key, value.strip()) for key, value in rows["answers"].items()]
    answers.record(return_id=opened.pk, wanted=wanted, by=by, at=_moment(rows["answered_at"]))
    return opened


def _fill_register(cast: Cast, story: dict[str, Any]) -> None:
    """The council's programme officer enters risks and next steps, and releases them to the Board."""
    board, rows = cast.boards[story["board"]], story["register"]
    officer = cast.person("programme", story["council"])
    at = _moment(rows["at"])
    for row in rows["risks"]:
        words = register.RiskWords(text=row["text"], response=row["response"], held_by=row["held_by"])
        register.add_risk(board_id=board.pk, words=words, illustrative=row["illustrative"], by=officer, at=at)
    for row in rows["steps"]:
        step = register.StepWords(text=row["text"], held_by=row.get("held_by", ""), due_on=row.get("due_on"))
        register.add_step(board_id=board.pk, words=step, illustrative=row["illustrative"], by=officer, at=at)
    register.release(board_id=board.pk, by=officer, at=at)


def _make_report(cast: Cast, story: dict[str, Any], period: Period) -> None:
    """The council's governance officer writes the words, asks, and issues what was built to the Board's meeting."""
    rows, board = story["report"], cast.boards[story["board"]]
    officer = cast.person("governance", story["council"])
    written, asked, issued = (_moment(rows[key]) for key in ("words_at", "asked_at", "issued_at"))
    meeting = board.meetings.get(held_on=story["meeting"])
    brief = briefs.begin(board_id=board.pk, fund_id=cast.funds[story["fund"]].pk, period=period, by=officer, at=written)
    briefs.save(
        brief_id=brief.pk,
        content=rows["words"],
        meeting=meeting,
        seen=briefs.fingerprint(brief.content, brief.meeting_id),
        by=officer,
        at=written,
    )
    report = reports.queue(brief_id=brief.pk, by=officer, at=asked)
    # Built here and not by a worker: the demonstration is there as a whole, or not at all.
    attempt = jobs.claim(job_id=report.job_id) if report.job_id else None
    if attempt is None:
        raise RuntimeError("The job of a report that was just asked for is not there.")
    reports.build(attempt, at=asked)
    reports.issue(report_id=report.pk, by=officer, at=issued)
    reports.attach(report_id=report.pk, meeting_id=meeting.pk, by=officer, at=issued)


def _quarter(fund: Fund, number: int) -> Period:
    return Period.objects.get(kind=Period.QUARTER, financial_year=fund.financial_year, number=number)


def _moment(written: datetime) -> datetime:
    """A moment of the files, which are written in London's time."""
    return written.replace(tzinfo=LONDON)
