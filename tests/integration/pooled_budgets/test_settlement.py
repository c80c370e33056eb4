"""A year settled: prepared by one, approved by another under an authority, frozen, replaced, and carried forward."""

import io
import re
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from governance.services.authority import AuthorityMissing, AuthorityRefused
from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from pooled_budgets.domain import year_end
from pooled_budgets.models import (
    AccountStatement,
    BalanceDifference,
    BalanceStatement,
    Forecast,
    OpeningBalance,
    Settlement,
    SettlementApproval,
    Transaction,
)
from pooled_budgets.presenters import tasks
from pooled_budgets.selectors import contributions
from pooled_budgets.selectors import settlement as settlements
from pooled_budgets.services import account_statements
from pooled_budgets.services import settlement as services
from tests.factories.money import FundFactory, SchemeFactory, month, quarter
from tests.factories.partners import give_role
from tests.factories.settlement import AFTER, GROUP, a_year, approve, contribution, decision, named, outturn, prepare


def page(world, name, *, role="finance", partner="council", **more):
    client = Client()
    client.force_login(world.person(role, partner))
    return client.get(reverse(f"pooled_budgets:{name}", args=[world.fund.pk, *more.values()]))


def test_the_worked_example_is_settled_to_the_penny(world):
    a_year(world)
    made = prepare(world)
    account = made.content["account"]
    assert (account["funding"], account["expenditure"], account["net"]) == ("15766667.00", "15890123.79", "-123456.79")
    assert account["paid"] == {"southwark-council": "49722.03", "southwark-ccg": "73734.76"}
    assert account["closing"] == "0.00"
    assert made.sha256 == year_end.digest(made.content)

    shown = page(world, "settlement_version", number=1, partner="ccg").text
    for text in ("£49,722.03", "£73,734.76", "£416,667.00", "Waits for approval", "pays £490,401.76"):
        assert text in shown
    assert "NHS Southwark CCG pays Southwark Council £490,401.76." in shown
    assert "Southwark Council keeps the money: it adds to the pool £49,722.03 in its own books." in shown

    allowed = decision(world)
    done = approve(world, made, allowed)
    assert (str(done.amount), done.decision, done.approved_for) == ("123456.79", allowed, world.council)
    assert [line.kind for line in AuditEvent.objects.filter(kind__startswith="settlement.").order_by("at", "kind")] == [
        "settlement.approved",
        "settlement.prepared",
    ]
    assert "Approved by Approver of council" in page(world, "settlement", role="member", partner="ccg").text
    with pytest.raises(services.NotSettled, match="Approver of council approved it on 14 July 2015"):
        approve(world, made, allowed)


def test_who_may_not_settle_changes_nothing(world):
    a_year(world)
    with pytest.raises(PermissionDenied):
        prepare(world, by=world.person("finance", "ccg"))
    with pytest.raises(Http404):
        prepare(world, by=world.person("finance", "hackney"))
    made, allowed = prepare(world), decision(world)
    with pytest.raises(services.NotSettled, match="Settlement 1 has these very figures and waits for approval"):
        prepare(world)
    own = world.person("finance")
    give_role(own, world.council, Role.APPROVER)
    with pytest.raises(services.OwnSettlement):
        approve(world, made, allowed, by=own)
    with pytest.raises(PermissionDenied):
        approve(world, made, allowed, by=world.person("finance", "ccg"))
    with pytest.raises(Http404):
        approve(world, made, allowed, by=world.person("approver", "hackney"))
    with pytest.raises(AuthorityMissing):
        approve(world, made, decision(world, reference="2"), named=services.Named())
    small = decision(world, reference="3", amount_limit=Decimal("123456.78"))
    with pytest.raises(AuthorityRefused, match=r"allows £123,456.78"):
        approve(world, made, small)
    assert not SettlementApproval.objects.exists()
    assert page(world, "settlement", partner="hackney").status_code == 404
    assert page(world, "settlement_version", number=1, partner="hackney").status_code == 404
    # The other partner's approver may.
    approve(world, made, allowed, by=world.person("approver", "ccg"))


