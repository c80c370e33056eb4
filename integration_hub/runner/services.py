"""The database and the broker of an installation: embedded where no address is given, otherwise the given ones."""

import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from integration_hub.runner.embedded import EmbeddedPostgres, EmbeddedRedis, identity
from integration_hub.runner.installation import LOOPBACK_HOSTS, DataLock, Installation
from integration_hub.runner.processes import Supervisor

FIRST_START_WITHIN = 60.0


@dataclass(frozen=True)
class Services:
    """The environment for programs that use an installation."""

    installation: Installation
    environment: Mapping[str, str]
    embedded_database: bool
    embedded_redis: bool

    @property
    def as_application(self) -> dict[str, str]:
        """For web, worker and beat: the application's role, never the owner's address."""
        return {name: value for name, value in self.environment.items() if name != "DATABASE_OWNER_URL"}

    @property
    def as_owner(self) -> dict[str, str]:
        """For the process that migrates, and for tests."""
        return dict(self.environment)


def describe(installation: Installation, environment: Mapping[str, str]) -> Services:
    """What the environment asks for; starts nothing."""
    embedded_database = not environment.get("DATABASE_URL")
    embedded_redis = not environment.get("REDIS_URL")
    result = dict(environment)
    result["HUB_DATA_DIR"] = str(installation.data)
    result["HUB_EMBEDDED"] = "1" if embedded_database else "0"
    result.setdefault("DJANGO_SETTINGS_MODULE", "integration_hub.settings")
    if embedded_database:
        result["DATABASE_URL"] = installation.database_url
        result["DATABASE_OWNER_URL"] = installation.database_owner_url
    if embedded_redis:
        result["REDIS_URL"] = installation.redis_url
    if not result.get("DEMO"):
        loopback = result.get("HOST", "127.0.0.1") in LOOPBACK_HOSTS
        result["DEMO"] = "1" if embedded_database and loopback else "0"
    if not result.get("SECRET_KEY") and not result.get("SECRET_KEY_FILE"):
        result["SECRET_KEY"] = installation.secret_key()
    return Services(installation, result, embedded_database, embedded_redis)


async def start(supervisor: Supervisor, services: Services, lock: DataLock, *, throw_away: bool = False) -> None:
    """Start the embedded servers that the installation needs, database first."""
    installation = services.installation
    installation.make_directories()
    quiet = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TZ") if name in os.environ}
    if services.embedded_database:
        postgres = EmbeddedPostgres(installation, identity(), quiet, lock.inherited, throw_away)
        postgres.initialise()
        await supervisor.start(postgres.program(), ready=postgres.is_ready, within=FIRST_START_WITHIN)
        postgres.make_roles_and_database()
    if services.embedded_redis:
        redis = EmbeddedRedis(installation, quiet, lock.inherited, throw_away)
        await supervisor.start(redis.program(), ready=redis.is_ready, within=FIRST_START_WITHIN)
        redis.forget_worker()


@contextlib.asynccontextmanager
async def running(
    installation: Installation, environment: Mapping[str, str], *, command: str, throw_away: bool = False
) -> AsyncIterator[tuple[Supervisor, Services]]:
    """An installation's services for the length of a block: those of its runner if it runs, otherwise our own."""
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    services = describe(installation, environment)
    with DataLock(installation) as lock:
        if lock.is_held_elsewhere():
            yield supervisor, services
            return
        lock.take(command=command)
        try:
            await start(supervisor, services, lock, throw_away=throw_away)
            yield supervisor, services
        finally:
            await supervisor.stop_all()
