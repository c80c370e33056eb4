"""Fixtures for the tests of the job register and of health."""

import re
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import redis
from pytest_django import Settings

from integration_hub import celery_app
from integration_hub.core import jobs
from tests.integration.core.job_register import KIND


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """The jobs a message was sent for; no broker takes part."""
    messages: list[uuid.UUID] = []

    def send(job_id: uuid.UUID) -> bool:
        messages.append(job_id)
        return True

    monkeypatch.setattr(jobs, "send", send)
    return messages


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch, sent: list[uuid.UUID]) -> Callable[[jobs.Handler], None]:
    """Say what a job of the test's kind does; nothing, unless told."""

    def register(handler: jobs.Handler) -> None:
        monkeypatch.setitem(jobs._handlers, KIND, handler)

    register(lambda attempt: None)
    return register


@pytest.fixture
def own_redis(settings: Settings, worker_id: str) -> Iterator[redis.Redis]:
    """An empty numbered database of the Redis, for this test process alone; settings.REDIS_URL leads there."""
    assert celery_app.conf.broker_url  # Celery reads the address once, on first use: that shall not be this one
    number = 10 + int(re.sub(r"\D", "", worker_id) or 0) % 6
    address = settings.REDIS_URL.partition("?")[0]
    if address.startswith("unix://"):
        settings.REDIS_URL = f"{address}?db={number}"
    else:
        settings.REDIS_URL = urlsplit(address)._replace(path=f"/{number}").geturl()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()
