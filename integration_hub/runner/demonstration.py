"""`demo-reset`: the demonstration as it was at first."""

import contextlib
import shutil
from collections.abc import Mapping

from integration_hub.runner import services, stack
from integration_hub.runner.embedded import DATABASE, OWNER, connect
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import DataLock, Installation, already_running
from integration_hub.runner.processes import Stopped, Supervisor, say


async def reset(
    installation: Installation, environment: Mapping[str, str], *, at: str = "", force: bool = False
) -> None:
    """Throw the embedded database, broker and files away and load the demonstration again.

    Refuses without DEMO, on a real database server, while the installation runs, and where people have real accounts.
    """
    described = services.describe(installation, environment)
    if described.environment["DEMO"] != "1":
        raise RunnerError("There is no demonstration here (DEMO is not 1), so nothing was touched.")
    if not described.embedded_database:
        raise RunnerError(
            "demo-reset works on the embedded database only; DATABASE_URL names a server. Drop and create that "
            "database yourself, then start the installation: it loads the demonstration into an empty database."
        )
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    with DataLock(installation) as lock:
        if lock.is_held_elsewhere():
            raise RunnerError("Nothing was touched. " + already_running(lock.holder(), installation.data))
        lock.take(command="make demo-reset")
        try:
            shutil.rmtree(installation.redis, ignore_errors=True)
            await services.start(supervisor, described, lock)
            people = real_people(installation)
            if people and not force:
                raise RunnerError(
                    f"{people} account(s) here do not belong to the demonstration, and demo-reset would remove them "
                    "with all they entered. Nothing was touched but the queue. Save them with `make backup`, then "
                    "`make demo-reset FORCE=1`."
                )
            make_database_again(installation)
            shutil.rmtree(installation.files, ignore_errors=True)
            installation.make_directories()
            await stack.prepare(supervisor, described, at=at, static=False)
            say("the demonstration is as it was at first; `make run` starts it")
        except Stopped as stopped:
            raise RunnerError("Stopped half-way. Run `make demo-reset` again.") from stopped
        finally:
            await supervisor.stop_all()


def make_database_again(installation: Installation) -> None:
    with contextlib.closing(connect(installation, "postgres", "postgres")) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def real_people(installation: Installation) -> int:
    """How many accounts are not the demonstration's, whose addresses all end in .example."""
    with (
        contextlib.closing(connect(installation, "postgres", DATABASE)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT to_regclass('partners_user') IS NOT NULL")
        if cursor.fetchone() == (False,):
            return 0
        cursor.execute("SELECT count(*) FROM partners_user WHERE email NOT LIKE '%.example'")
        return int(cursor.fetchone()[0])
