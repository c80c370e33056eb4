"""Explain this number: each figure of a fund opens as its steps, now and as it was known on a past day."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pooled_budgets.domain import explaining
from pooled_budgets.models import (
    AgreementParty,
    Forecast,
    Fund,
    FundingLine,
    Instalment,
    RiskShareRules,
    Scheme,
    SchemeLine,
    Transaction,
)
from pooled_budgets.presenters import explaining as words
from pooled_budgets.presenters.explaining import Asked
from pooled_budgets.selectors import known, positions, risk_share
from tests.factories import fund_of_the_year
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON

GROUPS = [
    {
        "name": "Whole pool",
        "schemes": "rest",
        "overspend": [{"method": "contributions", "basis": "pool"}],
        "underspend": [{"method": "contributions", "basis": "pool"}],
    }
]
JUNE, JULY, AUGUST, SEPTEMBER = (datetime(2014, month, 1, 12, tzinfo=UTC) for month in (6, 7, 8, 9))


def stood(model, at, **changes):
    """Write into the history of every row of a model that it stood so from a moment on."""
    events = model.pgh_event_model
    table, columns = events._meta.db_table, [field.column for field in events._meta.concrete_fields[:]]
    columns.remove("pgh_id")
    wanted = {"pgh_created_at": at, **changes}
    values = ", ".join("%s" if column in wanted else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    given = [wanted[column] for column in columns if column in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM "{table}" '
            "ORDER BY pgh_obj_id, pgh_id DESC) AS last",
            given,
        )


@pytest.fixture
def officer(world):
    return world.person("finance")


@pytest.fixture
def shared(world, officer):
    """Two schemes with outturns at quarter 1, contributions of 6,000.00 and 10,753.00, and approved rules."""
    for position, (payer, amount) in enumerate(((world.council, "6000.00"), (world.ccg, "10753.00")), start=1):
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
    for number, outturn in (("1", "1100.01"), ("2", "500.00")):
        budget = {"1": "1000", "2": "500"}[number]
        scheme = SchemeFactory(fund=world.fund, number=number, position=int(number), budget=budget)
        Forecast.objects.create(
            scheme=scheme,
            period=world.period,
            owner=world.council,
            amount=Decimal(outturn),
            state="stated",
            at=date(2014, 6, 30),
            entered_by=officer,
            entered_at=NOON,
            released_at=NOON,
        )
    approver = world.person("approver", "ccg")
    return RiskShareRules.objects.create(
        agreement=world.agreement,
        owner=world.council,
        number=1,
        groups=GROUPS,
        clause="clause 14",
        effective_from=date(2014, 4, 1),
        prepared_by=officer,
        prepared_by_name=str(officer),
        prepared_at=NOON,
        approved_by=approver,
        approved_by_name=str(approver),
        approved_for=world.ccg,
        approved_at=NOON,
        released_at=NOON,
    )


def posted(world, officer, amount, at):
    return Transaction.objects.create(
        fund=world.fund,
        owner=world.council,
        line=SchemeLine.objects.get(scheme__number="1"),
        period=fund_of_the_year.month(1),
        amount=Decimal(amount),
        description="Home care",
        at=date(2014, 4, 30),
        entered_by=officer,
        entered_at=at,
        released_at=at,
    )


def tell(world, reader, figure, of="", on=None):
    found = known.known(world.fund, world.period, reader, on=on)
    return found and words.tell(Asked(world.fund, world.period, figure, of, on), found, reader)


def amount(world, reader, *what, **more):
    told = tell(world, reader, *what, **more)
    return told and str(told.explanation.amount)


def page(world, person, figure, **query):
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client.get(reverse("pooled_budgets:number", args=[world.fund.pk, figure]), query)


def test_what_is_known_now_is_what_the_pages_show(world, shared, officer):
    Forecast.objects.filter(scheme__number="2").update(released_at=None)
    for reader in (officer, world.person("member", "ccg"), world.sitting_member()):
        found = known.known(world.fund, world.period, reader)
        assert found.position == positions.position(world.fund, world.period, reader)
        assert found.figures.partners == risk_share.figures(world.fund, world.period, reader).partners
        assert [str(each.variance) for each in found.figures.schemes] == [
            "100.01",
            "0.00" if reader == officer else "None",
        ]
        assert found.rules.number == 1


def test_a_figure_is_read_as_it_was_known_on_three_days(world, shared, officer):
    reader = world.person("member", "ccg")
    for model in (Fund, Scheme, FundingLine, AgreementParty, RiskShareRules):
        stood(model, JUNE)
    # From July two budgets of 1,000.00 in all are known, from August an outturn, from September another.
    stood(SchemeLine, JULY, budget=Decimal("500.00"))
    stood(Forecast, AUGUST, amount=Decimal("600.00"))
    stood(Forecast, SEPTEMBER, amount=Decimal("400.00"), pgh_context_id=None)
    posted(world, officer, "70.00", JULY)
    posted(world, officer, "5.00", SEPTEMBER)
    days = [date(2014, 5, 31), date(2014, 7, 2), date(2014, 8, 1), date(2014, 9, 30), None]

    def each(figure, of=""):
        return [amount(world, reader, figure, of, on=day) for day in days]

    assert each("budget") == [None, "1000.00", "1000.00", "1000.00", "1500.00"]
    assert each("outturn", "1") == [None, "None", "600.00", "400.00", "1100.01"]
    assert each("variance", "1") == [None, "None", "100.00", "-100.00", "100.01"]
    assert each("posted", "1") == [None, "70.00", "70.00", "75.00", "75.00"]
    # 200.00 over, 200.00 under and 100.01 over, shared by 6,000.00 to 10,753.00.
    assert each("share", world.ccg.key) == [None, "None", "128.37", "-128.37", "64.19"]
    assert each("share", world.council.key)[2:] == ["71.63", "-71.63", "35.82"]
    answer = page(world, reader, "variance", of="1", quarter=1, on="2014-08-15").content.decode()
    assert "As it was known at the end of 15 August 2014." in answer
    assert "Outturn projected at Quarter 1 2014/15: £600.00 then, £1,100.01 now." in answer
    assert "Nothing that you may see" in page(world, reader, "variance", of="1", on="31 May 2014").content.decode()


def test_three_clicks_lead_from_a_share_to_the_postings(world, shared, officer):
    posted(world, officer, "70.00", NOON)
    reader = world.person("member", "ccg")
    client = Client()
    client.force_login(reader, backend="partners.backends.EmailBackend")

    def click(answer, label):
        found = re.search(rf'<a class="govuk-link" href="([^"]+)">{label}', answer.content.decode())
        assert found, label
        return client.get(found[1].replace("&amp;", "&"))

    answer = client.get(reverse("pooled_budgets:number", args=[world.fund.pk, "share"]), {"of": world.ccg.key})
    for said in (
        "Version 1 of the risk-share rules, in force from 1 April 2014, clause 14 of the agreement",
        "Prepared by Finance of council, approved by Approver of ccg for",
        "10,753 of 16,753",
        "£64.19",
        "That leaves 1 penny",
        "Source 2, paid by",
    ):
        assert said in answer.content.decode(), said
    answer = click(answer, "Variance of scheme 1")
    assert "£1,100.01" in answer.content.decode()
    answer = click(answer, "Outturn projected")
    assert "Line 1: Home care" in answer.content.decode()
    assert "£70.00" in answer.content.decode()


def test_drafts_and_the_names_of_others_people_stay_at_home(world, shared, officer):
    stood(Forecast, JULY, amount=Decimal("777.77"), released_at=None)
    for model in (Fund, Scheme, SchemeLine):
        stood(model, JUNE)
    told = {
        reader: page(world, reader, "outturn", of="1", on="2014-07-31").content.decode()
        for reader in (officer, world.person("member", "ccg"))
    }

    assert ["£777.77" in each for each in told.values()] == [True, False]
    assert page(world, world.person("finance", "hackney"), "outturn", of="1").status_code == 404


@pytest.mark.parametrize(
    ("figure", "query", "status"),
    [
        ("share", {"of": "nobody"}, 404),
        ("variance", {"of": "99"}, 404),
        ("guess", {}, 404),
        ("posted", {}, 200),
        ("variance", {"on": "2999-01-01"}, 400),
        ("variance", {"on": "soon"}, 400),
        ("variance", {"month": "99"}, 400),
        *((figure, {}, 200) for figure in (*explaining.COLUMNS, "unallocated")),
        ("posted", {"of": "1", "month": "1"}, 200),
    ],
)
def test_what_is_asked_wrongly_is_told_so(world, shared, officer, figure, query, status):
    assert page(world, officer, figure, **query).status_code == status


def test_an_explanation_costs_the_same_at_3_and_40_schemes(world, shared, officer):
    def cost(figure, **query):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert page(world, officer, figure, quarter=1, on="2020-01-01", **query).status_code == 200
        return len(found)

    for model in (Fund, Scheme, SchemeLine, FundingLine, AgreementParty, RiskShareRules, Forecast):
        stood(model, JUNE)
    asked = [("share", {"of": world.ccg.key}), ("budget", {}), ("outturn", {"of": "1"})]
    before = [cost(figure, **query) for figure, query in asked]
    for number in range(3, 41):
        SchemeFactory(fund=world.fund, number=str(number), position=number, budget="10")
    assert [cost(figure, **query) for figure, query in asked] == before
    assert max(before) < 60


def test_rows_of_a_fund_have_a_timeline_that_keeps_drafts_at_home(world, shared, officer):
    """A contribution that its keeper took back into a draft and changed: the other partner reads the released one."""
    line = FundingLine.objects.get(position=1)
    Instalment.objects.create(line=line, number=1, due_on=date(2014, 4, 1), amount=Decimal("6000.00"))
    FundingLine.objects.filter(pk=line.pk).update(amount=Decimal("111222.33"), released_at=None)
    FundingLine.objects.filter(pk=line.pk).update(amount=Decimal("444555.66"), released_at=NOON)
    scheme, rules = Scheme.objects.get(number="1"), shared
    Scheme.objects.filter(pk=scheme.pk).update(note="Only ours", released_at=None)
    Scheme.objects.filter(pk=scheme.pk).update(note="For all", released_at=NOON)

    def history(person, kind, pk):
        client = Client()
        client.force_login(person, backend="partners.backends.EmailBackend")
        return client.get(reverse("partners:history", args=[kind, pk]))

    reader, outsider = world.person("member", "ccg"), world.person("finance", "hackney")
    own, theirs = (history(who, "contribution", line.pk).content.decode() for who in (officer, reader))
    assert ("111,222.33" in own, "444,555.66" in own, "Instalment 1" in own) == (True, True, True)
    assert ("111,222.33" in theirs, "444,555.66" in theirs, "Instalment 1" in theirs) == (False, True, True)
    own, theirs = (history(who, "scheme", scheme.pk).content.decode() for who in (officer, reader))
    assert ("Only ours" in own, "For all" in own, "Only ours" in theirs, "For all" in theirs) == (
        True,
        True,
        False,
        True,
    )
    assert "clause 14" in history(reader, "risk-share-rules", rules.pk).content.decode()
    for kind, pk in (("contribution", line.pk), ("scheme", scheme.pk), ("risk-share-rules", rules.pk)):
        assert history(outsider, kind, pk).status_code == 404


def test_what_was_posted_in_a_month_opens_scheme_by_scheme(world, officer, shared):
    for number in ("10.00", "20.00"):
        posted(world, officer, number, NOON)
    shown = page(world, officer, "posted", month=1, quarter=1).text
    for text in ("Posted to all schemes in month 1", "£30.00", "nothing was posted"):
        assert text in shown
    (address,) = re.findall(r'href="([^"]*posted/[^"]*of=1[^"]*)"', shown)
    assert "month=1" in address
    client = Client()
    client.force_login(officer, backend="partners.backends.EmailBackend")
    opened = client.get(address.replace("&amp;", "&")).text
    assert "Posted to scheme 1 in month 1" in opened
    assert "£30.00" in opened
    assert "£30.00" not in page(world, officer, "posted", month=2, quarter=1).text
    assert page(world, world.person("finance", "hackney"), "posted", month=1).status_code == 404