def test_everything_that_is_missing_or_differs_is_named_and_stops_it(world):
    a_year(world)
    line = world.fund.schemes.get().lines.get()
    Transaction.objects.create(
        fund=world.fund,
        line=line,
        period=month(2014, 12),
        kind="actual",
        amount=Decimal("15890123.78"),
        description="Spent",
        owner=world.council,
        released_at=AFTER,
        at=AFTER.date(),
        entered_by=world.person("finance"),
        entered_at=AFTER,
    )
    Forecast.objects.update(released_at=None)

    with pytest.raises(services.NotReady) as refusal:
        prepare(world)

    assert "the outturn of scheme 1 is a draft" in refusal.value.message
    assert "the ledger has £15,890,123.78 for scheme 1, and its outturn is £15,890,123.79" in refusal.value.message
    assert "What stops the settlement" in page(world, "settlement").text
    # Nobody else learns of the draft: to them there is no outturn.
    others = page(world, "settlement", partner="ccg").text
    assert "scheme 1 has no outturn" in others
    assert "15,890,123.79" not in others
    with pytest.raises(services.NotReady, match="the year ends on 31 March 2015"):
        prepare(world, at=AFTER.replace(year=2014))
    assert not Settlement.objects.exists()


def test_books_that_differ_stop_it_until_the_difference_is_settled(world):
    a_year(world)
    line = world.fund.schemes.get().lines.get()
    stated = {"line": line, "period": quarter(2014, 4), "entered_at": AFTER, "released_at": AFTER}
    for partner, amount in ((world.council, "15890123.79"), (world.ccg, "15890123.00")):
        by = world.person("finance", "council" if partner == world.council else "ccg")
        BalanceStatement.objects.create(owner=partner, amount=Decimal(amount), entered_by=by, **stated)
    words = (
        f"own books differ on Scheme 1, {line.scheme.name}: £0.79 apart: NHS Southwark CCG £15,890,123.00, "
        "Southwark Council £15,890,123.79"
    )
    with pytest.raises(services.NotReady) as refusal:
        prepare(world)
    assert words in refusal.value.message
    for name in ("settlement", "settlement_prepare"):
        shown = page(world, name)
        assert words in shown.text
        assert reverse("pooled_budgets:balances", args=[world.fund.pk]) in shown.content.decode()
    assert not Settlement.objects.exists()

    BalanceDifference.objects.create(
        line=line,
        period=quarter(2014, 4),
        owner=world.ccg,
        amount=Decimal("0.79"),
        kind="timing",
        person="Finance of ccg",
        typed_by=world.person("finance", "ccg"),
        typed_at=AFTER,
        settled_at=AFTER,
        settled_by_name="Finance of ccg",
        settled_because="Booked in April",
        released_at=AFTER,
    )
    assert "differ" not in page(world, "settlement").text
    assert prepare(world).number == 1


@pytest.mark.parametrize("outturns", ["none", "to come"])
def test_an_outturn_that_is_not_known_stops_it_and_changes_nothing(world, outturns):
    a_year(world)
    if outturns == "none":
        Forecast.objects.all().delete()
    else:
        Forecast.objects.update(amount=None, state="not_yet_available", available_on=AFTER.date().replace(year=2099))
    before = AuditEvent.objects.count()
    with pytest.raises(services.NotReady, match="scheme 1 has no outturn"):
        prepare(world)
    shown = page(world, "settlement").text
    assert "scheme 1 has no outturn" in shown
    assert "As the figures stand now" not in shown
    assert (Settlement.objects.count(), AuditEvent.objects.count()) == (0, before)


def test_without_rules_the_page_names_what_else_is_missing(world):
    contribution(world, 1, world.council, "1.00")
    SchemeFactory(fund=world.fund, number="1", position=1)
    quarter(2014, 4)
    shown = page(world, "settlement").text
    assert "no risk-share rules hold on 31 March 2015" in shown
    assert "scheme 1 has no outturn" in shown


