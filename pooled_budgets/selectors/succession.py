"""What an organisation holds in agreements and funds that its successors take.

Open is an agreement that has not ended, and a fund of a year that has not ended by the day. Everything else stays with
the organisation that ended: its name and code of its day stand there for good.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from integration_hub.core.quarters import FinancialYear
from integration_hub.core.registry import Holding
from partners.domain.succession import elapsed
from pooled_budgets.models import Agreement, AgreementParty, Forecast, Fund, FundingLine

AGREEMENT, HOST, FUND, CONTRIBUTION, DRAFTS = (
    "Agreement that it is party to",
    "Agreement that it hosts",
    "Fund that it keeps",
    "Contribution to a fund",
    "Projected outturns not released",
)


def open_funds(on: date) -> QuerySet[Fund]:
    """The funds of agreements that have not ended, of the year of the day and later ones."""
    year = on.year if on >= date(on.year, 4, 1) else on.year - 1
    return Fund.objects.filter(financial_year__gte=year, agreement__in=Agreement.objects.open())


def holdings(organisations: Collection[UUID], *, on: date, lock: bool = False) -> list[Holding]:
    """What moves. Six queries with the locks, five without, however much there is."""
    if lock:
        # Whoever writes to a fund holds its row: nothing is added to it meanwhile.
        concerned = Q(agreement__parties__in=organisations) | Q(owner__in=organisations)
        keys = list(open_funds(on).filter(concerned).order_by("pk").values_list("pk", flat=True).distinct())
        list(Fund.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    return [
        *_agreements(organisations),
        *_hosted(organisations),
        *_funds(organisations, on),
        *_contributions(organisations, on),
        *_drafts(organisations, on),
    ]


def _agreements(organisations: Collection[UUID]) -> list[Holding]:
    links = AgreementParty.objects.filter(organisation__in=organisations, agreement__in=Agreement.objects.open())
    return [
        Holding(
            AGREEMENT,
            str(link.pk),
            str(link.organisation_id),
            link.agreement.title,
            area=str(link.agreement.area_id),
            shared=True,
        )
        for link in links.select_related("agreement").order_by("agreement__title", "pk")
    ]


def _hosted(organisations: Collection[UUID]) -> list[Holding]:
    rows = Agreement.objects.open().filter(host__in=organisations).order_by("title", "pk")
    return [Holding(HOST, str(row.pk), str(row.host_id), row.title, area=str(row.area_id)) for row in rows]


def _funds(organisations: Collection[UUID], on: date) -> list[Holding]:
    rows = open_funds(on).filter(owner__in=organisations).select_related("agreement")
    return [
        Holding(
            FUND,
            str(fund.pk),
            str(fund.owner_id),
            fund.name,
            area=str(fund.agreement.area_id),
            period=fund.year.label,
            amount=fund.total,
        )
        for fund in rows.order_by("financial_year", "name", "pk")
    ]


def _contributions(organisations: Collection[UUID], on: date) -> list[Holding]:
    rows = FundingLine.objects.filter(payer__in=organisations, fund__in=open_funds(on))
    return [
        Holding(
            CONTRIBUTION,
            str(line.pk),
            str(line.payer_id),
            f"{line.source}, {line.fund.name}",
            area=str(line.fund.agreement.area_id),
            period=line.fund.year.label,
            amount=line.amount,
            divides=True,
            elapsed=elapsed(FinancialYear(line.fund.financial_year), on),
        )
        for line in rows.select_related("fund__agreement").order_by(
            "fund__financial_year", "fund__name", "position", "pk"
        )
    ]


def _drafts(organisations: Collection[UUID], on: date) -> list[Holding]:
    rows = (
        Forecast.objects.filter(owner__in=organisations, released_at__isnull=True, scheme__fund__in=open_funds(on))
        .order_by("scheme__fund__name", "scheme__fund", "owner")
        .values(
            "scheme__fund",
            "scheme__fund__name",
            "scheme__fund__financial_year",
            "scheme__fund__agreement__area",
            "owner",
        )
        .annotate(number=Count("pk"))
    )
    return [
        Holding(
            DRAFTS,
            str(row["scheme__fund"]),
            str(row["owner"]),
            row["scheme__fund__name"],
            area=str(row["scheme__fund__agreement__area"]),
            period=FinancialYear(row["scheme__fund__financial_year"]).label,
            count=row["number"],
        )
        for row in rows
    ]
