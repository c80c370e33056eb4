"""What every test stands on: the real PostgreSQL and Redis that the runner started, and people with roles."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from integration_hub.runner.testing import installed_browser
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, closed after the module: its event loop must not run beneath tests that know nothing of it."""
    executable = os.environ.get("HUB_BROWSER") or installed_browser()
    assert executable, "No chromium found: apt-get install chromium"
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django then asks whether it may use the database.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()
