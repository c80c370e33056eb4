"""What holds of jobs, timetable and Celery's configuration without a database."""

import subprocess
import sys

import pytest
from celery.app.defaults import DEFAULTS

from integration_hub import celery_app
from integration_hub.celery import TIMETABLE, broker_url, configuration
from integration_hub.core import jobs
from integration_hub.core.attempts import HEARTBEAT_LIMIT, PULSE_EVERY, Attempt


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of handlers that is empty at the start and forgotten at the end."""
    monkeypatch.setattr(jobs, "_handlers", {})


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("rediss://user:secret@redis.example:6380/2", "rediss://user:secret@redis.example:6380/2"),
        ("unix:///run/hub/redis.sock", "redis+socket:///run/hub/redis.sock"),
        ("unix:///run/hub/redis.sock?db=3", "redis+socket:///run/hub/redis.sock?virtual_host=3"),
    ],
)
def test_broker_url_of_each_form_is_what_celery_reads(redis_url: str, expected: str) -> None:
    assert broker_url(redis_url) == expected


def test_configuration_names_only_settings_that_celery_knows() -> None:
    assert set(configuration()) - set(DEFAULTS) == set()


def test_configuration_is_in_force_in_the_application() -> None:
    configured = configuration()

    assert {name: celery_app.conf[name] for name in configured} == configured


def test_configuration_gives_a_message_back_later_than_any_job_may_take() -> None:
    configured = configuration()

    assert configured["broker_transport_options"]["visibility_timeout"] > configured["task_time_limit"]


def test_run_job_has_the_time_limits_and_gives_its_message_back_when_its_process_dies() -> None:
    celery_app.loader.import_default_modules()

    task = celery_app.tasks[jobs.RUN_JOB]

    assert (task.soft_time_limit, task.time_limit) == (600, 660)
    assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)


def test_timetable_names_only_tasks_that_exist() -> None:
    celery_app.loader.import_default_modules()

    assert {entry["task"] for entry in TIMETABLE.values()} - set(celery_app.tasks) == set()


def test_heartbeat_limit_forgives_several_missed_beats() -> None:
    assert HEARTBEAT_LIMIT.total_seconds() >= 5 * PULSE_EVERY


def test_package_without_sending_does_not_load_celery() -> None:
    probe = "import integration_hub, sys; sys.exit('celery' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_package_has_no_attribute_but_the_application() -> None:
    import integration_hub

    with pytest.raises(AttributeError, match="no attribute 'app'"):
        _ = integration_hub.app


def test_handler_of_a_registered_kind_is_found(register: None) -> None:
    @jobs.handler("test.build")
    def build(attempt: Attempt) -> None: ...

    assert jobs.handler_of("test.build") is build


def test_handler_registered_again_by_the_same_module_is_accepted(register: None) -> None:
    def build(attempt: Attempt) -> None: ...

    jobs.handler("test.build")(build)

    assert jobs.handler("test.build")(build) is build


def test_handler_for_a_kind_that_has_one_is_refused(register: None) -> None:
    jobs.handler("test.build")(lambda attempt: None)

    with pytest.raises(ValueError, match=r"test\.build"):
        jobs.handler("test.build")(lambda attempt: None)


def test_handler_of_an_unknown_kind_is_refused(register: None) -> None:
    with pytest.raises(jobs.UnknownKind, match=r"test\.nobody"):
        jobs.handler_of("test.nobody")