def test_what_the_rules_leave_unresolved_needs_a_decision_that_divides_it(world):
    caps = [
        {"partner": "southwark-council", "amount": "10000.00", "excess_to": "southwark-ccg"},
        {"partner": "southwark-ccg", "amount": "20000.00", "excess_to": "southwark-council"},
    ]
    a_year(world, group={**GROUP, "caps": caps})
    allowed = decision(world)
    made = prepare(world)
    assert made.content["account"]["unresolved"] == "93456.79"
    assert "The rules leave £93,456.79 unresolved. Nobody bears it" in page(world, "settlement_version", number=1).text
    with pytest.raises(services.NotReady, match=r"leave £93,456.79 unresolved"):
        approve(world, made, allowed)

    shares = {"southwark-council": Decimal("93456.78")}
    with pytest.raises(services.Malformed, match=r"add up to £93,456.78"):
        prepare(world, shares=shares, named=named(allowed))
    shares["southwark-ccg"] = Decimal("0.01")
    with pytest.raises(AuthorityMissing, match="Name the decision of the board"):
        prepare(world, shares=shares)
    divided = prepare(world, shares=shares, named=named(allowed))
    assert (divided.divided_by, divided.content["account"]["closing"]) == (allowed, "0.00")
    assert "Southwark Council: £93,456.78" in page(world, "settlement_version", number=2).text
    with pytest.raises(services.NotSettled, match="Settlement 2 was prepared after it"):
        approve(world, made, allowed)
    assert str(approve(world, divided, allowed).amount) == "123456.79"


def test_figures_that_change_afterwards_are_told_and_another_settlement_replaces_it(world):
    a_year(world)
    made, allowed = prepare(world), decision(world)
    Forecast.objects.update(amount=Decimal("15890123.80"))
    with pytest.raises(services.FiguresChanged):
        approve(world, made, allowed)
    again = prepare(world)
    assert "Never approved: settlement 2 took its place" in page(world, "settlement").text
    stale = page(world, "settlement_approve", role="approver", number=1).text
    assert "Settlement 2 was prepared after this one" in stale
    assert 'name="authority"' not in stale
    approve(world, again, allowed)
    Forecast.objects.update(amount=Decimal("15890123.79"))

    shown = page(world, "settlement_version", number=2).text
    assert "Figures have changed since it was prepared" in shown
    assert "Outturn of scheme 1" in shown
    with pytest.raises(Exception, match="Say why"):
        prepare(world)
    third = prepare(world, reason="A late invoice was credited")
    assert third.replaces == again
    listed = page(world, "settlement", partner="ccg").text
    assert "A late invoice was credited" in listed
    approve(world, third, allowed)
    assert Settlement.objects.get(number=2).content["account"]["expenditure"] == "15890123.80"


def test_a_balance_goes_into_the_next_year_only_by_a_decision(world):
    a_year(world, outturn_of="15700000.00")
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name=world.fund.name)
    made, allowed = prepare(world), decision(world)
    carry = {
        "fund_id": world.fund.pk,
        "to_fund": later.pk,
        "amount": Decimal("66667.00"),
        "reason": "Reablement goes on",
        "named": named(allowed),
        "by": world.person("approver"),
        "at": AFTER,
    }
    with pytest.raises(services.NotSettled):
        services.carry_forward(**carry)
    approve(world, made, allowed)
    assert made.content["account"]["carried_forward"] == "66667.00"
    other = decision(world, reference="9", matters=["settlement"])
    with pytest.raises(AuthorityRefused, match="does not cover this"):
        services.carry_forward(**carry | {"named": named(other)})
    with pytest.raises(services.CannotCarry, match=r"£66,667.00 of the closing balance can be carried"):
        services.carry_forward(**carry | {"amount": Decimal("66667.01")})

    with pytest.raises(services.HubError, match="Say why the money is carried forward"):
        services.carry_forward(**carry | {"reason": " "})

    services.carry_forward(**carry)
    services.carry_forward(**carry | {"amount": Decimal("-7.00"), "reason": "Too much"})

    world.fund = later
    shown = page(world, "settlement", partner="ccg").text
    assert "Opening balance" in shown
    assert "£66,660.00" in shown
    quarter(2015, 4)
    assert services.selectors.year(later, world.person("finance")).opening == Decimal("66660.00")
    with pytest.raises(services.CannotCarry):
        services.carry_forward(**carry | {"amount": Decimal("8.00")})


