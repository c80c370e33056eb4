"""What the checks find in the figures of a quarter, with the quarters before them and the waivers that hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bcf_metrics.domain import checks, numbers
from bcf_metrics.domain.checks import Check, Checked, Flag, Thresholds
from bcf_metrics.domain.progress import Basis
from bcf_metrics.models import MetricFigure, MetricPlan, MetricWaiver, QuarterlyReturn
from bcf_metrics.selectors.figures import FigureRow
from integration_hub.core.models import Period
from integration_hub.core.quarters import FinancialYear, Quarter
from partners.models import User
from pooled_budgets.models import Fund

# As many quarters before one as a check looks back over: five years.
BACK = 20
Past = Mapping[tuple[str, str, str], Mapping[Quarter, Fraction]]


@dataclass(frozen=True)
class Found:
    """A check's flag on one figure, with the waiver that holds for it on the day, if any."""

    flag: Flag
    path: str
    waiver: MetricWaiver | None = None

    @property
    def key(self) -> str:
        """What its reason is kept under: another figure asks for another reason."""
        return f"{self.flag.check}:{self.path}"


def released_past(fund: Fund, period: Period) -> Past:
    """What was released for the quarters before, the same for every reader, by metric. One query."""
    rows = MetricFigure.objects.filter(released_at__isnull=False, owner=F("plan__owner"))
    return _past(rows, fund, period)


def past(user: User, fund: Fund, period: Period) -> Past:
    """The same as far as the reader may see it, their own partners' drafts with it. One query."""
    return _past(MetricFigure.objects.visible_to(user), fund, period)


def flags(row: FigureRow, before: Past, thresholds: Thresholds, quarter: Quarter) -> tuple[Flag, ...]:
    """What the checks find in one figure; nothing where there is no number, or one for an earlier period."""
    figure, plan = row.figure, row.plan
    counted = row.recorded.counted
    if figure is None or counted is None or figure.lagged:
        return ()
    quarters = _before(quarter)
    of_metric = before.get(_alike(plan), {})
    return checks.found(
        Checked(
            label=row.indicator,
            number=Fraction(counted),
            unit=plan.unit,
            places=plan.metric.precision,
            history=[of_metric.get(one) for one in quarters],
            last=quarters[-1].label,
            same_year=quarters[-1].year == quarter.year,
            counts_up=plan.basis == Basis.CUMULATIVE,
            provisional=figure.provisional,
            ends_on=quarter.ends_on,
            entered_on=timezone.localdate(figure.entered_at) if figure.entered_at else row.on,
            status=row.status,
            action=row.action,
        ),
        thresholds,
    )


def found(
    rows: Iterable[FigureRow],
    *,
    before: Past,
    details: Mapping[str, Any],
    quarter: Quarter,
    waivers: Sequence[MetricWaiver] = (),
) -> dict[UUID, tuple[Found, ...]]:
    """The flags of each plan that has any. `details` are those of the policy year."""
    held = {(one.plan_id, one.code): one for one in waivers}
    listed = {}
    for row in rows:
        path = path_of(row)
        of_row = tuple(
            Found(flag, path, held.get((row.plan.pk, flag.check)))
            for flag in flags(row, before, thresholds_of(details, row.code), quarter)
        )
        if of_row:
            listed[row.plan.pk] = of_row
    return listed


def of_return(
    user: User, quarterly_return: QuarterlyReturn, rows: Sequence[FigureRow]
) -> dict[UUID, tuple[Found, ...]]:
    """The flags of the figures of a return's quarter as the reader may see them. Two queries, none without rows."""
    if not rows:
        return {}
    fund, period = quarterly_return.fund, quarterly_return.period
    return found(
        rows,
        before=past(user, fund, period),
        details=quarterly_return.policy_year.details,
        quarter=Quarter(FinancialYear(period.financial_year), period.number),
        waivers=waivers(fund, on=rows[0].on),
    )


def path_of(row: FigureRow) -> str:
    """Where the figure's checks are kept: the metric and the number, so that a reason is one for that number."""
    return f"figures.{row.plan.pk.hex}.{numbers.plain(row.recorded.counted)}"


