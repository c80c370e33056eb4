"""Journeys drive Debian's chromium through the whole installation, started as `make run` starts it.

Those about people and sign-in run on the live server of the tests instead: they need accounts that are no
demonstration's, and the letters that went out.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser
from pytest_django import Settings

from tests.functional.browsing import Visitor
from tests.functional.journey import Hub
from tests.integration.runner.running import Runner, assert_nothing_is_left_of, free_port


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A running installation whose demonstration has Southwark's 2014/15 still empty (make demo-reset AT=start)."""
    data = tmp_path_factory.mktemp("hub") / "data"
    reset = Runner("demo-reset", "--at=start", data=data)
    assert reset.wait_for_end() == 0, reset.output
    port = str(free_port())
    runner = Runner("run", data=data, PORT=port)
    try:
        runner.wait_for("ready at")
        yield Hub(runner=runner, address=f"http://127.0.0.1:{port}")
    finally:
        runner.stop()
        assert_nothing_is_left_of(data)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where the pictures of a journey go: HUB_SHOTS, else the test's own directory."""
    path = Path(os.environ.get("HUB_SHOTS") or tmp_path)
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def visitor(browser: Browser, live_server: object, settings: Settings) -> Iterator[Callable[[], Visitor]]:
    """Open a fresh browser on the live server; wrong passwords and codes are counted for this test alone."""
    cache = project.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}
    opened: list[Visitor] = []

    def visit() -> Visitor:
        context = browser.new_context(base_url=str(live_server), viewport={"width": 1280, "height": 900})
        context.set_default_timeout(10_000)
        opened.append(Visitor(context.new_page()))
        return opened[-1]

    yield visit
    for each in opened:
        each.page.context.close()
    assert [fault for each in opened for fault in each.faults] == []
