"""A recurrent virement of the year before is proposed to this year's fund, and moves nothing there by itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from governance.domain.authority import Named
from integration_hub.core.models import AuditEvent
from integration_hub.core.reasons import ReasonMissing
from partners.domain.roles import Role
from pooled_budgets.models import Fund, RecurrentAnswer, SchemeLine, Virement
from pooled_budgets.presenters.tasks import tasks
from pooled_budgets.selectors import recurrent as selectors
from pooled_budgets.services import recurrent, virements
from tests.factories.authority import delegation
from tests.factories.money import FundFactory, SchemeFactory
from tests.factories.partners import NOON, UserFactory, give_role


def lines_of(fund, *budgets):
    return [
        SchemeFactory(fund=fund, number=str(number), position=number, budget=budget).lines.get()
        for number, budget in enumerate(budgets, start=1)
    ]


@pytest.fixture
def old(world):
    """A virement of £400.00 of 2014/15, approved and recurrent, and one for that year only."""
    lines = lines_of(world.fund, "1000.00", "500.00")
    named = Named(delegation=str(delegation(world).pk))
    made = []
    for recurs in (True, False):
        row = virements.prepare(
            fund_id=world.fund.pk,
            from_line=lines[0].pk,
            to_line=lines[1].pk,
            amount=Decimal("400.00") if recurs else Decimal("1.00"),
            recurrent=recurs,
            reason="Carers need it sooner",
            effective_on=date(2014, 8, 1),
            by=world.person("finance"),
            at=NOON,
        )
        made.append(virements.approve(virement_id=row.pk, named=named, by=world.person("approver"), at=NOON))
    return made[0]


@pytest.fixture
def fund(world):
    made = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2015, released_at=NOON)
    lines_of(made, "900.00", "600.00")
    return made


def send(world, fund, old, **changes):
    client = Client()
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    lines = SchemeLine.objects.filter(scheme__fund=fund).order_by("scheme__number")
    usual = {"choice": "carry", "from_line": str(lines[0].pk), "to_line": str(lines[1].pk), "amount": "400.00"}
    address = reverse("pooled_budgets:recurrent_answer", args=[fund.pk, old.pk])
    return client.post(address, usual | {"reason": "It goes on"} | changes)


def told(person):
    return [task.title for task in tasks(person, NOON.date()) if "virement" in task.title]


def budgets(fund):
    rows = SchemeLine.objects.filter(scheme__fund=fund).order_by("scheme__number")
    return [str(row.budget) for row in rows]


def test_it_is_proposed_and_only_an_approved_virement_of_this_year_moves_the_lines(world, old, fund):
    officer = world.person("finance")
    (proposed,) = selectors.proposals(fund, officer)
    assert (proposed.virement, proposed.answer) == (old, None)
    assert [proposed.source.revised, proposed.target.revised] == [Decimal("900.00"), Decimal("600.00")]
    asked = f"Say what {fund} makes of recurrent virement {old.number} of 2014/15: £400.00"
    assert told(officer) == [asked]
    assert told(world.person("finance", "ccg")) == []

    assert send(world, fund, old, amount="").status_code == 400
    assert send(world, fund, old, from_line="").status_code == 400
    assert send(world, fund, old).status_code == 302

    made = Virement.objects.get(fund=fund)
    assert (made.status, made.recurrent, made.effective_on) == ("prepared", True, date(2015, 4, 1))
    assert budgets(fund) == ["900.00", "600.00"]
    # Its preparer decides nothing; another finance officer may, where something allows it.
    other = UserFactory(name="Another finance officer")
    give_role(other, world.council, Role.FINANCE)
    assert (told(officer), told(other)) == ([], [f"Approve or reject virement 1 of {fund}: £400.00"])
    assert AuditEvent.objects.get(kind="virement.recurrent_answered").reason == "It goes on"
    assert not selectors.open_proposals(fund, officer).exists()
    twice = send(world, fund, old)
    assert twice.status_code == 409
    assert "somebody may have answered" in twice.text
    assert Virement.objects.filter(fund=fund).count() == 1

    virements.reject(virement_id=made.pk, reason="Too early", by=world.person("approver"), at=NOON)
    assert selectors.open_proposals(fund, officer).get() == old
    assert send(world, fund, old, amount="300").status_code == 302
    again = Virement.objects.get(fund=fund, status="prepared")
    named = Named(delegation=str(delegation(world, reference="D2", ends_on=None).pk))
    virements.approve(virement_id=again.pk, named=named, by=world.person("approver"), at=NOON)
    assert budgets(fund) == ["600.00", "900.00"]
    # The year after is proposed what this year's own virement moved.
    later = FundFactory(agreement=world.agreement, owner=world.council, financial_year=2016, released_at=NOON)
    assert [row.virement for row in selectors.proposals(later, officer)] == [again]


def test_it_is_proposed_to_its_own_fund_where_the_agreement_keeps_several(world, old, fund):
    officer = world.person("finance")
    Fund.objects.filter(pk=fund.pk).update(name=old.fund.name)
    beside = FundFactory(
        agreement=world.agreement, owner=world.council, financial_year=2015, name="Equipment", released_at=NOON
    )
    lines_of(beside, "900.00", "600.00")
    fund.refresh_from_db()
    assert (selectors.open_proposals(fund, officer).get(), list(selectors.proposals(beside, officer))) == (old, [])
    assert len(told(officer)) == 1
    assert send(world, beside, old, choice="leave").status_code == 404

    Fund.objects.filter(pk=fund.pk).update(name="Renamed")
    fund.refresh_from_db()
    # No fund of the year is called as it was: each is asked, and each answers for itself.
    assert len(told(officer)) == 2
    assert send(world, beside, old, choice="leave").status_code == 302
    assert [row.answer is None for row in selectors.proposals(beside, officer)] == [False]
    assert selectors.open_proposals(fund, officer).get() == old
    assert [str(fund) in title for title in told(officer)] == [True]


def test_leaving_the_budgets_needs_a_reason_and_going_on_has_one(world, old, fund):
    assert send(world, fund, old, choice="leave", reason="").status_code == 400
    assert not RecurrentAnswer.objects.exists()
    assert send(world, fund, old, reason="").status_code == 302
    assert RecurrentAnswer.objects.get().reason.startswith(f"Goes on with virement {old.number} of 2014/15: ")


def test_it_is_left_with_a_reason_and_others_read_why(world, old, fund):
    given = {"fund_id": fund.pk, "virement_id": old.pk, "at": NOON}
    with pytest.raises(ReasonMissing):
        recurrent.leave(**given, reason=" ", by=world.person("finance"))
    with pytest.raises(PermissionDenied):
        recurrent.leave(**given, reason="In the plan", by=world.person("finance", "ccg"))
    recurrent.leave(**given, reason="In the plan already", by=world.person("finance"))
    with pytest.raises(recurrent.AlreadyAnswered):
        recurrent.leave(**given, reason="In the plan", by=world.person("finance"))

    client = Client()
    client.force_login(world.person("finance", "ccg"), backend="partners.backends.EmailBackend")
    page = client.get(reverse("pooled_budgets:recurrent", args=[fund.pk])).content.decode()
    assert "Budgets left as they are: In the plan already" in page
    assert (RecurrentAnswer.objects.count(), budgets(fund)) == (1, ["900.00", "600.00"])


def test_the_database_refuses_answers_that_cannot_be(world, old, fund):
    recurrent.leave(fund_id=fund.pk, virement_id=old.pk, reason="In the plan", by=world.person("finance"), at=NOON)
    once = Virement.objects.get(recurrent=False)
    table = "pooled_budgets_recurrentanswer"
    copy = (
        f"INSERT INTO {table} (id, recurrent_id, fund_id, prepared_id, reason, entered_by_id, at)"
        f" SELECT gen_random_uuid(), %s, %s, %s, %s, entered_by_id, at FROM {table}"
    )
    for sql, values in (
        (copy, [once.pk, fund.pk, None, "Not recurrent"]),
        (copy, [old.pk, world.fund.pk, None, "The same year"]),
        (copy, [old.pk, fund.pk, once.pk, "Of another fund"]),
        (copy, [old.pk, fund.pk, None, ""]),
        (f"UPDATE {table} SET reason = 'Another'", []),
        (f"DELETE FROM {table}", []),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
