"""The dashboard of a board for one quarter: what is released to it, and nothing else, whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bcf_metrics.selectors import figures
from bcf_metrics.selectors.figures import FigureRow
from governance.models import Board
from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.domain.position import FundPosition
from pooled_budgets.models import Fund
from pooled_budgets.selectors import forecasts, funds, periods, positions
from programme.models import NextStep, Risk
from programme.selectors import register
from reports.domain.sharing import without_drafts
from reports.models import Report
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


def released_funds(board: Board, user: User) -> list[Fund]:
    """The funds that the board oversees and whose owner released them, newest year first."""
    return list(funds.funds(user).filter(agreement__board=board, released_at__isnull=False))


def quarters(fund: Fund) -> list[Period]:
    """The four quarters of the fund's year."""
    return list(periods.quarters(fund))


def liveliest(among: Sequence[Fund], user: User) -> Fund | None:
    """The fund to show first: the newest in which something was released or issued, else the newest."""
    active = {row[0] for row in _active_quarters(among, user)}
    return next((fund for fund in among if fund.pk in active), next(iter(among), None))


def latest_quarter(fund: Fund, user: User, among: Sequence[Period]) -> Period | None:
    """The last quarter in which something of the fund was released or issued, else the first."""
    active = {row[1] for row in _active_quarters([fund], user)}
    found = [quarter for quarter in among if quarter.pk in active]
    return found[-1] if found else next(iter(among), None)


def _active_quarters(among: Sequence[Fund], user: User) -> set[tuple[object, object]]:
    """Fund and quarter of what is released or issued. Two queries."""
    reported = reports.visible_to(user).filter(fund__in=among, released_at__isnull=False)
    forecast = forecasts.visible_to(user).filter(scheme__fund__in=among, released_at__isnull=False)
    return {
        *reported.order_by().values_list("fund", "period").distinct(),
        *forecast.order_by().values_list("scheme__fund", "period").distinct(),
    }


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
