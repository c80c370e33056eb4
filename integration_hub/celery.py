"""The Celery application: its configuration and the whole timetable, each in one dictionary."""

import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import setup_logging, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_hub.settings")

HEARTBEAT_EVERY = 10.0  # seconds; the worker counts as away after 30

# Ticks, not promises: one may come twice (the clocks go back), late or never (beat was down). What a tick
# starts is therefore safe twice: the sweep by nature, a daily job because `core.queue_for_day` queues it once.
TIMETABLE: dict[str, dict[str, Any]] = {
    # A tick nobody took before the next one came is worth nothing.
    "sweep-jobs": {"task": "core.sweep_jobs", "schedule": 15.0, "options": {"expires": 15}},
    "check-agreement": {
        "task": "core.queue_for_day",
        "schedule": 3600.0,
        "kwargs": {"kind": "partners.check_agreement", "from_hour": 2},
        "options": {"expires": 3600},
    },
    "tidy": {
        "task": "core.queue_for_day",
        "schedule": 3600.0,
        "kwargs": {"kind": "partners.tidy", "from_hour": 3},
        "options": {"expires": 3600},
    },
    "close-idle": {
        "task": "core.queue_for_day",
        "schedule": 3600.0,
        "kwargs": {"kind": "partners.close_idle", "from_hour": 6},
        "options": {"expires": 3600},
    },
}


def configuration() -> dict[str, Any]:
    """All of Celery's settings; read when the first task is sent or the worker starts, not on import."""
    from django.conf import settings

    return {
        "broker_url": broker_url(settings.REDIS_URL),
        # The worker waits for ever for a broker that is away. Whoever sends a message does not: core.jobs.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 2,
        "broker_transport_options": {
            "socket_connect_timeout": 2,
            "socket_timeout": 5,
            "socket_keepalive": True,
            # Longer than any job may take, or a message would come again while its job runs.
            "visibility_timeout": 3600,
        },
        "task_publish_retry": False,
        "task_default_queue": "hub",
        "task_serializer": "json",
        "accept_content": ["json"],
        # The job row holds the outcome.
        "task_ignore_result": True,
        # A message is done with when its job is; a worker that dies gives it back.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # A job that hangs still has a heartbeat: only a limit ends it. Seconds.
        "task_soft_time_limit": 600,
        "task_time_limit": 660,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 200,
        "worker_proc_alive_timeout": 20,
        "worker_redirect_stdouts": False,
        "enable_utc": True,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": TIMETABLE,
    }


def broker_url(redis_url: str) -> str:
    """REDIS_URL as Celery writes it: a socket's `unix:///path?db=1` is `redis+socket:///path?virtual_host=1`."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}" + (f"?{query.replace('db=', 'virtual_host=')}" if query else "")


class Heartbeat(bootsteps.StartStopStep):
    """Tells /readyz every ten seconds that this worker takes messages."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self.timer: Any = None

    def start(self, consumer: Any) -> None:
        from integration_hub.core.health import record_worker_heartbeat

        record_worker_heartbeat()
        self.timer = consumer.timer.call_repeatedly(HEARTBEAT_EVERY, record_worker_heartbeat)

    def stop(self, consumer: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


app = Celery("integration_hub")
app.add_defaults(configuration)
app.autodiscover_tasks()
app.steps["consumer"].add(Heartbeat)


@setup_logging.connect
def keep_log(**_signal: Any) -> None:
    """Being here is enough: the log stays as the settings configure it, with the request id on each line."""


@worker_process_init.connect
def step_back(**_signal: Any) -> None:
    """A page that somebody waits for goes before a report that is being built."""
    os.nice(5)
