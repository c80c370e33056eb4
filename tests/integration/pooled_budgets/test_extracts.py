"""Ledger extracts: staged, posted all at once, parked, and taken back as one batch."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent, StagedImport
from integration_hub.core.spreadsheets import guard
from pooled_budgets import policies
from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.models import LedgerCode, ParkedRow, Transaction
from pooled_budgets.selectors import extracts, ledger
from pooled_budgets.services import extracts as services
from pooled_budgets.services import periods
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON as AT

HEAD = "Ledger code,Period,Amount,Description,Reference\n"


@pytest.fixture
def lines(world):
    made = [SchemeFactory(fund=world.fund, number=number).lines.get() for number in ("1", "2")]
    for line, code in zip(made, ("A1", "B2"), strict=True):
        LedgerCode.objects.create(line=line, organisation=world.council, code=code)
    for number in range(1, 5):
        month(2014, number)
    return made


@pytest.fixture
def stage(world, lines):
    def upload(text, *, stated=None, name="extract.csv", by=None, at=AT):
        body = HEAD + text
        amounts = [Decimal(row.split(",")[2]) for row in text.splitlines()]
        stated = stated or Controls(len(amounts), sum(amounts, Decimal(0)))
        by = by or world.person("finance")
        return services.stage(
            fund=world.fund, file=io.BytesIO(body.encode()), filename=name, stated=stated, by=by, at=at
        )

    return upload


@pytest.fixture
def confirm(world):
    def post(staged, *, seen=None, by=None):
        by = by or world.person("finance")
        seen = seen or extracts.preview(staged, world.fund, by).seen
        return services.confirm(import_id=staged.pk, seen=seen, by=by, at=AT)

    return post


def sums(world):
    return ledger.by_line_and_month(world.fund, world.person("finance", "ccg"))


ROWS = "A1,3,100.10,Care,INV1\nb2,3,-20.05,Income,\nZ9,2,5.55,Unknown,INV3\nA1,4,0.00,Nil,\n"


def test_an_extract_posts_what_it_showed_parks_unknown_codes_and_is_taken_back_whole(
    world, client, lines, stage, confirm
):
    officer = world.person("finance")
    staged = stage(ROWS)
    preview = extracts.preview(staged, world.fund, officer)

    assert [(row.rows, row.before, row.amount, row.after) for row in preview.changes] == [
        (1, None, Decimal("100.10"), Decimal("100.10")),
        (1, None, Decimal("-20.05"), Decimal("-20.05")),
    ]
    assert [(row.code, row.amount) for row in preview.parked] == [("Z9", Decimal("5.55"))]
    assert (preview.nil, Transaction.objects.count()) == (1, 0)

    confirm(staged)
    assert sums(world) == {(lines[0].pk, 3): Decimal("100.10"), (lines[1].pk, 3): Decimal("-20.05")}
    posted = Transaction.objects.get(line=lines[0])
    assert (posted.reference, posted.batch, posted.released_at, posted.entered_by) == ("INV1", staged.pk, AT, officer)
    told = AuditEvent.objects.get(kind="ledger.imported").after
    assert (told["posted"], told["amount"], told["parked"], told["parked_amount"]) == (2, "80.05", 1, "5.55")
    assert not extracts.waiting(world.fund, world.person("finance", "ccg")).exists()

    assert services.assign(fund=world.fund, code="z9", line_id=lines[1].pk, by=officer, at=AT) == 1
    assert sums(world)[lines[1].pk, 2] == Decimal("5.55")
    assert ParkedRow.objects.get().posted.batch == staged.pk
    with pytest.raises(policies.NothingParked):
        services.assign(fund=world.fund, code="Z9", line_id=lines[1].pk, by=officer, at=AT)

    services.undo(import_id=staged.pk, by=officer, at=AT + timedelta(hours=1))
    assert set(sums(world).values()) == {Decimal("0.00")}
    assert Transaction.objects.count() == 6
    assert all(row.reason == "The extract extract.csv was taken back" for row in Transaction.objects.exclude(reason=""))
    with pytest.raises(policies.ImportNotOpen):
        services.undo(import_id=staged.pk, by=officer, at=AT)
    # Whoever reads the postings finds in the fund's timeline that an extract came and went, and of whose partner.
    for partner, seen in (("council", "Finance of council"), ("ccg", "Southwark Council")):
        client.force_login(world.person("member", partner))
        words = client.get(reverse("partners:history", args=["fund", world.fund.pk])).content.decode()
        assert (words.count("Ledger: imported"), words.count("Ledger: import undone")) == (1, 1)
        assert seen in words
        assert ("Finance of council" in words) == (partner == "council")
    again = confirm(stage(ROWS, name="again.csv"))
    assert (again.status, sums(world)[lines[1].pk, 2]) == (StagedImport.CONFIRMED, Decimal("5.55"))


def test_a_code_may_hold_any_sign_and_each_form_names_its_own_fields(world, client, stage, confirm):
    client.force_login(world.person("finance"))
    confirm(stage('A%1,3,1.00,Care,\n"B ""%d""",3,2.00,Care,\n', stated=Controls(2, Decimal(3))))
    page = client.get(f"/funds/{world.fund.pk}/ledger/parked/")

    shown = page.content.decode()
    assert page.status_code == 200
    assert "A%1" in shown
    assert 'id="id_line_1"' in shown
    assert 'id="id_line_2"' in shown
    assert "wait and are in no total." in shown