def test_what_was_carried_opens_the_next_year_on_every_page_and_reconciles(world):
    a_year(world, outturn_of="15700000.00")
    made, allowed = prepare(world), decision(world)
    approve(world, made, allowed)
    before = world.fund
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name=before.name)
    services.carry_forward(
        fund_id=before.pk,
        to_fund=later.pk,
        amount=Decimal("66667.00"),
        reason="Reablement goes on",
        named=named(allowed),
        by=world.person("approver"),
        at=AFTER,
    )
    world.fund = later
    # Before a contribution is entered nobody knows what is in the fund: the opening balance alone is no total.
    finance = world.person("finance")
    alone = contributions.money_of(later, finance, [], settlements.opening_rows(later, finance))
    assert (alone.total.income, alone.total.unallocated) == (None, None)
    assert [balance.income for balance in alone.sources] == [Decimal("66667.00")]
    contribution(world, 1, world.council, "100000.00", "100000.00")
    scheme = SchemeFactory(fund=later, number="1", position=1, budget="166667.00")
    outturn(later, scheme, "166667.00", by=world.person("finance"))

    for partner in ("council", "ccg"):
        shown = page(world, "fund", partner=partner).text
        assert "Opening balance, carried forward from 2014/15" in shown
        assert "Decision HWB 2015/1" in shown
        assert "Reablement goes on" in shown
        assert "Contributions of £100,000.00 and the opening balance of £66,667.00 are £166,667.00 in all." in shown
    # Its money stands in the totals of what is unallocated: the line of 166,667.00 takes all of it.
    opened = settlements.opening_rows(later, world.person("finance"))
    lines = list(later.funding_lines.all())
    money = contributions.money_of(later, world.person("finance"), lines, opened)
    assert (money.total.income, money.total.unallocated) == (Decimal("166667.00"), Decimal("0.00"))
    for name in ("contributions", "schemes"):
        assert "Opening balance" in page(world, name).text

    second = prepare(world, at=AFTER.replace(year=2016))
    account = second.content["account"]
    assert (account["opening"], account["contributed"], account["funding"]) == ("66667.00", "100000.00", "166667.00")
    assert (account["net"], account["closing"]) == ("0.00", "0.00")
    assert second.content["comparative"]["account"]["closing"] == "66667.00"


def test_the_timeline_tells_every_party_what_was_settled(world):
    a_year(world, outturn_of="15700000.00")
    made, allowed = prepare(world), decision(world)
    approve(world, made, allowed, by=world.person("approver", "ccg"))
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name=world.fund.name)
    services.carry_forward(
        fund_id=world.fund.pk,
        to_fund=later.pk,
        amount=Decimal("1.00"),
        reason="Goes on",
        named=named(allowed),
        by=world.person("approver"),
        at=AFTER,
    )

    def told(kind, pk, partner):
        client = Client()
        client.force_login(world.person("member", partner))
        return client.get(reverse("partners:history", args=[kind, pk]))

    for partner in ("council", "ccg"):
        for kind, pk in (("fund", world.fund.pk), ("settlement", made.pk)):
            shown = told(kind, pk, partner).text
            assert "Settlement: prepared" in shown
            assert "Settlement: approved" in shown
        assert "Fund: carried forward" in told("fund", later.pk, partner).text
    # A person is named to their own partner alone.
    assert "Finance of council" in told("settlement", made.pk, "council").text
    others = told("settlement", made.pk, "ccg").text
    assert "Finance of council" not in others
    assert "Southwark Council" in others
    assert "Approver of ccg" in others
    for kind, pk in (("fund", world.fund.pk), ("settlement", made.pk)):
        assert told(kind, pk, "hackney").status_code == 404


