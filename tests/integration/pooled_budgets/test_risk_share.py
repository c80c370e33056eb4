"""Rules from draft to in force, the figures they are applied to, and what-ifs that touch no forecast."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client

from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from pooled_budgets import policies
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, FundingLine, RiskShareFigures, RiskShareRules, RiskShareScenario, SchemeLead
from pooled_budgets.selectors import risk_share as selectors
from pooled_budgets.services import forecasts
from pooled_budgets.services import risk_share as services
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON, give_role
from tests.risk_share.examples import INPUT, RESULT

COUNCIL, CCG = "southwark-council", "southwark-ccg"
APPROVED = {"effective_from": date(2014, 4, 1), "at": NOON + timedelta(hours=2)}


def groups(*, limit="2", shares=("50", "50")):
    return [
        {
            "name": "Whole pool",
            "schemes": "rest",
            "overspend": [
                {"method": "contingency"},
                {
                    "method": "fixed",
                    "shares": dict(zip((COUNCIL, CCG), shares, strict=True)),
                    "limit": {"percent_of_budget": limit},
                },
                {"method": "contributions"},
            ],
            "underspend": [{"method": "carry_forward"}],
            "caps": [{"partner": CCG, "amount": "300000.00", "excess_to": COUNCIL}],
        }
    ]


@pytest.fixture
def pool(world):
    """The example of the documentation as a stored fund: figures of quarter 1, no rules yet."""
    for position, (payer, amount) in enumerate(((world.council, 9_000_000), (world.ccg, 13_000_000)), start=1):
        FundingLine.objects.create(
            fund=world.fund,
            owner=world.council,
            position=position,
            source=f"Source {position}",
            payer=payer,
            amount=Decimal(amount),
            at=date(2014, 4, 1),
            released_at=NOON,
        )
    SchemeFactory(fund=world.fund, number="1", position=1, budget="12000000.00")
    SchemeFactory(fund=world.fund, number="2", position=2, budget="9850000.00")
    officer = world.person("finance")
    entries = [
        Entry(number="1", figure=Figure.stated(Decimal("12900000.00")), note=""),
        Entry(number="2", figure=Figure.stated(Decimal("9810000.00")), note=""),
    ]
    forecasts.record(fund=world.fund, period=world.period, entries=entries, by=officer, at=NOON)
    services.record_figures(
        fund=world.fund,
        contingency=Decimal("150000.00"),
        contingency_state="stated",
        leads={"1": COUNCIL, "2": CCG},
        by=officer,
        at=NOON,
    )
    return world


def written():
    """What a what-if must not touch: the forecasts, and the audit lines of funds."""
    lines = AuditEvent.objects.filter(target_type__startswith="pooled").count()
    return lines, list(Forecast.objects.order_by("pk").values())


def draft(world, given=None, **more):
    values = {"fund": world.fund, "period": world.period, "groups": given or groups(), "at": NOON} | more
    return services.save_draft(**{"by": world.person("finance"), **values})


def in_force(world, given=None, **more):
    row = draft(world, given)
    services.release_draft(rules_id=row.pk, by=world.person("finance"), at=NOON + timedelta(hours=1))
    return services.approve(rules_id=row.pk, by=world.person("approver", "ccg"), **APPROVED | more)


def test_rules_from_draft_to_in_force_settle_the_fund_to_the_penny(pool):
    officer, approver = pool.person("finance"), pool.person("approver", "ccg")
    row = draft(pool)

    # Its own until released: nobody else knows of it, and nobody can approve it.
    assert list(RiskShareRules.objects.visible_to(approver)) == []
    with pytest.raises(Http404):
        services.approve(rules_id=row.pk, by=approver, **APPROVED)
    with pytest.raises(policies.RulesNotReleased):
        services.approve(rules_id=row.pk, by=pool.person("approver"), **APPROVED)
    services.release_draft(rules_id=row.pk, by=officer, at=NOON)
    with pytest.raises(PermissionDenied):
        services.approve(rules_id=row.pk, by=pool.person("finance", "ccg"), **APPROVED)
    made = services.approve(rules_id=row.pk, by=approver, **APPROVED)

    assert (made.number, made.approved_for, made.approved_by_name) == (1, pool.ccg, str(approver))
    versions = selectors.rules_of(pool.agreement, officer)
    assert selectors.in_force(versions, date(2014, 3, 31)) is None
    assert selectors.in_force(versions, selectors.day_of(pool.fund)) == made
    figures = selectors.figures(pool.fund, pool.period, officer)
    result = services.simulate(figures, made.rules)
    # Worked example B of the definition.
    assert result.pays == {COUNCIL: Decimal("410000.00"), CCG: Decimal("300000.00")}
    assert figures.difference == Decimal("0.00")
    kinds = AuditEvent.objects.filter(kind__startswith="risk_share").order_by("recorded_at").values_list("kind")
    assert [kind for (kind,) in kinds] == [
        "risk_share.figures_recorded",
        "risk_share_rules.drafted",
        "risk_share_rules.released",
        "risk_share_rules.approved",
    ]


def test_whoever_prepared_never_approves_whatever_their_roles(pool):
    officer = pool.person("finance")
    row = draft(pool)
    services.release_draft(rules_id=row.pk, by=officer, at=NOON)
    give_role(officer, pool.council, Role.APPROVER)
    officer = type(officer).objects.get(pk=officer.pk)

    with pytest.raises(policies.SamePerson, match="prepared this"):
        services.approve(rules_id=row.pk, by=officer, **APPROVED)

    row.refresh_from_db()
    assert row.approved_at is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (groups(shares=("50", "40")), "groups[0].overspend[1].shares"),
        ([{**groups()[0], "underspend": []}], "groups[0].underspend"),
        ([{**groups()[0], "schemes": ["1"]}], "schemes[1].no"),
        ([{**groups()[0], "schemes": ["1", "9"]}], "groups[0].schemes"),
    ],
)
def test_rules_that_leave_a_penny_without_an_owner_are_not_kept(pool, given, field):
    with pytest.raises(services.RulesRefused) as refused:
        draft(pool, given)

    assert refused.value.problems[0]["field"] == field
    assert not RiskShareRules.objects.exists()


def test_draft_saved_by_somebody_else_meanwhile_is_not_overwritten(pool):
    first = draft(pool)
    seen = services.seen(first)
    second = draft(pool, groups(limit="3"), seen_draft=seen)

    with pytest.raises(ChangedMeanwhile, match="saved this draft"):
        draft(pool, groups(limit="4"), seen_draft=seen)

    second.refresh_from_db()
    assert second.pk == first.pk
    assert second.groups == groups(limit="3")


def test_versions_follow_each_other_and_an_approved_one_never_changes(pool):
    made = in_force(pool)
    with pytest.raises(policies.RulesNotDraft):
        services.withdraw_draft(rules_id=made.pk, by=pool.person("finance"), at=NOON)
    with pytest.raises(policies.RulesOutOfOrder, match="Version 1 applies from 1 April 2014"):
        in_force(pool, groups(limit="3"))
    services.withdraw_draft(rules_id=RiskShareRules.objects.get(number=None).pk, by=pool.person("finance"), at=NOON)
    second = in_force(pool, groups(limit="3"), effective_from=date(2014, 10, 1))

    assert second.number == 2
    versions = selectors.rules_of(pool.agreement, pool.person("finance"))
    assert selectors.in_force(versions, date(2014, 9, 30)) == made
    for statement in (
        "UPDATE pooled_budgets_risksharerules SET clause = 'other' WHERE number = 1",
        "DELETE FROM pooled_budgets_risksharerules WHERE number = 1",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_what_is_missing_is_named_and_never_nil(pool):
    row = in_force(pool, [{**groups()[0], "overspend": [{"method": "lead"}]}])
    officer = pool.person("finance")
    SchemeLead.objects.all().delete()
    FundingLine.objects.filter(position=1).update(payer=None)
    Forecast.objects.filter(scheme__number="2").update(amount=None, state="missing")
    SchemeFactory(fund=pool.fund, number="7", position=3).lines.update(budget=None, state="to_be_confirmed")

    with pytest.raises(services.FiguresMissing) as refused:
        services.simulate(selectors.figures(pool.fund, pool.period, officer), row.rules)

    assert [(gap.field, gap.words) for gap in refused.value.gaps] == [
        ("partners", "who pays “Source 1” is not stated"),
        ("schemes[0].lead", "scheme 1 has no lead partner"),
        ("schemes[1].outturn", "scheme 2 has no outturn"),
        ("schemes[1].lead", "scheme 2 has no lead partner"),
        ("schemes[2].budget", "scheme 7 has no stated budget"),
        ("schemes[2].outturn", "scheme 7 has no outturn"),
        ("schemes[2].lead", "scheme 7 has no lead partner"),
    ]


def test_scenario_is_its_owners_until_released_and_touches_no_forecast(pool):
    before = list(Forecast.objects.order_by("pk").values())
    given = {"fund": pool.fund, "period": pool.period, "name": "Hard winter", "at": NOON}
    row = services.save_scenario(**given, outturns={"1": Decimal("13000000.00")}, by=pool.person("finance"))

    assert list(RiskShareScenario.objects.visible_to(pool.person("finance", "ccg"))) == []
    services.save_scenario(**given, outturns={"1": Decimal("13100000.00")}, by=pool.person("finance"))
    services.release_scenario(scenario_id=row.pk, by=pool.person("finance"), at=NOON)
    with pytest.raises(policies.ScenarioReleased):
        services.save_scenario(**given, outturns={}, by=pool.person("finance"))

    (shown,) = selectors.scenarios(pool.fund, pool.sitting_member())
    assert shown.outturns == {"1": "13100000.00"}
    assert list(RiskShareScenario.objects.visible_to(pool.person("finance", "hackney"))) == []
    assert list(Forecast.objects.order_by("pk").values()) == before


# The API


def client_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def test_api_settles_a_pool_that_is_sent_and_names_the_field_of_a_wrong_one(world):
    api = client_of(world.person("member"))
    address = "/api/v1/risk-share/simulate/"

    answer = api.post(address, INPUT, content_type="application/json")
    wrong = {**INPUT, "groups": [{**INPUT["groups"][0]}]}
    wrong["groups"][0]["overspend"] = [
        {"method": "contingency"},
        {"method": "fixed", "shares": {"council": "50", "ccg": "40"}},
    ]
    refused = api.post(address, wrong, content_type="application/json")
    number = api.post(address, {**INPUT, "contingency": 150000.0}, content_type="application/json")

    assert (answer.status_code, answer.json()) == (200, RESULT)
    assert refused.status_code == number.status_code == 400
    (error,) = refused.json()["errors"]
    assert error["field"] == "groups[0].overspend[1].shares"
    assert "add up to 90" in error["message"]
    assert number.json()["errors"][0]["field"] == "contingency"
    assert api.post(address, [1], content_type="application/json").status_code == 400
    assert Client().post(address, INPUT, content_type="application/json").status_code == 401


def test_api_settles_a_stored_fund_with_other_outturns_and_writes_nothing(pool):
    api = client_of(pool.person("finance"))
    address = f"/api/v1/funds/{pool.fund.pk}/risk-share/simulate/"
    none = api.post(address, {}, content_type="application/json")
    in_force(pool)
    counts = [
        AuditEvent.objects.filter(target_type__startswith="pooled").count(),
        list(Forecast.objects.order_by("pk").values()),
    ]

    def ask(**sent):
        return api.post(address, sent, content_type="application/json")

    stored, changed = ask(), ask(outturns={"1": "12040000.00"}, rules_version=1)

    assert (none.status_code, none.json()["code"]) == (409, "no_rules")
    assert stored.json()["partners"][COUNCIL]["pays"] == "410000.00"
    # 40,000.00 over and 40,000.00 under: nothing to share.
    assert changed.json()["groups"] == []
    for sent, field in (
        ({"outturns": {"9": "1.00"}}, "outturns.9"),
        ({"outturns": {"1": "1.001"}}, "outturns.1"),
        ({"rules_version": 5}, "rules_version"),
    ):
        refused = ask(**sent)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert client_of(pool.person("finance", "hackney")).post(address).status_code == 404
    # The CCG does not see the council's draft outturns: they are missing to it, never nil.
    others = client_of(pool.person("finance", "ccg")).post(address, {}, content_type="application/json")
    assert (others.status_code, others.json()["code"]) == (409, "figures_missing")
    assert [
        AuditEvent.objects.filter(target_type__startswith="pooled").count(),
        list(Forecast.objects.order_by("pk").values()),
    ] == counts


# What the database refuses


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"groups": []}, "risk_share_rules_say_something"),
        ({"number": 1}, "risk_share_rules_numbered"),
        ({"effective_from": date(2014, 4, 1)}, "risk_share_rules_from"),
        ({"approved_at": NOON}, "risk_share_rules_"),
    ],
)
def test_database_refuses_half_approved_rules(pool, values, name):
    row = draft(pool)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RiskShareRules.objects.filter(pk=row.pk).update(**values)


def test_database_refuses_a_second_draft_and_number_and_one_person_for_both(pool):
    made = in_force(pool)
    row = draft(pool, groups(limit="3"))
    same = {
        "number": 2,
        "approved_at": NOON,
        "approved_for": pool.ccg,
        "effective_from": date(2015, 1, 1),
        "released_at": NOON,
    }
    other = pool.person("approver", "ccg")
    for values, name in (
        ({**same, "approved_by": row.prepared_by}, "risk_share_rules_two_people"),
        ({**same, "approved_by": other, "number": 1}, "risk_share_rules_number_unique"),
        ({**same, "approved_by": other, "number": 0}, "risk_share_rules_from_1"),
        ({**same, "approved_by": other, "released_at": None}, "risk_share_rules_released"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            RiskShareRules.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError, match="risk_share_rules_one_draft"), transaction.atomic():
        RiskShareRules.objects.create(
            agreement=pool.agreement,
            owner=pool.council,
            groups=made.groups,
            prepared_by=other,
            prepared_by_name="x",
            prepared_at=NOON,
        )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"contingency": Decimal("-0.01")}, "risk_share_contingency_not_negative"),
        ({"contingency": None}, "risk_share_contingency_has_reason"),
        ({"contingency": None, "contingency_state": "nil"}, "risk_share_contingency_state"),
    ],
)
def test_database_refuses_a_contingency_without_amount_or_reason(pool, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RiskShareFigures.objects.update(**values)


def test_database_refuses_scenarios_of_one_name_or_none(pool):
    given = {"fund": pool.fund, "period": pool.period, "outturns": {}, "at": NOON, "by": pool.person("finance")}
    row = services.save_scenario(**given, name="First")
    with pytest.raises(IntegrityError, match="risk_share_scenario_has_name"), transaction.atomic():
        RiskShareScenario.objects.filter(pk=row.pk).update(name="")
    services.save_scenario(**given, name="Second")
    with pytest.raises(IntegrityError, match="risk_share_scenario_name_unique"), transaction.atomic():
        RiskShareScenario.objects.filter(pk=row.pk).update(name="Second")
