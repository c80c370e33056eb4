"""Funds, lines and postings: a large fund of three years, and those of the whole country around it, in bulk."""

from datetime import date
from decimal import Decimal

import pgtrigger
from django.db import connection

from partners.models import Area, Organisation
from pooled_budgets.models import (
    Agreement,
    AgreementParty,
    Forecast,
    Fund,
    FundingLine,
    LedgerCode,
    MonthForecast,
    RiskShareRules,
    Scheme,
    SchemeLine,
)
from tests.factories.everything import Everything
from tests.factories.money import join_agreement, month, quarter
from tests.factories.partners import NOON

AREAS, YEARS, SCHEMES, POSTINGS = 153, range(2020, 2025), 10, 11
LARGE, PARTNERS = 150, 8
DAY = date(2014, 4, 1)


def large_fund(made: Everything) -> Fund:
    """A fund of eight partners with 150 schemes in each of three years: contributions, outturns of quarter 1, a
    forecast in every cell of the grid, a posting in each of its first three months, and risk-share rules in force."""
    parties = [made["council"], made["ccg"]]
    agreement = Agreement.objects.create(
        key="large", title="Large agreement", kind="preparatory", status="in_force", area=made["area"]
    )
    for number in range(len(parties), PARTNERS):
        parties.append(Organisation.objects.create(key=f"large-{number}", name=f"Partner {number}", kind="provider"))
    join_agreement(agreement, *parties)
    funds = [_fund(made, agreement, parties, year) for year in (2014, 2015, 2016)]
    method = [{"method": "fixed", "shares": {party.key: "12.5" for party in parties}, "limit": {"amount": "900.00"}}]
    rules = {"name": "Whole pool", "schemes": "rest", "overspend": [*method, {"method": "contributions"}]}
    RiskShareRules.objects.create(
        agreement=agreement,
        owner=made["council"],
        number=1,
        groups=[rules | {"underspend": [{"method": "contributions"}]}],
        effective_from=DAY,
        prepared_by=made.world.person("finance"),
        prepared_by_name="Finance",
        prepared_at=NOON,
        approved_by=made.world.person("approver", "ccg"),
        approved_by_name="Approver",
        approved_for=made["ccg"],
        approved_at=NOON,
        released_at=NOON,
    )
    return funds[0]


def _fund(made: Everything, agreement: Agreement, parties: list[Organisation], year: int) -> Fund:
    council, officer = made["council"], made.world.person("finance")
    shared = {"owner": council, "released_at": NOON}
    fund = Fund.objects.create(
        agreement=agreement, financial_year=year, name="Large fund", total=Decimal(LARGE * 1000), **shared
    )
    FundingLine.objects.bulk_create(
        FundingLine(
            fund=fund, position=position, source=f"Source {position}", payer=party, amount=18750, at=DAY, **shared
        )
        for position, party in enumerate(parties, start=1)
    )
    schemes = Scheme.objects.bulk_create(
        Scheme(fund=fund, number=str(n), position=n, name=f"Scheme {n}", **shared) for n in range(1, LARGE + 1)
    )
    lines = SchemeLine.objects.bulk_create(
        SchemeLine(scheme=scheme, budget=Decimal(1000), at=DAY, **shared) for scheme in schemes
    )
    LedgerCode.objects.bulk_create(
        LedgerCode(line=line, organisation=council, code=f"{year}-{n}") for n, line in enumerate(lines)
    )
    entered = {"entered_by": officer, "entered_at": NOON, **shared}
    Forecast.objects.bulk_create(
        Forecast(scheme=scheme, period=quarter(year, 1), amount=1001, state="stated", at=DAY, **entered)
        for scheme in schemes
    )
    months = [month(year, number) for number in range(1, 14)]
    MonthForecast.objects.bulk_create(
        MonthForecast(line=line, period=period, amount=Decimal("83.33"), **entered)
        for line in lines
        for period in months[:12]
    )
    post(f"fund.id = '{fund.pk}' AND month.number <= 3", 1)
    return fund


def nation(made: Everything) -> int:
    """Every area's funds of five years with ten schemes each and about a million postings, of partners that are
    strangers to the reader; how many postings."""
    with pgtrigger.ignore():
        areas = Area.objects.bulk_create(Area(name=f"Money area {n:03}", ons_code=f"M{n:08d}") for n in range(AREAS))
        organisations = Organisation.objects.bulk_create(
            Organisation(key=f"money-{n}", name=f"Money council {n:03}", kind="unitary") for n in range(AREAS)
        )
        agreements = Agreement.objects.bulk_create(
            Agreement(key=f"money-{n}", title=f"Agreement {n}", kind="preparatory", status="in_force", area=area)
            for n, area in enumerate(areas)
        )
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation=owner)
            for agreement, owner in zip(agreements, organisations, strict=True)
        )
        for year in YEARS:
            for number in range(1, 13):
                month(year, number)
        funds = Fund.objects.bulk_create(
            Fund(agreement=agreement, owner=owner, financial_year=year, name="Money", released_at=NOON, total=10_000)
            for agreement, owner in zip(agreements, organisations, strict=True)
            for year in YEARS
        )
        shared = [(fund, {"owner": fund.owner, "released_at": NOON}) for fund in funds]
        schemes = Scheme.objects.bulk_create(
            Scheme(fund=fund, number=str(n), position=n, name=f"Scheme {n}", **of)
            for fund, of in shared
            for n in range(1, SCHEMES + 1)
        )
        SchemeLine.objects.bulk_create(
            (
                SchemeLine(scheme=scheme, budget=1000, at=DAY, owner=scheme.owner, released_at=NOON)
                for scheme in schemes
            ),
            batch_size=2_000,
        )
        return post("fund.name = 'Money' AND month.number <= 12", POSTINGS)


def post(where: str, times: int) -> int:
    """Postings in each line and month of some funds, so many in each; how many."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO pooled_budgets_transaction
                (id, fund_id, line_id, period_id, kind, amount, description, reference, at, reason,
                 entered_by_id, entered_at, owner_id, released_at)
            SELECT gen_random_uuid(), fund.id, line.id, month.id, 'actual', 10.25, 'Posting', '', month.ends_on, '',
                   (SELECT id FROM partners_user LIMIT 1), %s, fund.owner_id, %s
            FROM pooled_budgets_schemeline AS line
            JOIN pooled_budgets_scheme AS scheme ON scheme.id = line.scheme_id
            JOIN pooled_budgets_fund AS fund ON fund.id = scheme.fund_id
            JOIN core_period AS month ON month.kind = 'month' AND month.financial_year = fund.financial_year
            CROSS JOIN generate_series(1, %s)
            WHERE {where}
            """,
            [NOON, NOON, times],
        )
        return cursor.rowcount