def test_a_year_that_ended_and_a_settlement_that_waits_are_tasks_of_whoever_has_to_act(world):
    def waiting(role, partner="council", on=None):
        found = tasks.tasks(world.person(role, partner), on or AFTER.date())
        return [task for task in found if "settle" in task.title.lower()]

    a_year(world)
    (task,) = waiting("finance")
    assert task.title == "Settle the year of Southwark Better Care Fund 2014/15"
    assert (task.partner, task.due_on) == ("Southwark Council", date(2015, 3, 31))
    # Until the last day of the year, to others than the keeper, and for a year without rules there is none.
    assert waiting("finance", on=date(2015, 3, 31)) == []
    assert [waiting("finance", "ccg"), waiting("approver")] == [[], []]
    FundFactory(agreement=world.agreement, owner=world.council, financial_year=2013, name="Before the rules")
    assert len(waiting("finance")) == 1
    # The date follows the fund's year.
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name="Later")
    assert [task.due_on for task in waiting("finance", on=date(2016, 4, 1))] == [date(2016, 3, 31), date(2015, 3, 31)]
    later.delete()

    made = prepare(world)
    assert waiting("finance") == []
    for partner, name in (("council", "Southwark Council"), ("ccg", "NHS Southwark CCG")):
        (task,) = waiting("approver", partner)
        assert task.title == "Approve settlement 1 of Southwark Better Care Fund 2014/15: £123,456.79"
        assert (task.partner, task.detail) == (name, "Prepared by Finance of council")
        assert task.url == reverse("pooled_budgets:settlement_version", args=[world.fund.pk, 1])
    give_role(world.person("finance"), world.council, Role.APPROVER)
    assert waiting("finance") == []
    assert waiting("approver", "hackney") == []
    approve(world, made, decision(world))
    assert [waiting("approver"), waiting("approver", "ccg"), waiting("finance")] == [[], [], []]


