"""`backup` and `restore`: the database and every file in one archive, checked member by member.

The archive is a gzipped tar: `manifest.json`, `database.dump` (pg_dump's custom format) and `files/…`. The manifest
has the versions, the number of rows of each table, and the SHA-256 of each other member. Secrets are not in it: neither
the SECRET_KEY nor any address.
"""

import contextlib
import hashlib
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from integration_hub.runner import services
from integration_hub.runner.embedded import find_postgres
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import ROOT, DataLock, Installation, already_running
from integration_hub.runner.processes import Program, Supervisor, say
from integration_hub.runner.services import Services

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
PIECE = 1 << 20
Connection = "psycopg2.extensions.connection"


@dataclass(frozen=True)
class Snapshot:
    """One moment of a database: what pg_dump needs to dump that moment, and what it holds."""

    name: str
    rows: dict[str, int]
    migrations: list[str]
    server: str


def owner_url(described: Services) -> str:
    """The address with the widest rights that this process was given."""
    return described.environment.get("DATABASE_OWNER_URL") or described.environment["DATABASE_URL"]


# ---------------------------------------------------------------- backup


def write_backup(described: Services, archive: Path) -> dict[str, Any]:
    """Write the archive beside its name and rename it when it is whole; its manifest."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    unfinished = archive.with_name(archive.name + ".unfinished")
    dump = archive.with_name(archive.name + ".dump")
    try:
        with contextlib.closing(psycopg2.connect(owner_url(described))) as connection:
            snapshot = take_snapshot(connection)
            dump_database(owner_url(described), snapshot.name, dump)
        # After the database: a file that a row names was written before the row.
        members = {DUMP: dump} | {FILES + name: path for name, path in files_below(described.installation.files)}
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "server": snapshot.server,
            "migrations": snapshot.migrations,
            "rows": snapshot.rows,
            "sha256": {name: hash_of(path) for name, path in members.items()},
        }
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar,
        ):
            content = json.dumps(manifest, indent=1, sort_keys=True).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mtime, entry.mode = len(content), int(time.time()), 0o600
            tar.addfile(entry, io.BytesIO(content))
            for name, path in members.items():
                tar.add(path, arcname=name, recursive=False)
        unfinished.rename(archive)
        return manifest
    finally:
        dump.unlink(missing_ok=True)
        unfinished.unlink(missing_ok=True)


def take_snapshot(connection: "psycopg2.extensions.connection") -> Snapshot:
    """Hold one moment of the database for as long as the connection's transaction lasts."""
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        name, server = cursor.fetchone()
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if cursor.fetchone() == (True,):
            raise RunnerError("This installation has an empty database: there is nothing to back up yet.")
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [migration for (migration,) in cursor]
        return Snapshot(name, count_rows(cursor), migrations, server)


