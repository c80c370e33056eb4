"""The audit log of a partner: for its auditors and administrators, by day and kind, in pages of 50."""

import csv
import gc
import io
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.presenters import audit as words
from partners.services import memberships
from tests.factories.partners import NOON, give_role


def line(partner, *, kind="fund.released", at=NOON, **more):
    values = {
        "actor_id": "1",
        "actor_name": "Finance officer",
        "partner_id": str(partner.pk),
        "partner_name": partner.name,
        "target_type": "pooled_budgets.fund",
        "target_id": "2",
        "target_name": "Better Care Fund",
    }
    return AuditEvent.objects.create(kind=kind, at=at, **(values | more))


@pytest.fixture
def address(world):
    AuditEvent.objects.exists()
    return f"/partners/{world.council.pk}/audit/"


@pytest.mark.parametrize(
    ("role", "partner", "status"),
    [
        ("auditor", "council", 200),
        ("admin", "council", 200),
        ("finance", "council", 403),
        ("member", "council", 403),
        ("operator", "council", 403),
        ("auditor", "ccg", 403),
        ("admin", "hackney", 403),
    ],
)
def test_log_is_for_auditors_and_administrators_of_the_partner(signed_in, world, address, role, partner, status):
    line(world.council, target_name="Only for the council's auditors")

    response = signed_in(world.person(role, partner)).get(address)

    assert response.status_code == status
    assert ("Only for the council" in response.content.decode()) is (status == 200)


def test_log_is_404_for_whoever_may_not_know_of_the_partner(signed_in, own_account, address):
    assert signed_in(own_account).get(address).status_code == 404


def test_log_shows_each_line_with_what_changed_and_nothing_of_other_partners(signed_in, world, address):
    reader = world.person("auditor")
    line(world.council, before={"status": "draft"}, after={"status": "released"}, reason="Agreed in July")
    line(world.ccg, target_name="Another partner's fund")

    page = signed_in(reader).get(f"{address}?kind=fund.released").content.decode()

    for shown in (
        "Fund: released",
        "Better Care Fund",
        "Finance officer",
        "status: draft → released",
        "Agreed in July",
    ):
        assert shown in page
    assert "Another partner" not in page


def test_log_is_narrowed_by_day_in_london_both_included(signed_in, world, address):
    reader = signed_in(world.person("auditor"))
    # 23:30 of 30 June in London is 22:30 of that day in UTC; half an hour after midnight is 23:30.
    for name, at in [
        ("Last of June", datetime(2014, 6, 30, 22, 59, tzinfo=UTC)),
        ("First of July", datetime(2014, 6, 30, 23, 0, tzinfo=UTC)),
        ("Last of July", datetime(2014, 7, 31, 22, 59, 59, tzinfo=UTC)),
        ("First of August", datetime(2014, 7, 31, 23, 0, tzinfo=UTC)),
    ]:
        line(world.council, kind="fund.named", at=at, target_name=name)

    response = reader.get(f"{address}?since=1+7+2014&until=31/7/2014&kind=fund.named")

    assert [shown.target for shown in response.context["lines"]] == ["Last of July", "First of July"]


@pytest.mark.parametrize("query", ["?since=yesterday", "?since=2+7+2014&until=1+7+2014", "?kind=nothing.known"])
def test_log_with_a_filter_that_makes_no_sense_is_400_and_shows_nothing(signed_in, world, address, query):
    line(world.council)

    response = signed_in(world.person("auditor")).get(f"{address}{query}")

    assert response.status_code == 400
    assert response.context["lines"] == []
    assert "There is a problem" in response.content.decode()


def test_log_costs_the_same_queries_at_any_size_and_comes_in_pages(
    signed_in, world, address, django_assert_num_queries
):
    reader = world.person("auditor")
    client = signed_in(reader)
    kind = "fund.counted"
    for size in (10, 190):
        for number in range(size):
            line(world.council, kind=kind, at=NOON + timedelta(seconds=number))
        # Session, person, may read, organisation, areas, grants, kinds, people, count, lines, and the page's head.
        with django_assert_num_queries(11):
            response = client.get(f"{address}?kind={kind}")

    assert len(response.context["lines"]) == 50
    assert response.context["page"].paginator.count == 200
    seen = [
        shown.pk
        for number in range(1, 5)
        for shown in client.get(f"{address}?kind={kind}&page={number}").context["page"]
    ]
    assert len(set(seen)) == 200


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": None}, {"a": "x"}, "nothing → x"),
        ({}, {"a": True}, "yes"),
        ({"a": False}, {}, "was no"),
        ({}, {"a": ["x", "y"]}, "x; y"),
        ({}, {"a": []}, "nothing"),
        ({}, {"a": [{"name": "Home", "lines_of": ["1", "2"]}]}, "name Home, lines of (1; 2)"),
        ({}, {"a": {"k": 1}}, "k 1"),
        ({"a": "1.00"}, {"a": "2.00"}, "1.00 → 2.00"),
    ],
)
def test_change_in_words(before, after, expected):
    assert [change.words for change in words.changes(before, after)] == [expected]


def test_kind_in_words():
    assert words.kind_words("next_step.added") == "Next step: added"