def test_the_account_prints_its_purpose_its_certificates_and_the_audit_statement(world):
    a_year(world)
    made = prepare(world)
    given = {"settlement_id": made.pk, "stated_by": "", "stated_on": date(2015, 7, 1), "at": AFTER}
    finance = world.person("finance")

    def state(kind, text, stated_by="", **changes):
        return account_statements.state(
            **given | {"kind": kind, "text": text, "stated_by": stated_by, "by": finance} | changes
        )

    shown = page(world, "memorandum", number=1, partner="ccg").text
    assert shown.count("Not certified yet") == 2
    assert "Purpose" in shown
    state("purpose", "Care closer to home")
    with pytest.raises(services.NotSettled, match="only an approved account is certified or audited"):
        state("audit", "Unqualified", "An auditor")
    approve(world, made, decision(world))
    with pytest.raises(services.Malformed, match="Say who states it"):
        state("pool_manager", "True and fair")
    with pytest.raises(services.Malformed, match="in the future"):
        state("audit", "Unqualified", "An auditor", stated_on=date(2015, 7, 15))
    with pytest.raises(services.Malformed, match="enter a day after 31 March 2015"):
        state("audit", "Unqualified", "An auditor", stated_on=date(2015, 3, 31))
    with pytest.raises(PermissionDenied):
        state("purpose", "Another", by=world.person("finance", "ccg"))
    with pytest.raises(Http404):
        state("purpose", "Another", by=world.person("finance", "hackney"))
    assert AccountStatement.objects.count() == 1
    state("pool_manager", "I certify the account.", "Pool manager of the fund")
    state("finance_officer", "Agreed to the ledger.", "Chief finance officer of the council")
    state("audit", "Being audited.", "The external auditor")
    state("audit", "Unqualified opinion.", "The external auditor")

    shown = page(world, "memorandum", number=1, partner="ccg").text
    for text in (
        *("Care closer to home", "“I certify the account.” Pool manager of the fund, 1 July 2015. Entered by "),
        *("Agreed to the ledger.", "“Unqualified opinion.” The external auditor, 1 July 2015. Entered by "),
        *("Audit statement, replaced", "“Being audited.” The external auditor, 1 July 2015."),
    ):
        assert text in shown
    assert shown.index("Unqualified opinion") < shown.index("Being audited")
    assert "Not certified yet" not in shown
    opened = docx.Document(io.BytesIO(page(world, "memorandum_docx", number=1, partner="ccg").content))
    cells = {row.cells[0].text: row.cells[1].text for table in opened.tables for row in table.rows}
    assert cells["Purpose"] == "Care closer to home"
    assert cells["Audit statement"].startswith("“Unqualified opinion.”")
    assert cells["Audit statement, replaced"].startswith("“Being audited.”")
    sheets = openpyxl.load_workbook(io.BytesIO(page(world, "memorandum_xlsx", number=1).content))
    rows = {row[0]: row[1] for row in sheets["Memorandum account"].iter_rows(values_only=True)}
    assert rows["Purpose"] == "Care closer to home"
    # Another settlement of the year keeps the purpose, and is certified anew.
    later = prepare(world, reason="A late invoice")
    again = page(world, "memorandum", number=2).text
    assert "Care closer to home" in again
    assert again.count("Not certified yet") == 2

    columns = (
        "id, owner_id, released_at, settlement_id, kind, text, stated_by, stated_on, entered_by_id, entered_by_name, at"
    )
    start = f"INSERT INTO pooled_budgets_accountstatement ({columns}) SELECT gen_random_uuid(),"
    end = "now(), s.prepared_by_id, 'x', now() FROM pooled_budgets_settlement s WHERE s.number ="
    for statement in (
        "UPDATE pooled_budgets_accountstatement SET text = 'x'",
        "DELETE FROM pooled_budgets_accountstatement",
        f"{start} s.owner_id, now(), s.id, 'audit', '', 'x', {end} 1",
        f"{start} s.owner_id, now(), s.id, 'audit', 'x', '', {end} 1",
        f"{start} s.owner_id, now(), s.id, 'purpose', 'x', 'x', {end} 1",
        f"{start} s.owner_id, now(), s.id, 'other', 'x', 'x', {end} 1",
        f"{start} s.owner_id, NULL, s.id, 'audit', 'x', 'x', {end} 1",
        f"{start} s.owner_id, now(), s.id, 'audit', 'x', 'x', {end} 2",
        f"{start} '{world.ccg.pk}', now(), s.id, 'audit', 'x', 'x', {end} 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"{start} s.owner_id, now(), s.id, 'audit', 'x', 'x', {end} 1")

    assert "took its place" not in page(world, "memorandum", number=1).text
    approve(world, later, decision(world, reference="D9"))
    first = page(world, "memorandum", number=1).text
    assert "Replaced: settlement 2 took its place on" in first
    assert "Add a statement" not in first
    assert "Replaced by settlement 2; approved by" in page(world, "settlement").text
    opened = docx.Document(io.BytesIO(page(world, "memorandum_docx", number=1, partner="ccg").content))
    assert "Replaced: settlement 2 took its place" in str([text.text for text in opened.element.iter() if text.text])
    number = AccountStatement.objects.count()
    with pytest.raises(services.NotSettled, match="Settlement 2 took its place"):
        state("audit", "Qualified", "The external auditor")
    assert AccountStatement.objects.count() == number


def test_each_figure_of_a_settlement_opens_as_its_steps(world):
    a_year(world)
    prepare(world)
    client = Client()
    client.force_login(world.person("member", "ccg"))
    for name, more, number in (("settlement_version", [1], 8), ("settlement", [], 8)):
        shown = client.get(reverse(f"pooled_budgets:{name}", args=[world.fund.pk, *more])).text
        links = re.findall(r'<a class="govuk-link govuk-link--no-visited-state" href="([^"]*)">([^<]*)', shown)
        assert len(links) == number
        # What was prepared leads to what was known on that day.
        assert all(("on=2015-07-14" in address) is bool(more) for address, _ in links)
    for address, amount in links:
        opened = client.get(address.replace("&amp;", "&"))
        assert opened.status_code == 200, address
        assert amount.lstrip("+\N{MINUS SIGN}") in opened.text, address


STATEMENTS = [
    "UPDATE pooled_budgets_settlement SET reason = 'x'",
    "UPDATE pooled_budgets_settlement SET content = '{}'",
    "DELETE FROM pooled_budgets_settlement",
    "UPDATE pooled_budgets_settlementapproval SET amount = 0",
    "DELETE FROM pooled_budgets_settlementapproval",
    "UPDATE pooled_budgets_openingbalance SET amount = 1",
    "DELETE FROM pooled_budgets_openingbalance",
    # Another settlement that leaves the approved one aside, one without reason, one with a hash that is none.
    *(
        "INSERT INTO pooled_budgets_settlement (id, owner_id, released_at, fund_id, number, replaces_id, reason,"
        " content, sha256, prepared_by_id, prepared_by_name, prepared_at) SELECT gen_random_uuid(), owner_id,"
        f" {released}, fund_id, {number}, {replaces}, {reason}, content, {sha}, prepared_by_id, prepared_by_name,"
        " prepared_at"
        " FROM pooled_budgets_settlement"
        for released, number, replaces, reason, sha in (
            ("released_at", "2", "NULL", "''", "sha256"),
            ("released_at", "2", "id", "''", "sha256"),
            ("released_at", "2", "id", "'x'", "'x'"),
            ("released_at", "1", "id", "'x'", "sha256"),
            ("released_at", "0", "id", "'x'", "sha256"),
            ("NULL", "2", "id", "'x'", "sha256"),
        )
    ),
    *(
        "INSERT INTO pooled_budgets_settlementapproval (id, settlement_id, amount, approved_by_id, approved_by_name,"
        f" approved_for_id, at, \"on\", decision_id) SELECT gen_random_uuid(), s.id, {amount}, {by}, 'x', s.owner_id,"
        f" now(), now(), {decided} FROM pooled_budgets_settlement s"
        " JOIN pooled_budgets_settlementapproval a ON a.settlement_id = s.id"
        for amount, by, decided in (
            ("1", "s.prepared_by_id", "a.decision_id"),
            ("1", "a.approved_by_id", "NULL"),
            ("-1", "a.approved_by_id", "a.decision_id"),
            ("1", "a.approved_by_id", "a.decision_id"),
        )
    ),
    *(
        "INSERT INTO pooled_budgets_openingbalance (id, owner_id, released_at, fund_id, settlement_id, amount, reason,"
        f' entered_by_id, entered_by_name, at, "on", decision_id) SELECT gen_random_uuid(), owner_id, released_at,'
        f" {fund}, settlement_id, {amount}, {reason}, entered_by_id, 'x', now(), now(), {decided}"
        " FROM pooled_budgets_openingbalance"
        for fund, amount, reason, decided in (
            ("fund_id", "0", "'x'", "decision_id"),
            ("fund_id", "1", "''", "decision_id"),
            ("fund_id", "1", "'x'", "NULL"),
            ("fund_id", "66667.00", "'x'", "decision_id"),
            ("fund_id", "-1.01", "'x'", "decision_id"),
            ("(SELECT fund_id FROM pooled_budgets_settlement)", "1", "'x'", "decision_id"),
        )
    ),
]


def test_the_database_refuses_what_must_never_be(world):
    a_year(world, outturn_of="15700000.00")
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, name=world.fund.name)
    made, allowed = prepare(world), decision(world)
    approve(world, made, allowed)
    services.carry_forward(
        fund_id=world.fund.pk,
        to_fund=later.pk,
        amount=Decimal("1.00"),
        reason="x",
        named=named(allowed),
        by=world.person("approver"),
        at=AFTER,
    )
    for statement in STATEMENTS:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert OpeningBalance.objects.get().amount == Decimal("1.00")


