"""A year that can be settled: the example of docs/domain/settlement.md as a stored fund, and its settlement."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from governance.domain.authority import Matter, Named
from governance.models import Decision
from partners.models import Organisation, User
from pooled_budgets.domain import year_end
from pooled_budgets.domain.risk_share import inputs, reading
from pooled_budgets.domain.risk_share.inputs import FundFigures, SchemeFigures
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.domain.year_end import Division, Paid, YearFigures
from pooled_budgets.models import Forecast, Fund, FundingLine, Receipt, RiskShareRules, Scheme, Settlement
from pooled_budgets.services import settlement as services
from tests.factories import authority
from tests.factories.money import FundFactory, SchemeFactory, quarter
from tests.factories.partners import NOON
from tests.factories.worlds import World

AFTER = NOON.replace(year=2015)
GROUP = {
    "name": "Whole pool",
    "schemes": "rest",
    "overspend": [{"method": "contributions"}],
    "underspend": [{"method": "carry_forward"}],
}


def content(host: str, other: str, *, mark: str, amount: Decimal = Decimal("10.00")) -> dict[str, Any]:
    """What a settlement of a small pool freezes: one scheme that spent more than planned, and texts with a mark."""
    figures = FundFigures(
        partners={host: amount, other: amount},
        names={host: f"{mark} host", other: f"{mark} other"},
        schemes=(SchemeFigures("1", f"{mark} scheme", 2 * amount, 3 * amount),),
    )
    paid = (Paid(f"{mark} source", host, amount, amount), Paid(f"{mark} source", other, amount, Decimal("0.00")))
    year = YearFigures(host=host, figures=figures, paid=paid)
    settled = settle(reading.read(inputs.document(figures, {"groups": [GROUP]})))
    about = {
        "fund": f"{mark} fund",
        "year": "2014/15",
        "year_ends_on": "2015-03-31",
        "agreement": f"{mark} agreement",
        "agreement_from": "2014-04-01",
        "statutory_basis": "",
        "illustrative": False,
        "rules": {"number": 1, "clause": f"{mark} clause", "from": "2014-04-01", "illustrative": False},
    }
    return year_end.freeze(year, settled, Division(), about=about, posted={}, providers={})


def frozen(fund: Fund, owner: Organisation, made: dict[str, Any], *, by: User) -> Settlement:
    """A first settlement with that content, whatever the fund's figures are."""
    return Settlement.objects.create(
        fund=fund,
        owner=owner,
        released_at=NOON,
        number=1,
        content=made,
        sha256=year_end.digest(made),
        prepared_by=by,
        prepared_by_name=str(by),
        prepared_at=NOON,
    )


def outturn(fund: Fund, scheme: Scheme, amount: str, *, by: Any, released_at: datetime | None = AFTER) -> Forecast:
    """The keeper's figure of a scheme at the end of the year."""
    return Forecast.objects.create(
        scheme=scheme,
        owner=fund.owner,
        period=quarter(fund.financial_year, 4),
        amount=Decimal(amount),
        state="stated",
        at=date(fund.financial_year + 1, 3, 31),
        entered_by=by,
        entered_at=AFTER,
        released_at=released_at,
    )


def contribution(world: World, position: int, payer: Any, amount: str, received: str = "") -> FundingLine:
    """A contribution of a partner to the world's fund, and what came in of it."""
    line = FundingLine.objects.create(
        fund=world.fund,
        owner=world.council,
        position=position,
        source=f"Source {position}",
        payer=payer,
        amount=Decimal(amount),
        at=date(2014, 4, 1),
        released_at=NOON,
    )
    if received:
        Receipt.objects.create(
            line=line,
            received_on=date(2014, 5, 1),
            amount=Decimal(received),
            reference="BACS",
            entered_by=world.person("finance"),
            at=NOON,
        )
    return line


def rules(world: World, group: dict[str, Any] | None = None) -> RiskShareRules:
    """Rules in force since 1 April 2014."""
    finance, approver = world.person("finance"), world.person("approver", "ccg")
    return RiskShareRules.objects.create(
        agreement=world.agreement,
        owner=world.council,
        number=1,
        groups=[group or GROUP],
        clause="clause 12",
        effective_from=date(2014, 4, 1),
        prepared_by=finance,
        prepared_by_name=str(finance),
        prepared_at=NOON,
        approved_by=approver,
        approved_by_name=str(approver),
        approved_for=world.ccg,
        approved_at=NOON,
        released_at=NOON,
    )


def a_year(
    world: World, *, outturn_of: str = "15890123.79", budget: str = "15766667.00", group: dict[str, Any] | None = None
) -> Fund:
    """Council 6,350,000.00 paid, CCG 9,416,667.00 of which 9,000,000.00 came in; one scheme; shares by contribution."""
    contribution(world, 1, world.council, "6350000.00", "6350000.00")
    contribution(world, 2, world.ccg, "9416667.00", "9000000.00")
    scheme = SchemeFactory(fund=world.fund, number="1", position=1, budget=budget)
    outturn(world.fund, scheme, outturn_of, by=world.person("finance"))
    rules(world, group)
    return world.fund


def small_year(world: World, name: str) -> Fund:
    """Another fund of the world's agreement for 2014/15: 100.00 came in, 90.00 was spent, and all of it is shown."""
    fund = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2014, name=name, total="100.00")
    by = world.person("finance")
    for position, payer in enumerate((world.council, world.ccg), start=1):
        line = FundingLine.objects.create(
            fund=fund,
            owner=world.council,
            position=position,
            source=f"{name}, source {position}",
            payer=payer,
            amount=Decimal("50.00"),
            at=date(2014, 4, 1),
            released_at=NOON,
        )
        Receipt.objects.create(
            line=line, received_on=date(2014, 5, 1), amount=line.amount, reference=name, entered_by=by, at=NOON
        )
    scheme = SchemeFactory(fund=fund, number="1", position=1, name=f"{name}, scheme", budget="100.00")
    outturn(fund, scheme, "90.00", by=by)
    return fund


def decision(world: World, **changes: Any) -> Decision:
    """A decision of the board that settles the year and carries money forward, without a limit."""
    usual = {
        "reference": "HWB 2015/1",
        "made_on": AFTER.date(),
        "title": "The year 2014/15",
        "text": "The board settled the year.",
        "matters": [Matter.SETTLEMENT, Matter.CARRY_FORWARD],
        "amount_limit": None,
        "at": AFTER,
    }
    return authority.decision(world, **(usual | changes))


def named(row: Decision) -> Named:
    return Named(decision=str(row.pk))


def prepare(world: World, **changes: Any) -> Settlement:
    """As the council's finance officer prepares it."""
    return services.prepare(**({"fund_id": world.fund.pk, "by": world.person("finance"), "at": AFTER} | changes))


def approve(world: World, settlement: Settlement, allowed_by: Decision, **changes: Any) -> Any:
    """As the council's approver approves it."""
    usual = {"settlement_id": settlement.pk, "named": named(allowed_by), "by": world.person("approver"), "at": AFTER}
    return services.approve(**(usual | changes))
