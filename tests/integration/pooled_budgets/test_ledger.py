"""Postings: made, reversed, never changed; commitments beside them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent
from pooled_budgets import policies
from pooled_budgets.models import Commitment, ParkedRow, Transaction
from pooled_budgets.selectors import ledger
from pooled_budgets.services import commitments, periods, postings
from tests.factories.money import FundFactory, SchemeFactory, month, quarter
from tests.factories.partners import NOON as AT


@pytest.fixture
def line(world):
    month(2014, 3), month(2014, 4)
    return SchemeFactory(fund=world.fund, number="1").lines.get()


@pytest.fixture
def post(world, line):
    def make(amount="100.00", number=3, *, by=None, at=AT, **given):
        given = {"description": "Home care, invoice 17"} | given
        by = by or world.person("finance")
        return postings.post(
            fund=world.fund, line_id=line.pk, month=month(2014, number), amount=Decimal(amount), by=by, at=at, **given
        )

    return make


def refused(act, *, by_words="."):
    """What the database says to an act that it must not let through."""
    with pytest.raises(DatabaseError, match=by_words), transaction.atomic():
        act()


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_posting_is_told_to_whoever_sees_the_fund_with_one_audit_line(world, post):
    posted = post("1234.50", reference="INV-17")

    assert (posted.at, posted.owner, posted.released_at) == (date(2014, 6, 30), world.council, AT)
    for reader in (world.person("finance"), world.person("finance", "ccg"), world.sitting_member()):
        assert list(ledger.transactions(reader)) == [posted]
        assert ledger.spent(world.fund, reader) == Decimal("1234.50")
    assert not ledger.transactions(world.person("finance", "hackney")).exists()
    told = AuditEvent.objects.get(kind="posting.made")
    assert (told.after["amount"], told.after["scheme"], told.partner_name) == ("1234.50", "1", "Southwark Council")


def test_a_reversal_takes_a_posting_back_once_and_nets_to_nought(world, post):
    posted, officer = post("80.25"), world.person("finance")
    reversal = postings.reverse(transaction_id=posted.pk, reason="Posted twice", by=officer, at=AT)

    assert (reversal.amount, reversal.reverses, reversal.period) == (Decimal("-80.25"), posted, posted.period)
    assert ledger.by_line_and_month(world.fund, officer) == {(posted.line_id, 3): Decimal("0.00")}
    for again in (posted, reversal):
        with pytest.raises(policies.AlreadyReversed):
            postings.reverse(transaction_id=again.pk, reason="Again", by=officer, at=AT)
    assert Transaction.objects.count() == 2


def test_a_closed_quarter_takes_no_posting_but_a_reversal_in_an_open_month(world, post):
    posted, officer = post(number=3), world.person("finance")
    lock = {"fund": world.fund, "period": quarter(2014, 1), "by": world.person("approver"), "at": AT}
    periods.lock(**lock, reason="Version 1 was sent for sign-off", who_can_lift="an approver of the CCG")

    with pytest.raises(policies.PeriodLocked, match=r"sent for sign-off.*an approver of the CCG"):
        post(number=2)
    with pytest.raises(policies.PeriodLocked):
        postings.reverse(transaction_id=posted.pk, reason="Posted twice", by=officer, at=AT)
    postings.reverse(transaction_id=posted.pk, reason="Posted twice", month=month(2014, 4), by=officer, at=AT)
    assert ledger.by_line_and_month(world.fund, officer) == {
        (posted.line_id, 3): Decimal("100.00"),
        (posted.line_id, 4): Decimal("-100.00"),
    }


def test_what_makes_no_sense_is_refused_and_nothing_is_posted(world, post, line):
    elsewhere = SchemeFactory(fund=FundFactory(agreement=world.agreement, owner=world.council, name="Other"))
    officer = world.person("finance")
    given = {"fund": world.fund, "amount": Decimal(1), "description": "x", "by": officer, "at": AT}

    with pytest.raises(HubError, match=r"0\.00 changes nothing"):
        post("0.00")
    with pytest.raises(HubError, match=r"real date from 1 January 2000"):
        postings.post(**given, line_id=line.pk, month=month(2014, 2), true_on=date(1, 1, 1))
    with pytest.raises(policies.NotYetBegun):
        post(number=5)
    with pytest.raises(policies.OtherYear):
        postings.post(**given, line_id=line.pk, month=month(2015, 3))
    with pytest.raises(HubError, match="no such line"):
        postings.post(**given, line_id=elsewhere.lines.get().pk, month=month(2014, 3))
    with pytest.raises(PermissionDenied):
        post(by=world.person("metrics"))
    with pytest.raises(Http404):
        post(by=world.person("finance", "hackney"))
    assert not Transaction.objects.exists()


def test_a_posting_is_not_taken_back_in_a_month_before_its_own(world, post):
    posted = post(number=4)

    with pytest.raises(HubError, match=r"taken back in that month or a later one"):
        postings.reverse(
            transaction_id=posted.pk, reason="Twice", month=month(2014, 3), by=world.person("finance"), at=AT
        )
    assert Transaction.objects.count() == 1


def test_a_form_that_is_sent_twice_posts_once(world, line, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    address = f"/funds/{world.fund.pk}/ledger/new/"
    drawn = client.get(address).context["form"]["once"].value()
    sent = {"line": line.pk, "month": "3", "kind": "actual", "amount": "7.00", "description": "x", "once": drawn}

    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent)

    assert again.status_code == 409
    assert "the form was sent twice. Nothing was saved a second time." in again.content.decode()
    # The mark of one person says nothing to another, and no mark names a row that exists.
    assert client.post(address, sent | {"once": str(Transaction.objects.get().pk)}).status_code == 302
    assert client.post(address, sent | {"once": client.get(address).context["form"]["once"].value()}).status_code == 302
    assert Transaction.objects.count() == 3


def test_the_database_lets_nobody_change_a_posting_or_put_it_astray(world, post, line):
    posted = post()
    other_fund = FundFactory(agreement=world.agreement, owner=world.council, name="Other")
    columns = (
        "id, fund_id, line_id, period_id, kind, amount, description, reference, at, reason, entered_by_id, entered_at, "
        "owner_id, reverses_id"
    )

    def copy(**changed):
        fields = [name.strip() for name in columns.split(",")]
        taken = ["gen_random_uuid()" if name == "id" else "%s" if name in changed else name for name in fields]
        sql = f"INSERT INTO pooled_budgets_transaction ({columns}) SELECT {', '.join(taken)} FROM "
        raw(f"{sql} pooled_budgets_transaction WHERE id = %s", *[changed[f] for f in fields if f in changed], posted.pk)

    refused(lambda: raw("UPDATE pooled_budgets_transaction SET amount = 1"))
    refused(lambda: raw("DELETE FROM pooled_budgets_transaction"))
    refused(lambda: copy(amount=0), by_words="transaction_not_nought")
    refused(lambda: copy(kind="guess"), by_words="transaction_kind")
    refused(lambda: copy(fund_id=other_fund.pk), by_words="a line of its fund")
    refused(lambda: copy(period_id=quarter(2014, 1).pk), by_words="a month of its year")
    refused(lambda: copy(period_id=month(2015, 1).pk), by_words="a month of its year")
    refused(lambda: copy(reverses_id=posted.pk, reason="x"), by_words="takes back exactly one")
    refused(lambda: copy(reverses_id=posted.pk, amount=-100), by_words="transaction_reversal_has_reason")
    copy(reverses_id=posted.pk, amount=-100, reason="Posted twice")
    refused(lambda: copy(reverses_id=posted.pk, amount=-100, reason="Again"), by_words="reverses_id")
    reversal = Transaction.objects.get(reverses=posted)
    refused(lambda: copy(reverses_id=reversal.pk, reason="Back"), by_words="takes back exactly one")


def test_the_owner_of_the_tables_cannot_change_a_posting_either(world, post):
    post()
    raw("RESET ROLE")
    refused(lambda: raw("UPDATE pooled_budgets_transaction SET amount = 1"), by_words="append_only|Cannot update")
    refused(lambda: raw("DELETE FROM pooled_budgets_transaction"), by_words="append_only|Cannot")


def test_a_commitment_is_noted_and_closed_with_a_reason(world, line):
    officer, reader = world.person("finance"), world.person("finance", "ccg")
    given = {"fund": world.fund, "line_id": line.pk, "by": officer, "at": AT}
    made = commitments.record(supplier="Care Ltd", open_value=Decimal("500.10"), due=month(2014, 4), **given)
    other = commitments.record(supplier="Aids Ltd", open_value=Decimal("1.00"), due=month(2014, 3), **given)

    assert ledger.commitments_of(world.fund, reader) == [other, made]
    commitments.close(commitment_id=made.pk, reason="Paid", by=officer, at=AT + timedelta(days=1))
    rows = ledger.commitments_of(world.fund, reader)
    assert (rows[1].closed_because, ledger.open_total(rows)) == ("Paid", Decimal("1.00"))
    with pytest.raises(policies.CommitmentClosed, match="Paid"):
        commitments.close(commitment_id=made.pk, reason="Again", by=officer, at=AT)
    with pytest.raises(HubError, match="more than"):
        commitments.record(supplier="Care Ltd", open_value=Decimal(0), due=month(2014, 4), **given)
    with pytest.raises(PermissionDenied):
        commitments.close(commitment_id=other.pk, reason="Mine", by=reader, at=AT)
    assert Commitment.objects.filter(closed_at__isnull=True).get() == other


def test_the_database_holds_commitments_and_parked_rows_to_their_shape(world, line, post):
    made = {"line": line, "owner": world.council, "entered_by": world.person("finance"), "entered_at": AT}
    due = {"due": month(2014, 4), "supplier": "Care Ltd"}
    refused(lambda: Commitment.objects.create(**made, **due, open_value=0), by_words="commitment_above_nil")
    refused(
        lambda: Commitment.objects.create(**made, **due | {"supplier": ""}, open_value=1),
        by_words="commitment_has_supplier",
    )
    refused(lambda: Commitment.objects.create(**made, **due, open_value=1, closed_at=AT), by_words="commitment_closed")
    refused(
        lambda: Commitment.objects.create(**made, **due, open_value=1, closed_at=AT, closed_by_name="x"),
        by_words="commitment_closed_has_reason",
    )
    row = {"fund": world.fund, "owner": world.council, "batch": world.fund.pk, "row": 1, "period": month(2014, 3)}
    row |= {"at": date(2014, 6, 1), "amount": 1, "description": "x"}
    refused(lambda: ParkedRow.objects.create(**row, code=""), by_words="parked_row_has_code")
    refused(
        lambda: ParkedRow.objects.create(**row, code="A", posted=post(), taken_back_at=AT),
        by_words="parked_row_one_fate",
    )
    ParkedRow.objects.create(**row, code="A")
    refused(lambda: ParkedRow.objects.create(**row, code="A"), by_words="parked_row_unique")


def test_the_list_goes_on_by_key_through_every_posting_once(world, client, line, django_assert_max_num_queries):
    shared = {"fund": world.fund, "line": line, "period": month(2014, 3), "at": AT.date(), "owner": world.council}
    shared |= {"entered_by": world.person("finance"), "released_at": AT}
    Transaction.objects.bulk_create(
        Transaction(
            **shared,
            amount=number + 1,
            description=f"Number {number:03}",
            # Some in the same moment, as those of one extract are.
            entered_at=AT + timedelta(seconds=number // 7),
        )
        for number in range(120)
    )
    client.force_login(world.person("finance", "ccg"), backend="partners.backends.EmailBackend")
    address, seen = f"/funds/{world.fund.pk}/ledger/", []
    page = address
    while page:
        with django_assert_max_num_queries(12):
            response = client.get(page)
        seen += [row.description for row in response.context["page"].rows]
        page = response.context["next_url"]

    assert sorted(seen) == [f"Number {number:03}" for number in range(120)]
    found = client.get(address, {"text": "number 07", "line": str(line.pk), "month": "3", "kind": "actual"})
    assert {row.description for row in found.context["page"].rows} == {f"Number {n:03}" for n in range(70, 80)}
    assert client.get(address, {"month": "4"}).context["page"].rows == ()
    assert client.get(address, {"after": "nonsense"}).status_code == 404
