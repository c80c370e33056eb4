"""Whether this installation can do its work: the parts behind /readyz. None may take longer than a second."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswerYet
from functools import cache

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

OK = "ok"
NO_ANSWER = "no answer"
NOT_KNOWN = "not known"
WORKER_KEY = "hub:worker-heartbeat"
WORKER_AWAY_AFTER = 30  # seconds; the worker writes every ten
ANSWER_WITHIN = 1.0  # seconds
REDIS_TIMEOUT = 0.5  # seconds

Answers = dict[str, str]


def record_worker_heartbeat() -> None:
    """Say that a worker takes messages. Redis forgets it after 30 seconds, so that no clocks are compared."""
    try:
        _redis().set(WORKER_KEY, "1", ex=WORKER_AWAY_AFTER)
    except redis.RedisError as error:
        logger.warning("The worker's heartbeat could not be written: %s", error)


def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT,
        socket_connect_timeout=REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def ask_redis() -> Answers:
    """Whether the broker answers, and whether a worker has said so in the last 30 seconds."""
    with _redis() as client:
        alive = client.exists(WORKER_KEY)
    return {"redis": OK, "worker": OK if alive else f"no heartbeat in the last {WORKER_AWAY_AFTER} seconds"}


def ask_database() -> Answers:
    """Whether the database answers, and whether it has every migration of this release."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {"database": OK, "migrations": OK if last_migrations() <= applied.keys() else "not applied"}


@cache
def last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app as it lies on disk: where these are applied, all are."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


class Check:
    """Asks in a thread, so that a server that hangs cannot hang whoever asks; one thread at a time."""

    def __init__(self, ask: Callable[[], Answers], *, silent: Answers) -> None:
        self._ask = ask
        self._silent = silent
        self._lock = threading.Lock()
        self._in_hand: Future[Answers] | None = None

    def begin(self) -> Future[Answers]:
        """The answer to come; that of the question in hand, where there is one."""
        with self._lock:
            if self._in_hand is None or self._in_hand.done():
                self._in_hand = Future()
                threading.Thread(target=self._answer, args=(self._in_hand,), daemon=True).start()
            return self._in_hand

    def result(self, answer: Future[Answers], *, until: float) -> Answers:
        """The answer, or what silence means once the (monotonic) clock says `until`."""
        try:
            return answer.result(timeout=max(0.0, until - time.monotonic()))
        except NoAnswerYet:
            return self._silent

    def _answer(self, answer: Future[Answers]) -> None:
        try:
            answer.set_result(self._ask())
        except (DatabaseError, redis.RedisError, OSError) as error:
            logger.warning("Not ready: %s", error)
            answer.set_result(self._silent)
        except Exception:  # whoever waits must hear of it: an unanswered question would stay in hand for ever
            logger.exception("Not ready, and not for a reason that we foresaw")
            answer.set_result(self._silent)
        finally:
            connection.close()


DATABASE = Check(ask_database, silent={"database": NO_ANSWER, "migrations": NOT_KNOWN})
BROKER = Check(ask_redis, silent={"redis": NO_ANSWER, "worker": NOT_KNOWN})


def readiness() -> Answers:
    """Database, redis, migrations, worker: each "ok" or words of what is wrong. Takes a second at most."""
    until = time.monotonic() + ANSWER_WITHIN
    database, broker = DATABASE.begin(), BROKER.begin()
    answers = DATABASE.result(database, until=until) | BROKER.result(broker, until=until)
    return {part: answers[part] for part in ("database", "redis", "migrations", "worker")}
