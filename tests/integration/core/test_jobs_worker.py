"""The job register with a real broker that is there, away or hung, and with real workers that are killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection, transaction

from integration_hub import celery_app
from integration_hub.celery import broker_url
from integration_hub.core import health, jobs
from integration_hub.core.models import AuditEvent, Job
from tests.integration.core import worker_handlers
from tests.integration.core.job_register import NOON, age, eventually

pytestmark = pytest.mark.django_db(transaction=True)

KIND = worker_handlers.KIND
START = 60.0  # seconds; only a failing test waits so long
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def broker(own_redis: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> redis.Redis:
    """Celery talks to this test's own Redis, and has no failure to remember."""
    point_at(django_settings.REDIS_URL, monkeypatch)
    return own_redis


def point_at(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_url", broker_url(redis_url))
    monkeypatch.setattr(jobs, "_broker_tried_again_at", 0.0)


def messages(broker: redis.Redis) -> list[str]:
    """The ids of the jobs in Celery's queue."""
    bodies = [json.loads(message)["body"] for message in broker.lrange("hub", 0, -1)]
    return [json.loads(b64decode(body))[1]["job_id"] for body in bodies]


# The broker


def test_enqueue_puts_one_message_into_the_queue(broker: redis.Redis) -> None:
    job = jobs.enqueue(KIND, at=NOON)

    assert messages(broker) == [str(job.pk)]


@pytest.fixture
def away(tmp_path: Path) -> str:
    return f"unix://{tmp_path}/nobody.sock"


@pytest.fixture
def closed_port() -> str:
    return "redis://127.0.0.1:1/0"


@pytest.fixture
def hung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that takes calls and never answers."""
    path = tmp_path_factory.mktemp("hung") / "redis.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield f"unix://{path}"


@pytest.mark.enable_socket
@pytest.mark.parametrize("address", ["away", "closed_port", "hung"])
def test_enqueue_with_the_broker_away_keeps_the_page_quick_and_the_job_queued(
    address: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, broker: redis.Redis
) -> None:
    home = django_settings.REDIS_URL
    jobs.enqueue(KIND, at=NOON)  # a web process has loaded Celery long before
    broker.flushdb()
    point_at(request.getfixturevalue(address), monkeypatch)
    begun = time.monotonic()

    with transaction.atomic():
        asked = [jobs.enqueue(KIND, at=NOON) for _ in range(20)]

    assert time.monotonic() - begun < 1
    assert {job.status for job in Job.objects.filter(pk__in=[job.pk for job in asked])} == {"queued"}

    point_at(home, monkeypatch)
    for job in asked:
        age(job, seconds=0)
    assert jobs.sweep().sent == 20
    assert sorted(messages(broker)) == sorted(str(job.pk) for job in asked)


def test_send_after_the_broker_was_restarted_finds_it_again(broker: redis.Redis) -> None:
    jobs.enqueue(KIND, at=NOON)
    # What a restart looks like from here: every connection is cut.
    broker.client_kill_filter(_type="normal", skipme=True)

    job = jobs.enqueue(KIND, at=NOON)

    assert str(job.pk) in messages(broker)


# Workers


class Worker:
    """A real `celery worker` on the test's database (as the application's role) and Redis."""

    def __init__(self, folder: Path, name: str) -> None:
        self.log = folder / f"{name}.log"
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
        environment |= {"DATABASE_URL": database_url(), "REDIS_URL": django_settings.REDIS_URL}
        environment["CELERY_SKIP_CHECKS"] = "1"  # Django's checks have a test of their own, and take their time
        command = [sys.executable, "-m", "celery", "-A", "integration_hub", "worker", "--concurrency=1"]
        command += [
            f"--include={worker_handlers.__name__}",
            f"--hostname={name}@%h",
            "--without-gossip",
            "--without-mingle",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def database_url() -> str:
    """The test database as the application's role, which a real worker has."""
    given = urlsplit(os.environ.get("DATABASE_URL", "postgres:///hub"))
    return given._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    started: list[Worker] = []

    def start(name: str) -> Worker:
        started.append(Worker(tmp_path, name))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


def process_of(job: Job, worker: Worker) -> int:
    """The process that works on the job; waits until the worker has taken it."""
    begun = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, progress=50)
    eventually(lambda: begun.exists() or worker.process.poll() is not None, patience=START)
    assert begun.exists(), worker.log.read_text()
    return int(begun.get().progress_words.removeprefix("process "))


def is_ready(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, status=Job.Status.READY).exists()


@pytest.mark.stack
def test_job_whose_process_is_killed_is_built_once_by_the_same_worker(
    start_worker: Callable[[str], Worker], broker: redis.Redis
) -> None:
    worker = start_worker("one")
    job = jobs.enqueue(KIND, at=NOON)

    process = process_of(job, worker)
    alive = health.ask_redis()
    nicer_by = os.getpriority(os.PRIO_PROCESS, process) - os.getpriority(os.PRIO_PROCESS, worker.process.pid)
    os.kill(process, signal.SIGKILL)
    age(job, seconds=61)
    swept = jobs.sweep()

    assert swept == jobs.Swept(queued_again=1, failed=0, sent=1)
    assert eventually(lambda: is_ready(job), patience=START), worker.log.read_text()
    assert list(AuditEvent.objects.values_list("kind", "system")) == [("test.built", "attempt 2")]
    # The message that the dead process gave back came to nothing, and none is left.
    assert eventually(lambda: not broker.exists("hub", "unacked"))
    assert alive == {"redis": "ok", "worker": "ok"}
    assert nicer_by == 5


@pytest.mark.stack
def test_job_whose_whole_worker_is_killed_is_built_once_by_the_next(start_worker: Callable[[str], Worker]) -> None:
    first = start_worker("one")
    job = jobs.enqueue(KIND, at=NOON)

    process_of(job, first)
    first.kill()
    age(job, seconds=61)
    second = start_worker("two")
    swept = jobs.sweep()

    assert swept == jobs.Swept(queued_again=1, failed=0, sent=1)
    assert eventually(lambda: is_ready(job), patience=START), second.log.read_text()
    assert list(AuditEvent.objects.values_list("kind", "system")) == [("test.built", "attempt 2")]


@pytest.mark.stack
def test_job_that_hangs_is_stopped_and_fails_with_a_reason(
    start_worker: Callable[[str], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_for_five_seconds(job_id: uuid.UUID) -> None:
        celery_app.send_task(jobs.RUN_JOB, kwargs={"job_id": str(job_id)}, soft_time_limit=5)

    monkeypatch.setattr(jobs, "send", send_for_five_seconds)
    worker = start_worker("one")
    job = jobs.enqueue(KIND, at=NOON)

    process_of(job, worker)
    failed = Job.objects.filter(pk=job.pk, status=Job.Status.FAILED)

    assert eventually(failed.exists, patience=START), worker.log.read_text()
    assert failed.get().failure_code == "took_too_long"
    assert not AuditEvent.objects.exists()
