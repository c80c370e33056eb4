"""The dashboard of a board for one quarter: what is released to it, and nothing else, whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from bcf_metrics.selectors import figures
from bcf_metrics.selectors.figures import FigureRow
from governance.models import Board
from governance.selectors import boards
from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.domain.position import FundPosition
from pooled_budgets.models import Forecast, Fund
from pooled_budgets.selectors import forecasts, funds, periods, positions
from programme.models import NextStep, Risk
from programme.selectors import register
from reports.domain.sharing import without_drafts
from reports.models import Report
from reports.models.report import ReportQuerySet
from reports.selectors import reports

NEWEST = 10


@dataclass(frozen=True)
class Dashboard:
    """What the page shows of one board, fund and quarter."""

    board: Board
    fund: Fund
    period: Period
    position: FundPosition
    metrics: list[FigureRow]
    risks: list[Risk]
    steps: list[NextStep]


def board_and_funds(user: User, pk: UUID) -> tuple[Board, list[Fund]]:
    """A visible board and the funds that it oversees and whose owner released them, newest year first.

    Http404 for any other board. `is_lively` says whether something was released or issued in any quarter of the fund.
    One query, two where there is no fund.
    """
    lively = Exists(_reported(user).filter(fund=OuterRef("pk"))) | Exists(
        _forecast(user).filter(scheme__fund=OuterRef("pk"))
    )
    overseen = boards.shared_now(user).order_by().filter(pk=pk)
    rows = funds.funds(user).filter(agreement__board__in=overseen, released_at__isnull=False)
    found: list[Fund] = [*rows.annotate(is_lively=lively)]
    board = found[0].agreement.board if found else None
    return board or get_object_or_404(boards.shared_now(user), pk=pk), found


def quarters(fund: Fund, user: User) -> list[Period]:
    """The four quarters of the fund's year; `is_lively` says whether something was released or issued. One query."""
    lively = Exists(_reported(user).filter(fund=fund, period=OuterRef("pk"))) | Exists(
        _forecast(user).filter(scheme__fund=fund, period=OuterRef("pk"))
    )
    return list(periods.quarters(fund).annotate(is_lively=lively))


def liveliest(among: Sequence[Fund]) -> Fund | None:
    """The fund to show first: the newest in which something was released or issued, else the newest."""
    return next((fund for fund in among if fund.is_lively), next(iter(among), None))  # type: ignore[attr-defined]  # annotated


def latest_quarter(among: Sequence[Period]) -> Period | None:
    """The last quarter in which something of the fund was released or issued, else the first."""
    found = [quarter for quarter in among if quarter.is_lively]  # type: ignore[attr-defined]  # annotated
    return found[-1] if found else next(iter(among), None)


def _reported(user: User) -> ReportQuerySet:
    return Report.objects.visible_to(user).filter(released_at__isnull=False)


def _forecast(user: User) -> QuerySet[Forecast]:
    return forecasts.visible_to(user).filter(released_at__isnull=False)


def dashboard(board: Board, fund: Fund, period: Period, user: User, *, on: date) -> Dashboard:
    """All that is released for a quarter. A constant number of queries."""
    programme = register.for_board(board, user)
    return Dashboard(
        board=board,
        fund=fund,
        period=period,
        position=without_drafts(positions.position(fund, period, user, on=on), on=on),
        metrics=figures.released(fund, period, on=on),
        risks=[risk for risk in programme.risks if risk.released_at],
        steps=[step for step in programme.steps if step.released_at],
    )


def issued(board: Board, user: User) -> list[Report]:
    """The newest issued reports of the board."""
    return list(reports.issued_to([board], user)[:NEWEST])
