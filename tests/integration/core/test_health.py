"""What /healthz and /readyz say when a part is away, hangs, or is behind; and that they say it quickly."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from integration_hub.core import health
from integration_hub.core.health import Check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

ALL_OK = {"database": "ok", "redis": "ok", "migrations": "ok", "worker": "ok"}
QUICK = 2.0  # seconds: the second that a check may take, and as much again for a busy machine


@pytest.fixture(autouse=True)
def fresh_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checks with no question in hand, and none left in hand afterwards."""
    database = Check(health.ask_database, silent=health.DATABASE._silent)
    broker = Check(health.ask_redis, silent=health.BROKER._silent)
    monkeypatch.setattr(health, "DATABASE", database)
    monkeypatch.setattr(health, "BROKER", broker)
    health.last_migrations()
    yield
    for check in (database, broker):
        if check._in_hand is not None:
            check._in_hand.result(timeout=10)


@pytest.fixture
def worker(own_redis: redis.Redis) -> redis.Redis:
    """A worker that has just said so; the Redis where it did."""
    health.record_worker_heartbeat()
    return own_redis


@pytest.fixture
def hung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with sockets of a PostgreSQL and a Redis that take calls and never answer."""
    folder = tmp_path_factory.mktemp("hung")
    paths = [folder / ".s.PGSQL.5432", folder / "redis.sock"]
    servers = [socket.socket(socket.AF_UNIX) for _ in paths]
    for server, path in zip(servers, paths, strict=True):
        server.bind(str(path))
        server.listen()
    yield folder
    for server in servers:
        server.close()


def move_database(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let connections that are opened from now on look for the database there."""
    monkeypatch.setitem(connections.settings["default"], "HOST", str(folder))
    monkeypatch.setitem(connections.settings["default"], "PORT", "5432")


def test_healthz_needs_no_sign_in_and_asks_nobody(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_asked_to_change_something_refuses(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_readyz_with_every_part_there_is_ready(client: Client, worker: redis.Redis) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, ALL_OK)
    assert "no-store" in answer["Cache-Control"]


def test_readyz_without_a_worker_names_it(client: Client, worker: redis.Redis) -> None:
    worker.delete(health.WORKER_KEY)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == ALL_OK | {"worker": "no heartbeat in the last 30 seconds"}


def test_worker_heartbeat_is_forgotten_after_thirty_seconds(worker: redis.Redis) -> None:
    assert 0 < worker.pttl(health.WORKER_KEY) <= 30_000


def test_worker_heartbeat_with_redis_away_is_no_failure(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    health.record_worker_heartbeat()


def test_readyz_with_a_migration_missing_names_it(
    client: Client, worker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = health.last_migrations() | {("core", "9999_not_yet")}
    monkeypatch.setattr(health, "last_migrations", lambda: last)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, ALL_OK | {"migrations": "not applied"})


def test_readyz_with_redis_away_says_so_and_no_more(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, ALL_OK | {"redis": "no answer", "worker": "not known"})


def test_readyz_with_the_database_away_says_so_and_no_more(
    client: Client, worker: redis.Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    move_database(monkeypatch, tmp_path)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, ALL_OK | {"database": "no answer", "migrations": "not known"})


def test_readyz_with_database_and_redis_hanging_answers_quickly(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, hung: Path
) -> None:
    settings.REDIS_URL = f"unix://{hung}/redis.sock"
    move_database(monkeypatch, hung)
    begun = time.monotonic()

    answer = client.get("/readyz")

    assert time.monotonic() - begun < QUICK
    assert answer.status_code == 503
    assert set(answer.json().values()) == {"no answer", "not known"}