def waivers(fund: Fund, *, on: date) -> list[MetricWaiver]:
    """The waivers that hold for metrics of a fund on a day. One query."""
    return list(
        MetricWaiver.objects.filter(plan__fund=fund)
        .filter(in_force(on))
        .select_related("given_by")
        .order_by("given_at", "pk")
    )


def in_force(on: date) -> Q:
    """Those that were given by a day, have not expired and were not ended by then: nobody has to end one."""
    return Q(given_at__date__lte=on, until__gte=on) & (Q(ended_at__isnull=True) | Q(ended_at__date__gt=on))


def waivers_of(user: User, plan: MetricPlan) -> list[MetricWaiver]:
    """Every waiver of a metric that the reader may know of, newest first."""
    rows = MetricWaiver.objects.visible_to(user).filter(plan=plan).select_related("given_by", "ended_by")
    return list(rows.order_by("-given_at", "pk"))


def waiver(user: User, plan: MetricPlan, pk: UUID) -> MetricWaiver:
    """One waiver of a metric; Http404 for any other."""
    rows = MetricWaiver.objects.visible_to(user).filter(plan=plan).select_related("given_by", "ended_by")
    return get_object_or_404(rows, pk=pk)


def thresholds_of(details: Mapping[str, Any], code: str) -> Thresholds:
    """What the policy year says of a metric's figures."""
    return checks.parse(details.get("metrics", {}).get(code, {}).get("checks"))


def in_content(
    found: Mapping[UUID, Sequence[Found]], rows: Sequence[FigureRow], held: Sequence[MetricWaiver]
) -> dict[str, list[dict[str, str]]]:
    """Checks and waivers as the content of a return has them; a key only where there are any."""
    listed = [
        {
            "code": str(one.flag.check),
            "level": str(one.flag.level),
            "path": one.path,
            "label": row.indicator,
            "message": one.flag.message,
        }
        for row in rows
        for one in found.get(row.plan.pk, ())
    ]
    places = {row.plan.pk: (index, row) for index, row in enumerate(rows)}
    waived = [
        {"key": key_of(one, *places[one.plan_id]), "words": waiver_words(one)} for one in held if one.plan_id in places
    ]
    return {key: value for key, value in (("checks", listed), ("waivers", waived)) if value}


def key_of(waiver: MetricWaiver, index: int, row: FigureRow) -> str:
    """The key of the finding that a waiver is for, by the metric's place in the return."""
    path = {
        Check.RATE: f"metrics[{index}].value",
        Check.COMMENTARY: f"metrics[{index}].commentary",
    }.get(Check(waiver.code), path_of(row))
    return f"{waiver.code}:{path}"


def waiver_words(waiver: MetricWaiver) -> str:
    return f"Waived {waiver.words}"


def _past(rows: QuerySet[MetricFigure], fund: Fund, period: Period) -> Past:
    found: dict[tuple[str, str, str], dict[Quarter, Fraction]] = {}
    values = (
        rows.filter(
            value__isnull=False,
            plan__fund__agreement=fund.agreement_id,
            period__ends_on__lt=period.starts_on,
            period__kind=Period.QUARTER,
            state__in=("stated", "nil"),
            lagged=False,
        )
        .order_by("period__starts_on", "pk")
        .values_list(
            "plan__metric__code",
            "plan__name",
            "plan__unit",
            "period__financial_year",
            "period__number",
            "value",
        )
    )
    for code, name, unit, year, number, value in values:
        of_metric = found.setdefault((code, name.casefold(), unit), {})
        of_metric[Quarter(FinancialYear(year), number)] = Fraction(value or 0)
    return found


def _before(quarter: Quarter) -> list[Quarter]:
    listed: list[Quarter] = []
    for _ in range(BACK):
        quarter = quarter.preceding
        listed.insert(0, quarter)
    return listed


def _alike(plan: MetricPlan) -> tuple[str, str, str]:
    return plan.metric.code, plan.name.casefold(), plan.unit
