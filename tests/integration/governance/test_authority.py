"""Decisions and delegations: who enters them, who reads them, and what they refuse on which day."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from governance.domain.authority import Matter, Named
from governance.models import Board, Decision, Delegation
from governance.selectors import authority as selectors
from governance.services import authority, decisions, delegations
from integration_hub.core.models import AuditEvent
from tests.factories.authority import decision, delegation
from tests.factories.partners import NOON

DAY = NOON.date()


def required(world, row, **changes):
    key = "decision" if isinstance(row, Decision) else "delegation"
    usual = {
        "named": Named(**{key: str(row.pk)}),
        "matter": Matter.VIREMENT,
        "amount": Decimal("40000.00"),
        "on": DAY,
        "parties": [world.council, world.ccg],
        "by": world.person("approver"),
    }
    return authority.require(**(usual | changes))


def refused(world, row, **changes):
    with pytest.raises(authority.AuthorityRefused) as refusal:
        required(world, row, **changes)
    assert refusal.value.who_can_lift
    return refusal.value.code


def test_a_decision_is_read_by_the_boards_partners_and_nobody_else(world):
    made = decision(world)
    line = AuditEvent.objects.get(kind="decision.recorded")

    assert (line.partner_name, line.after["amount_limit"]) == ("Southwark Council", "40000.00")
    for reader in (world.person("finance", "ccg"), world.sitting_member()):
        assert list(selectors.decisions(reader)) == [made]
    assert not selectors.decisions(world.person("governance", "hackney")).exists()


@pytest.mark.parametrize(
    ("limits", "field", "words"),
    [
        ({"limit": Decimal("0.00")}, "limit", r"0\.00 allows nothing. Enter more than 0\.00, or leave it empty"),
        ({"limit": None, "year_total": Decimal("0.00")}, "year_total", r"0\.00 allows nothing"),
        (
            {"limit": Decimal("5.01"), "year_total": Decimal("5.00")},
            "limit",
            r"Enter £5\.00 or less, or raise the limit",
        ),
    ],
)
def test_limits_that_allow_nothing_or_say_two_things_are_refused(world, limits, field, words):
    with pytest.raises(delegations.DelegationRefused, match=words) as refusal:
        delegation(world, **limits)
    assert refusal.value.field == field
    assert not Delegation.objects.exists()
    assert delegation(world, limit=Decimal("5.00"), year_total=Decimal("5.00")).pk


def test_who_is_no_governance_officer_of_a_partner_enters_and_ends_nothing(world):
    made, given = decision(world), delegation(world)
    entered = AuditEvent.objects.filter(target_type__in=["governance.decision", "governance.delegation"])

    for person in (world.person("finance"), world.person("admin"), world.sitting_member()):
        with pytest.raises(PermissionDenied):
            decision(world, reference="2", by=person)
        with pytest.raises(PermissionDenied):
            delegation(world, reference="2", by=person)
        with pytest.raises(PermissionDenied):
            decisions.rescind(decision_id=made.pk, ended_on=DAY, reason="Wrong", by=person, at=NOON)
        with pytest.raises(PermissionDenied):
            delegations.revoke(delegation_id=given.pk, ended_on=DAY, reason="Wrong", by=person, at=NOON)
    # Another partner's officer reads the council's delegation, and does not revoke it.
    with pytest.raises(PermissionDenied):
        delegations.revoke(
            delegation_id=given.pk, ended_on=DAY, reason="Wrong", by=world.person("governance", "ccg"), at=NOON
        )
    with pytest.raises(Board.DoesNotExist):
        decision(world, reference="2", by=world.person("governance", "hackney"))

    assert (Decision.objects.count(), Delegation.objects.count()) == (1, 1)
    assert entered.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "reference"),
        ({"reference": "2", "made_on": DAY + timedelta(days=1)}, "made_on"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(world, changes, field):
    decision(world)

    with pytest.raises(decisions.DecisionRefused) as refusal:
        decision(world, **changes)

    assert refusal.value.field == field
    assert Decision.objects.count() == 1


def test_a_meeting_of_another_day_is_refused(world):
    with pytest.raises(decisions.DecisionRefused) as refusal:
        decision(world, meeting=world.meeting)

    assert refusal.value.field == "meeting"
    assert decision(world, meeting=world.meeting, made_on=world.meeting.held_on, at=NOON + timedelta(days=30)).meeting


def test_a_delegation_that_cannot_be_is_refused_by_field(world):
    delegation(world)
    covers_less = decision(world, matters=[Matter.SETTLEMENT])
    wrong = [
        ({}, "reference"),
        ({"reference": "2", "scheme_text": ""}, "scheme_text"),
        ({"reference": "2", "granted_by": covers_less, "starts_on": DAY}, "matters"),
        ({"reference": "2", "granted_by": covers_less}, "starts_on"),
        ({"reference": "2", "to_capacity": "director"}, "to_organisation"),
        ({"reference": "2", "to_role": ""}, "to_organisation"),
        ({"reference": "2", "to_organisation": world.hackney}, "to_organisation"),
        ({"reference": "2", "to_organisation": None, "to_role": "", "to_board": Board(pk=uuid4())}, "to_board"),
    ]

    for changes, field in wrong:
        with pytest.raises(delegations.DelegationRefused) as refusal:
            delegation(world, **changes)
        assert refusal.value.field == field

    assert Delegation.objects.count() == 1


def test_a_delegation_allows_its_holder_within_limit_and_year(world):
    given = delegation(world)

    assert required(world, given) == given
    assert refused(world, given, amount=Decimal("50000.01")) == "over_limit"
    assert refused(world, given, by=world.person("finance")) == "not_the_holder"
    assert refused(world, given, by=world.person("approver", "ccg")) == "not_the_holder"
    assert refused(world, given, matter=Matter.SETTLEMENT) == "other_matter"
    assert refused(world, given, on=date(2014, 3, 31)) == "not_yet"
    assert refused(world, given, on=date(2015, 4, 1)) == "lapsed"
    assert refused(world, given, parties=[world.ccg]) == "of_others"


def test_a_revoked_delegation_is_refused_from_that_day_and_not_before(world):
    given = delegation(world)
    ended = {"reason": "New finance director", "by": world.person("governance"), "at": NOON}
    with pytest.raises(delegations.DelegationRefused, match="It holds from 1 April 2014"):
        delegations.revoke(delegation_id=given.pk, ended_on=date(2014, 3, 31), **ended)
    delegations.revoke(delegation_id=given.pk, ended_on=date(2014, 8, 1), **ended)

    assert required(world, given, on=date(2014, 7, 31)) == given
    assert refused(world, given, on=date(2014, 8, 1)) == "revoked"
    with pytest.raises(decisions.AlreadyEnded, match="New finance director"):
        delegations.revoke(delegation_id=given.pk, ended_on=date(2014, 9, 1), **ended)


def test_a_delegation_falls_with_the_decision_that_it_rests_on(world):
    made = decision(world)
    given = delegation(world, granted_by=made, scheme_text="", starts_on=DAY)
    offered = {"matter": Matter.VIREMENT, "parties": [world.council]}
    officer = world.person("governance")
    decisions.rescind(decision_id=made.pk, ended_on=date(2014, 8, 1), reason="Called in", by=officer, at=NOON)

    assert required(world, given, on=date(2014, 7, 31)) == given
    assert refused(world, given, on=date(2014, 8, 1)) == "revoked"
    assert refused(world, made, on=date(2014, 8, 1)) == "rescinded"
    holder = world.person("approver")
    assert len(selectors.authorities_for(holder, on=date(2014, 7, 31), **offered)) == 2
    assert selectors.authorities_for(holder, on=date(2014, 8, 1), **offered) == []
    assert len(selectors.authorities_for(officer, on=date(2014, 7, 31), **offered)) == 1
    assert selectors.authorities_for(officer, on=date(2014, 8, 1), **offered) == []


def test_a_decision_allows_whoever_may_act_up_to_its_limit(world):
    made = decision(world)

    assert required(world, made, by=world.person("finance", "ccg")) == made
    assert refused(world, made, amount=Decimal("40000.01")) == "over_total"
    assert refused(world, made, parties=[world.hackney]) == "of_others"


@pytest.mark.parametrize("named", [Named(), Named(decision=str(uuid4())), Named(delegation="not-an-id")])
def test_nothing_named_or_nothing_known_is_asked_for(world, named):
    with pytest.raises(authority.AuthorityMissing) as refusal:
        required(world, delegation(world), named=named)

    assert (refusal.value.field, refusal.value.http_status) == ("authority", 400)


def test_strangers_cannot_use_what_they_may_not_read(world):
    with pytest.raises(authority.AuthorityMissing):
        required(world, delegation(world), by=world.person("approver", "hackney"))


BROKEN = [
    "UPDATE governance_decision SET amount_limit = amount_limit + 1",
    "UPDATE governance_decision SET text = 'Something else'",
    "UPDATE governance_decision SET made_on = made_on - 1",
    "UPDATE governance_decision SET ended_on = made_on",
    "UPDATE governance_decision SET ended_on = made_on, ended_reason = 'x'",
    "UPDATE governance_decision SET ended_on = made_on - 1, ended_reason = 'x', ended_by_name = 'x'",
    "DELETE FROM governance_decision",
    'UPDATE governance_delegation SET "limit" = "limit" * 10',
    "UPDATE governance_delegation SET year_total = NULL",
    "UPDATE governance_delegation SET ends_on = NULL",
    "UPDATE governance_delegation SET to_role = 'finance'",
    "UPDATE governance_delegation SET matters = '{virement,settlement}'",
    "UPDATE governance_delegation SET ended_on = starts_on",
    "DELETE FROM governance_delegation",
]
# What an insertion is refused for: a copy of the row with these columns set.
COPIES = {
    "governance_decision": [
        "reference = reference",
        "reference = ''",
        "text = ''",
        "matters = '{}'",
        "matters = '{anything}'",
        "amount_limit = -1",
    ],
    "governance_delegation": [
        "reference = reference",
        "reference = ''",
        "scheme_text = ''",
        "to_role = ''",
        "to_capacity = 'director'",
        "to_organisation_id = NULL",
        "to_board_id = board_id",
        "to_role = 'king'",
        "matters = '{}'",
        "matters = '{anything}'",
        '"limit" = 0',
        'year_total = 0, "limit" = NULL',
        "year_total = 49999.99",
        'year_total = NULL, "limit" = -1',
        "ends_on = starts_on - 1",
    ],
}


def attempt(statements):
    with connection.cursor() as cursor, transaction.atomic():
        for statement in statements:
            cursor.execute(statement)


def test_the_database_refuses_what_is_never_true_of_a_decision_or_delegation(world):
    decision(world)
    delegation(world)
    went_through = []
    attempts = [[statement] for statement in BROKEN]
    for table, changes in COPIES.items():
        for change in changes:
            reference = "" if change.startswith("reference") else ", reference = reference || '-2'"
            copied = [
                f"CREATE TEMP TABLE copied ON COMMIT DROP AS TABLE {table}",
                f"UPDATE copied SET id = gen_random_uuid(), {change}{reference}",
                f"INSERT INTO {table} SELECT * FROM copied",
            ]
            attempts.append(copied)
    for statements in attempts:
        try:
            attempt(statements)
        except DatabaseError:
            continue
        went_through.append(statements)

    assert went_through == []
    # The copying by itself is none of what is refused.
    attempt(
        [
            "CREATE TEMP TABLE copied ON COMMIT DROP AS TABLE governance_delegation",
            "UPDATE copied SET id = gen_random_uuid(), reference = 'another'",
            "INSERT INTO governance_delegation SELECT * FROM copied",
        ]
    )


def test_what_ended_ends_once_also_for_raw_sql(world):
    made = decision(world)
    by = world.person("governance")
    decisions.rescind(decision_id=made.pk, ended_on=DAY, reason="Called in", by=by, at=NOON)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(ended_on=None, ended_reason=None, ended_by_name=None)
