"""Schemes and lines entered one by one, the rules on the money tested on them, and profiles by month."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.domain.authority import Matter, Named
from governance.selectors import movements
from governance.services.authority import AuthorityRefused
from integration_hub.core.errors import ChangedMeanwhile
from pooled_budgets.domain.rules_on_money import Basis, Outcome
from pooled_budgets.models import FundingLine, FundingStream, PeriodLock, ProfileMonth, Scheme, SchemeLine, SchemeStart
from pooled_budgets.policies import PeriodLocked
from pooled_budgets.selectors import positions
from pooled_budgets.selectors import schemes as selectors
from pooled_budgets.services import plans, profiles, schemes, value_lists
from tests.factories import authority, fund_of_the_year
from tests.factories.money import FundFactory, SchemeFactory, quarter
from tests.factories.partners import NOON

WHOLE = {
    "description": "Equipment at home",
    "scheme_type": "Assistive Technologies and Equipment",
    "sub_type": "Community based equipment",
    "outputs": "120",
    "output_unit": "Number of beneficiaries",
    "area_of_spend": "Social Care",
    "commissioner": "Joint",
    "nhs_percent": "40",
    "provider": "Local Authority",
    "new_or_existing": "New",
}


def signed_in(person):
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


@pytest.fixture
def officer(world):
    return world.person("finance")


@pytest.fixture
def fund(world):
    """A fund of a year whose lists are loaded, with one contribution of the NHS minimum."""
    value_lists.load(at=NOON, system="test")
    made = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2023, total=Decimal("1000.00"))
    FundingLine.objects.create(
        fund=made,
        owner=world.council,
        position=1,
        source="Minimum NHS Contribution",
        payer=world.ccg,
        stream=FundingStream.objects.get(financial_year=2023, key="nhs_minimum"),
        amount=Decimal("1000.00"),
        at=date(2023, 4, 1),
        released_at=NOON,
    )
    return made


def test_a_scheme_and_its_line_are_entered_on_the_page(world, officer, fund):
    client = signed_in(officer)
    answer = client.post(
        reverse("pooled_budgets:scheme_new", args=[fund.pk]),
        {"number": "11", "name": "Equipment", "accounting_treatment": "lead", "vat_regime": "la_section_33"},
    )
    scheme = Scheme.objects.get()
    assert answer["Location"] == reverse("pooled_budgets:scheme", args=[fund.pk, scheme.pk])
    address = reverse("pooled_budgets:line_new", args=[fund.pk, scheme.pk])
    given = {**WHOLE, "funding": FundingLine.objects.get().pk, "state": "stated", "amount": "900.00"}

    wrong = client.post(address, given | {"sub_type": "", "nhs_percent": ""})
    assert wrong.status_code == 400
    assert b"has sub-types" in wrong.content
    assert b"how many per cent the NHS commissions" in wrong.content
    assert not SchemeLine.objects.exists()
    assert client.post(address, given).status_code == 302

    line = SchemeLine.objects.get()
    assert (line.budget, line.nhs_percent, line.ring_fence) == (Decimal("900.00"), Decimal("40.00"), "nhs_minimum")
    page = client.get(reverse("pooled_budgets:scheme", args=[fund.pk, scheme.pk])).content.decode()
    for words in ("NHS 40.00 per cent, local authority 60.00 per cent", "Number of beneficiaries", "£900.00", "Lead:"):
        assert words in page
    plan = client.get(reverse("pooled_budgets:schemes", args=[fund.pk])).content.decode()
    assert "£100.00" in plan  # unallocated of the source and in all
    twice = client.post(reverse("pooled_budgets:scheme_new", args=[fund.pk]), {"number": "11", "name": "Another"})
    assert (twice.status_code, Scheme.objects.count()) == (409, 1)


def save(scheme, officer, line=None, **changes):
    given = {"funding_id": None, "budget": Decimal("1.00"), "state": "stated", "seen": {}} | changes
    fields = {**WHOLE, "outputs": Decimal(120), "nhs_percent": Decimal(40)} | given.pop("fields", {})
    line_id = line.pk if line else None
    return schemes.save_line(scheme_id=scheme.pk, line_id=line_id, fields=fields, by=officer, at=NOON, **given)


def test_lines_are_refused_to_others_and_while_a_quarter_is_locked(world, officer, fund):
    scheme = SchemeFactory(fund=fund, number="1", budget="10.00")
    line = SchemeLine.objects.get()
    other = FundingLine.objects.create(
        fund=world.fund, owner=world.council, position=1, source="B", amount=Decimal(1), at=date(2014, 4, 1)
    )
    with pytest.raises(Http404):
        save(scheme, world.person("finance", "hackney"), line)
    with pytest.raises(PermissionDenied):
        save(scheme, world.person("finance", "ccg"), line)
    with pytest.raises(schemes.NotOfThisFund):
        save(scheme, officer, line, funding_id=other.pk)
    with pytest.raises(schemes.FieldsWrong) as wrong:
        save(scheme, officer, line, fields={"area_of_spend": "Roads"})
    assert [problem["field"] for problem in wrong.value.problems] == ["area_of_spend"]
    PeriodLock.objects.create(
        fund=fund,
        period=quarter(2023, 1),
        locked_at=NOON,
        locked_by_name="A",
        reason="Signed",
        who_can_lift="B",
    )
    with pytest.raises(PeriodLocked, match="Nothing was saved"):
        save(scheme, officer, line)
    line.refresh_from_db()
    assert (line.budget, line.area_of_spend) == (Decimal("10.00"), "")
    # What is no money may be filled in.
    save(scheme, officer, line, budget=Decimal("10.00"))
    line.refresh_from_db()
    assert line.area_of_spend == "Social Care"


def test_two_officers_change_different_fields_of_a_line_and_lose_nothing(world, officer, fund):
    scheme = SchemeFactory(fund=fund, number="1", budget="10.00")
    line = save(scheme, officer, SchemeLine.objects.get())
    seen = schemes.seen_of_line(line)

    save(scheme, officer, line, seen=seen, budget=Decimal("12.00"))
    save(scheme, officer, line, seen=seen, fields={"description": "Other words"}, budget=Decimal("1.00"))

    line.refresh_from_db()
    assert (line.budget, line.description) == (Decimal("12.00"), "Other words")
    with pytest.raises(
        ChangedMeanwhile, match=r"Budget: you saw “1\.00”, somebody saved “12\.00”, you entered “13\.00”"
    ):
        save(scheme, officer, line, seen=seen, budget=Decimal("13.00"))


def test_the_rules_hold_for_plan_forecast_and_actual(world, officer, fund):
    scheme = SchemeFactory(fund=fund, number="1", budget="1000.00")
    line = SchemeLine.objects.get()
    save(scheme, officer, line, funding_id=FundingLine.objects.get().pk, budget=Decimal("1000.00"))
    for kind, amount in (("social_care_floor", "1000.00"), ("out_of_hospital_floor", "400.01")):
        value_lists.announce(
            area_id=world.area.pk,
            financial_year=2023,
            kind=kind,
            amount=Decimal(amount),
            known_from=date(2023, 4, 1),
            source="A table",
            by=None,
            at=NOON,
        )
    funding, found = list(FundingLine.objects.select_related("stream").filter(fund=fund)), {}
    period = fund_of_the_year.month(3, 2023)
    for basis in Basis:
        position = positions.position(fund, period, officer, on=date(2023, 7, 1))
        rows = selectors.rules(officer, fund, funding, basis=basis, position=position, on=date(2023, 7, 1))
        found[basis] = {row.rule: row for row in rows}

    plan = found[Basis.PLAN]
    assert plan["social_care_floor"].outcome is Outcome.MET
    assert (plan["out_of_hospital_floor"].outcome, plan["out_of_hospital_floor"].difference) == (
        Outcome.NOT_MET,
        Decimal("-0.01"),
    )
    assert plan["nhs_minimum"].because == "no published amount is loaded for the area and year"
    assert plan["spent_exactly"].outcome is Outcome.MET
    assert found[Basis.FORECAST]["social_care_floor"].because == "scheme 1, line 1 has no projected outturn"
    assert "no postings" in found[Basis.ACTUAL]["social_care_floor"].because
    page = signed_in(officer).get(reverse("pooled_budgets:rules", args=[fund.pk]) + "?basis=plan&quarter=1")
    assert page.status_code in (200, 400)  # quarters are reference data, which this world has not


def test_a_profile_is_the_budget_to_the_penny_or_nothing_is_saved(world, officer, fund):
    SchemeFactory(fund=fund, number="1", budget="100.01")
    line = SchemeLine.objects.get()
    for number in range(1, 13):
        fund_of_the_year.month(number, 2023)
    client = signed_in(officer)
    address = reverse("pooled_budgets:profile_edit", args=[fund.pk, line.pk])
    months = {f"month-{number}": "8.33" for number in range(1, 13)}

    wrong = client.post(address, {"way": "manual", "seen-budget": "100.01", **months})
    assert (wrong.status_code, "£0.05 under the year" in wrong.content.decode()) == (400, True)
    share = {f"month-{number}": "8.33" for number in range(1, 13)}
    wrong = client.post(address, {"way": "percentages", "seen-budget": "100.01", **share})
    assert (wrong.status_code, b"add up to 99.96" in wrong.content) == (400, True)
    assert not ProfileMonth.objects.exists()
    assert client.post(address, {"way": "even", "seen-budget": "100.00"}).status_code == 409

    assert client.post(address, {"way": "even", "seen-budget": "100.01"}).status_code == 302

    amounts = list(ProfileMonth.objects.order_by("period__number").values_list("amount", flat=True))
    assert amounts == [Decimal("8.33")] * 11 + [Decimal("8.38")]
    with pytest.raises(profiles.ProfileDiffers):
        profiles.set_months(line_id=line.pk, months=amounts[:11], seen="100.01", by=officer, at=NOON)
    SchemeLine.objects.update(budget=Decimal("100.00"))
    page = client.get(reverse("pooled_budgets:profile", args=[fund.pk])).content.decode()
    assert "+£0.01" in page
    with pytest.raises(Http404):
        profiles.set_months(
            line_id=line.pk, months=amounts, seen="100.00", by=world.person("finance", "hackney"), at=NOON
        )


def test_pages_cost_the_same_at_10_and_200_rows(world, officer, fund):
    client, counts = signed_in(officer), {"schemes": [], "profile": []}
    month = fund_of_the_year.month(1, 2023)
    for numbers in (range(10), range(10, 200)):
        made = Scheme.objects.bulk_create(
            Scheme(fund=fund, owner=world.council, number=f"{n}", position=n, name=f"S{n}", released_at=NOON)
            for n in numbers
        )
        lines = SchemeLine.objects.bulk_create(
            SchemeLine(
                scheme=each,
                owner=world.council,
                budget=Decimal(1),
                funding=FundingLine.objects.get(),
                at=NOON.date(),
                released_at=NOON,
            )
            for each in made
        )
        ProfileMonth.objects.bulk_create(ProfileMonth(line=each, period=month, amount=Decimal(1)) for each in lines)
        for name, found in counts.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"pooled_budgets:{name}", args=[fund.pk])).status_code == 200
            found.append(len(queries))
    for found in counts.values():
        assert found[0] == found[1] <= 12


def test_an_import_is_not_undone_over_what_was_entered_since_nor_leaves_out_a_profiled_scheme(
    world, imported, uploads, officer
):
    scheme = Scheme.objects.get(number="11")
    line = SchemeLine.objects.get(scheme=scheme)
    schemes.save_line(
        scheme_id=scheme.pk,
        line_id=line.pk,
        funding_id=None,
        budget=line.budget,
        fields={"description": "Rapid response"},
        seen={},
        by=officer,
        at=NOON,
    )
    with pytest.raises(plans.ImportBuiltOn, match="the plan was changed since"):
        plans.undo(import_id=imported.pk, by=officer, at=NOON)
    months = [fund_of_the_year.month(number) for number in range(1, 13)]
    ProfileMonth.objects.bulk_create(ProfileMonth(line=line, period=month, amount=Decimal(0)) for month in months)

    sheet = uploads.plan(("1", "Existing NHS transfers within social care budget", Decimal(5621000)))
    staged = plans.stage(fund=world.fund, file=uploads.file(sheet), filename="less.xlsx", by=officer, at=NOON)

    assert any("12 profiled months" in problem["message"] for problem in staged.problems)
    line.refresh_from_db()
    assert line.description == "Rapid response"


def test_a_scheme_starts_once_with_its_budget_by_what_allows_it(world, officer, fund):
    scheme = SchemeFactory(fund=fund, number="1", budget="1000.01")
    small, large = (
        Named(
            decision=str(
                authority.decision(
                    world, reference=f"HWB {limit}", matters=[Matter.SCHEME_START], amount_limit=Decimal(limit)
                ).pk
            )
        )
        for limit in ("1000.00", "1000.01")
    )
    given = {"scheme_id": scheme.pk, "starts_on": date(2023, 4, 1), "by": officer, "at": NOON}
    with pytest.raises(AuthorityRefused):
        schemes.start(**given, authority_named=small)
    with pytest.raises(PermissionDenied):
        schemes.start(**given | {"by": world.person("finance", "ccg")}, authority_named=large)
    assert not SchemeStart.objects.exists()

    made = schemes.start(**given, authority_named=large)

    assert (made.amount, movements.used(made.decision, NOON.date())) == (Decimal("1000.01"), Decimal("1000.01"))
    with pytest.raises(schemes.CannotStart, match="It starts once"):
        schemes.start(**given, authority_named=large)
    with pytest.raises(DatabaseError), transaction.atomic():
        SchemeStart.objects.update(amount=Decimal(1))
    page = signed_in(officer).get(reverse("pooled_budgets:scheme", args=[fund.pk, scheme.pk])).content.decode()
    assert "1 April 2023, with" in page
    assert "£1,000.01</span>, allowed by" in page
    SchemeLine.objects.update(budget=None, state="to_be_confirmed")
    other = SchemeFactory(fund=fund, number="2")
    SchemeLine.objects.filter(scheme=other).update(budget=None, state="to_be_confirmed")
    with pytest.raises(schemes.CannotStart, match="to be confirmed"):
        schemes.start(**given | {"scheme_id": other.pk}, authority_named=large)
