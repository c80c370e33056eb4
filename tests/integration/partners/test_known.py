"""Scopes written into SQL once for a request: kept for whoever's partners were loaded, and the rows still asked for."""

import pytest
from django.db.models.expressions import RawSQL
from django.utils import timezone

from partners.domain.roles import Role
from partners.models import User, known
from partners.models.known import may_have_left
from partners.selectors import memberships, viewing
from pooled_budgets.models import Fund, Scheme
from tests.factories.money import FundFactory, SchemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(world) -> User:
    loaded = memberships.signed_in(world.person("finance").pk)
    assert loaded is not None
    return loaded


def test_scope_is_written_once_and_its_rows_are_asked_each_time(world, reader, django_assert_num_queries):
    with django_assert_num_queries(0):
        written = known(reader, Fund.objects.shared_now)
        assert known(reader, Fund.objects.shared_now) is written
        assert known(reader, Fund.objects.visible_to) is not written
    assert isinstance(written, RawSQL)
    scheme = SchemeFactory(fund=world.fund, owner=world.ccg, released_at=timezone.now())
    shared = Scheme.objects.filter(fund__in=written)
    assert shared.contains(scheme)
    other = FundFactory(agreement=world.fund.agreement, financial_year=2016, released_at=timezone.now())
    later = SchemeFactory(fund=other)
    assert shared.contains(later)


def test_whoever_looks_through_a_lens_and_whoever_was_not_loaded_gets_the_query_itself(world, reader):
    known(reader, Fund.objects.shared_now)
    seen_as = viewing.seen_as_role(world.council, Role.FINANCE, by=world.person("admin"))

    assert not isinstance(known(seen_as, Fund.objects.shared_now), RawSQL)
    assert not isinstance(known(world.person("finance"), Fund.objects.shared_now), RawSQL)


def test_only_who_gave_something_up_may_have_left(world, reader):
    assert not may_have_left(reader)
    assert may_have_left(world.person("finance"))
