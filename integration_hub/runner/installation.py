"""One installation: its data directory, the addresses that follow from it, and the lock that keeps it to one runner."""

import fcntl
import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from integration_hub.runner.errors import RunnerError

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
LEFTOVERS_STOP_WITHIN = 20.0
# The kernel cuts a socket's path at 108 bytes, and PostgreSQL adds ".s.PGSQL.5432.lock".
SOCKET_PATH_LIMIT = 100


@dataclass(frozen=True)
class Installation:
    """The places of one installation, all below its data directory except the sockets."""

    data: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        return cls(data=Path(environment.get("HUB_DATA_DIR") or ROOT / "var").resolve())

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def redis(self) -> Path:
        return self.data / "redis"

    @property
    def files(self) -> Path:
        """Uploads and issued documents: what a backup holds besides the database."""
        return self.data / "files"

    @property
    def static(self) -> Path:
        return self.data / "static"

    @property
    def restoring(self) -> Path:
        """Exists from just before a restore exchanges anything until it is whole."""
        return self.data / "restoring"

    @property
    def sockets(self) -> Path:
        """The private directory of the embedded servers' sockets: short, and the same at every start."""
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"hub-{os.getuid()}-{digest}"  # noqa: S108  private: made 0700, and refused if it is not ours

    @property
    def database_url(self) -> str:
        """The embedded database as the application's role."""
        return self._url("hub_app")

    @property
    def database_owner_url(self) -> str:
        """The embedded database as the role that owns the tables."""
        return self._url("hub_owner")

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/redis.sock"

    def _url(self, role: str) -> str:
        return f"postgres://{role}@{str(self.sockets).replace('/', '%2F')}/hub"

    def make_directories(self) -> None:
        """Make the data directory and the private socket directory; refuse one that somebody else made."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.files.mkdir(exist_ok=True, mode=0o700)
        self.sockets.mkdir(exist_ok=True, mode=0o700)
        found = self.sockets.lstat()
        ours = found.st_uid == os.getuid() or os.getuid() == 0
        if not stat.S_ISDIR(found.st_mode) or not ours or stat.S_IMODE(found.st_mode) & 0o077:
            raise RunnerError(
                f"{self.sockets} belongs to somebody else or is open to others. "
                "Remove it, or choose another data directory with HUB_DATA_DIR."
            )
        if len(os.fsencode(self.sockets)) > SOCKET_PATH_LIMIT:
            raise RunnerError(f"The path {self.sockets} is too long for a socket.")

    def secret_key(self) -> str:
        """The installation's own key: made once, readable by its owner only."""
        self.data.mkdir(parents=True, exist_ok=True)
        path = self.data / "secret-key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        key = secrets.token_urlsafe(50)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
        return key


class DataLock:
    """Holds an installation for one runner, and knows when the last runner's servers have really gone.

    Two locks: `runner` dies with the runner; `servers` is inherited by every child, so that it is free only
    when none is left, however the last runner ended.
    """

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        installation.data.mkdir(parents=True, exist_ok=True)
        self._runner = self._open("lock")
        self._servers = self._open("lock-servers")

    def _open(self, name: str) -> int:
        return os.open(self.installation.data / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @property
    def inherited(self) -> tuple[int, ...]:
        """The descriptor every child must be given."""
        return (self._servers,)

    def take(self, *, command: str, address: str = "") -> None:
        """Take the installation, or raise RunnerError that says who holds it and how to stop it."""
        if not _try_lock(self._runner):
            raise RunnerError(already_running(self.holder(), self.installation.data))
        until = time.monotonic() + LEFTOVERS_STOP_WITHIN
        while not _try_lock(self._servers):
            if time.monotonic() > until:
                raise RunnerError(
                    f"Servers of an earlier run still use {self.installation.data} after "
                    f"{LEFTOVERS_STOP_WITHIN:.0f} seconds. To see which: "
                    f"`fuser -v {self.installation.data}/lock-servers`. End them with kill, then start again."
                )
            time.sleep(0.05)
        note = json.dumps({"pid": os.getpid(), "command": command, "address": address})
        os.ftruncate(self._runner, 0)
        os.pwrite(self._runner, note.encode(), 0)

    def holder(self) -> dict[str, Any]:
        """What the runner that holds the installation wrote about itself; empty when it wrote nothing."""
        try:
            return dict(json.loads(os.pread(self._runner, 4096, 0)))
        except ValueError:
            return {}

    def is_held_elsewhere(self) -> bool:
        """True while another runner holds the installation. Takes nothing."""
        if _try_lock(self._runner):
            fcntl.flock(self._runner, fcntl.LOCK_UN)
            return False
        return True

    def release(self) -> None:
        os.close(self._servers)
        os.close(self._runner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def already_running(holder: Mapping[str, Any], data: Path) -> str:
    """Words for a second start on the same data."""
    command = holder.get("command", "the runner")
    address = f" at {holder['address']}" if holder.get("address") else ""
    pid = holder.get("pid")
    stop = f"press Ctrl-C in its terminal, or `kill {pid}`" if pid else "press Ctrl-C in its terminal"
    return (
        f"`{command}` (process {pid or 'unknown'}) already runs on {data}{address}. To stop it: {stop}. "
        "For a second installation choose another HUB_DATA_DIR and another PORT."
    )


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