def text_of(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_log_is_narrowed_by_person_and_object(signed_in, world, address):
    reader = signed_in(world.person("auditor"))
    line(world.council, actor_id="7", actor_name="Seven", target_name="Fund of Seven")
    line(world.council, actor_id="8", actor_name="Eight", target_name="Fund of Eight")
    line(world.ccg, actor_id="9", actor_name="Nine", target_name="Another partner's fund")

    by_person = reader.get(f"{address}?person=7")
    by_object = reader.get(f"{address}?about=fund+eight")

    assert [shown.target for shown in by_person.context["lines"]] == ["Fund of Seven"]
    assert [shown.target for shown in by_object.context["lines"]] == ["Fund of Eight"]
    assert "Nine" not in by_person.content.decode()
    assert reader.get(f"{address}?person=9").status_code == 400


@pytest.mark.parametrize(
    ("role", "partner", "status"),
    [("auditor", "council", 200), ("admin", "council", 200), ("finance", "council", 403), ("auditor", "ccg", 403)],
)
def test_file_is_for_those_who_read_the_log_and_is_itself_in_it(signed_in, world, address, role, partner, status):
    line(world.council)

    response = signed_in(world.person(role, partner)).get(f"{address}file.csv?kind=fund.released")

    assert response.status_code == status
    exported = AuditEvent.objects.filter(kind="audit.exported")
    assert [found.after for found in exported] == ([{"lines": 1, "kind": "fund.released"}] if status == 200 else [])


def test_file_holds_the_partners_lines_alone_with_every_cell_guarded(signed_in, world, address):
    line(world.council, target_name='=HYPERLINK("http://example.org")', reason="@SUM(A1)", before={"a": "=1+1"})
    line(world.ccg, target_name="Another partner's fund")

    response = signed_in(world.person("auditor")).get(f"{address}file.csv?kind=fund.released")
    head, only = list(csv.reader(io.StringIO(text_of(response))))

    assert head[:4] == ["When (London)", "What", "Kind", "Who"]
    assert only[:4] == ["2014-07-14 13:00:00", "fund: released", "fund.released", "Finance officer"]
    assert only[5] == """'=HYPERLINK("http://example.org")"""
    assert only[10] == "'@SUM(A1)"
    assert response["Content-Disposition"].startswith("attachment")


def test_file_with_a_filter_that_makes_no_sense_is_400_and_not_logged(signed_in, world, address):
    response = signed_in(world.person("auditor")).get(f"{address}file.csv?since=yesterday")

    assert response.status_code == 400
    assert not AuditEvent.objects.filter(kind="audit.exported").exists()


def test_file_is_refused_while_looking_as_an_auditor(signed_in, world, address):
    client = signed_in(world.person("admin"))
    client.post(f"/partners/{world.council.pk}/view-as/", {"role": "auditor", "person": ""})

    assert client.get(address).status_code == 200
    assert client.get(f"{address}file.csv").status_code == 403
    assert not AuditEvent.objects.filter(kind="audit.exported").exists()


def test_file_takes_the_same_queries_and_memory_at_10_and_10000_lines(
    signed_in, world, address, django_assert_num_queries
):
    client, kind = signed_in(world.person("auditor")), "fund.counted"
    peaks = []
    for size in (10, 9990):
        AuditEvent.objects.bulk_create(
            AuditEvent(
                kind=kind,
                at=NOON,
                actor_id="1",
                actor_name="Officer",
                partner_id=str(world.council.pk),
                target_type="x.y",
                target_id="2",
                target_name="x" * 200,
            )
            for _ in range(size)
        )
        gc.collect()
        tracemalloc.start()
        # Session, person, may read, organisation, areas, grants; kinds, people; the service's own organisation and
        # areas, may read, a savepoint and its end, count and audit line; and the one query of the lines.
        with django_assert_num_queries(17):
            response = client.get(f"{address}file.csv?kind={kind}")
            length = sum(len(piece) for piece in response.streaming_content)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert length > 2_000_000
    assert peaks[1] < length, f"{peaks} bytes at the most for a file of {length}"


def test_timeline_of_a_person_has_what_they_did_and_what_was_done_to_them(signed_in, world, address):
    auditor, person, other = world.person("auditor"), world.person("finance"), world.person("metrics")
    line(world.council, actor_id=str(person.pk), actor_name=str(person), target_name="Fund that they released")
    line(world.council, actor_id=str(other.pk), actor_name=str(other), target_name="Fund of somebody else")
    membership = person.memberships.get()
    memberships.end(
        membership_id=membership.pk,
        ends_on=timezone.localdate(),
        at_once=True,
        reason="Moved to another team",
        by=world.person("admin"),
        at=timezone.now(),
    )
    give_role(person, world.ccg, Role.FINANCE)
    browser = signed_in(auditor)

    page = browser.get(f"/partners/{world.council.pk}/people/{person.pk}/").content.decode()
    timeline = browser.get(f"{address}?person={person.pk}").content.decode()

    assert f'href="{address}?person={person.pk}"' in page
    assert "Fund that they released" in timeline
    assert "Moved to another team" in timeline
    assert "Fund of somebody else" not in timeline
    assert "NHS Southwark CCG" not in timeline


def test_person_who_did_nothing_yet_has_a_timeline_too(signed_in, world, address):
    person = world.person("metrics")

    response = signed_in(world.person("auditor")).get(f"{address}?person={person.pk}")

    assert response.status_code == 200
    assert f'<option value="{person.pk}" selected>' in response.content.decode()
