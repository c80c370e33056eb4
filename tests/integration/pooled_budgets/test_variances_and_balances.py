"""Explanations of variances that follow each other, and balances that the partners agree before a return is ready."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from bcf_metrics.domain.completion import Level, _balances
from bcf_metrics.models import QuarterlyReturn
from bcf_metrics.selectors import content
from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent
from pooled_budgets import policies
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import BalanceDifference, BalanceStatement, VarianceExplanation, VarianceThreshold
from pooled_budgets.selectors import balances as balance_rows
from pooled_budgets.selectors import periods, variances
from pooled_budgets.services import balances, forecasts, postings
from pooled_budgets.services import periods as locks
from pooled_budgets.services import variances as services
from tests.factories.money import PolicyYearFactory, SchemeFactory, month, quarter
from tests.factories.partners import NOON as AT


@pytest.fixture
def scheme(world):
    for number in range(1, 5):
        quarter(2014, number)
    return SchemeFactory(fund=world.fund, number="1", name="Home care", budget="1000.00")


@pytest.fixture
def project(world):
    def enter(amount, *, number=1, at=AT):
        entry = Entry(number="1", figure=Figure.stated(Decimal(amount)))
        period, by = quarter(2014, number), world.person("finance")
        return forecasts.record(fund=world.fund, period=period, entries=[entry], by=by, at=at)

    return enter


def row(world, reader="council", *, number=1):
    fund, user = world.fund, world.person("finance", reader)
    threshold = variances.threshold_of(fund)
    return variances.outturns(fund, quarter(2014, number), list(periods.quarters(fund)), user, threshold)[0]


@pytest.fixture
def explain(world, scheme):
    def write(text, seen, *, by=None, at=AT):
        given = {"fund": world.fund, "scheme_id": scheme.pk, "period": quarter(2014, 1), "seen": Decimal(seen)}
        return services.explain(**given, text=text, by=by or world.person("finance"), at=at)

    return write


def test_a_variance_above_the_threshold_is_explained_and_goes_stale_with_the_figure(world, scheme, project, explain):
    officer = world.person("finance")
    month(2014, 2)
    line = scheme.lines.get()
    given = {"fund": world.fund, "line_id": line.pk, "month": month(2014, 2), "description": "x", "by": officer}
    postings.post(**given, amount=Decimal("70.00"), at=AT)
    project("1060.00")
    assert not row(world).is_above
    services.set_threshold(fund=world.fund, pounds=None, percent=Decimal(5), by=officer, at=AT)
    assert (row(world).needs_words, row(world).posted) == (True, Decimal("70.00"))
    assert [figure.words for figure in row(world).projected] == ["£1,060.00", "missing", "missing", "missing"]

    explain("A contract grew", "60.00")
    assert (row(world).needs_words, row(world).explanation.text) == (False, "A contract grew")
    project("1080.00", at=AT + timedelta(days=1))
    assert (row(world).is_stale, row(world).needs_words) == (True, True)
    with pytest.raises(HubError, match=r"is \+£80\.00 by now; you were shown \+£60\.00"):
        explain("It grew again", "60.00")
    explain("It grew again", "80.00", at=AT + timedelta(days=2))
    assert (row(world).earlier, row(world).explanation.text, row(world).needs_words) == (1, "It grew again", False)
    # What was projected at an earlier quarter stays beside the later one.
    project("1100.00", number=2)
    shown = [figure.words for figure in row(world, number=2).projected]
    assert shown == ["£1,080.00", "£1,100.00", "missing", "missing"]
    # The explanation of a draft is a draft, too.
    assert row(world, "ccg").explanation is None
    forecasts.release(fund=world.fund, period=quarter(2014, 1), by=officer, at=AT)
    assert row(world, "ccg").explanation.text == "It grew again"


def test_explanations_are_refused_where_there_is_nothing_or_nobody_to_explain(world, scheme, project, explain):
    with pytest.raises(policies.NothingToExplain):
        explain("Why not", "0.00")
    project("1060.00")
    with pytest.raises(HubError, match="Write why"):
        explain("  ", "60.00")
    with pytest.raises(PermissionDenied):
        explain("Mine", "60.00", by=world.person("finance", "ccg"))
    with pytest.raises(Http404):
        explain("Theirs", "60.00", by=world.person("finance", "hackney"))
    with pytest.raises(HubError, match="Enter an amount"):
        services.set_threshold(fund=world.fund, pounds=None, percent=None, by=world.person("finance"), at=AT)
    assert not VarianceExplanation.objects.exists()
    assert not VarianceThreshold.objects.exists()


@pytest.fixture
def state(world, scheme):
    def write(partner, amount, *, release=True, number=1):
        amounts = {scheme.lines.get().pk: None if amount is None else Decimal(amount)}
        by = world.person("finance", partner)
        given = {"fund": world.fund, "quarter": quarter(2014, number), "release": release}
        return balances.state(**given, amounts=amounts, by=by, at=AT)

    return write


def of(world, partner):
    user = world.person("finance", partner)
    found = balance_rows.rows(world.fund, quarter(2014, 1), user, getattr(world, partner))
    return found[0]


def open_words(world):
    return [balance.difference_words for balance in balance_rows.unsettled(world.fund, quarter(2014, 1))]


def test_a_pound_between_the_partners_is_open_until_exactly_it_is_settled(world, scheme, state):
    state("council", "500.00")
    state("ccg", "499.00", release=False)
    assert (of(world, "council").balance.difference, of(world, "ccg").is_draft, open_words(world)) == (None, True, [])
    state("ccg", "499.00")
    assert of(world, "council").balance == of(world, "ccg").balance
    assert open_words(world) == ["£1.00 apart: NHS Southwark CCG £499.00, Southwark Council £500.00"]

    line = scheme.lines.get().pk
    shared = {"fund": world.fund, "quarter": quarter(2014, 1), "line_id": line, "at": AT}
    council, ccg = world.person("finance"), world.person("finance", "ccg")
    with pytest.raises(policies.NoDifference, match="first of which kind"):
        balances.settle(**shared, seen=Decimal("1.00"), reason="x", by=council)
    given = {"kind": "timing", "owner_id": world.ccg.pk, "person": "Ledger team", "note": ""}
    balances.type_difference(**shared, **given, by=council)
    with pytest.raises(HubError, match=r"£1\.00 by now"):
        balances.settle(**shared, seen=Decimal("2.00"), reason="x", by=ccg)
    balances.settle(**shared, seen=Decimal("1.00"), reason="Posted in July", by=ccg)
    assert (open_words(world), of(world, "council").balance.is_settled) == ([], True)
    state("ccg", "498.00")
    assert len(open_words(world)) == 1
    state("ccg", "500.00")
    assert open_words(world) == []
    with pytest.raises(policies.NoDifference):
        balances.type_difference(**shared, **given, by=council)
    told = AuditEvent.objects.get(kind="balances.difference_settled")
    assert (told.reason, told.partner_name) == ("Posted in July", "NHS Southwark CCG")


def test_a_pound_between_the_partners_keeps_the_return_from_being_ready(world, scheme, state):
    state("council", "500.00"), state("ccg", "499.00")
    year = PolicyYearFactory()
    made = QuarterlyReturn(fund=world.fund, period=quarter(2014, 1), policy_year=year, template=year.template)
    rows = [
        {"line": str(found.key), "name": found.words, "words": found.difference_words}
        for found in balance_rows.unsettled(made.fund, made.period)
    ]
    finding = next(iter(_balances({"balances": rows})))

    assert (finding.level, finding.code, finding.stops) == (Level.BLOCK, "V13", True)
    assert "Scheme 1, Home care: the partners' balances are £1.00 apart" in finding.message
    assert list(_balances({})) == []
    assert content.balances is balance_rows


def test_statements_are_refused_to_others_and_in_a_locked_quarter(world, scheme, state):
    state("council", "500.00")
    with pytest.raises(HubError, match="is not taken out"):
        state("council", None)
    with pytest.raises(Http404):
        state("hackney", "1.00")
    with pytest.raises(PermissionDenied):
        balances.state(
            fund=world.fund, quarter=quarter(2014, 1), amounts={}, release=True, by=world.person("approver"), at=AT
        )
    lock = {"fund": world.fund, "period": quarter(2014, 1), "by": world.person("approver"), "at": AT}
    locks.lock(**lock, reason="Sent for sign-off", who_can_lift="an approver")
    with pytest.raises(policies.PeriodLocked):
        state("council", "501.00")
    assert BalanceStatement.objects.get().amount == Decimal("500.00")
    state("ccg", "1.00", release=False, number=2)
    state("ccg", None, release=False, number=2)
    assert BalanceStatement.objects.count() == 1


def test_the_database_holds_variances_and_balances_to_their_shape(world, scheme, project, explain, state):
    project("1060.00")
    explain("A contract grew", "60.00")
    state("council", "500.00"), state("ccg", "499.00")
    line = scheme.lines.get()

    def refused(sql, words="."):
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    refused("UPDATE pooled_budgets_varianceexplanation SET text = 'Other'")
    refused("DELETE FROM pooled_budgets_varianceexplanation")
    refused(
        "UPDATE pooled_budgets_balancestatement SET owner_id = (SELECT min(owner_id::text)::uuid FROM "
        "pooled_budgets_balancestatement)",
        "balance_statement_unique",
    )
    for fields, words in (
        ({"pounds": -1}, "threshold_pounds"),
        ({"percent": -1}, "threshold_percent"),
        ({}, "threshold_says_something"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            VarianceThreshold.objects.create(fund=world.fund, **fields)
    made = {"line": line, "period": quarter(2014, 1), "owner": world.ccg, "typed_by": world.person("finance")}
    made |= {"typed_at": AT, "amount": 1, "kind": "timing", "person": "Somebody"}
    for fields, words in (
        ({"kind": "guess"}, "balance_difference_kind"),
        ({"person": ""}, "balance_difference_has_person"),
        ({"amount": 0}, "balance_difference_has_person"),
        ({"settled_at": AT}, "balance_difference_settled|balance_difference_has_reason"),
        ({"settled_at": AT, "settled_by_name": "x"}, "balance_difference_has_reason"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            BalanceDifference.objects.create(**made | fields)
    BalanceDifference.objects.create(**made)
    with pytest.raises(DatabaseError, match="balance_difference_unique"), transaction.atomic():
        BalanceDifference.objects.create(**made)
    first = VarianceExplanation.objects.get()
    with pytest.raises(DatabaseError, match="explanation_has_text"), transaction.atomic():
        VarianceExplanation.objects.create(forecast=first.forecast, variance=1, author=first.author, at=AT, text="")


def test_the_pages_show_what_is_owed_and_settle_a_difference(world, scheme, project, client):
    project("1060.00")
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    base, line = f"/funds/{world.fund.pk}/", scheme.lines.get().pk
    assert client.post(f"{base}outturns/threshold/", {"pounds": "10"}).status_code == 302
    assert "Needed" in client.get(f"{base}outturns/").content.decode()
    address = f"{base}outturns/{scheme.pk}/explain/?quarter=1"
    assert client.post(address, {"seen": "60.00", "text": ""}).status_code == 400
    assert client.post(address, {"seen": "60.00", "text": "A contract grew"}).status_code == 302
    shown = client.get(f"{base}outturns/?quarter=1").content.decode()
    assert "A contract grew" in shown
    assert "Needed" not in shown

    sent = {"quarter": "1", f"amount-{line}": "500", f"seen-{line}": "", "release": "1"}
    assert client.post(f"{base}balances/", sent | {f"amount-{line}": "5,0"}).status_code == 400
    assert client.post(f"{base}balances/", sent).status_code == 302
    client.force_login(world.person("finance", "ccg"), backend="partners.backends.EmailBackend")
    client.post(f"{base}balances/", sent | {f"amount-{line}": "499"})
    assert "1 difference not settled" in client.get(f"{base}balances/?quarter=1").content.decode()
    address = f"{base}balances/{line}/?quarter=1"
    typed = {"kind": "error", "owner": str(world.ccg.pk), "person": "Ledger team"}
    assert client.post(address, typed | {"kind": ""}).status_code == 400
    assert client.post(address, typed).status_code == 302
    assert client.post(address, {"seen": "1.00", "reason": "Corrected"}).status_code == 302
    assert "Settled" in client.get(f"{base}balances/?quarter=1").content.decode()
