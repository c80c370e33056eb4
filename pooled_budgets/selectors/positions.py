"""Where a fund stands at a period, for the page, the API, the return and the report."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from integration_hub.core import money
from integration_hub.core.models import Period
from integration_hub.core.states import AmountState, FigureState
from partners.models import User, prepared_for
from pooled_budgets.domain import figures
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.models import Forecast, Fund, Scheme
from pooled_budgets.selectors import forecasts, periods, virements


def position(fund: Fund, period: Period, user: User, *, on: date | None = None) -> FundPosition:
    """The fund's schemes at the end of a period, as the reader may see them. Two queries whatever their number.

    `on` is the day on which a figure that was to come counts as missing (today unless given). A draft is seen by its
    owner's people alone; for others the scheme has no outturn yet.
    """
    day = on or timezone.localdate()
    recorded = {forecast.scheme_id: forecast for forecast in forecasts.figures_of(fund, period, user)}
    return FundPosition(
        financial_year=fund.year.label,
        period_label=period.label,
        as_at=period.ends_on,
        lines=tuple(
            line_of(scheme, (budget, state), recorded.get(scheme.pk), period, day)
            for scheme, budget, state in _with_budgets(fund, user, as_at=period.ends_on)
        ),
        fund_total=fund.total,
        fund_total_state=fund.total_state,
    )


def quarters(fund: Fund, user: User) -> list[Period]:
    """The fund's four quarters in order, each with whether the person may read a figure of it. One query."""
    return _quarters(user, fund=fund.pk, year=fund.financial_year)


@prepared_for
def _quarters(user: User, *, fund: UUID, year: int) -> QuerySet[Period]:
    recorded = forecasts.visible_to(user).filter(scheme__fund=fund, period=OuterRef("pk")).order_by()
    return periods.quarters_of(year).annotate(has_figures=Exists(recorded))


def latest_quarter(among: Sequence[Period]) -> Period | None:
    """Of a fund's `quarters`, the last with a figure, else the first; None without reference data."""
    recorded = [quarter for quarter in among if quarter.has_figures]  # type: ignore[attr-defined]  # annotated
    return recorded[-1] if recorded else next(iter(among), None)


@prepared_for
def _schemes(user: User, *, fund: UUID, as_at: date) -> QuerySet[Scheme]:
    """The schemes of a fund with what their lines add up to on a day."""
    later = virements.later_sides(as_at).filter(line__scheme=OuterRef("pk")).order_by().values("line__scheme")
    return (
        Scheme.objects.visible_to(user)
        .filter(fund=fund)
        .order_by("position", "number")
        .only("number", "name", "note", "illustrative")
        .annotate(
            moved_later=Coalesce(Subquery(later.annotate(sum=Sum("amount")).values("sum")), money.NIL),
            stated=Sum("lines__budget"),
            number_of_lines=Count("lines"),
            reason=Min("lines__state", filter=Q(lines__budget__isnull=True)),
        )
    )


def _with_budgets(fund: Fund, user: User, *, as_at: date) -> Iterator[tuple[Scheme, Decimal | None, str]]:
    """Each scheme with its budget on a day, or the reason why it has none; in one query.

    The budget is the sum of the scheme's lines, which virements have revised; those that take effect later are not
    in it yet, so that a quarter that is closed reads as it did.
    """
    for scheme in _schemes(user, fund=fund.pk, as_at=as_at):
        if scheme.reason is not None:
            yield scheme, None, scheme.reason
        elif not scheme.number_of_lines:
            yield scheme, None, AmountState.NOT_STATED
        else:
            yield scheme, scheme.stated - scheme.moved_later, AmountState.STATED


def line_of(
    scheme: Scheme, budget: tuple[Decimal | None, str], forecast: Forecast | None, period: Period, day: date
) -> PositionLine:
    """One scheme, or a version of it, with its budget and outturn at the end of a period."""
    amount, state = budget
    if forecast is None:
        absent = Figure.absent(period.ends_on, day)
        return PositionLine(
            scheme_id=scheme.id,
            number=scheme.number,
            name=scheme.name,
            budget=amount,
            budget_state=state,
            outturn=None,
            outturn_state=absent.state,
            available_on=absent.available_on,
            note=scheme.note,
            illustrative=scheme.illustrative,
        )
    outturn_state = figures.state_on(forecast.state, forecast.available_on, day)
    return PositionLine(
        scheme_id=scheme.id,
        number=scheme.number,
        name=scheme.name,
        budget=amount,
        budget_state=state,
        outturn=forecast.amount,
        outturn_state=outturn_state,
        available_on=forecast.available_on if outturn_state == FigureState.NOT_YET_AVAILABLE else None,
        as_printed=forecast.as_printed,
        note=scheme.note,
        forecast_note=forecast.note,
        source=forecast.source,
        provisional=forecast.provisional,
        illustrative=scheme.illustrative,
        entered_by=str(forecast.entered_by),
        entered_at=forecast.entered_at,
        released_at=forecast.released_at,
        as_at=forecast.at,
        recorded=Figure(forecast.amount, forecast.state, forecast.available_on),
    )
