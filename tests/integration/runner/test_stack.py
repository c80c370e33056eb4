import json
import os
import signal
import urllib.request

import pytest

from tests.integration.runner.running import (
    assert_nothing_is_left_of,
    free_port,
    pid_of,
    processes_of,
    wait_until,
)

# One process of the suite runs these, one after the other: each needs most of the machine.
pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]
WORKER, WEB, BEAT = "celery --quiet -A integration_hub worker", "gunicorn integration_hub.wsgi", "integration_hub beat"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """One data directory for all of them, so that only the first start is a cold one."""
    return tmp_path_factory.mktemp("stack") / "data"


@pytest.fixture
def start_stack(start, data):
    def begin(**environment):
        port = free_port()
        stack = start("run", data=data, **({"PORT": str(port), "DEMO": "0"} | environment))
        stack.port = port
        return stack

    return begin


def readyz(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return json.load(answer)


def is_ready(port):
    try:
        return set(readyz(port).values()) == {"ok"}
    except OSError:
        return False


def test_run_gets_every_part_ready_and_one_ctrl_c_stops_them_all(start_stack, data):
    stack = start_stack()
    stack.wait_for("ready at")

    assert readyz(stack.port) == {"database": "ok", "redis": "ok", "migrations": "ok", "worker": "ok"}
    assert all(pid_of(data, words) for words in (WORKER, WEB, BEAT))
    for words in (WORKER, WEB, BEAT):
        with open(f"/proc/{pid_of(data, words)}/environ", "rb") as file:
            environment = file.read()
        assert b"DATABASE_URL=postgres://hub_app@" in environment
        assert b"DATABASE_OWNER_URL" not in environment

    assert stack.stop(signal.SIGINT) == 0
    assert_nothing_is_left_of(data)
    assert "hub      | stopped in" in stack.output


def test_worker_and_web_killed_with_nine_are_started_again_and_second_starts_are_refused(
    start_stack, start, data, tmp_path
):
    stack = start_stack()
    stack.wait_for("ready at")

    same_data = start_stack()
    assert same_data.wait_for_end() == 1
    assert f"`make run` (process {stack.process.pid}) already runs on {data} at http://127.0.0.1:{stack.port}/" in (
        same_data.output
    )
    same_port = start("run", data=tmp_path / "other", PORT=str(stack.port))
    assert same_port.wait_for_end() == 1
    assert f"Port {stack.port} on 127.0.0.1 cannot be used" in same_port.output
    assert not (tmp_path / "other" / "postgres").exists()

    for words, name in ((WORKER, "worker"), (WEB, "web")):
        killed = pid_of(data, words)
        os.kill(killed, signal.SIGKILL)
        stack.wait_for(f"{name} ended unexpectedly (signal SIGKILL); starting it again")
        wait_until(
            lambda words=words, killed=killed: any(words in c and p != killed for p, c in processes_of(data).items()),
            within=90,
        )
    wait_until(lambda: is_ready(stack.port), within=90, otherwise=lambda: stack.output)

    assert stack.stop(signal.SIGTERM) == 0
    assert_nothing_is_left_of(data)


def test_runner_killed_with_nine_leaves_nothing_and_the_next_start_has_every_committed_row(start_stack, data):
    first = start_stack()
    first.wait_for("ready at")
    first.sql("CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (2014)")

    first.process.kill()
    first.wait_for_end()
    assert_nothing_is_left_of(data)

    second = start_stack()
    second.wait_for("ready at")
    assert second.sql("SELECT n FROM kept") == [(2014,)]

    os.kill(pid_of(data, "/bin/postgres -D"), signal.SIGKILL)
    assert second.wait_for_end() == 1
    assert "postgres ended unexpectedly (signal SIGKILL). Everything committed is kept" in second.output
    assert_nothing_is_left_of(data)
