"""A query that is put together once answers as if it were put together each time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration_hub.core.models import Period
from integration_hub.core.prepared import Prepared
from tests.factories.money import month

pytestmark = pytest.mark.django_db


def months(*, year, number):
    return Period.objects.filter(financial_year=year, number__gte=number, kind="month").values_list("number", "label")


def test_values_are_given_at_each_use_and_the_text_is_made_once():
    made = []

    def build(**values):
        made.append(values)
        return months(**values).order_by("number")

    prepared = Prepared(build, year=32001, number=32002)
    for n in (1, 3, 12):
        month(2014, n)
    for year, number in ((2014, 1), (2014, 12), (2015, 3)):
        with CaptureQueriesContext(connection) as queries:
            rows = prepared.rows(year=year, number=number)
        assert rows == list(months(year=year, number=number).order_by("number"))
        assert len(queries) == 1
    assert len(made) == 1


def test_a_value_that_is_not_found_in_the_query_is_an_error_and_no_wrong_answer():
    prepared = Prepared(lambda year, number: months(year=year, number=3), year=32001, number=32002)
    with pytest.raises(ValueError, match="leaves out number"):
        prepared.rows(year=2014, number=1)
