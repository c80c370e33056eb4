"""What every test stands on: the real PostgreSQL and Redis that the runner started, and people with roles."""

import pytest
from django.conf import settings

from tests.factories import worlds


def pytest_configure() -> None:
    """Tests read static files where they lie, and hash passwords quickly."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db: None) -> worlds.World:
    """Southwark's council and CCG with a person for each role, their board and 2014/15 fund; Hackney's as strangers."""
    return worlds.build()
