import asyncio
import sys
import time

import pytest

from integration_hub.runner.errors import RunnerError
from integration_hub.runner.processes import RESTARTS_IN_A_MINUTE, Program, Stopped, Supervisor
from tests.integration.runner.running import wait_until

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def python(name: str, code: str, **options: object) -> Program:
    return Program(name=name, argv=(sys.executable, "-c", code), environment={}, **options)


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def printed(capsys: pytest.CaptureFixture[str], words: str):
    seen = ""

    async def ready() -> bool:
        nonlocal seen
        seen += capsys.readouterr().out
        return words in seen

    return ready


def test_programs_stop_in_the_reverse_order_of_their_start(capsys, tmp_path):
    log = tmp_path / "log"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    open({log!r}, 'a').write({name!r} + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print({name!r} + ' up', flush=True)\n"
        "time.sleep(60)\n"
    )

    async def scene() -> None:
        supervisor = Supervisor()
        for name in ("database", "broker", "web"):
            program = python(name, code.format(name=name, log=str(log)), layer=name)
            await supervisor.start(program, ready=printed(capsys, f"{name} up"), within=10)
        await supervisor.stop_all()

    asyncio.run(scene())

    assert log.read_text() == "web broker database "


def test_program_that_will_not_stop_is_killed_after_its_grace(capsys):
    async def scene() -> float:
        supervisor = Supervisor()
        program = python("deaf", STUBBORN, grace=0.3)
        await supervisor.start(program, ready=printed(capsys, "up"), within=10)
        began = time.monotonic()
        await supervisor.stop_all()
        return time.monotonic() - began

    assert 0.3 <= asyncio.run(scene()) < 5
    assert "deaf did not stop in time; killing it" in capsys.readouterr().out


def test_second_request_to_stop_waits_for_nobodys_grace(capsys):
    async def scene() -> float:
        supervisor = Supervisor()
        await supervisor.start(python("deaf", STUBBORN, grace=30), ready=printed(capsys, "up"), within=10)
        supervisor.stop_soon()
        supervisor.stop_soon()
        began = time.monotonic()
        await supervisor.stop_all()
        return time.monotonic() - began

    assert asyncio.run(scene()) < 5


def test_program_that_keeps_falling_is_given_up_with_the_reason(monkeypatch, capsys):
    monkeypatch.setattr("integration_hub.runner.processes.FIRST_PAUSE", 0.001)

    async def scene() -> None:
        supervisor = Supervisor()
        try:
            await supervisor.start(python("web", "raise SystemExit(3)", restart=True), ready=yes, within=10)
            await supervisor.until_stopped()
        finally:
            await supervisor.stop_all()

    with pytest.raises(RunnerError, match="web ended 6 times within a minute, the last time with exit status 3"):
        asyncio.run(scene())
    assert capsys.readouterr().out.count("starting it again") == RESTARTS_IN_A_MINUTE


def test_program_that_must_not_fall_takes_everything_down_with_it():
    async def scene() -> None:
        supervisor = Supervisor()
        try:
            await supervisor.start(python("postgres", "pass", advice="Start again."), ready=yes, within=10)
            await supervisor.until_stopped()
        finally:
            await supervisor.stop_all()

    with pytest.raises(RunnerError, match=r"postgres ended unexpectedly \(exit status 0\)\. Start again\."):
        asyncio.run(scene())


def test_program_that_ends_while_starting_is_reported_at_once():
    async def scene() -> None:
        supervisor = Supervisor()
        await supervisor.start(python("redis", "raise SystemExit(4)", advice="Do this."), ready=no, within=30)

    with pytest.raises(RunnerError, match=r"redis ended while starting \(exit status 4\)\. Do this\."):
        asyncio.run(scene())


def test_stop_during_a_long_preparation_stops_that_too(capsys):
    async def scene() -> None:
        supervisor = Supervisor()
        asyncio.get_running_loop().call_later(0.3, supervisor.stop_soon)
        try:
            await supervisor.run(python("prepare", SLEEPER))
        finally:
            began = time.monotonic()
            await supervisor.stop_all()
            assert time.monotonic() - began < 5

    with pytest.raises(Stopped):
        asyncio.run(scene())


def test_output_has_the_programs_name_in_front_of_each_line_and_hides_what_it_should(capsys):
    code = "import sys; sys.stdout.write('one\\nLOG: two\\n' + 'x' * 200000 + '\\nlast')"

    async def scene() -> None:
        supervisor = Supervisor()
        await supervisor.run(python("job", code, hide=("LOG:",)))

    asyncio.run(scene())

    assert capsys.readouterr().out.splitlines() == ["job      | one", "job      | " + "x" * 200000, "job      | last"]


def test_children_of_a_program_are_gone_when_it_is_stopped(capsys, tmp_path):
    pid_file = tmp_path / "pid"
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\n"
        "print('parent up', flush=True)\n"
        "time.sleep(60)\n"
    )

    async def scene() -> None:
        supervisor = Supervisor()
        await supervisor.start(python("web", code), ready=printed(capsys, "parent up"), within=10)
        await supervisor.stop_all()

    asyncio.run(scene())

    # A killed process may still be seen for a moment, and as a zombie until somebody asks for its status.
    wait_until(lambda: state_of(pid_file.read_text()) in {"gone", "Z"}, within=10)


def state_of(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"
