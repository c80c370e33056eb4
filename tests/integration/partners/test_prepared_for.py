"""A query that is put together once for a shape of scope answers each reader as if it were put together for them."""

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone

from partners.models import User, prepared_for
from partners.selectors import memberships
from pooled_budgets.models import Fund, Scheme
from pooled_budgets.selectors import tasks
from tests.factories.money import SchemeFactory

pytestmark = pytest.mark.django_db


def loaded(person: User) -> User:
    found = memberships.signed_in(person.pk)
    assert found is not None
    return found


def of_fund(user, *, fund):
    return Scheme.objects.visible_to(user).filter(fund=fund).select_related("fund", "owner").order_by("number")


def test_each_reader_gets_their_own_rows_from_one_statement(world, django_assert_num_queries):
    drafts = SchemeFactory(fund=world.fund, number="1", owner=world.council, released_at=None)
    shared = SchemeFactory(fund=world.fund, number="2", owner=world.council, released_at=timezone.now())
    theirs = SchemeFactory(fund=world.fund, number="3", owner=world.ccg, released_at=None)
    made = []

    @prepared_for
    def asked(user, *, fund: UUID):
        made.append(user)
        return of_fund(user, fund=fund)

    seen = {"council": [drafts, shared], "ccg": [shared, theirs], "hackney": []}
    for _ in range(2):
        for partner, rows in seen.items():
            reader = loaded(world.person("finance", partner))
            with django_assert_num_queries(1):
                found = asked(reader, fund=world.fund.pk)
                assert [row.owner.name for row in found] == [row.owner.name for row in rows]
            assert found == rows
            assert asked(reader, fund=world.agreement.pk) == []
    assert len(made) == 1
    assert made[0].pk not in User.objects.values_list("pk", flat=True)
    # Whoever was not loaded with a scope gets the query itself.
    assert asked(world.person("finance", "ccg"), fund=world.fund.pk) == seen["ccg"]
    assert len(made) == 2


def test_what_is_annotated_reads_as_the_query_itself_gives_it(world):
    SchemeFactory(fund=world.fund, number="1", released_at=timezone.now())
    for partner, number in (("council", 1), ("ccg", 0)):
        reader = loaded(world.person("finance", partner))
        given = {"on": date(2015, 4, 1), "approves": [], "decides": []}
        prepared, itself = tasks._theirs(reader, **given), list(tasks._theirs.build(reader, **given))
        assert prepared == itself
        assert len(itself) == number
        for one, other in zip(prepared, itself, strict=True):
            shown = {name: value for name, value in vars(other).items() if name != "_state"}
            assert {name: vars(one)[name] for name in shown} == shown


def test_a_value_that_is_left_out_or_hidden_in_another_is_an_error_and_no_wrong_answer(world):
    reader = loaded(world.person("finance"))

    @prepared_for
    def without(user, *, year: int):
        return Fund.objects.visible_to(user)

    @prepared_for
    def hidden(user, *, key: UUID):
        return Fund.objects.visible_to(user).filter(discrepancies__contains=[f"of {key}"], pk=key)

    with pytest.raises(ValueError, match="leaves out year"):
        without(reader, year=2014)
    with pytest.raises(ValueError, match="stands for another"):
        hidden(reader, key=world.fund.pk)
