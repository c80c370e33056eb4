"""Successors take over open returns and metrics. Called by partners.services.succession alone.

A signed return stays as it was signed; figures that were released stay their owner's.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from bcf_metrics import policies
from bcf_metrics.domain.status import standing
from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn, ReturnEvent, ReturnSection, ReturnVersion
from bcf_metrics.selectors.returns import Standing, event_of, former_links
from bcf_metrics.selectors.succession import DRAFTS, FUND, PLAN, RETURN, holdings
from integration_hub.core.registry import SuccessionProvider, Taking
from partners.models import Organisation, User
from pooled_budgets.models import PeriodLock
from pooled_budgets.services import succession as funds


def move(takings: Sequence[Taking], *, on: date, by: User, at: datetime) -> None:
    """Move the funds of earlier years whose returns are open, plans, drafts, and who signs."""
    earlier = {taking.holding.key: taking.keeper for taking in takings if taking.holding.kind == FUND}
    funds.take_funds(earlier, on=on, by=by, at=at)
    for taking in takings:
        if taking.holding.kind == PLAN:
            MetricPlan.objects.filter(pk=taking.holding.key).update(owner=taking.keeper)
        elif taking.holding.kind == DRAFTS:
            _drafts(taking)
        elif taking.holding.kind == RETURN:
            _sections(taking)
    _returns([taking.holding.key for taking in takings if taking.holding.kind == RETURN])


def _drafts(taking: Taking) -> None:
    same = MetricFigure.objects.filter(plan=OuterRef("plan"), period=OuterRef("period"), owner=UUID(taking.keeper))
    MetricFigure.objects.filter(
        ~Exists(same),
        owner=UUID(taking.holding.organisation),
        plan__fund=UUID(taking.holding.key),
        released_at__isnull=True,
    ).update(owner=taking.keeper)


def _sections(taking: Taking) -> None:
    """Its sections of an open return pass to the successor; who there prepares them, its own people say."""
    ReturnSection.objects.filter(
        quarterly_return=UUID(taking.holding.key), owner=UUID(taking.holding.organisation)
    ).update(owner=taking.keeper, person=None)


def _returns(keys: Sequence[str]) -> None:
    """Who has to sign is who is party now; where the return stands follows from its events and them."""
    rows = (
        QuarterlyReturn.objects.filter(pk__in=keys)
        .select_related("fund__agreement", "period")
        .prefetch_related(
            Prefetch("fund__agreement__parties", Organisation.objects.order_by("name", "pk")),
            Prefetch("fund__agreement__former_links", former_links()),
            Prefetch("events", ReturnEvent.objects.order_by("number")),
            Prefetch("versions", ReturnVersion.objects.defer("content").order_by("number")),
        )
        .order_by("pk")
    )
    for row in rows:
        parties = list(row.fund.agreement.parties.all())
        held = Standing(
            row, parties, list(row.events.all()), list(row.versions.all()), list(row.fund.agreement.former_links.all())
        )
        found = standing([event_of(event) for event in held.events], parties=held.keys, predecessors=held.predecessors)
        if found.status.value != row.status:
            row.status = found.status.value
            row.save(update_fields=["status"])
        PeriodLock.objects.filter(fund=row.fund, period=row.period, lifted_at__isnull=True).update(
            who_can_lift=policies.who_can_lift([party.name for party in parties])
        )


PROVIDER = SuccessionProvider(holdings=holdings, move=move)
