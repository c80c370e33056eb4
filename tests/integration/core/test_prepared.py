"""A query that is put together once answers as if it were put together each time."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from integration_hub.core import prepared as module
from integration_hub.core.models import Period
from integration_hub.core.prepared import any_of, prepared
from pooled_budgets.models import Fund
from tests.factories.money import month

pytestmark = pytest.mark.django_db


def months(*, year, number):
    return Period.objects.filter(financial_year=year, number__gte=number, kind="month").values_list("number", "label")


def test_values_are_given_at_each_use_and_the_text_is_made_once():
    made = []

    @prepared
    def asked(*, year: int, number: int):
        made.append(year)
        return months(year=year, number=number).order_by("number")

    for n in (1, 3, 12):
        month(2014, n)
    for year, number in ((2014, 1), (2014, 12), (2015, 3)):
        with CaptureQueriesContext(connection) as queries:
            rows = asked(year=year, number=number)
        assert rows == list(months(year=year, number=number).order_by("number"))
        assert len(queries) == 1
    assert len(made) == 1


def test_a_value_that_is_not_found_in_the_query_is_an_error_and_no_wrong_answer():
    @prepared
    def asked(*, year: int, number: int):
        return months(year=year, number=3)

    with pytest.raises(ValueError, match="leaves out number"):
        asked(year=2014, number=1)


def test_a_query_that_reads_others_along_is_an_error_and_no_wrong_answer():
    @prepared
    def asked(*, year: int):
        return Fund.objects.filter(financial_year=year).prefetch_related("schemes")

    with pytest.raises(ValueError, match="reads other rows along"):
        asked(year=2014)


def announced():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE '%asked%' OR name LIKE '%other%'")
        return {name for (name,) in cursor.fetchall()}


def test_a_list_of_any_length_is_filled_in_and_an_empty_one_finds_nothing():
    @prepared
    def asked(*, periods: list[UUID]):
        return Period.objects.filter(pk__in=any_of(periods)).order_by("number")

    made = [month(2014, n) for n in (1, 2, 3)]
    for wanted in (made, [], made[:1], made[1:]):
        assert asked(periods=[row.pk for row in wanted]) == wanted


def test_the_statement_asked_longest_ago_gives_way_and_is_announced_again_when_it_is_asked(monkeypatch):
    @prepared
    def asked(*, year: int, number: int):
        return months(year=year, number=number)

    @prepared
    def other(*, year: int):
        return Period.objects.filter(financial_year=year)

    month(2014, 7)
    monkeypatch.setattr(module, "KEPT", 1)
    for _ in range(2):
        assert len(asked(year=2014, number=7)) == 1
        first = announced()
        assert len(other(year=2014)) == 1
        assert len(announced()) == 1
        assert announced() != first


def ask_in_what_failed(asked):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    asked(year=2014, number=7)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_the_statement_and_a_statement_that_failed_is_told_again():
    @prepared
    def asked(*, year: int, number: int):
        return months(year=year, number=number)

    month(2014, 7)
    assert len(asked(year=2014, number=7)) == 1
    connection.close()
    assert announced() == set()
    with pytest.raises(DatabaseError), transaction.atomic():
        ask_in_what_failed(asked)
    assert len(asked(year=2014, number=7)) == 1
    assert len(announced()) == 1


def test_the_plan_is_one_for_any_values_from_the_first_use_on():
    @prepared
    def asked(*, year: int, number: int):
        return months(year=year, number=number)

    before = announced()
    asked(year=2014, number=7)
    asked(year=2015, number=1)
    (name,) = announced() - before
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchone() == (2, 0)
