"""Child processes that start in order, stop in reverse order, and never outlive the runner."""

import asyncio
import collections
import contextlib
import ctypes
import itertools
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import ROOT

PR_SET_PDEATHSIG = 1
RESTARTS_IN_A_MINUTE = 5
FIRST_PAUSE = 0.25
Result = TypeVar("Result")
Ready = Callable[[], Coroutine[Any, Any, bool]]
# Loaded before any fork: loading a library in a forked child can hang.
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Program:
    """One program to run: how it starts, how it stops, whether it is started again when it falls.

    `orphan_signal` comes from the kernel when the runner dies; `grace` is in seconds; programs of one `layer` need
    not wait for each other when everything stops; lines of output that hold a text of `hide` are not shown.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path = ROOT
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    restart: bool = False
    user: int | None = None
    group: int | None = None
    advice: str = ""
    layer: str = ""
    hide: tuple[str, ...] = ()
    inherited: tuple[int, ...] = field(default=(), kw_only=True)


def say(words: str) -> None:
    """One line of the runner's own to the terminal; a terminal that has gone is no reason to fall."""
    write(f"{'hub':8} | {words}\n")


def write(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()


class Stopped(Exception):
    """Somebody asked to stop while the start was still going on."""


class Child:
    """A started program. Its output appears line by line, each with the program's name in front."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process, output: asyncio.StreamReader) -> None:
        self.program = program
        self.process = process
        self._pump = asyncio.create_task(self._copy(output))

    @classmethod
    async def start(cls, program: Program) -> "Child":
        # A pipe of our own: asyncio's would make the end of the program wait for whoever else holds the pipe.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *program.argv,
                cwd=program.directory,
                env=dict(program.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=asyncio.subprocess.STDOUT,
                # Its own session: Ctrl-C in the terminal reaches the runner alone, which stops everything in order.
                start_new_session=True,
                pass_fds=program.inherited,
                user=program.user,
                group=program.group,
                extra_groups=None if program.user is None else [],
                preexec_fn=_die_with(os.getpid(), program.orphan_signal),
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        output = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb", buffering=0)
        )
        return cls(program, process, output)

    @property
    def is_running(self) -> bool:
        return self.process.returncode is None

    async def ended(self) -> int:
        """Wait for the end and for the last line of output; the exit status, negative for a signal."""
        status = await self.process.wait()
        # A grandchild may keep the pipe open: its output is worth a moment, not a wait.
        await asyncio.wait({self._pump}, timeout=0.5)
        return status

    async def stop(self, *, at_once: asyncio.Event) -> None:
        """Ask it to stop, wait for its grace (or until `at_once` is set), then kill what is left of its session."""
        if self.is_running:
            self.process.send_signal(self.program.stop_signal)
            ending = asyncio.create_task(self.process.wait())
            hurry = asyncio.create_task(at_once.wait())
            await asyncio.wait({ending, hurry}, timeout=self.program.grace, return_when=asyncio.FIRST_COMPLETED)
            hurry.cancel()
            if self.is_running:
                say(f"{self.program.name} did not stop in time; killing it")
        self.kill_session()
        await self.ended()
        self._pump.cancel()

    def kill_session(self) -> None:
        """Kill the program and whatever it started that is still there, its port and its files with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    async def _copy(self, output: asyncio.StreamReader) -> None:
        rest = b""
        while piece := await output.read(65536):
            *lines, rest = (rest + piece).split(b"\n")
            write("".join(map(self._shown, lines)))
        if rest:
            write(self._shown(rest))

    def _shown(self, line: bytes) -> str:
        """The line with its program's name; nothing for what the program is told to keep to itself."""
        text = line.decode(errors="replace")
        if any(words in text for words in self.program.hide):
            return ""
        return f"{self.program.name:8} | {text}\n"


def _die_with(parent: int, orphan_signal: signal.Signals) -> Callable[[], None]:
    """What a child does between fork and exec: ask the kernel for a signal should the runner die.

    It comes after the change of user, which would clear it.
    """

    def prepare() -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, orphan_signal.value, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


class Supervisor:
    """Runs programs until it is asked to stop or one that cannot be started again falls."""

    def __init__(self) -> None:
        self.asked_to_stop = asyncio.Event()
        self.in_a_hurry = asyncio.Event()
        self.failure: str | None = None
        self._children: dict[str, Child] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._closing = False

    def listen_for_signals(self) -> None:
        """Ctrl-C, SIGTERM and SIGHUP stop everything in order; a second one does not wait for anybody's grace."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # started by nohup: the terminal's end is not ours
            loop.add_signal_handler(number, self.stop_soon)

    def stop_soon(self) -> None:
        if self.asked_to_stop.is_set():
            self.in_a_hurry.set()
        self.asked_to_stop.set()

    async def start(self, program: Program, *, ready: Ready, within: float) -> None:
        """Start a program and wait until `ready()`; RunnerError when it ends first or takes longer than `within` s."""
        child = await Child.start(program)
        self._children[program.name] = child
        await self.until(ready, within=within, waiting_for=program.name, child=child)
        self._keepers.append(asyncio.create_task(self._keep(child)))

    async def start_unwatched(self, program: Program) -> Child:
        """Start a one-off program; it is stopped with the others if it is still there."""
        child = await Child.start(program)
        self._children[program.name] = child
        return child

    async def run(self, program: Program) -> None:
        """Run a one-off program to its end; RunnerError when it fails, Stopped when asked to stop meanwhile."""
        child = await self.start_unwatched(program)
        status = await self._or_stop(child.ended())
        del self._children[program.name]
        if status:
            raise RunnerError(f"{program.name} failed ({describe(status)}). {program.advice}".rstrip())

    async def until(self, ready: Ready, *, within: float, waiting_for: str, child: Child | None = None) -> None:
        """Wait until `ready()`; RunnerError when the child ends or `within` seconds pass."""
        deadline = time.monotonic() + within
        while not await self._or_stop(ready()):
            if child is not None and not child.is_running:
                status = await child.ended()
                raise RunnerError(
                    f"{waiting_for} ended while starting ({describe(status)}). {child.program.advice}".rstrip()
                )
            if self.failure:
                raise RunnerError(self.failure)
            if time.monotonic() > deadline:
                advice = child.program.advice if child else ""
                raise RunnerError(f"{waiting_for} was not ready within {within:.0f} seconds. {advice}".rstrip())
            await asyncio.sleep(0.03)

    async def until_stopped(self) -> None:
        """Wait for the stop; RunnerError when the reason is a failure."""
        await self.asked_to_stop.wait()
        if self.failure:
            raise RunnerError(self.failure)

    async def stop_all(self) -> None:
        """Stop every child, the last started first; those of one layer are told in that order and awaited together."""
        self._closing = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        last_first = list(reversed(self._children.values()))
        for _, layer in itertools.groupby(last_first, key=lambda child: child.program.layer):
            await asyncio.gather(*(child.stop(at_once=self.in_a_hurry) for child in layer))
        self._children.clear()

    async def _keep(self, child: Child) -> None:
        """Start a fallen program again after a pause that doubles; give everything up after five times in a minute."""
        program = child.program
        falls: collections.deque[float] = collections.deque()
        while True:
            status = await child.ended()
            if self._closing:
                return
            now = time.monotonic()
            falls.append(now)
            while falls[0] < now - 60:
                falls.popleft()
            if not program.restart:
                self._fail(f"{program.name} ended unexpectedly ({describe(status)}). {program.advice}")
                return
            if len(falls) > RESTARTS_IN_A_MINUTE:
                self._fail(
                    f"{program.name} ended {len(falls)} times within a minute, the last time with "
                    f"{describe(status)}. Its own lines above say why. {program.advice}"
                )
                return
            child.kill_session()
            pause = FIRST_PAUSE * 2 ** (len(falls) - 1)
            say(f"{program.name} ended unexpectedly ({describe(status)}); starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            try:
                child = await Child.start(program)
            except OSError as error:
                self._fail(f"{program.name} cannot be started again: {error}. {program.advice}")
                return
            self._children[program.name] = child

    def _fail(self, words: str) -> None:
        self.failure = self.failure or words.strip()
        self.asked_to_stop.set()

    async def _or_stop(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of the work, or Stopped as soon as somebody asks to stop."""
        working = asyncio.create_task(work)
        stopping = asyncio.create_task(self.asked_to_stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if working.done():
            return working.result()
        working.cancel()
        if self.failure:
            raise RunnerError(self.failure)
        raise Stopped


def describe(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"exit status {status}"
    return f"signal {signal.Signals(-status).name}"


async def foreground(supervisor: Supervisor, argv: list[str], environment: dict[str, str]) -> int:
    """Run a program on this terminal, keyboard and all; its exit status."""
    process = await asyncio.create_subprocess_exec(*argv, env=environment, cwd=ROOT)
    ending: asyncio.Task[int] = asyncio.create_task(process.wait())
    stopping = asyncio.create_task(supervisor.asked_to_stop.wait())
    await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if process.returncode is None:
        process.terminate()
    status = await ending
    if supervisor.failure:
        raise RunnerError(supervisor.failure)
    return status if status >= 0 else 128 - status
