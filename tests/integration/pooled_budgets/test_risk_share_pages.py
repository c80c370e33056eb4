"""The risk share's pages: rules written with buttons alone, what-ifs that touch nothing, and what they cost."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integration_hub.core.models import AuditEvent
from partners.models import User
from pooled_budgets.models import Forecast, FundingLine, RiskShareRules, RiskShareScenario, Scheme, SchemeLine
from pooled_budgets.services import risk_share as services
from tests.factories.money import join_agreement
from tests.factories.partners import NOON, OrganisationFactory

COUNCIL, CCG = "southwark-council", "southwark-ccg"
PAGE_LIMIT = 22


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name, world, *more):
    return reverse(f"pooled_budgets:{name}", args=[world.fund.pk, *more])


def fill(world, schemes, partners=2):
    """A fund of equal schemes with outturns of quarter 1, paid for by so many partners."""
    parties = [world.council, world.ccg]
    for number in range(len(parties), partners):
        parties.append(OrganisationFactory(key=f"partner-{number}", name=f"Partner {number}", kind="provider"))
        join_agreement(world.agreement, parties[-1])
    FundingLine.objects.bulk_create(
        FundingLine(
            fund=world.fund,
            owner=world.council,
            position=position,
            source=f"Source {position}",
            payer=party,
            amount=Decimal(1_000_000 + position),
            at=date(2014, 4, 1),
            released_at=NOON,
        )
        for position, party in enumerate(parties, start=1)
    )
    made = Scheme.objects.bulk_create(
        Scheme(fund=world.fund, owner=world.council, number=str(n), position=n, name=f"Scheme {n}", released_at=NOON)
        for n in range(1, schemes + 1)
    )
    lines = {"owner": world.council, "at": date(2014, 4, 1), "released_at": NOON}
    SchemeLine.objects.bulk_create(SchemeLine(scheme=scheme, budget=Decimal("1000.00"), **lines) for scheme in made)
    officer = world.person("finance")
    Forecast.objects.bulk_create(
        Forecast(
            scheme=scheme,
            period=world.period,
            amount=Decimal("1000.00"),
            state="stated",
            entered_by=officer,
            entered_at=NOON,
            **{**lines, "at": date(2014, 6, 30)},
        )
        for scheme in made
    )
    return parties


def approve(world):
    row = RiskShareRules.objects.get(approved_at=None)
    services.release_draft(rules_id=row.pk, by=world.person("finance"), at=NOON)
    return services.approve(
        rules_id=row.pk,
        effective_from=date(2014, 4, 1),
        by=world.person("approver", "ccg"),
        at=NOON + timedelta(hours=1),
    )


def tiers():
    """Three rules and a cap as the page posts them."""
    return {
        "g0-name": "Whole pool",
        "g0-which": "rest",
        "g0-netting": "net",
        "g0-overspend-0-method": "fixed",
        f"g0-overspend-0-share-{COUNCIL}": "60%",
        f"g0-overspend-0-share-{CCG}": "40",
        "g0-overspend-0-limit-kind": "amount",
        "g0-overspend-0-limit": "£1,000",
        "g0-overspend-1-method": "partner",
        "g0-overspend-1-partner": COUNCIL,
        "g0-overspend-1-limit-kind": "percent_of_budget",
        "g0-overspend-1-limit": "1.5",
        "g0-overspend-2-method": "contributions",
        "g0-overspend-2-basis": "pool",
        "g0-overspend-2-limit-kind": "none",
        "g0-underspend-0-method": "carry_forward",
        "g0-underspend-0-limit-kind": "none",
        "g0-caps-0-partner": CCG,
        "g0-caps-0-amount": "300,000.00",
        "g0-caps-0-to": COUNCIL,
        "clause": "clause 14",
        "illustrative": "1",
    }


def test_rules_are_written_by_buttons_read_back_and_approved_by_another(world):
    fill(world, 2)
    officer = browser(world.person("finance"))
    editor = address("risk_share_rules", world)

    begun = officer.get(editor).content.decode()
    added = officer.post(editor, {**tiers(), "act": "add:0:overspend"}).content.decode()
    removed = officer.post(editor, {**tiers(), "act": "remove:0:overspend:1"}).content.decode()

    assert "stays in the pool for next year" in begun
    assert "g0-overspend-3-method" in added
    assert "g0-overspend-2-method" not in removed
    assert not RiskShareRules.objects.exists()

    read = officer.post(editor, {**tiers(), "act": "update"}).content.decode()
    assert "The first part of an overspend, up to £1,000.00: NHS Southwark CCG 40% and Southwark Council 60%." in read
    assert "NHS Southwark CCG bears at most £300,000.00 of an overspend" in read
    # The example: 600.00 + 30.00 to the council of 1,000.00 and 1.5% of 2,000.00, the rest by contributions.
    assert "£100,000.01" in read
    assert officer.post(editor, {**tiers(), "act": "save"}).status_code == 302
    draft = RiskShareRules.objects.get()
    assert draft.groups[0]["overspend"][0] == {
        "method": "fixed",
        "shares": {COUNCIL: "60", CCG: "40"},
        "limit": {"amount": "1000.00"},
    }

    version = address("risk_share_version", world, draft.pk)
    other = browser(world.person("approver", "ccg"))
    assert other.get(version).status_code == 404
    officer.post(address("risk_share_release", world, draft.pk))
    approving = address("risk_share_approve", world, draft.pk)
    assert officer.post(approving, {"effective_from": "1 4 2014"}).status_code == 403
    assert other.post(approving, {"effective_from": "soon"}).status_code == 400
    assert other.post(approving, {"effective_from": "1 4 2014"}).status_code == 302
    again = other.post(approving, {"effective_from": "1 4 2015"})
    assert again.status_code == 409
    assert "never changes" in again.content.decode()
    page = officer.get(address("risk_share", world)).content.decode()
    assert "Version 1, in force from 1 April 2014" in page
    assert "hub-illustrative" in page


def test_rules_that_do_not_settle_every_penny_are_refused_at_their_input(world):
    fill(world, 2)
    officer = browser(world.person("finance"))
    sent = {**tiers(), f"g0-overspend-0-share-{CCG}": "30", "act": "save"}

    answer = officer.post(address("risk_share_rules", world), sent)

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "The percentages add up to 90; they have to add up to exactly 100." in text
    assert 'href="#g0-overspend-0-method"' in text
    # What was typed is still there.
    assert 'value="£1,000"' in text
    wrong_amount = officer.post(address("risk_share_rules", world), {**tiers(), "g0-caps-0-amount": "x", "act": "save"})
    assert wrong_amount.status_code == 400
    assert 'href="#g0-caps-0-amount"' in wrong_amount.content.decode()
    assert not RiskShareRules.objects.exists()


def test_draft_changed_meanwhile_keeps_what_was_typed(world):
    fill(world, 2)
    officer, editor = browser(world.person("finance")), address("risk_share_rules", world)
    officer.post(editor, {**tiers(), "act": "save"})

    answer = officer.post(editor, {**tiers(), "clause": "clause 99", "seen-rules": "older", "act": "save"})

    assert answer.status_code == 409
    assert "saved this draft" in answer.content.decode()
    assert "clause 99" in answer.content.decode()
    assert RiskShareRules.objects.get().clause == "clause 14"


def test_what_if_shows_each_partners_pounds_is_saved_and_touches_no_forecast(world):
    fill(world, 2)
    officer = browser(world.person("finance"))
    officer.post(address("risk_share_rules", world), {**tiers(), "act": "save"})
    approve(world)
    forecasts = list(Forecast.objects.order_by("pk").values())
    tried = {"quarter": "1", "outturn-0": "1,500.01"}

    part = officer.post(address("risk_share_what_if", world), tried, headers={"HX-Request": "true"}).content.decode()
    whole = officer.post(address("risk_share_what_if", world), tried).content.decode()
    wrong = officer.post(address("risk_share_what_if", world), {"quarter": "1", "outturn-0": "1,5"})
    lines = AuditEvent.objects.filter(target_type__startswith="pooled").count()

    # 500.01 by 60 and 40 per cent: 300.01 (.006 takes the penny) and 200.00.
    assert "<html" not in part
    for text in (part, whole):
        assert "£300.01" in text
        assert "£200.00" in text
    assert wrong.status_code == 400
    assert officer.post(address("risk_share_scenario_save", world), {**tried, "name": ""}).status_code == 400
    assert officer.post(address("risk_share_scenario_save", world), {**tried, "name": "Winter"}).status_code == 302
    (saved,) = RiskShareScenario.objects.all()
    assert saved.outturns == {"1": "1500.01"}
    assert "Winter" in officer.get(address("risk_share", world)).content.decode()
    assert "Winter" not in browser(world.person("finance", "ccg")).get(address("risk_share", world)).content.decode()
    assert officer.post(address("risk_share_scenario_release", world, saved.pk)).status_code == 302
    assert officer.post(address("risk_share_scenario_release", world, saved.pk)).status_code == 409
    assert "Winter" in browser(world.sitting_member()).get(address("risk_share", world)).content.decode()
    assert list(Forecast.objects.order_by("pk").values()) == forecasts
    # Saved and released; trying wrote nothing.
    assert AuditEvent.objects.filter(target_type__startswith="pooled").count() == lines + 2


def test_contingency_and_leads_are_recorded_and_what_is_missing_is_named(world):
    fill(world, 2)
    officer = browser(world.person("finance"))
    figures = address("risk_share_figures", world)

    assert officer.post(figures, {"contingency": "1,5", "contingency_state": "not_stated"}).status_code == 400
    sent = {"contingency": "150000", "contingency_state": "not_stated", "lead-0": COUNCIL, "lead-1": ""}
    assert officer.post(figures, sent).status_code == 302

    groups = [{"name": "P", "schemes": "rest", "overspend": [{"method": "lead"}], "underspend": [{"method": "lead"}]}]
    services.save_draft(fund=world.fund, period=world.period, groups=groups, by=world.person("finance"), at=NOON)
    approve(world)
    page = officer.get(address("risk_share", world)).content.decode()
    assert "scheme 2 has no lead partner" in page
    assert "Nothing missing is taken for nil" in page


def test_page_and_what_if_cost_the_same_at_every_size(world):
    fill(world, 150, partners=8)
    officer = browser(world.person("finance"))
    groups = [
        {
            "name": "Whole pool",
            "schemes": "rest",
            "overspend": [
                {"method": "fixed", "shares": {COUNCIL: "50", CCG: "50"}, "limit": {"amount": "1.00"}},
                {"method": "contributions"},
            ],
            "underspend": [{"method": "contributions"}],
        }
    ]
    services.save_draft(fund=world.fund, period=world.period, groups=groups, by=world.person("finance"), at=NOON)
    approve(world)
    tried = {"quarter": "1", "outturn-0": "1500.00"}
    what_if, headers = address("risk_share_what_if", world), {"HX-Request": "true"}

    def queries(act):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert act().status_code == 200
        return len(captured)

    def page():
        return officer.get(address("risk_share", world))

    def change():
        return officer.post(what_if, tried, headers=headers)

    page(), change()
    large = queries(page), queries(change)
    Forecast.objects.exclude(scheme__number__in=["1", "2"]).delete()
    SchemeLine.objects.exclude(scheme__number__in=["1", "2"]).delete()
    Scheme.objects.filter(fund=world.fund).exclude(number__in=["1", "2"]).delete()

    assert (queries(page), queries(change)) == large
    assert max(large) <= PAGE_LIMIT
