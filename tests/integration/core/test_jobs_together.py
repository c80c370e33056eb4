"""The job register with many connections at once: others see progress, nobody does a job twice, nothing is lost."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from integration_hub.core import audit, jobs
from integration_hub.core.attempts import Attempt, JobTakenOver
from integration_hub.core.models import AuditEvent, Job
from tests.integration.core.job_register import (
    NOON,
    THREADS,
    age,
    claimed,
    enqueue,
    eventually,
    in_thread,
    in_threads,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("handle")]


def test_enqueue_in_a_transaction_sends_only_when_it_commits(sent: list[uuid.UUID]) -> None:
    with transaction.atomic():
        job = enqueue()
        assert sent == []

    assert sent == [job.pk]


def test_enqueue_in_a_transaction_that_fails_leaves_neither_job_nor_message(sent: list[uuid.UUID]) -> None:
    def page() -> None:
        with transaction.atomic():
            enqueue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()

    assert not Job.objects.exists()
    assert sent == []


def test_enqueue_by_eight_at_once_with_one_key_makes_one_job(sent: list[uuid.UUID]) -> None:
    answers = in_threads(lambda: enqueue(dedupe_key="report 1").pk)

    assert len(set(answers)) == 1
    assert sent == [Job.objects.get().pk]


def test_enqueue_whose_message_breaks_keeps_the_page_and_the_job(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(job_id: uuid.UUID) -> bool:
        raise RuntimeError("a fault in the client")

    monkeypatch.setattr(jobs, "send", broken)

    with transaction.atomic():
        job = enqueue()

    assert Job.objects.get(pk=job.pk).status == "queued"
    assert "on_commit" in caplog.text


def test_claim_by_eight_at_once_gives_the_job_to_one() -> None:
    job = enqueue()

    answers = in_threads(lambda: jobs.claim(job_id=job.pk))

    attempts = [attempt for attempt in answers if attempt is not None]
    job.refresh_from_db()
    assert [attempt.token for attempt in attempts] == [job.attempt_token]
    assert (job.status, job.attempts) == ("running", 1)


def test_run_delivered_eight_times_at_once_builds_once(handle: Callable[[jobs.Handler], None]) -> None:
    job = enqueue()

    def build(attempt: Attempt) -> None:
        assert not connection.in_atomic_block
        with attempt.finishing():
            audit.record("test.built", target=job, at=NOON, system="test")

    handle(build)

    answers = in_threads(lambda: jobs.run(job_id=job.pk))

    assert sorted(answers) == [False] * (THREADS - 1) + [True]
    assert AuditEvent.objects.filter(kind="test.built").count() == 1


@pytest.mark.parametrize("inside", [False, True])
def test_progress_is_seen_by_others_while_the_handler_works(
    handle: Callable[[jobs.Handler], None], inside: bool
) -> None:
    job = enqueue()
    seen: list[bool] = []

    def shown() -> bool:
        return Job.objects.filter(pk=job.pk, progress=40, progress_words="reading the figures").exists()

    def build(attempt: Attempt) -> None:
        attempt.progress(10, "starting")
        attempt.progress(40, "reading the figures")
        seen.append(in_thread(lambda: eventually(shown)))

    def build_inside(attempt: Attempt) -> None:
        with transaction.atomic():
            build(attempt)

    handle(build_inside if inside else build)

    jobs.run(job_id=job.pk)

    assert seen == [True]


def test_heartbeat_moves_while_a_step_is_long(
    handle: Callable[[jobs.Handler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integration_hub.core.attempts.PULSE_EVERY", 0.05)
    job = enqueue()
    moved: list[bool] = []

    def build(attempt: Attempt) -> None:
        begun = Job.objects.values_list("heartbeat_at", flat=True).get(pk=job.pk)
        moved.append(eventually(lambda: Job.objects.filter(pk=job.pk, heartbeat_at__gt=begun).exists()))

    handle(build)

    jobs.run(job_id=job.pk)

    assert moved == [True]


def test_run_leaves_no_thread_and_no_connection_behind() -> None:
    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    before = connections()

    jobs.run(job_id=enqueue().pk)

    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("pulse-")] == []
    assert eventually(lambda: connections() <= before)


def test_run_of_a_job_that_is_taken_over_meanwhile_stops_at_its_next_progress(
    handle: Callable[[jobs.Handler], None], caplog: pytest.LogCaptureFixture
) -> None:
    other = uuid.uuid4()

    told: list[bool] = []

    def is_told(attempt: Attempt) -> bool:
        try:
            attempt.progress(50)
        except JobTakenOver:
            return True
        return False

    def build(attempt: Attempt) -> None:
        Job.objects.filter(pk=attempt.job_id).update(attempt_token=other)
        told.append(eventually(lambda: is_told(attempt)))
        attempt.progress(60)

    handle(build)
    job = enqueue()

    jobs.run(job_id=job.pk)

    job.refresh_from_db()
    assert told == [True]
    assert (job.status, job.attempt_token, job.progress) == ("running", other, 0)
    assert "went on elsewhere" in caplog.text


def test_sweep_during_a_slow_finish_does_not_take_the_job_away() -> None:
    job = enqueue()
    attempt = claimed(job)
    age(job, seconds=61)

    with attempt.finishing():
        swept = in_thread(jobs.sweep)

    job.refresh_from_db()
    assert swept == jobs.Swept(queued_again=0, failed=0, sent=0)
    assert job.status == "ready"


def test_run_that_loses_its_database_connection_is_queued_again_for_later(
    handle: Callable[[jobs.Handler], None], sent: list[uuid.UUID]
) -> None:
    def cut_off(attempt: Attempt) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    handle(cut_off)
    job = enqueue()
    sent.clear()

    jobs.run(job_id=job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts) == ("queued", 1)
    assert jobs.sweep().sent == 0
    age(job, seconds=0)
    assert jobs.sweep().sent == 1
    assert sent == [job.pk]


def test_sweep_by_eight_at_once_sends_each_job_once(sent: list[uuid.UUID]) -> None:
    for _ in range(5):
        age(enqueue(), seconds=0)
    sent.clear()

    in_threads(jobs.sweep)

    assert sorted(sent) == sorted(Job.objects.values_list("pk", flat=True))


def test_sweep_sends_when_a_worker_can_already_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue()
    age(job, seconds=0)
    taken: list[Attempt | None] = []

    def send(job_id: uuid.UUID) -> bool:
        taken.append(in_thread(lambda: jobs.claim(job_id=job_id)))
        return True

    monkeypatch.setattr(jobs, "send", send)

    jobs.sweep()

    assert [attempt.job_id for attempt in taken if attempt] == [job.pk]
