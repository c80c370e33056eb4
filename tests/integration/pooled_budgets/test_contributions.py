"""Contributions as finance officers enter them: three partners at 40,000.00, instalments, receipts and changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.domain.authority import Matter, Named
from governance.selectors import movements
from governance.services.authority import AuthorityMissing, AuthorityRefused
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.models import AuditEvent
from pooled_budgets.domain.contributions import read_schedule
from pooled_budgets.domain.instalments import instalments
from pooled_budgets.models import ContributionChange, FundingLine, Instalment, Receipt, ReceiptReversal
from pooled_budgets.presenters import tasks as presenter
from pooled_budgets.selectors import contributions as selectors
from pooled_budgets.services import contributions
from tests.factories import authority, fund_of_the_year
from tests.factories.money import SchemeFactory, join_agreement
from tests.factories.partners import NOON, OrganisationFactory

QUARTERS = [date(2014, 4, 1), date(2014, 7, 1), date(2014, 10, 1), date(2015, 1, 1)]


def late(person):
    """The tasks about late instalments on 2 July 2014."""
    return [task for task in presenter.tasks(person, date(2014, 7, 2)) if " is late for " in task.title]


def signed_in(person):
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


@pytest.fixture
def officer(world):
    return world.person("finance")


@pytest.fixture
def line(world, officer):
    return contributions.add(
        fund_id=world.fund.pk,
        source="CCG minimum",
        amount=Decimal("9416667.00"),
        payer_id=world.ccg.pk,
        by=officer,
        at=NOON,
    )


@pytest.fixture
def allowed(world):
    made = authority.decision(world, matters=[Matter.CONTRIBUTION_CHANGE], amount_limit=Decimal("500000.00"))
    return Named(decision=str(made.pk))


def change(line, officer, allowed, amount, **more):
    given = {"amount": Decimal(amount) if amount else None, "effective_on": date(2014, 8, 1), "reason": "Agreed"} | more
    given.setdefault("seen", contributions.amount_seen(line))
    return contributions.change(line_id=line.pk, **given, authority_named=allowed, by=officer, at=NOON)


def test_three_partners_at_forty_thousand_are_entered_on_the_page(world, officer):
    trust = OrganisationFactory(name="A hospital trust", kind="nhs_trust")
    join_agreement(world.agreement, trust)
    client, stream = signed_in(officer), fund_of_the_year.stream("additional")
    address = reverse("pooled_budgets:contribution_new", args=[world.fund.pk])
    for payer in (world.council, world.ccg, trust):
        given = {"source": "Joint director", "payer": payer.pk, "stream": stream.pk, "form": "cash"}
        answer = client.post(address, {**given, "state": "stated", "amount": "£40,000.00"})
        assert answer.status_code == 302

    page = client.get(reverse("pooled_budgets:contributions", args=[world.fund.pk])).content.decode()

    assert page.count("£40,000.00") >= 3 * 2
    assert "£120,000.00" in page
    assert "Additional contributions, not ring-fenced" in page
    assert set(FundingLine.objects.values_list("payer", "amount")) == {
        (payer.pk, Decimal("40000.00")) for payer in (world.council, world.ccg, trust)
    }
    again = client.post(address, {**given, "state": "stated", "amount": "1.00"})
    assert (again.status_code, b"already" in again.content) == (409, True)
    assert FundingLine.objects.count() == 3


def test_an_amount_to_be_confirmed_is_no_nought(world, officer):
    client = signed_in(officer)
    address = reverse("pooled_budgets:contribution_new", args=[world.fund.pk])
    given = {"source": "Grant", "form": "cash", "state": "to_be_confirmed"}

    assert client.post(address, {**given, "amount": "5.00"}).status_code == 400
    assert client.post(address, given).status_code == 302

    SchemeFactory(fund=world.fund, budget="10.00")
    fund_page = client.get(reverse("pooled_budgets:fund", args=[world.fund.pk])).content.decode()
    assert "Cannot be said while Grant is to be confirmed" in fund_page
    assert FundingLine.objects.get().amount is None


def test_strangers_and_other_parties_enter_nothing(world, line, officer):
    for person, refusal in (
        (world.person("finance", "hackney"), Http404),
        (world.person("finance", "ccg"), PermissionDenied),
    ):
        with pytest.raises(refusal):
            contributions.receive(
                line_id=line.pk,
                received_on=date(2014, 7, 1),
                amount=Decimal("1.00"),
                reference="A",
                by=person,
                at=NOON,
            )
    with pytest.raises(contributions.NotAParty):
        contributions.add(
            fund_id=world.fund.pk,
            source="B",
            amount=Decimal(1),
            payer_id=world.hackney.pk,
            by=officer,
            at=NOON,
        )
    stream = fund_of_the_year.stream(year=2015)
    with pytest.raises(contributions.OtherYearsStream):
        contributions.add(
            fund_id=world.fund.pk, source="B", amount=Decimal(1), stream_id=stream.pk, by=officer, at=NOON
        )
    assert (Receipt.objects.count(), FundingLine.objects.count()) == (0, 1)


def test_instalments_have_their_odd_pennies_in_the_last_and_are_late_from_the_day_after(world, line, officer):
    parts = read_schedule("1/4/2014\n1/7/2014\n1/10/2014", line.amount + Decimal("0.01"))
    with pytest.raises(ChangedMeanwhile):
        contributions.schedule(line_id=line.pk, parts=parts, seen=contributions.amount_seen(line), by=officer, at=NOON)
    assert not Instalment.objects.exists()

    client = signed_in(officer)
    address = reverse("pooled_budgets:contribution_instalments", args=[world.fund.pk, line.pk])
    answer = client.post(address, {"pattern": "quarterly", "seen-amount": "9416667.00"})

    assert answer.status_code == 302
    assert [part.amount for part in Instalment.objects.order_by("number")] == [Decimal("2354166.75")] * 4
    contributions.receive(
        line_id=line.pk,
        received_on=date(2014, 4, 1),
        amount=Decimal("2354166.75"),
        reference="BACS 1",
        by=officer,
        at=NOON,
    )
    page = client.get(reverse("pooled_budgets:contributions", args=[world.fund.pk])).content.decode()
    assert "No instalments set" not in page
    assert page.count(">Late<") == 1
    task = {person: late(world.person("finance", person)) for person in ("council", "ccg")}
    assert [each.title for each in task["ccg"]] == [
        "£2,354,166.75 of “CCG minimum” is late for Southwark Better Care Fund 2014/15"
    ]
    assert (task["council"][0].due_on, task["council"][0].detail) == (date(2014, 7, 1), "Due from NHS Southwark CCG")
    assert late(world.person("metrics")) == []
    assert late(world.person("finance", "hackney")) == []


def test_receipts_add_up_and_a_wrong_one_is_reversed_never_edited(world, line, officer):
    given = {"line_id": line.pk, "received_on": date(2014, 7, 1), "reference": "BACS 1", "by": officer, "at": NOON}
    receipt = contributions.receive(**given, amount=Decimal("100.00"))

    with pytest.raises(contributions.ReceivedAlready, match="another payment"):
        contributions.receive(**given, amount=Decimal("100.00"))
    with pytest.raises(contributions.NotYetReceived):
        contributions.receive(**given | {"received_on": date(2014, 7, 15)}, amount=Decimal("100.00"))
    with pytest.raises(Http404):
        contributions.reverse(receipt_id=receipt.pk, reason="No", by=world.person("finance", "hackney"), at=NOON)
    found = selectors.of_fund(officer, world.fund, on=date(2014, 7, 14))[0].standing
    assert (found.received, found.outstanding) == (Decimal("100.00"), Decimal("9416567.00"))

    contributions.reverse(receipt_id=receipt.pk, reason="Another fund's", by=officer, at=NOON)

    found = selectors.of_fund(officer, world.fund, on=date(2014, 7, 14))[0].standing
    assert (found.received, found.outstanding) == (Decimal("0.00"), Decimal("9416667.00"))
    with pytest.raises(contributions.ReceivedAlready, match="Another fund's"):
        contributions.reverse(receipt_id=receipt.pk, reason="Again", by=officer, at=NOON)
    assert (Receipt.objects.count(), ReceiptReversal.objects.count()) == (1, 1)
    contributions.receive(**given, amount=Decimal("100.00"))


def test_a_change_needs_what_allows_it_and_the_later_instalments_share_the_rest(world, line, officer, allowed):
    contributions.schedule(
        line_id=line.pk,
        parts=instalments(line.amount, QUARTERS),
        seen=contributions.amount_seen(line),
        by=officer,
        at=NOON,
    )
    for refusal, named, amount in (
        (AuthorityMissing, Named(), "9500000.00"),
        (AuthorityRefused, allowed, "9916667.01"),
        (contributions.SameAmount, allowed, "9416667.00"),
    ):
        with pytest.raises(refusal):
            change(line, officer, named, amount)
    with pytest.raises(HubError, match="2014/15 ends on 31 March 2015"):
        change(line, officer, allowed, "9500000.00", effective_on=date(2015, 4, 1))
    with pytest.raises(ChangedMeanwhile):
        change(line, officer, allowed, "9500000.00", seen="9416668.00")
    line.refresh_from_db()
    assert (line.amount, ContributionChange.objects.count()) == (Decimal("9416667.00"), 0)

    made = change(line, officer, allowed, "9416668.01")

    line.refresh_from_db()
    assert (line.amount, made.moved, made.before) == (Decimal("9416668.01"), Decimal("1.01"), Decimal("9416667.00"))
    parts = [part.amount for part in Instalment.objects.order_by("number")]
    assert parts == [Decimal(each) for each in ("2354166.75", "2354166.75", "2354167.25", "2354167.26")]
    event = AuditEvent.objects.get(kind="contribution.changed")
    assert (event.before["amount"], event.after["amount"], event.reason) == ("£9,416,667.00", "£9,416,668.01", "Agreed")
    assert movements.used(made.decision, NOON.date()) == Decimal("1.01")
    # What is used up is not there for the next.
    with pytest.raises(AuthorityRefused):
        change(line, officer, allowed, "9916667.01")


def test_an_amount_may_become_to_be_confirmed_and_is_never_nought_then(world, line, officer):
    made = authority.decision(world, matters=[Matter.CONTRIBUTION_CHANGE], amount_limit=None)

    change(line, officer, Named(decision=str(made.pk)), None, state="to_be_confirmed")

    line.refresh_from_db()
    assert (line.amount, line.state) == (None, "to_be_confirmed")
    with pytest.raises(contributions.AmountNotStated):
        contributions.schedule(line_id=line.pk, parts=[], seen="to_be_confirmed", by=officer, at=NOON)


def test_two_officers_correct_different_fields_and_lose_nothing(world, line, officer):
    seen = contributions.seen_of(line)
    given = {"line_id": line.pk, "stream_id": None, "payer_id": world.ccg.pk, "form": "cash", "by": officer, "at": NOON}
    contributions.describe(**given, source="CCG minimum", note="First officer", seen=seen)

    contributions.describe(**given, source="CCG minimum contribution", note="", seen=seen)

    line.refresh_from_db()
    assert (line.source, line.note) == ("CCG minimum contribution", "First officer")
    with pytest.raises(ChangedMeanwhile, match="you saw nothing, somebody saved “First officer”, you entered “Second"):
        contributions.describe(**given, source="CCG minimum", note="Second officer", seen=seen)
    line.refresh_from_db()
    assert line.note == "First officer"


@pytest.mark.parametrize("page", ["contributions", "contribution"])
def test_pages_cost_the_same_at_10_and_200_rows(world, line, officer, page):
    client = signed_in(officer)
    args = [world.fund.pk, line.pk] if page == "contribution" else [world.fund.pk]
    counts = []
    for numbers in (range(10), range(10, 200)):
        lines = FundingLine.objects.bulk_create(
            FundingLine(
                fund=world.fund,
                owner=world.council,
                position=n + 2,
                source=f"Source {n}",
                payer=world.ccg,
                amount=Decimal(1),
                at=date(2014, 4, 1),
                released_at=NOON,
            )
            for n in numbers
        )
        Instalment.objects.bulk_create(
            Instalment(line=each, number=1, due_on=date(2014, 5, 1), amount=Decimal(1)) for each in lines
        )
        Receipt.objects.bulk_create(
            Receipt(
                line=line, received_on=NOON.date(), amount=Decimal(1), reference=f"R{n}", entered_by=officer, at=NOON
            )
            for n in numbers
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(f"pooled_budgets:{page}", args=args)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_api_enters_receipts_and_changes_amounts(world, line, officer, allowed):
    client = signed_in(officer)
    receipts = reverse("api:contributions-receipts", args=[line.pk])
    given = {"received_on": "2014-07-01", "amount": "16667.00", "reference": "BACS 9"}

    answer = client.post(receipts, given, content_type="application/json")
    assert (answer.status_code, answer.json()["outstanding"]) == (201, "9400000.00")
    assert client.post(receipts, given, content_type="application/json").status_code == 409
    wrong = client.post(receipts, {**given, "amount": "0.00"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "amount")

    change = {"amount": "9416668.00", "effective_on": "2014-08-01", "reason": "Agreed", "authority": str(allowed)}
    address = reverse("api:contributions-changes", args=[line.pk])
    late = client.post(address, {**change, "seen": "1.00"}, content_type="application/json")
    assert late.status_code == 409
    answer = client.post(address, {**change, "seen": "9416667.00"}, content_type="application/json")
    assert (answer.status_code, answer.json()["amount"]) == (201, "9416668.00")
    reader = signed_in(world.person("finance", "ccg"))
    assert reader.post(receipts, given, content_type="application/json").status_code == 403
    assert signed_in(world.person("finance", "hackney")).post(receipts, given).status_code == 404
