from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.runner.running import Runner, assert_nothing_is_left_of


@pytest.fixture(scope="session")
def application_role() -> None:
    """These tests start servers of their own: the suite's database is none of their business."""


@pytest.fixture(autouse=True)
def as_application() -> None:
    """Whoever needs the suite's database here asks for it, and is its owner."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    """Start the runner on a data directory of the test's own; nothing outlives the test."""
    runners: list[Runner] = []

    def begin(*arguments: str, data: Path = tmp_path / "data", **environment: str) -> Runner:
        runners.append(Runner(*arguments, data=data, **environment))
        return runners[-1]

    yield begin
    for runner in runners:
        if runner.process.poll() is None:
            runner.process.kill()
            runner.process.wait()
    for data in {runner.installation.data for runner in runners}:
        assert_nothing_is_left_of(data)
