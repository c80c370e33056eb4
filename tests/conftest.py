"""What every test stands on: the real PostgreSQL and Redis that the runner started, and people with roles."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import worlds

INTEGRATION = Path(__file__).parent / "integration"
RUNNER = INTEGRATION / "runner"


def pytest_configure() -> None:
    """Tests read static files where they lie, and hash passwords quickly."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Integration tests get the test database by mark: without one pytest-django leaves the real one in place."""
    for item in items:
        if (
            INTEGRATION in item.path.parents
            and RUNNER not in item.path.parents
            and not item.get_closest_marker("django_db")
        ):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture
def world(db: None) -> worlds.World:
    """Southwark's council and CCG with a person for each role, their board and 2014/15 fund; Hackney's as strangers."""
    return worlds.build()
