"""The timeline of one object: who changed what, as far as the reader may see it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from governance.services import meetings
from integration_hub.core import audit
from integration_hub.core.services import service
from partners.models import Inheritance, Succession
from partners.presenters import history as words
from partners.selectors import history, kinds
from pooled_budgets.models import FundingLine, Scheme
from programme.models import Risk
from tests.factories.everything import build
from tests.factories.money import FundFactory
from tests.factories.partners import LONG_AGO, NOON

SECRET, RELEASED, LATER = "111222.33", "444555.66", "777888.99"


@service
def save(line, *, amount, by, released_at=None, reason=""):
    """What a service of the app does: a row and an audit line with the values."""
    before = line.amount
    line.amount, line.released_at = Decimal(amount), released_at
    line.save()
    audit.record(
        "contribution.changed",
        target=line.fund,
        partner=line.owner,
        by=by,
        at=timezone.now(),
        before={"amount": before},
        after={"amount": line.amount},
        reason=reason,
    )


@pytest.fixture
def line(world):
    """A contribution that the CCG drafted, released, and changed again as a draft."""
    by = world.person("finance", "ccg")
    world.fund.released_at = NOON
    world.fund.save()
    row = FundingLine(
        fund=world.fund, owner=world.ccg, position=1, source="Minimum", at=NOON.date(), amount=Decimal("1.00")
    )
    save(row, amount=SECRET, by=by, reason="A first guess")
    save(row, amount=RELEASED, by=by, released_at=NOON, reason="Agreed")
    save(row, amount=LATER, by=by)
    return row


def told(user, kind, obj):
    of = kinds.named(kind)
    return words.items(history.timeline(user, of, obj, history.heads(user, of, obj)))


def changes_of(items, field):
    return [change for item in items for row in item.rows for change in row.changes if change.field == field]


def text_of(items):
    return "\n".join(
        f"{item.what} {item.who} {item.reasons} {row.title} {[(c.field, c.words) for c in row.changes]}"
        for item in items
        for row in item.rows
    )


def test_own_people_see_each_version_before_and_after_with_name_and_reason(world, line):
    by_amount = {
        next((change.after for change in changes_of([item], "amount")), ""): item
        for item in told(world.person("member", "ccg"), "fund", world.fund)
    }
    newest, released, first = (by_amount[amount] for amount in ("£777,888.99", "£444,555.66", "£111,222.33"))

    assert [change.words for change in newest.rows[0].changes if change.field == "amount"] == [
        "£444,555.66 → £777,888.99"
    ]
    assert [change.words for change in released.rows[0].changes if change.field == "amount"] == [
        "£111,222.33 → £444,555.66"
    ]
    assert first.rows[0].title == "Money in Minimum: added"
    assert (released.what, released.who, released.reasons) == (
        ["Contribution: changed"],
        "Finance of ccg",
        ["Agreed"],
    )


@pytest.mark.parametrize("reader", ["finance", "auditor", "admin", "sitting"])
def test_others_see_the_released_version_alone_without_what_stood_before_it(world, line, reader):
    person = world.sitting_member() if reader == "sitting" else world.person(reader)

    items = [item for item in told(person, "fund", world.fund) if "Money in" in text_of([item])]

    assert [(item.what, item.who, item.reasons) for item in items] == [
        (["Contribution: changed"], "NHS Southwark CCG", [])
    ]
    assert items[0].rows[0].title == "Money in Minimum: as it was released"
    everything = text_of(told(person, "fund", world.fund))
    assert "£444,555.66" in everything
    for hidden in ("111,222", "777,888", "111222", "777888", "first guess", "Finance of ccg"):
        assert hidden not in everything


def test_act_on_two_funds_at_once_tells_of_each_in_its_own_timeline_alone(world):
    other = FundFactory(agreement=world.agreement, owner=world.ccg, financial_year=2015)

    @service
    def change_both():
        world.fund.name, world.fund.released_at = "Renamed fund", NOON
        world.fund.save()
        acts = [(world.fund, "fund.created"), (other, "contribution.changed"), (world.fund, "fund.created")]
        for target, kind in acts:
            audit.record(kind, target=target, partner=world.ccg, at=NOON, system="load")

    change_both()

    told_of = [item.what for item in told(world.person("finance"), "fund", world.fund) if item.what]
    assert told_of == [["Fund: created"]]


def test_page_shows_the_same_and_no_more(signed_in, world, line):
    page = signed_in(world.person("finance")).get(f"/history/fund/{world.fund.pk}/").content.decode()

    assert "£444,555.66" in page
    assert "111,222" not in page
    assert "777,888" not in page
    assert "Finance of ccg" not in page


def test_old_draft_stays_hidden_when_a_later_version_is_released(world, line):
    save(line, amount="999000.11", by=world.person("finance", "ccg"), released_at=NOON)

    everything = text_of(told(world.person("finance"), "fund", world.fund))

    assert "£999,000.11" in everything
    assert "777,888" not in everything


def test_row_that_was_removed_stays_in_the_timeline(world):
    scheme = world.fund.schemes.create(owner=world.council, number="9", position=9, name="Given up", released_at=NOON)
    scheme.delete()

    titles = [row.title for item in told(world.person("finance"), "fund", world.fund) for row in item.rows]

    assert "Scheme 9: removed" in titles


def test_raw_sql_stands_in_the_timeline_with_the_databases_role(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_board SET note = 'By hand' WHERE id = %s", [str(world.board.pk)])

    newest = told(world.person("finance"), "board", world.board)[0]

    assert newest.who == "the system (database role hub_app)"
    assert ("note", "nothing → By hand") in [
        (change.field, change.words) for row in newest.rows for change in row.changes
    ]


def test_audit_lines_without_rows_are_the_own_partners_alone(world):
    @service
    def export(by):
        audit.record("fund.exported", target=world.fund, partner=world.ccg, by=by, at=timezone.now())

    export(world.person("finance", "ccg"))

    assert "Fund: exported" in [
        what for item in told(world.person("finance", "ccg"), "fund", world.fund) for what in item.what
    ]
    assert "Fund: exported" not in [
        what for item in told(world.person("finance"), "fund", world.fund) for what in item.what
    ]


@pytest.mark.parametrize(("role", "sees"), [("auditor", True), ("admin", True), ("finance", False)])
def test_acts_on_the_organisation_itself_are_for_those_who_read_its_audit_log(world, role, sees):
    @service
    def look(by):
        audit.record("viewing.started", target=world.council, partner=world.council, by=by, at=timezone.now())

    look(world.person("admin"))

    assert (
        "Viewing: started"
        in [what for item in told(world.person(role), "organisation", world.council) for what in item.what]
    ) is sees


def test_return_shows_the_board_what_was_signed_alone(db):
    made = build("Southwark's")
    found = made["signed_return"]

    to_parties = told(made.world.person("member"), "return", found)
    to_board = told(made.world.sitting_member(), "return", found)

    assert {change.after for change in changes_of(to_board, "status")} == {"signed"}
    assert any("Answer" in row.title for item in to_parties for row in item.rows)
    assert not any("Answer" in row.title for item in to_board for row in item.rows)


@pytest.mark.parametrize("size", [10, 200])
def test_page_costs_the_same_queries_at_any_size(signed_in, world, size, django_assert_max_num_queries):
    by = world.person("finance")
    row = FundingLine(fund=world.fund, owner=world.council, position=1, source="M", at=NOON.date())
    for number in range(size):
        save(row, amount=number, by=by)
    client = signed_in(by)
    client.get("/")

    # Session, person, fund, own partners for the lines, count, heads, partners, versions of fund and money in,
    # own lines, their partners, others' lines, names, and the page's head.
    with django_assert_max_num_queries(14):
        response = client.get(f"/history/fund/{world.fund.pk}/")

    assert 10 < len(response.context["items"]) <= 100


def test_pages_hold_each_change_once(signed_in, world):
    by = world.person("finance")
    row = FundingLine(fund=world.fund, owner=world.council, position=1, source="M", at=NOON.date())
    for number in range(120):
        save(row, amount=number, by=by)
    client, seen = signed_in(by), []
    for number in range(1, 4):
        items = client.get(f"/history/fund/{world.fund.pk}/?page={number}").context["items"]
        changes = [change for item in items for entry in item.rows for change in entry.changes]
        seen += [change.after for change in changes if change.field == "amount" and change.after.startswith("£")]

    assert len(seen) == len(set(seen)) == 120


def test_meeting_has_a_timeline_of_its_own(world):
    by = world.person("governance")
    meetings.record_outcome(meeting_id=world.meeting.pk, outcome="Agreed", seen="", by=by, at=timezone.now())

    agreed = [
        item for item in told(world.person("member", "ccg"), "meeting", world.meeting) if "Agreed" in text_of([item])
    ]

    assert [item.who for item in agreed] == ["Southwark Council"]


def test_successor_reads_what_its_predecessor_held_and_not_how_a_draft_came_about(world, signed_in):
    """ADR 0014: the draft as it stands, and of its history what was released when it stood."""
    scheme = world.fund.schemes.create(
        owner=world.council, number="1", position=1, name="First draft name", released_at=None
    )
    scheme.name = "Second draft name"
    scheme.save()
    risk = Risk.objects.create(
        board=world.board, owner=world.council, text="Released risk", at=LONG_AGO, released_at=NOON
    )
    succession = Succession.objects.create(
        kind="merger",
        effective_on=LONG_AGO,
        legal_reference="Order",
        prepared_by=world.person("operator"),
        prepared_by_name="Operator",
        prepared_at=NOON,
    )
    Inheritance.objects.create(holder=world.hackney, predecessor=world.council, succession=succession)
    person = world.person("finance", "hackney")
    client = signed_in(person)

    assert Scheme.objects.visible_to(person).get(pk=scheme.pk).name == "Second draft name"
    told = client.get(f"/history/fund/{world.fund.pk}/").content.decode()
    assert "First draft name" not in told
    assert "Second draft name" not in told
    assert "Released risk" in client.get(f"/history/risk/{risk.pk}/").content.decode()
    own = signed_in(world.person("finance")).get(f"/history/fund/{world.fund.pk}/").content.decode()
    assert "First draft name" in own
