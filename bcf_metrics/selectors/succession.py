"""What an organisation holds in returns and metrics that its successors take: what is not signed off or released."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn
from bcf_metrics.models.quarterly_return import OVER
from integration_hub.core.quarters import FinancialYear
from integration_hub.core.registry import Holding
from pooled_budgets.models import Agreement, Fund
from pooled_budgets.selectors.succession import open_funds

RETURN, FUND, PLAN, DRAFTS = (
    "Open return that it has to sign",
    "Fund of an earlier year with an open return",
    "Metric that it enters figures for",
    "Metric figures not released",
)


def open_returns(organisations: Collection[UUID]) -> QuerySet[QuarterlyReturn]:
    """Those not signed off, of the agreements that an organisation is party to."""
    agreements = Agreement.objects.filter(party_links__organisation__in=organisations).exclude(status="ended")
    return QuarterlyReturn.objects.filter(fund__agreement__in=agreements).exclude(status__in=OVER)


def holdings(organisations: Collection[UUID], *, on: date, lock: bool = False) -> list[Holding]:
    """What moves. Five queries, and one with the locks."""
    rows = open_returns(organisations).select_related("fund__agreement", "period", "fund__owner")
    if lock:
        keys = list(open_returns(organisations).order_by("pk").values_list("pk", flat=True))
        list(QuarterlyReturn.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    found = []
    earlier: dict[str, Fund] = {}
    still_open = set(open_funds(on).filter(owner__in=organisations).values_list("pk", flat=True))
    for row in rows.prefetch_related("fund__agreement__party_links").order_by("fund__name", "period__starts_on", "pk"):
        area = str(row.fund.agreement.area_id)
        for link in row.fund.agreement.party_links.all():
            if link.organisation_id in organisations:
                label = f"{row.fund.name}, {row.status_words.lower()}"
                owner = str(link.organisation_id)
                found.append(
                    Holding(RETURN, str(row.pk), owner, label, area=area, period=row.period.label, shared=True)
                )
        if row.fund.owner_id in organisations and row.fund_id not in still_open:
            earlier[str(row.fund_id)] = row.fund
    found += [
        Holding(
            FUND,
            key,
            str(fund.owner_id),
            fund.name,
            area=str(fund.agreement.area_id),
            period=fund.year.label,
            amount=fund.total,
        )
        for key, fund in earlier.items()
    ]
    funds = Q(fund__in=open_funds(on)) | Q(fund__in=list(earlier))
    plans = MetricPlan.objects.filter(funds, owner__in=organisations).select_related("fund__agreement")
    found += [
        Holding(
            PLAN,
            str(plan.pk),
            str(plan.owner_id),
            f"{plan.name}, {plan.fund.name}",
            area=str(plan.fund.agreement.area_id),
            period=plan.fund.year.label,
        )
        for plan in plans.order_by("fund__financial_year", "fund__name", "position", "pk")
    ]
    return found + _drafts(organisations, on, list(earlier))


def _drafts(organisations: Collection[UUID], on: date, earlier: list[str]) -> list[Holding]:
    funds = Q(plan__fund__in=open_funds(on)) | Q(plan__fund__in=earlier)
    rows = (
        MetricFigure.objects.filter(funds, owner__in=organisations, released_at__isnull=True)
        .order_by("plan__fund__name", "plan__fund", "owner")
        .values_list(
            "plan__fund", "plan__fund__name", "plan__fund__financial_year", "plan__fund__agreement__area", "owner"
        )
        .annotate(number=Count("pk"))
    )
    return [
        Holding(DRAFTS, str(fund), str(owner), name, area=str(area), period=FinancialYear(year).label, count=number)
        for fund, name, year, area, owner, number in rows
    ]
