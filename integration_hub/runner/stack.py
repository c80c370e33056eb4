"""`run`: the whole installation in the foreground, from the database to the timetable."""

import asyncio
import contextlib
import hashlib
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from integration_hub.runner import probe, services
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import ROOT, DataLock, Installation
from integration_hub.runner.processes import Program, Stopped, Supervisor, say
from integration_hub.runner.services import Services

READY_WITHIN = 60.0
POLL_EVERY = 0.25
STATIC_SOURCES = (ROOT / "integration_hub" / "static", ROOT / "var" / "assets")


async def run(installation: Installation, environment: Mapping[str, str]) -> int:
    """Start everything, say where it is, and stay until asked to stop. Exit status 0 after an ordinary stop."""
    began = time.monotonic()
    host, port = environment.get("HOST") or "127.0.0.1", port_of(environment)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    with DataLock(installation) as lock:
        lock.take(command="make run", address=address)
        check_port_is_free(host, port)
        refuse_interrupted_restore(installation)
        described = services.describe(installation, environment)
        try:
            await services.start(supervisor, described, lock)
            accounts = await prepare(supervisor, described)
            for program in programs(described, host, port, lock.inherited):
                await supervisor.start(program, ready=_at_once, within=1)
            await answers(supervisor, host, port, name=probe.allowed_name(environment))
            say(f"ready at {address} after {time.monotonic() - began:.1f} s; Ctrl-C stops everything")
            if accounts:
                sys.stdout.write(accounts)
                sys.stdout.flush()
            await supervisor.until_stopped()
        except Stopped:
            pass
        finally:
            stopping = time.monotonic()
            await supervisor.stop_all()
            say(f"stopped in {time.monotonic() - stopping:.1f} s")
    return 0


async def prepare(supervisor: Supervisor, described: Services, *, at: str = "", static: bool = True) -> str:
    """Migrate, grant, load what is missing, collect changed static files; the words about demonstration accounts."""
    with tempfile.TemporaryDirectory(prefix="hub-") as directory:
        accounts = Path(directory) / "accounts.txt"
        argv = [sys.executable, "-m", "integration_hub.runner.prepare", "--accounts", str(accounts)]
        stamp, wanted = described.installation.static / ".collected", static_fingerprint()
        collect = static and (not stamp.exists() or stamp.read_text() != wanted)
        argv += ["--static"] * collect
        argv += ["--at", at] if at else []
        await supervisor.run(
            Program(
                name="prepare",
                argv=tuple(argv),
                environment=described.as_owner,
                advice="Its lines above say why; nothing else was started.",
            )
        )
        if collect:
            stamp.write_text(wanted)
        return accounts.read_text(encoding="utf-8") if accounts.exists() else ""


def programs(described: Services, host: str, port: int, inherited: tuple[int, ...]) -> list[Program]:
    """Web, worker and beat, in the order in which they start."""
    # Root is ordinary in a container that is tried out; Celery's page of warning about it is not news there.
    environment = described.as_application | {
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"
    }
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    python = (sys.executable, "-m")
    celery = (*python, "celery", "--quiet", "-A", "integration_hub")
    web = (
        *(*python, "gunicorn", "integration_hub.wsgi"),
        *("--bind", bind),
        *("--worker-class", "gthread"),
        *("--workers", environment.get("WEB_WORKERS") or "2"),
        *("--threads", environment.get("WEB_THREADS") or "4"),
        *("--timeout", "60"),
        *("--graceful-timeout", "3"),
        *("--log-level", "warning"),
        "--no-control-socket",
    )
    worker = (
        *celery,
        "worker",
        *("--concurrency", environment.get("JOB_WORKERS") or "2"),
        *("--loglevel", "WARNING"),
        "--without-gossip",
        "--without-mingle",
    )
    beat = (
        *celery,
        "beat",
        "--loglevel",
        "WARNING",
        "--schedule",
        str(described.installation.data / "beat-schedule"),
    )

    def application(name: str, argv: tuple[str, ...], *, grace: float) -> Program:
        return Program(
            name,
            argv,
            environment,
            restart=True,
            layer="application",
            grace=grace,
            hide=("Service Unavailable: /readyz",),  # our own asking, while the worker still starts
            inherited=inherited,
        )

    return [
        application("web", web, grace=5),
        # Jobs are rows: one that is cut short after the grace is taken up again by the sweep of the next start.
        application("worker", worker, grace=10),
        application("beat", beat, grace=3),
    ]


async def answers(supervisor: Supervisor, host: str, port: int, *, name: str) -> None:
    """Wait until /readyz answers 200: database, Redis, migrations, and a heartbeat of this run's worker."""
    last = ""

    async def is_ready() -> bool:
        nonlocal last
        status, last = await asyncio.to_thread(probe.ask, host, port, name=name)
        if status not in {0, 200, 503}:
            # Waiting would not mend it, and its page of HTML would help nobody on a terminal.
            last = f"status {status}"
            raise RunnerError("The web server runs, but not as it should; its own lines above say why.")
        if status != 200:
            await asyncio.sleep(POLL_EVERY)
        return status == 200

    try:
        await supervisor.until(is_ready, within=READY_WITHIN, waiting_for="The installation")
    except RunnerError as error:
        raise RunnerError(f"{error} Its last answer at /readyz: {last}") from error


async def _at_once() -> bool:
    return True


def port_of(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise RunnerError(f"PORT is {text!r}; write a number from 1 to 65535, as in: PORT=8001 make run")
    return int(text)


def check_port_is_free(host: str, port: int) -> None:
    """RunnerError when somebody else listens on the address."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with contextlib.closing(socket.socket(family, kind, protocol)) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(where)
    except OSError as error:
        raise RunnerError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Stop what listens there, "
            f"or choose another port: PORT={port + 1 if port < 65535 else 8000} make run"
        ) from error


def refuse_interrupted_restore(installation: Installation) -> None:
    if installation.restoring.exists():
        raise RunnerError(
            "A restore was interrupted, so database and files may not belong together. "
            f"Finish it first: make restore FILE={installation.restoring.read_text().strip()} FORCE=1"
        )


def static_fingerprint() -> str:
    """Changes whenever a static file or an installed package may have changed."""
    total = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for source in STATIC_SOURCES:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                found = path.stat()
                total.update(f"{path.relative_to(ROOT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return total.hexdigest()