def test_the_memorandum_account_is_the_same_on_the_page_in_word_and_in_the_workbook(world):
    a_year(world)
    made = prepare(world)
    shown = page(world, "memorandum", number=1, partner="ccg").text
    for text in (
        *("Memorandum account (draft)", "£15,766,667.00", "£15,890,123.79", "\N{MINUS SIGN}£123,456.79"),
        *("Met by Southwark Council", "£49,722.03", "£73,734.76", "not available"),
    ):
        assert text in shown
    drafted = docx.Document(io.BytesIO(page(world, "memorandum_docx", number=1).content))
    assert "(draft)" in drafted.core_properties.title
    approve(world, made, decision(world))

    client = Client()
    client.force_login(world.person("member", "ccg"))
    (row,) = client.get("/api/v1/settlements/").json()["results"]
    assert (row["status"], row["content"]["account"]["net"]) == ("approved", "-123456.79")
    assert row["allowed_by"]

    answer = page(world, "memorandum_docx", number=1, partner="ccg")
    assert "draft" not in answer["Content-Disposition"]
    opened = docx.Document(io.BytesIO(answer.content))
    cells = {row.cells[0].text: row.cells[1].text for table in opened.tables for row in table.rows}
    assert cells["Total funding"] == "£15,766,667.00"
    assert cells["Net deficit"] == "\N{MINUS SIGN}£123,456.79"
    assert cells["Met by NHS Southwark CCG"] == "£73,734.76"
    assert cells["Closing balance"] == "£0.00"

    sheets = openpyxl.load_workbook(io.BytesIO(page(world, "memorandum_xlsx", number=1).content))
    rows = {row[0]: row[1] for row in sheets["Memorandum account"].iter_rows(values_only=True)}
    assert (rows["Total funding"], rows["Expenditure"]) == (15766667, 15890123.79)
    assert (rows["Net deficit"], rows["Closing balance"]) == (-123456.79, 0)
    lines = list(sheets["Invoice lines"].iter_rows(values_only=True))
    assert ("Southwark Council", "NHS Southwark CCG", "Share of the overspend", 73734.76) in lines


