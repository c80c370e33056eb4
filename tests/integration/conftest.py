"""Integration tests run on the real PostgreSQL, inside a transaction, as the application's own role.

A test marked `django_db(transaction=True)` flushes tables afterwards, which only the owner may do.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from integration_hub.core.management.commands.prepare_database import grant

APPLICATION_ROLE = "hub_app"


@pytest.fixture(scope="session", autouse=True)
def application_role(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Give the application's role what prepare_database gives it in real life, and nothing more."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        grant(cursor, APPLICATION_ROLE, append_only=settings.APPEND_ONLY_TABLES)


@pytest.fixture(autouse=True)
def as_application(request: pytest.FixtureRequest, application_role: None) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        yield
        return
    request.getfixturevalue("db")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")
    yield
