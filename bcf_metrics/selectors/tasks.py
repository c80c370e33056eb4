"""What waits for a person on My tasks: figures to enter and release, returns to complete, signatures."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse

from bcf_metrics.domain.status import ReturnStatus
from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Standing
from integration_hub.core.registry import Task
from integration_hub.core.states import FigureState
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission


def tasks(user: User, on: date) -> list[Task]:
    """The person's tasks with figures and returns. A constant number of queries, whatever their number."""
    found = [
        standing
        for standing in returns.rows(list(returns.listed(user).exclude(status=ReturnStatus.SIGNED)))
        if standing.parties
    ]
    return [
        *_figures(user, [standing for standing in found if not standing.is_frozen], on),
        *(task for standing in found if not standing.is_frozen for task in _complete(user, standing)),
        *(task for standing in found if standing.is_frozen for task in _sign(user, standing)),
    ]


def _figures(user: User, standings: Sequence[Standing], on: date) -> Iterable[Task]:
    """For each return and owner the figures that nobody has entered or that are due, and the drafts to release."""
    rows = [standing.quarterly_return for standing in standings]
    if not rows:
        return
    figures_of = MetricFigure.objects.visible_to(user).filter(period__in=[row.period_id for row in rows])
    plans = list(
        MetricPlan.objects.visible_to(user)
        .filter(fund__in=[row.fund_id for row in rows])
        .select_related("owner")
        .prefetch_related(Prefetch("figures", figures_of))
    )
    for row in rows:
        owners: dict[Organisation, list[MetricPlan]] = {}
        for plan in plans:
            if plan.fund_id == row.fund_id and permissions.can(user, Permission.FIGURE_RECORD, organisation=plan.owner):
                owners.setdefault(plan.owner, []).append(plan)
        for owner, owned in owners.items():
            figures = [_figure(plan, row) for plan in owned]
            missing = sum(figure is None or _is_owed(figure, on) for figure in figures)
            drafts = sum(figure is not None and figure.released_at is None for figure in figures)
            if missing:
                yield _task(
                    row, f"Enter the metric figures of {row.period.label}", "figures", owner, f"{missing} to enter"
                )
            elif drafts:
                yield _task(
                    row, f"Release the metric figures of {row.period.label}", "figures", owner, f"{drafts} not released"
                )


def _complete(user: User, standing: Standing) -> Iterable[Task]:
    row = standing.quarterly_return
    for party in standing.parties:
        if permissions.can(user, Permission.RETURN_PREPARE, organisation=party):
            yield _task(row, f"Complete the return of {row.period.label}", "return_detail", party, row.status_words)


def _sign(user: User, standing: Standing) -> Iterable[Task]:
    """A signature waits for whoever may give it: never for somebody who prepared the return or signed it already."""
    row, current = standing.quarterly_return, standing.current
    if current is None or standing.is_preparer(user):
        return
    if any(signature.person_id == user.pk for signature in current.signatures.all()):
        return
    for party in standing.unsigned:
        if permissions.can(user, Permission.RETURN_SIGN, organisation=party):
            yield _task(row, f"Sign the return of {row.period.label}", "sign", party, f"version {current.number}")


def _task(row: QuarterlyReturn, title: str, name: str, partner: Organisation, detail: str) -> Task:
    return Task(
        title=title,
        url=reverse(f"bcf_metrics:{name}", args=[row.pk]),
        partner=partner.name,
        detail=f"{row.fund.name}: {detail[0].lower()}{detail[1:]}",
        due_on=row.due_on,
    )


def _figure(plan: MetricPlan, row: QuarterlyReturn) -> MetricFigure | None:
    for figure in plan.figures.all():
        if figure.period_id == row.period_id and figure.owner_id == plan.owner_id:
            return figure
    return None


def _is_owed(figure: MetricFigure, on: date) -> bool:
    overdue = figure.available_on is not None and figure.available_on <= on
    return figure.state == FigureState.MISSING or overdue