def test_each_partner_has_its_statement_in_word_and_as_a_workbook(world):
    a_year(world)
    made = prepare(world)
    shown = page(world, "settlement_version", number=1, partner="ccg").text
    for key in ("southwark-council", "southwark-ccg"):
        for file_format in ("docx", "xlsx"):
            assert f"/settlement/1/statements/{key}.{file_format}" in shown
    drafted = page(world, "statement_docx", number=1, partner_key="southwark-ccg")
    assert "draft" in drafted["Content-Disposition"]
    assert "nobody has approved" in "\n".join(_texts(docx.Document(io.BytesIO(drafted.content))))
    approve(world, made, decision(world))

    answer = page(world, "statement_docx", number=1, partner_key="southwark-ccg", partner="ccg")
    assert "draft" not in answer["Content-Disposition"]
    opened = docx.Document(io.BytesIO(answer.content))
    texts = _texts(opened)
    assert "NHS Southwark CCG pays Southwark Council £490,401.76." in texts
    assert not [text for text in texts if "draft" in text.lower()]
    cells = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for table in opened.tables for row in table.rows}
    assert cells["Share of overspend"] == ["£73,734.76"]
    assert cells["Outstanding contribution"] == ["Southwark Council invoices NHS Southwark CCG", "£416,667.00"]
    assert cells["Pays in all £490,401.76"] == ["£490,401.76"]
    assert cells["All contributions"] == ["£9,416,667.00", "£9,000,000.00", "£416,667.00"]
    assert cells["Share of the overspend"] == ["Southwark Council invoices NHS Southwark CCG", "£73,734.76"]
    assert cells["Settlement"] == [f"Number 1, SHA-256 {made.sha256}"]
    # The keeper's own part stays in its own books.
    kept = _texts(
        docx.Document(io.BytesIO(page(world, "statement_docx", number=1, partner_key="southwark-council").content))
    )
    assert "Southwark Council keeps the money: it adds to the pool £49,722.03 in its own books." in kept

    sheet = openpyxl.load_workbook(
        io.BytesIO(page(world, "statement_xlsx", number=1, partner_key="southwark-ccg").content)
    )["Settlement statement"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["Share of overspend"][1] == 73734.76
    assert rows["All contributions"][1:4] == (9416667, 9000000, 416667)
    assert rows["Share of the overspend"][1:3] == ("Southwark Council invoices NHS Southwark CCG", 73734.76)

    assert page(world, "statement_docx", number=1, partner_key="hackney-council").status_code == 404
    assert page(world, "statement_xlsx", number=2, partner_key="southwark-ccg").status_code == 404
    assert page(world, "statement_xlsx", number=1, partner_key="southwark-ccg", partner="hackney").status_code == 404


def _texts(opened):
    return [paragraph.text for paragraph in opened.paragraphs]
