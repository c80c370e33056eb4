"""Virements: prepared by one, approved by another within an authority, both budgets at once or neither."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from governance.domain.authority import Named
from governance.services import delegations
from governance.services.authority import AuthorityMissing, AuthorityRefused
from integration_hub.core.models import AuditEvent, Period
from partners.domain.roles import Role
from pooled_budgets.models import (
    Fund,
    FundingLine,
    PeriodLock,
    Scheme,
    SchemeLine,
    Transaction,
    Virement,
    VirementSide,
)
from pooled_budgets.policies import PeriodLocked
from pooled_budgets.presenters.virement_tasks import tasks
from pooled_budgets.selectors import positions
from pooled_budgets.selectors import virements as selectors
from pooled_budgets.services import month_close, plans, schemes, virements
from tests.factories.authority import decision, delegation
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON, give_role
from tests.factories.worlds import World


@dataclass
class Money:
    """A fund with three schemes: two from one source (1,000.00 and 500.00), the third ring-fenced (300.00)."""

    world: World
    lines: list[SchemeLine] = field(default_factory=list)

    def budgets(self) -> list[str]:
        return [str(SchemeLine.objects.get(pk=line.pk).budget) for line in self.lines]

    def prepare(self, **changes) -> Virement:
        usual = {
            "fund_id": self.world.fund.pk,
            "from_line": self.lines[0].pk,
            "to_line": self.lines[1].pk,
            "amount": Decimal("400.00"),
            "reason": "Carers need it sooner",
            "effective_on": date(2014, 8, 1),
            "by": self.world.person("finance"),
            "at": NOON,
        }
        return virements.prepare(**(usual | changes))

    def approve(self, virement, allowed_by, **changes) -> Virement:
        named = Named(**{"decision" if allowed_by._meta.model_name == "decision" else "delegation": str(allowed_by.pk)})
        usual = {"virement_id": virement.pk, "named": named, "by": self.world.person("approver"), "at": NOON}
        return virements.approve(**(usual | changes))


@pytest.fixture
def money(world) -> Money:
    shared = {"fund": world.fund, "owner": world.council, "at": date(2014, 4, 1), "released_at": NOON}
    sources = [
        FundingLine.objects.create(position=number, source=name, amount=Decimal("1500.00"), **shared)
        for number, name in enumerate(("NHS minimum", "Disabled Facilities Grant"), start=1)
    ]
    made = Money(world)
    for number, (budget, source) in enumerate((("1000", 0), ("500", 0), ("300", 1)), start=1):
        scheme = SchemeFactory(fund=world.fund, number=str(number), position=number, budget=budget)
        scheme.lines.update(funding=sources[source])
        made.lines.append(scheme.lines.get())
    return made


def test_an_approved_virement_moves_both_budgets_and_says_what_allowed_it(world, money):
    given = delegation(world)
    prepared = money.prepare(recurrent=True)
    assert money.budgets() == ["1000.00", "500.00", "300.00"]

    done = money.approve(prepared, given)

    assert money.budgets() == ["600.00", "900.00", "300.00"]
    assert (done.status, done.delegation, done.decision, done.decided_on) == ("approved", given, None, NOON.date())
    assert sorted(done.sides.values_list("amount", flat=True)) == [Decimal("-400.00"), Decimal("400.00")]
    rows = selectors.lines(world.fund, world.person("member", "ccg"))
    assert [(str(row.original), str(row.virements), str(row.revised)) for row in rows] == [
        ("1000.00", "-400.00", "600.00"),
        ("500.00", "400.00", "900.00"),
        ("300.00", "0.00", "300.00"),
    ]
    line = AuditEvent.objects.get(kind="virement.approved")
    assert (line.before, line.actor_name) == ({"from": "1000.00", "to": "500.00"}, "Approver of council")
    assert line.after["allowed_by"] == "Delegation D1"


def test_a_quarter_before_the_virement_takes_effect_keeps_its_budgets(world, money):
    money.approve(money.prepare(), delegation(world))
    reader = world.person("finance", "ccg")

    def budgets(number):
        return [str(line.budget) for line in positions.position(world.fund, quarter(2014, number), reader).lines]

    assert budgets(1) == ["1000.00", "500.00", "300.00"]
    assert budgets(2) == budgets(4) == ["600.00", "900.00", "300.00"]


def test_nobody_decides_on_a_virement_of_their_own_whatever_their_roles(world, money):
    prepared, given = money.prepare(), delegation(world)
    own = world.person("finance")
    give_role(own, world.council, Role.APPROVER)

    with pytest.raises(virements.OwnVirement):
        money.approve(prepared, given, by=own)
    with pytest.raises(virements.OwnVirement):
        virements.reject(virement_id=prepared.pk, reason="No", by=own, at=NOON)

    assert money.budgets() == ["1000.00", "500.00", "300.00"]
    assert not VirementSide.objects.exists()


def test_what_no_authority_allows_moves_nothing_until_a_decision_does(world, money):
    given = delegation(world, limit=Decimal("399.99"), year_total=None)
    prepared = money.prepare()

    with pytest.raises(AuthorityRefused, match="Southwark Health and Wellbeing Board, by a decision") as refusal:
        money.approve(prepared, given)
    assert refusal.value.code == "over_limit"
    with pytest.raises(AuthorityMissing):
        virements.approve(virement_id=prepared.pk, named=Named(), by=world.person("approver"), at=NOON)
    assert money.budgets() == ["1000.00", "500.00", "300.00"]
    assert not AuditEvent.objects.filter(kind="virement.approved").exists()

    # The other partner's finance officer may use a decision of the board.
    done = money.approve(prepared, decision(world), by=world.person("finance", "ccg"))

    assert done.decision is not None
    assert money.budgets() == ["600.00", "900.00", "300.00"]


def test_the_total_of_the_year_counts_what_was_moved_either_way(world, money):
    given = delegation(world, limit=None, year_total=Decimal("700.00"))
    money.approve(money.prepare(), given)
    back = money.prepare(from_line=money.lines[1].pk, to_line=money.lines[0].pk, amount=Decimal("300.01"))

    with pytest.raises(AuthorityRefused, match=r"£400.00 is used, so £300.00 is left") as refusal:
        money.approve(back, given)

    assert refusal.value.code == "over_total"
    assert money.budgets() == ["600.00", "900.00", "300.00"]
    less = money.prepare(from_line=money.lines[1].pk, to_line=money.lines[0].pk, amount=Decimal("300.00"))
    money.approve(less, given)
    assert money.budgets() == ["900.00", "600.00", "300.00"]


def test_a_revoked_delegation_allows_until_the_day_before(world, money):
    given = delegation(world)
    officer = world.person("governance")
    delegations.revoke(delegation_id=given.pk, ended_on=NOON.date(), reason="New scheme", by=officer, at=NOON)

    with pytest.raises(AuthorityRefused, match="revoked from 14 July 2014: New scheme"):
        money.approve(money.prepare(), given)

    assert money.budgets() == ["1000.00", "500.00", "300.00"]
    money.approve(Virement.objects.get(), given, at=NOON.replace(day=13))
    assert money.budgets() == ["600.00", "900.00", "300.00"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal("1000.01")}, "below_nil"),
        ({"to_line": 2}, "ring_fence"),
        ({"to_line": 0}, "same_scheme"),
        ({"effective_on": date(2014, 3, 31)}, "other_year"),
        ({"effective_on": date(2015, 4, 1)}, "other_year"),
    ],
)
def test_what_cannot_move_is_not_even_prepared(money, changes, code):
    if "to_line" in changes:
        changes = {"to_line": money.lines[changes["to_line"]].pk}

    with pytest.raises(virements.VirementRefused) as refusal:
        money.prepare(**changes)

    assert refusal.value.code == code
    assert not Virement.objects.exists()


def test_what_is_gone_since_it_was_prepared_is_refused_at_the_approval(world, money):
    given = delegation(world)
    first, second = money.prepare(amount=Decimal("700.00")), money.prepare(amount=Decimal("700.00"))
    money.approve(first, given)

    with pytest.raises(virements.VirementRefused, match=r"has a budget of £300.00"):
        money.approve(second, given)
    with pytest.raises(virements.VirementDecided, match="was approved by Approver of council on 14 July 2014"):
        money.approve(first, given)

    assert money.budgets() == ["300.00", "1200.00", "300.00"]


def test_what_is_spent_stays_in_its_line(world, money):
    month, _ = Period.objects.get_or_create(
        kind="month",
        financial_year=2014,
        number=4,
        defaults={"starts_on": date(2014, 7, 1), "ends_on": date(2014, 7, 31), "label": "July 2014"},
    )
    Transaction.objects.create(
        fund=world.fund,
        owner=world.council,
        line=money.lines[0],
        period=month,
        amount=Decimal("700.00"),
        description="Invoices",
        at=NOON.date(),
        entered_by=world.person("finance"),
        entered_at=NOON,
        released_at=NOON,
    )

    with pytest.raises(virements.VirementRefused, match=r"£700.00 is spent. At most £300.00"):
        money.prepare()

    money.approve(money.prepare(amount=Decimal("300.00")), delegation(world))
    assert money.budgets() == ["700.00", "800.00", "300.00"]


def test_a_day_in_a_locked_quarter_is_refused(world, money):
    PeriodLock.objects.create(
        fund=world.fund,
        period=quarter(2014, 2),
        locked_at=NOON,
        locked_by_name="Somebody",
        reason="Return signed",
        who_can_lift="The approvers",
    )

    with pytest.raises(PeriodLocked, match="Return signed"):
        money.prepare()

    quarter(2014, 3)
    assert money.prepare(effective_on=date(2014, 10, 1)).number == 1


def test_a_day_in_a_closed_month_is_refused_to_prepare_and_to_approve(world, money):
    august = month(2014, 5)
    proposed = money.prepare()
    close = {"fund": world.fund, "month": august, "reason": "Accounts of August", "by": world.person("finance")}
    month_close.close(**close, at=datetime(2014, 9, 2, 9, 0, tzinfo=UTC))

    with pytest.raises(PeriodLocked, match="Accounts of August"):
        money.prepare()
    with pytest.raises(PeriodLocked, match="Accounts of August"):
        money.approve(proposed, delegation(world))
    assert money.budgets() == ["1000.00", "500.00", "300.00"]


def test_a_form_that_is_sent_twice_proposes_one_virement(world, money, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    address = f"/funds/{world.fund.pk}/virements/new/"
    sent = {
        "from_line": money.lines[0].pk,
        "to_line": money.lines[1].pk,
        "amount": "400.00",
        "recurrent": "once",
        "effective_on": "1 August 2014",
        "reason": "Carers need it sooner",
        "once": client.get(address).context["form"]["once"].value(),
    }

    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent)

    assert (again.status_code, "the form was sent twice" in again.text) == (409, True)
    assert Virement.objects.count() == 1


def test_a_rejected_virement_keeps_its_reason_and_moves_nothing(world, money):
    prepared, given = money.prepare(), delegation(world)

    virements.reject(virement_id=prepared.pk, reason="Not this year", by=world.person("approver", "ccg"), at=NOON)

    with pytest.raises(virements.VirementDecided, match="rejected"):
        money.approve(prepared, given)
    assert Virement.objects.get().rejected_because == "Not this year"
    assert money.budgets() == ["1000.00", "500.00", "300.00"]


def test_others_than_finance_officers_and_approvers_of_the_parties_change_nothing(world, money):
    prepared, given = money.prepare(), delegation(world)

    for person in (world.person("approver"), world.person("finance", "ccg"), world.person("member")):
        with pytest.raises(PermissionDenied):
            money.prepare(by=person)
    for person in (world.person("governance"), world.person("member", "ccg"), world.sitting_member()):
        with pytest.raises(PermissionDenied):
            money.approve(prepared, given, by=person)
    for act in (money.prepare, lambda by: money.approve(prepared, given, by=by)):
        with pytest.raises(Http404):
            act(by=world.person("finance", "hackney"))

    assert Virement.objects.count() == 1
    assert not VirementSide.objects.exists()


def test_lines_of_another_fund_are_none_to_choose(world, money):
    other = SchemeFactory(
        fund=Fund.objects.create(
            agreement=world.agreement, owner=world.council, financial_year=2015, name="Other", total=Decimal(1)
        )
    )

    with pytest.raises(virements.VirementRefused) as refusal:
        money.prepare(to_line=other.lines.get().pk)

    assert (refusal.value.code, refusal.value.field) == ("not_of_this_fund", "to_line")


SIDE = (
    "INSERT INTO pooled_budgets_virementside (id, virement_id, line_id, amount)"
    " SELECT gen_random_uuid(), id, {line}, {amount} FROM pooled_budgets_virement"
)
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
DECIDED = "decided_by_id = '{other}', decided_at = now(), decided_on = current_date"


def test_the_database_refuses_what_is_never_true_of_a_virement(world, money):
    prepared, given = money.prepare(), delegation(world)
    other = DECIDED.format(other=world.person("approver").pk)
    own = DECIDED.format(other=prepared.prepared_by_id)
    authority = f"delegation_id = '{given.pk}'"
    change = "UPDATE pooled_budgets_virement SET "
    one_side = SIDE.format(line="from_line_id", amount="-amount")
    attempts = [
        [f"{change}amount = 0"],
        [f"{change}amount = 1"],
        [f"{change}to_line_id = from_line_id"],
        [f"{change}reason = ''"],
        [f"{change}status = 'done'"],
        [f"{change}status = 'approved', {other}"],
        [f"{change}status = 'approved', {authority}"],
        [f"{change}status = 'approved', {own}, {authority}"],
        [f"{change}status = 'rejected', {other}"],
        [f"{change}rejected_because = 'x'"],
        [f"{change}decided_on = current_date"],
        [f"{change}{authority}, decision_id = '{decision(world).pk}'"],
        ["DELETE FROM pooled_budgets_virement"],
        # Sides of what is not approved, one side alone, and two that do not sum to nil.
        [one_side, SIDE.format(line="to_line_id", amount="amount"), NOW],
        [f"{change}status = 'approved', {other}, {authority}", one_side, NOW],
        [
            f"{change}status = 'approved', {other}, {authority}",
            one_side,
            SIDE.format(line="to_line_id", amount="amount + 0.01"),
            NOW,
        ],
        [SIDE.format(line="to_line_id", amount="0")],
    ]
    went_through = [statements for statements in attempts if _goes_through(statements)]
    assert went_through == []

    money.approve(prepared, given)
    assert _goes_through([NOW])
    after = [
        [f"{change}status = 'prepared'"],
        [f"{change}effective_on = effective_on + 1"],
        ["UPDATE pooled_budgets_virementside SET amount = amount * 2"],
        ["DELETE FROM pooled_budgets_virementside"],
        [SIDE.format(line=f"'{money.lines[2].pk}'::uuid", amount="5"), NOW],
        ["UPDATE pooled_budgets_schemeline SET budget = -1"],
    ]
    assert [statements for statements in after if _goes_through(statements)] == []


def _goes_through(statements: list[str]) -> bool:
    try:
        with connection.cursor() as cursor, transaction.atomic():
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError:
        return False
    return True


def test_a_plan_cannot_take_back_what_a_virement_moved(world, money, uploads):
    money.approve(money.prepare(), delegation(world))
    rows = [
        (scheme.number, scheme.name, Decimal(old))
        for scheme, old in zip(Scheme.objects.order_by("position"), ("1000.00", "900.00", "300.00"), strict=True)
    ]

    staged = plans.stage(
        fund=world.fund,
        file=uploads.file(uploads.plan(*rows)),
        filename="plan.xlsx",
        by=world.person("finance"),
        at=NOON,
    )

    assert [problem["code"] for problem in staged.problems] == ["moved_by_virement"]
    assert "£600.00" in staged.problems[0]["message"]


def test_the_budget_of_a_line_that_virements_moved_is_not_typed_over(world, money):
    money.approve(money.prepare(), delegation(world))
    line = SchemeLine.objects.get(pk=money.lines[0].pk)

    def save(**changes):
        usual = {"funding_id": line.funding_id, "budget": Decimal("600.00"), "state": "stated", "fields": {}}
        seen = schemes.seen_of_line(line)
        given = {"scheme_id": line.scheme_id, "line_id": line.pk, "seen": seen, "by": world.person("finance")}
        return schemes.save_line(**(usual | given | changes), at=NOON)

    for changes in ({"budget": Decimal("1000.00")}, {"funding_id": None}, {"budget": None, "state": "to_be_confirmed"}):
        with pytest.raises(schemes.MovedByVirement, match=r"Virement 1 moved money .* prepare another virement") as why:
            save(**changes)
        assert why.value.http_status == 409
    assert money.budgets() == ["600.00", "900.00", "300.00"]
    # What is no money may still be filled in, and a line that no virement moved takes another budget.
    save(fields={"comments": "As agreed"})
    other = money.lines[2]
    save(scheme_id=other.scheme_id, line_id=other.pk, funding_id=other.funding_id, seen={}, budget=Decimal("1.00"))
    assert money.budgets() == ["600.00", "900.00", "1.00"]


def test_a_virement_waits_on_my_tasks_of_whoever_may_approve_it(world, money, django_assert_num_queries):
    prepared = money.prepare()
    approver = world.person("approver", "ccg")
    tasks(approver, NOON.date())

    with django_assert_num_queries(1):
        (task,) = tasks(approver, NOON.date())
    assert task.title == "Approve or reject virement 1 of Southwark Better Care Fund 2014/15: £400.00"
    assert (task.partner, task.detail) == ("NHS Southwark CCG", "Prepared by Finance of council")
    assert [found.partner for found in tasks(world.person("approver"), NOON.date())] == ["Southwark Council"]
    for person in (world.person("finance"), world.person("metrics"), world.person("approver", "hackney")):
        assert tasks(person, NOON.date()) == []

    virements.reject(virement_id=prepared.pk, reason="Wait for August", by=approver, at=NOON)
    assert tasks(approver, NOON.date()) == []