def count_rows(cursor: "psycopg2.extensions.cursor") -> dict[str, int]:
    """The number of rows of every table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table)))
        counts[table] = int(cursor.fetchone()[0])
    return counts


def dump_database(url: str, snapshot: str, file: Path) -> None:
    command = [
        postgres_program("pg_dump"),
        "--format=custom",
        "--schema=public",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={file}",
    ]
    run_client(command, url)


def files_below(directory: Path) -> Iterator[tuple[str, Path]]:
    """Each file with its name relative to the directory, in order."""
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(directory).as_posix(), path


# ---------------------------------------------------------------- restore


async def restore(
    installation: Installation, environment: Mapping[str, str], archive: Path, *, force: bool = False
) -> None:
    """Bring an archive back, all or nothing, into an installation without accounts (or with `force` into any).

    The database is restored under another name, checked, migrated and granted, and only then takes the old one's place.
    """
    if not archive.is_file():
        raise RunnerError(f"There is no file {archive}. Name one: make restore FILE=var/backups/….tar.gz")
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    described = services.describe(installation, environment)
    with DataLock(installation) as lock:
        if lock.is_held_elsewhere():
            raise RunnerError("Nothing was touched. " + already_running(lock.holder(), installation.data))
        lock.take(command="make restore")
        workshop = installation.data / f"restore-{os.getpid()}"
        try:
            if described.embedded_redis:
                shutil.rmtree(installation.redis, ignore_errors=True)
            await services.start(supervisor, described, lock)
            if not force:
                refuse_unless_empty(described)
            manifest = unpack(archive, workshop)
            await exchange(supervisor, described, archive.resolve(), workshop, manifest)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
            await supervisor.stop_all()
    say(f"restored {sum(manifest['rows'].values()):,} rows and {len(manifest['sha256']) - 1:,} files")


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, workshop: Path) -> None:
    """Write one file or make one folder inside the workshop; ValueError for anything else.

    By hand, for Python 3.11.2, which Debian ships, has no filters for archives yet.
    """
    target = (workshop / member.name).resolve()
    if not target.is_relative_to(workshop):
        raise ValueError(f"{member.name} would lie outside")
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    source = tar.extractfile(member) if member.isfile() else None
    if source is None:
        raise ValueError(f"{member.name} is no file")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def unpack(archive: Path, workshop: Path) -> dict[str, Any]:
    """Unpack into an empty directory and hold every member against the manifest; the manifest.

    RunnerError for a member that is missing, changed, not listed, or of a newer version of the application.
    """
    workshop.mkdir(mode=0o700)
    (workshop / "files").mkdir(mode=0o700)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                _unpack_member(tar, member, workshop.resolve())
        manifest: dict[str, Any] = json.loads((workshop / MANIFEST).read_bytes())
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise RunnerError(f"{archive} is not a whole backup ({error}). Nothing was touched.") from error
    if manifest.get("format") != FORMAT:
        raise RunnerError(f"{archive} has format {manifest.get('format')}; this version reads {FORMAT}.")
    found = {name: hash_of(path) for name, path in files_below(workshop) if name != MANIFEST}
    expected = manifest["sha256"]
    wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if wrong:
        raise RunnerError(
            f"{archive} is damaged: {', '.join(wrong[:5])} {'is' if len(wrong) == 1 else 'are'} missing, changed or "
            "not listed. Nothing was touched."
        )
    newer = [name for name in manifest["migrations"] if is_unknown_here(name)]
    if newer:
        raise RunnerError(
            f"{archive} was made by a newer version of the application (it has {newer[0]}). Nothing was touched. "
            "Install that version, then restore."
        )
    return manifest


def is_unknown_here(migration: str) -> bool:
    """True for a migration of one of our own apps that this version does not have."""
    app, _, name = migration.partition(".")
    for directory in (ROOT / app / "migrations", ROOT / "integration_hub" / app / "migrations"):
        if directory.is_dir():
            return not (directory / f"{name}.py").exists()
    return False


def refuse_unless_empty(described: Services) -> None:
    with (
        contextlib.closing(psycopg2.connect(owner_url(described))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT to_regclass('partners_user') IS NOT NULL")
        accounts = 0
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT count(*) FROM partners_user")
            accounts = int(cursor.fetchone()[0])
    files = sum(1 for _ in files_below(described.installation.files))
    if accounts or files:
        raise RunnerError(
            f"This installation has {accounts} account(s) and {files} file(s), which a restore would replace. Nothing "
            "was touched. Save them with `make backup`, then: make restore FILE=… FORCE=1"
        )


async def exchange(
    supervisor: Supervisor, described: Services, archive: Path, workshop: Path, manifest: Mapping[str, Any]
) -> None:
    """Restore beside the present database, then let the restored one and its files take the place of the old."""
    url = owner_url(described)
    present = unquote(urlsplit(url).path.lstrip("/"))
    mark = secrets.token_hex(4)
    restored, replaced = f"{present}_restored_{mark}", f"{present}_replaced_{mark}"
    installation = described.installation
    with contextlib.closing(maintenance_connection(url)) as server:
        execute(server, "CREATE DATABASE {}", restored)
        try:
            load_dump(database_url(url, restored), workshop / DUMP, manifest)
            environment = described.as_owner | {
                name: database_url(value, restored)
                for name, value in described.environment.items()
                if name in {"DATABASE_URL", "DATABASE_OWNER_URL"}
            }
            prepare = (sys.executable, "manage.py", "prepare_database", "--verbosity", "0")
            await supervisor.run(Program(name="prepare", argv=prepare, environment=environment))
            refuse_while_in_use(server, present)
        except BaseException:
            execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", restored)
            raise
        # From here to the removal of the mark a crash leaves the two halves apart; `make run` then asks for a new try.
        installation.restoring.write_text(f"{archive}\n", encoding="utf-8")
        server.autocommit = False
        with server, server.cursor() as cursor:
            for old, new in ((present, replaced), (restored, present)):
                cursor.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )
        server.autocommit = True
        old_files = workshop / "replaced"
        installation.files.rename(old_files)
        (workshop / "files").rename(installation.files)
        installation.restoring.unlink()
        execute(server, "DROP DATABASE {} WITH (FORCE)", replaced)


def load_dump(url: str, dump: Path, manifest: Mapping[str, Any]) -> None:
    """Fill an empty database, and count every table against the manifest."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        # A dump of one schema leaves extensions out, and its tables need them.
        for extension in ("btree_gist", "citext", "pg_trgm", "unaccent"):
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    contents = subprocess.run(
        [postgres_program("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
    ).stdout
    listing = dump.with_suffix(".list")
    # The schema itself is there already, and its owner is the database's.
    listing.write_text("".join(line for line in contents.splitlines(True) if " SCHEMA - public " not in line))
    command = [
        postgres_program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--use-list={listing}",
        f"--dbname={url}",
        str(dump),
    ]
    run_client(command, "")
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        rows = count_rows(cursor)
    differing = sorted(t for t in rows.keys() | manifest["rows"].keys() if rows.get(t) != manifest["rows"].get(t))
    if differing:
        raise RunnerError(
            f"The restored database differs from the manifest in {', '.join(differing[:5])}. Nothing was touched."
        )


def refuse_while_in_use(server: "psycopg2.extensions.connection", database: str) -> None:
    with server.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database])
        users = int(cursor.fetchone()[0])
    if users:
        raise RunnerError(
            f"{users} connection(s) use the database {database}. Nothing was touched. Stop web, worker and beat, "
            "then restore again."
        )


def maintenance_connection(url: str) -> "psycopg2.extensions.connection":
    """A connection to the same server that is not to the database itself; each statement commits by itself."""
    connection = psycopg2.connect(database_url(url, "postgres"))
    connection.autocommit = True
    return connection


def execute(connection: "psycopg2.extensions.connection", statement: str, database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(database)))


# ---------------------------------------------------------------- common


def database_url(url: str, database: str) -> str:
    """The same address for another database."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(database, safe="")))


def postgres_program(name: str) -> str:
    """The client of the embedded server's wheel, which talks to every older server too; else one on the PATH."""
    with contextlib.suppress(RunnerError):
        return str(find_postgres() / name)
    found = shutil.which(name)
    if found is None:
        raise RunnerError(f"{name} is not installed here. On Debian and Ubuntu: apt-get install postgresql-client")
    return found


def run_client(command: list[str], url: str) -> None:
    done = subprocess.run(
        [*command, *([f"--dbname={url}"] if url else [])], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RunnerError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hash_stream(file)


def hash_stream(file: BinaryIO) -> str:
    total = hashlib.sha256()
    while piece := file.read(PIECE):
        total.update(piece)
    return total.hexdigest()
