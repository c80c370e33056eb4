"""The runner as a process of its own, and what it leaves behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2

from integration_hub.runner.installation import ROOT, Installation
from integration_hub.runner.testing import NOT_FOR_TESTS


class Runner:
    """One run of the runner as a process of its own, with everything it prints kept."""

    def __init__(self, *arguments: str, data: Path, **environment: str) -> None:
        self.installation = Installation(data)
        self.log = data.parent / f"{data.name}-{time.monotonic_ns()}.log"
        plain = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "integration_hub.runner", *arguments],
                cwd=ROOT,
                env={**plain, "HUB_DATA_DIR": str(data), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, *, within: float = 180) -> None:
        """Wait until the output has the text; fail with the whole output when the process ends first."""

        def printed() -> bool:
            assert self.process.poll() is None or text in self.output, self.output
            return text in self.output

        wait_until(printed, within=within, otherwise=lambda: self.output)

    def wait_for_end(self, *, within: float = 180) -> int:
        return self.process.wait(timeout=within)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.wait_for_end()

    def sql(self, statement: str, *, role: str = "hub_owner") -> list[tuple]:
        """Run one statement in the installation's database and commit it."""
        connection = psycopg2.connect(host=str(self.installation.sockets), user=role, dbname="hub")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def wait_until(
    true: Callable[[], bool], *, within: float, otherwise: Callable[[], object] = lambda: "never came true"
) -> None:
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, otherwise()
        time.sleep(0.05)


def processes_of(data: Path) -> dict[int, str]:
    """Living processes that have the data directory in their command or their environment, with their commands."""
    found = {}
    mark = os.fsencode(data)
    for directory in Path("/proc").iterdir():
        if directory.name.isdecimal() and int(directory.name) != os.getpid():
            try:
                command, environment = (directory / "cmdline").read_bytes(), (directory / "environ").read_bytes()
            except OSError:  # ended meanwhile, or a zombie of another user
                continue
            if mark in command or mark in environment:
                found[int(directory.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def assert_nothing_is_left_of(data: Path, *, within: float = 60) -> None:
    wait_until(lambda: not processes_of(data), within=within, otherwise=lambda: processes_of(data))


def pid_of(data: Path, words: str) -> int:
    """The oldest process of the installation whose command has the words."""
    return min(pid for pid, command in processes_of(data).items() if words in command)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
