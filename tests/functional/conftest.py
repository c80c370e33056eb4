"""Journeys drive Debian's chromium through the whole installation, started as `make run` starts it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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
