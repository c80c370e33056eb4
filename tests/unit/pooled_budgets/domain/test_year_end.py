"""The year end of a pool: the worked example, and the identities of the memorandum account in random years."""

import random
from decimal import Decimal

import pytest

from integration_hub.core.money import NIL, total
from pooled_budgets.domain import year_end
from pooled_budgets.domain.memorandum import Account, Unbalanced, check
from pooled_budgets.domain.risk_share import inputs, reading
from pooled_budgets.domain.risk_share.inputs import FundFigures, SchemeFigures
from pooled_budgets.domain.risk_share.settling import Settlement, settle
from pooled_budgets.domain.year_end import Division, Paid, YearFigures

CASES = 2_000


def pounds(text: str) -> Decimal:
    return Decimal(text)


def rules(over: list[dict], under: list[dict] | None = None, **more: object) -> dict:
    group = {"name": "Pool", "schemes": "rest", "overspend": over, "underspend": under or [{"method": "carry_forward"}]}
    return {"groups": [group | more]}


def settled(figures: FundFigures, of: dict) -> Settlement:
    return settle(reading.read(inputs.document(figures, of)))


def test_the_worked_example_of_the_memorandum_account():
    figures = FundFigures(
        partners={"la": pounds("6350000.00"), "icb": pounds("9416667.00")},
        names={"la": "Council", "icb": "Board"},
        schemes=(SchemeFigures("1", "All", pounds("15766667.00"), pounds("15890123.79")),),
    )
    paid = (
        Paid("Council", "la", pounds("6350000.00"), pounds("6350000.00")),
        Paid("NHS", "icb", pounds("9416667.00"), pounds("9000000.00")),
    )
    year = YearFigures(host="la", figures=figures, paid=paid)
    found = settled(figures, rules([{"method": "contributions"}]))

    made = year_end.account(year, found, Division())

    assert (made.opening, made.funding, made.expenditure) == (NIL, pounds("15766667.00"), pounds("15890123.79"))
    assert made.net == pounds("-123456.79")
    assert made.paid == {"la": pounds("49722.03"), "icb": pounds("73734.76")}
    assert made.closing == NIL
    rows = year_end.statements(year, found, Division())
    lines = [(line.issuer, line.receiver, line.matter, str(line.amount)) for line in year_end.invoices(rows, "la")]
    assert lines == [
        ("la", "la", "overspend", "49722.03"),
        ("la", "icb", "contribution", "416667.00"),
        ("la", "icb", "overspend", "73734.76"),
    ]
    assert year_end.moved(rows) == pounds("123456.79")


def _pool(chance: random.Random) -> tuple[YearFigures, Settlement]:
    keys = ["a", "b", "c", "d"][: chance.randint(2, 4)]
    money = {key: Decimal(chance.randint(1, 10**8)) / 100 for key in keys}
    budgets = [Decimal(chance.randint(0, 10**8)) / 100 for _ in range(chance.randint(1, 5))]
    schemes = tuple(
        SchemeFigures(str(number), "x", budget, max(NIL, budget + Decimal(chance.randint(-(10**7), 10**7)) / 100))
        for number, budget in enumerate(budgets, start=1)
    )
    contingency = Decimal(chance.randint(0, 10**6)) / 100
    figures = FundFigures(money, {key: key.upper() for key in keys}, schemes, contingency)
    capped = [{"partner": keys[0], "amount": "10.00", "excess_to": keys[1]}, {"partner": keys[1], "amount": "20.00"}]
    capped[1]["excess_to"] = keys[0]
    over = chance.choice([[], [{"method": "contingency"}]])
    under = chance.choice(
        [
            [{"method": "carry_forward"}],
            [{"method": "contingency"}],
            [{"method": "contributions", "limit": {"amount": "50.00"}}, {"method": "carry_forward"}],
        ]
    )
    more = {"netting": chance.choice(["net", "gross"]), "caps": chance.choice([[], capped])}
    paid = tuple(
        Paid("x", key, amount, Decimal(chance.randint(0, 10**8)) / 100, in_kind=chance.random() < 0.2)
        for key, amount in money.items()
    )
    year = YearFigures(host=keys[0], figures=figures, paid=paid, opening=Decimal(chance.randint(0, 10**6)) / 100)
    return year, settled(figures, rules([*over, {"method": "contributions"}], under, **more))


def test_the_identities_hold_and_the_partners_add_up_to_the_fund_in_random_years():
    chance = random.Random(83)
    seen = set()
    for _ in range(CASES):
        year, found = _pool(chance)
        unresolved = found.unresolved
        parts = Division("Decision", {next(iter(found.pays)): unresolved} if unresolved else {})
        for division in (Division(), parts):
            made = year_end.account(year, found, division)
            rows = year_end.statements(year, found, division)
            assert made.funding == made.opening + total(made.contributions.values()) + made.other_income
            assert made.net == made.funding - total(scheme.outturn or NIL for scheme in year.figures.schemes)
            assert made.closing == made.net + total(made.paid.values()) - total(made.returned.values())
            assert made.closing == (
                found.contingency_closing + found.carried_forward + made.unplaced - unresolved + division.total
            )
            lines = year_end.invoices(rows, year.host)
            to_host = {"contribution", "overspend", "decided"}
            signs = [line.amount if line.matter in to_host else -line.amount for line in lines]
            assert all(line.amount > 0 for line in lines)
            assert total(row.net for row in rows) == total(signs)
            assert all((line.issuer == year.host) == (line.matter in to_host) or line.is_own for line in lines)
        seen |= {name for name in ("unresolved", "carried_forward", "contingency_closing") if getattr(found, name)}
    assert seen == {"unresolved", "carried_forward", "contingency_closing"}


def test_an_account_whose_rules_do_not_explain_it_is_refused():
    with pytest.raises(Unbalanced):
        check(
            Account(
                opening=NIL,
                contributions={"a": pounds("10.00")},
                other_income=NIL,
                expenditure=pounds("12.00"),
                budgets=pounds("10.00"),
                contingency_opening=NIL,
                contingency_closing=NIL,
                carried_forward=NIL,
                unresolved=NIL,
                paid={"a": pounds("1.99")},
            )
        )


def test_what_changed_since_is_told_figure_by_figure():
    year, found = _pool(random.Random(1))
    shared = {"about": {}, "posted": {}, "providers": {}}
    before = year_end.freeze(year, found, Division(), **shared)
    assert year_end.changes(before, before) == []
    more = YearFigures(host=year.host, figures=year.figures, paid=year.paid, opening=year.opening + 1)
    now = year_end.freeze(more, found, Division(), **shared)
    assert [
        (change.words, Decimal(change.now) - Decimal(change.before)) for change in year_end.changes(before, now)
    ] == [("Opening balance", Decimal("1.00"))]
    assert year_end.digest(before) != year_end.digest(now)