def test_the_same_file_twice_is_refused_with_when_and_by_whom(world, stage, confirm):
    first = stage(ROWS)
    second = stage(ROWS, name="copy.csv")
    assert StagedImport.objects.get(pk=first.pk).status == StagedImport.DISCARDED
    confirm(second)

    with pytest.raises(policies.AlreadyImported, match=r"copy\.csv.*Finance of council.*14 July 2014 at 13:00"):
        stage(ROWS, name="third.csv")
    # Saved again by a spreadsheet program, it has other bytes and the same rows.
    with pytest.raises(policies.AlreadyImported, match=r"copy\.csv"):
        stage(ROWS.replace("A1,3,", '"A1",3,'), name="saved-again.csv")
    assert Transaction.objects.count() == 2


def test_what_does_not_tie_or_cannot_be_read_posts_nothing(world, stage, confirm):
    off_by_a_penny = stage("A1,3,100.10,Care,\n", stated=Controls(1, Decimal("100.11")))
    unreadable = stage("A1,3,100.10,Care,\nA1,99,1.00,Care,\n")

    assert {off_by_a_penny.status, unreadable.status} == {StagedImport.REFUSED}
    assert "a difference of" in off_by_a_penny.problems[0]["message"]
    assert unreadable.problems[0]["cell"] == "B3"
    for staged in (off_by_a_penny, unreadable):
        with pytest.raises(policies.ImportHasProblems):
            confirm(staged)
    with pytest.raises(guard.SheetRefused):
        services.stage(
            fund=world.fund,
            file=io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            filename="old.xls",
            stated=Controls(),
            by=world.person("finance"),
            at=AT,
        )
    assert not Transaction.objects.exists()
    assert not ParkedRow.objects.exists()


def test_what_one_extract_brought_stands_by_its_days_and_then_as_in_the_file(
    world, client, stage, confirm, monkeypatch
):
    confirm(stage("A1,3,1.00,x,\nA1,1,2.00,x,\nQ,1,9.00,x,\nB2,3,3.00,x,\nA1,1,4.00,x,\nQ,1,8.00,x,\nA1,2,5.00,x,\n"))
    officer = world.person("finance")
    monkeypatch.setattr(ledger, "PAGE", 2)

    def listed():
        """The amounts page by page, as the links lead from one to the next."""
        key, found = "", []
        for _ in range(10):
            page = ledger.page(world.fund, officer, ledger.Wanted(), key)
            found += [str(row.amount) for row in page.rows]
            key = page.next_key
            if not key:
                return found
        raise AssertionError(found)

    brought = ["1.00", "3.00", "5.00", "2.00", "4.00"]
    assert listed() == brought
    # Rows that waited for a line keep their places in the file among themselves.
    line = LedgerCode.objects.get(code="A1").line
    services.assign(fund=world.fund, code="Q", line_id=line.pk, by=officer, at=AT + timedelta(minutes=1))
    assert listed() == ["9.00", "8.00", *brought]
    services.undo(import_id=StagedImport.objects.get().pk, by=officer, at=AT + timedelta(minutes=2))
    back = ["-1.00", "-3.00", "-5.00", "-2.00", "-9.00", "-4.00", "-8.00"]
    assert listed() == [*back, "9.00", "8.00", *brought]

    client.force_login(officer, backend="partners.backends.EmailBackend")
    for wrong in (
        "x",
        "2014-07-14~2014-07-14~1",
        "2014-07-14T09:00:00~2014-07-14~1~x",
        f"{AT.isoformat()}~2014-07-14~-1~{line.pk}",
    ):
        assert client.get(f"/funds/{world.fund.pk}/ledger/", {"after": wrong}).status_code == 404


def test_closed_months_hold_for_posting_assigning_and_taking_back(world, lines, stage, confirm):
    officer = world.person("finance")
    done, waiting = confirm(stage("A1,3,1.00,x,\nZ9,3,2.00,x,\n")), stage("A1,3,3.00,x,\nA1,4,4.00,x,\n")
    periods.lock(
        fund=world.fund,
        period=quarter(2014, 1),
        reason="Sent for sign-off",
        who_can_lift="an approver",
        by=world.person("approver"),
        at=AT,
    )
    acts = (
        lambda: confirm(waiting),
        lambda: services.undo(import_id=done.pk, by=officer, at=AT),
        lambda: services.assign(fund=world.fund, code="Z9", line_id=lines[0].pk, by=officer, at=AT),
    )
    for act in acts:
        with pytest.raises(policies.PeriodLocked, match="Sent for sign-off"):
            act()
    month(2014, 5)
    early = stage("A1,5,3.00,x,\n")
    with pytest.raises(policies.NotYetBegun):
        confirm(early)
    assert Transaction.objects.get().amount == Decimal("1.00")
    assert not LedgerCode.objects.filter(code="Z9").exists()


def test_codes_that_moved_since_the_preview_stop_the_posting(world, lines, stage, confirm):
    staged = stage(ROWS)
    seen = extracts.preview(staged, world.fund, world.person("finance")).seen
    LedgerCode.objects.create(line=lines[0], organisation=world.council, code="Z9")
    with pytest.raises(services.CodesChanged):
        confirm(staged, seen=seen)
    # A code at two lines is nobody's: its rows are parked.
    LedgerCode.objects.create(line=lines[1], organisation=world.council, code="A1")
    confirm(staged)
    assert [row.code for row in ParkedRow.objects.all()] == ["A1"]
    with pytest.raises(HubError, match="several lines"):
        services.assign(fund=world.fund, code="A1", line_id=lines[0].pk, by=world.person("finance"), at=AT)


def test_an_extract_is_its_partners_own(world, lines, stage, confirm):
    staged = stage(ROWS)
    for person in (world.person("finance", "ccg"), world.person("finance", "hackney"), world.sitting_member()):
        assert not extracts.extracts_of(world.fund, person).exists()
        with pytest.raises(Http404):
            confirm(staged, seen="x", by=person)
    with pytest.raises(PermissionDenied):
        confirm(staged, seen="x", by=world.person("auditor"))
    with pytest.raises(PermissionDenied):
        stage(ROWS, by=world.person("finance", "ccg"))
    assert not Transaction.objects.exists()


def test_ten_times_the_rows_cost_no_more_queries(world, stage, confirm):
    counts = []
    # The first fills what is cached for all.
    for number in (10, 100, 1_000):
        text = "".join(f"{'A1' if n % 10 else 'Q7'},3,{n + 1}.{number % 97:02},Row {n},\n" for n in range(number))
        with CaptureQueriesContext(connection) as queries:
            confirm(stage(text))
        counts.append(len(queries))

    assert counts[1] == counts[2]
    assert Transaction.objects.count() == 999
    assert ParkedRow.objects.count() == 111


def test_the_pages_lead_from_the_file_to_the_posting(world, lines, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    base = f"/funds/{world.fund.pk}/ledger/"
    file = SimpleUploadedFile("june.csv", (HEAD + ROWS).encode(), "text/csv")
    unstated = client.post(f"{base}extracts/", {"file": file})
    assert "State both" in client.get(unstated.url).content.decode()
    file.seek(0)
    shown = client.post(f"{base}extracts/", {"file": file, "rows": "4", "total": "85.60"}, follow=True)

    page = shown.content.decode()
    assert all(words in page for words in ("£100.10", "Z9", "would be parked", "1 of them of 0.00"))
    address, seen = shown.redirect_chain[-1][0], shown.context["preview"].seen
    stale = client.post(f"{address}confirm/", {"seen": "other"})
    assert (stale.status_code, "changed after this preview" in stale.content.decode()) == (409, True)
    assert "is posted" in client.post(f"{address}confirm/", {"seen": seen}, follow=True).content.decode()
    parked = client.get(f"{base}parked/").content.decode()
    assert all(words in parked for words in ("1 row of", "£5.55", "waits"))
    assert client.post(f"{base}parked/", {"code": "Z9"}).status_code == 400
    client.post(f"{base}parked/", {"code": "Z9", "line": str(lines[0].pk)})
    assert "£85.60" in client.get(base).content.decode()
    assert client.post(f"{address}undo/").status_code == 302
    assert client.post(f"{address}undo/").status_code == 409
    assert "£0.00" in client.get(base).content.decode()
