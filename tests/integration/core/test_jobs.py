"""The job register: what is asked for, done once, taken over, refused, and swept up."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks

from integration_hub.core import audit, jobs, requests, tasks
from integration_hub.core.attempts import Attempt, JobTakenOver, NotNow
from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent, Job
from tests.integration.core.job_register import (
    KIND,
    NOON,
    age,
    claimed,
    enqueue,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handle")]


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        yield


# Asking


def test_enqueue_stores_who_asked_for_what() -> None:
    target = enqueue()
    requests.begin("page-0123456789")

    job = enqueue(target=target, arguments={"quarter": 1})

    assert (job.kind, job.status, job.progress, job.attempts) == (KIND, "queued", 0, 0)
    assert (job.target_type, job.target_id, job.arguments) == ("core.job", str(target.pk), {"quarter": 1})
    assert (job.asked_by_id, job.asked_by_name, job.owner_id) == ("7", "Officer", "southwark-council")
    assert (job.queued_at, job.request_id) == (NOON, "page-0123456789")


def test_enqueue_by_the_timetable_names_nobody() -> None:
    job = jobs.enqueue(KIND, at=NOON)

    assert (job.asked_by_id, job.asked_by_name, job.owner_id, job.target_id) == ("", "", "", "")


def test_enqueue_of_an_unknown_kind_is_refused_and_stores_nothing() -> None:
    with pytest.raises(jobs.UnknownKind):
        jobs.enqueue("test.nobody", at=NOON)

    assert not Job.objects.exists()


@pytest.mark.parametrize("running", [False, True])
def test_enqueue_with_the_key_of_an_unfinished_job_returns_that_one_and_sends_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, running: bool
) -> None:
    first = enqueue(dedupe_key="report 1")
    if running:
        claimed(first)

    with django_capture_on_commit_callbacks() as callbacks:
        again = enqueue(dedupe_key="report 1")

    assert again.pk == first.pk
    assert callbacks == []


@pytest.mark.parametrize("other", [{"dedupe_key": "report 2"}, {}])
def test_enqueue_with_another_key_or_none_makes_another_job(other: dict[str, str]) -> None:
    first = enqueue(**other | {"dedupe_key": other.get("dedupe_key", "") and "report 1"})

    assert enqueue(**other).pk != first.pk


def test_enqueue_with_the_key_of_a_finished_job_makes_a_new_one() -> None:
    first = enqueue(dedupe_key="report 1")
    jobs.run(job_id=first.pk)

    assert enqueue(dedupe_key="report 1").pk != first.pk


@pytest.mark.parametrize(("fails", "jobs_made"), [(False, 1), (True, 2)])
def test_enqueue_for_a_period_again_makes_a_job_only_after_a_failure(
    handle: Callable[[jobs.Handler], None], fails: bool, jobs_made: int
) -> None:
    def maybe(attempt: Attempt) -> None:
        if fails:
            raise HubError("Not today.")

    handle(maybe)
    jobs.run(job_id=enqueue(period="2014-07-14").pk)

    again = enqueue(period="2014-07-14")

    assert Job.objects.count() == jobs_made
    assert again.status == ("queued" if fails else "ready")


def test_latest_of_a_target_is_the_job_asked_for_last() -> None:
    target = enqueue()
    enqueue(target=target, at=NOON + timedelta(hours=1))
    last = enqueue(target=target, at=NOON + timedelta(hours=2))
    enqueue(target=target, at=NOON - timedelta(hours=1))

    assert jobs.latest(target, kind=KIND) == last
    assert jobs.latest(target, kind="test.other") is None
    assert jobs.latest(last, kind=KIND) is None


# Doing it once


def test_claim_of_what_is_not_there_is_nobodys() -> None:
    assert jobs.claim(job_id=uuid.uuid4()) is None


def test_claim_of_a_kind_this_worker_does_not_know_leaves_the_job_queued(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = enqueue()
    monkeypatch.delitem(jobs._handlers, KIND)

    assert jobs.claim(job_id=job.pk) is None

    job.refresh_from_db()
    assert (job.status, job.attempts) == ("queued", 0)
    assert "does not know" in caplog.text


def test_run_gives_the_handler_the_request_and_ends_ready(handle: Callable[[jobs.Handler], None]) -> None:
    seen: list[Attempt] = []
    ids: list[str] = []

    def build(attempt: Attempt) -> None:
        seen.append(attempt)
        ids.append(requests.request_id())

    handle(build)
    job = enqueue(arguments={"quarter": 1})
    requests.begin("another-request")

    assert jobs.run(job_id=job.pk) is True

    job.refresh_from_db()
    assert (job.status, job.progress, job.attempts, job.attempt_token) == ("ready", 100, 1, None)
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.finished_at >= job.started_at
    [attempt] = seen
    assert (attempt.arguments, attempt.asked_by_id, attempt.owner_id) == ({"quarter": 1}, "7", "southwark-council")
    assert ids == [job.request_id]
    assert requests.request_id() == "another-request"


def test_run_inside_a_transaction_uses_that_one(handle: Callable[[jobs.Handler], None]) -> None:
    shown: list[int] = []

    def build(attempt: Attempt) -> None:
        attempt.progress(40, "reading")
        shown.append(Job.objects.get(pk=attempt.job_id).progress)

    handle(build)

    with transaction.atomic():
        job = enqueue()
        assert jobs.run(job_id=job.pk) is True

    job.refresh_from_db()
    assert job.status == "ready"
    assert shown == [40]


@pytest.mark.parametrize(("percent", "expected"), [(-5, 0), (250, 100)])
def test_progress_out_of_range_is_shown_within_it(percent: int, expected: int) -> None:
    job = enqueue()

    claimed(job).progress(percent, "x" * 500)

    job.refresh_from_db()
    assert (job.progress, len(job.progress_words)) == (expected, 200)


# Taking over


def test_finishing_by_an_attempt_that_was_taken_over_is_refused_and_saves_nothing() -> None:
    job = enqueue()
    old = claimed(job)
    age(job, seconds=61)
    jobs.sweep()
    new = claimed(job)

    with pytest.raises(JobTakenOver), old.finishing():
        audit.record("test.built", target=job, at=NOON, system="old")
    with new.finishing():
        audit.record("test.built", target=job, at=NOON, system="new")

    job.refresh_from_db()
    assert (job.status, job.attempts) == ("ready", 2)
    assert list(AuditEvent.objects.values_list("system", flat=True)) == ["new"]


def test_progress_and_failure_of_an_attempt_that_was_taken_over_change_nothing() -> None:
    job = enqueue()
    old = claimed(job)
    age(job, seconds=61)
    jobs.sweep()
    claimed(job)

    with pytest.raises(JobTakenOver):
        old.progress(90, "nearly")
    assert jobs.fail(old, code="unforeseen", words="Too late.") is False

    job.refresh_from_db()
    assert (job.status, job.progress, job.failure_words) == ("running", 0, "")


def test_finishing_whose_save_fails_keeps_the_job_unfinished() -> None:
    job = enqueue()

    def save_and_break() -> None:
        with claimed(job).finishing():
            audit.record("test.built", target=job, at=NOON, system="test")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_break()

    job.refresh_from_db()
    assert job.status == "running"
    assert not AuditEvent.objects.exists()


# Failing


def failing_with(error: Exception) -> jobs.Handler:
    def build(attempt: Attempt) -> None:
        raise error

    return build


def test_run_that_is_refused_fails_with_the_words_for_the_person(handle: Callable[[jobs.Handler], None]) -> None:
    words = "Quarter 1 is not signed yet."
    handle(failing_with(HubError(words, code="return_open", who_can_lift="the governance officer")))
    job = enqueue()

    jobs.run(job_id=job.pk)

    job.refresh_from_db()
    assert (job.status, job.failure_code) == ("failed", "return_open")
    assert job.failure_words == f"{words} Who can change that: the governance officer."
    assert job.finished_at is not None


@pytest.mark.parametrize(
    ("error", "code"),
    [(PermissionDenied("report"), "not_permitted"), (TimeoutError(), "took_too_long"), (ValueError("x"), "unforeseen")],
)
def test_run_that_fails_says_what_to_do_and_is_not_tried_again(
    handle: Callable[[jobs.Handler], None], error: Exception, code: str
) -> None:
    handle(failing_with(error))
    job = enqueue()

    jobs.run(job_id=job.pk, time_is_up=TimeoutError)

    job.refresh_from_db()
    assert (job.status, job.failure_code, job.attempts) == ("failed", code, 1)
    assert "Nothing was changed." in job.failure_words
    assert jobs.run(job_id=job.pk) is False


def test_run_that_fails_unforeseen_logs_the_traceback_and_gives_its_number(
    handle: Callable[[jobs.Handler], None], caplog: pytest.LogCaptureFixture
) -> None:
    handle(failing_with(ValueError("the cause")))
    requests.begin("page-0123456789")
    job = enqueue()

    jobs.run(job_id=job.pk)

    job.refresh_from_db()
    assert "page-0123456789" in job.failure_words
    assert "the cause" not in job.failure_words
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "the cause"


def test_run_whose_database_fails_is_tried_three_times(handle: Callable[[jobs.Handler], None]) -> None:
    handle(failing_with(OperationalError("deadlock detected")))
    job = enqueue()
    states = []

    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run(job_id=job.pk)
        job.refresh_from_db()
        states.append((job.status, job.attempts))

    assert states == [("queued", 1), ("queued", 2), ("failed", 3)]
    assert job.request_id in job.failure_words


def test_run_whose_need_is_away_waits_as_often_as_it_takes_and_counts_no_attempt(
    handle: Callable[[jobs.Handler], None], caplog: pytest.LogCaptureFixture
) -> None:
    def handler(attempt: Attempt) -> None:
        raise NotNow(timedelta(minutes=5)) from ConnectionRefusedError("somebody@partner.example")

    handle(handler)
    job = enqueue()

    for _ in range(jobs.MAX_ATTEMPTS + 2):
        assert jobs.run(job_id=job.pk)
        job.refresh_from_db()
        assert (job.status, job.attempts, job.attempt_token) == ("queued", 0, None)
    due = Job.objects.filter(pk=job.pk)
    assert not due.filter(next_send_at__lte=Now() + timedelta(seconds=299)).exists()
    assert due.filter(next_send_at__lte=Now() + timedelta(seconds=300)).exists()
    assert "again in 0:05:00 (ConnectionRefusedError)" in caplog.text
    assert "somebody@partner.example" not in caplog.text

    handle(lambda attempt: None)
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("ready", 1)


# Sweeping


def test_sweep_leaves_a_living_job_alone() -> None:
    job = enqueue()
    claimed(job)
    age(job, seconds=55)

    assert jobs.sweep() == jobs.Swept(queued_again=0, failed=0, sent=0)
    job.refresh_from_db()
    assert job.status == "running"


def test_sweep_of_a_job_without_heartbeat_queues_and_sends_it_again(sent: list[uuid.UUID]) -> None:
    job = enqueue()
    claimed(job).progress(70, "writing")
    age(job, seconds=61)
    sent.clear()

    assert jobs.sweep() == jobs.Swept(queued_again=1, failed=0, sent=1)

    job.refresh_from_db()
    assert (job.status, job.attempts, job.attempt_token, job.progress) == ("queued", 1, None, 0)
    assert sent == [job.pk]


def test_sweep_after_three_attempts_fails_the_job_with_a_reason(sent: list[uuid.UUID]) -> None:
    job = enqueue()
    for _ in range(jobs.MAX_ATTEMPTS):
        claimed(job)
        age(job, seconds=61)
        swept = jobs.sweep()

    job.refresh_from_db()
    assert swept == jobs.Swept(queued_again=0, failed=1, sent=0)
    assert (job.status, job.failure_code) == ("failed", "worker_lost")
    assert job.request_id in job.failure_words


def test_sweep_sends_what_nobody_took_and_then_waits(sent: list[uuid.UUID]) -> None:
    job = enqueue()
    sent.clear()
    at_once = jobs.sweep()
    age(job, seconds=0)

    answers = [jobs.sweep(), jobs.sweep()]

    assert at_once.sent == 0
    assert [swept.sent for swept in answers] == [1, 0]
    assert sent == [job.pk]


def test_sweep_with_the_broker_away_tries_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        age(enqueue(), seconds=0)
    monkeypatch.setattr(jobs, "send", lambda job_id: False)

    swept = jobs.sweep()

    soon = Now() + jobs.SEND_AGAIN_SOON
    assert swept.sent == 0
    assert Job.objects.filter(next_send_at__gt=Now(), next_send_at__lte=soon).count() == 2


# The timetable


def ticks(*moments: str) -> list[int]:
    """How many daily jobs there are after each tick at these moments (UTC)."""
    counts = []
    for moment in moments:
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            tasks.queue_for_day(kind=KIND, from_hour=1)
        for job in Job.objects.filter(status=Job.Status.QUEUED):
            jobs.run(job_id=job.pk)
        counts.append(Job.objects.count())
    return counts


def test_queue_for_day_when_the_clocks_go_back_queues_once() -> None:
    # 01:30 comes twice on 26 October 2014: first as 00:30 UTC, then as 01:30 UTC.
    assert ticks("2014-10-26T00:30+00:00", "2014-10-26T01:30+00:00", "2014-10-26T02:30+00:00") == [1, 1, 1]


def test_queue_for_day_when_the_clocks_go_forward_queues_once() -> None:
    # 01:30 never comes on 30 March 2014: 00:30 UTC is 00:30, 01:30 UTC is 02:30.
    assert ticks("2014-03-30T00:30+00:00", "2014-03-30T01:30+00:00", "2014-03-30T02:30+00:00") == [0, 1, 1]


def test_queue_for_day_after_hours_away_makes_up_for_the_day_and_goes_on_the_next() -> None:
    assert ticks("2014-07-14T15:00+00:00", "2014-07-14T16:00+00:00", "2014-07-15T00:00+00:00") == [1, 1, 2]


# What the database itself refuses


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("status = 'lost'", "job_(status_known|finished_has_moment)"),  # either may be looked at first
        ("progress = 101", "job_progress_at_most_100"),
        ("progress = -1", "progress_check"),
        ("status = 'running', attempts = 1, started_at = now(), heartbeat_at = now()", "job_running_has_attempt"),
        (
            "status = 'running', attempts = 1, started_at = now(), attempt_token = gen_random_uuid()",
            "job_running_has_attempt",
        ),
        (
            "status = 'running', attempts = 1, heartbeat_at = now(), attempt_token = gen_random_uuid()",
            "job_running_has_attempt",
        ),
        ("attempt_token = gen_random_uuid()", "job_running_has_attempt"),
        ("status = 'ready', progress = 100", "job_finished_has_moment"),
        ("finished_at = now()", "job_finished_has_moment"),
        ("status = 'ready', progress = 99, finished_at = now()", "job_ready_is_complete"),
        ("status = 'failed', finished_at = now()", "job_failed_has_reason"),
        ("status = 'failed', finished_at = now(), failure_code = 'x'", "job_failed_has_reason"),
        ("failure_code = 'x', failure_words = 'Not failed.'", "job_failed_has_reason"),
    ],
)
def test_job_in_a_state_that_cannot_be_is_refused_by_the_database(change: str, constraint: str) -> None:
    job = enqueue()

    with refused_by(constraint), connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_job SET {change} WHERE id = %s", [job.pk])


@pytest.mark.parametrize(
    ("field", "constraint"),
    [("dedupe_key", "job_unfinished_once_for_key"), ("period", "job_once_for_period")],
)
def test_job_with_the_key_or_period_of_another_is_refused_by_the_database(field: str, constraint: str) -> None:
    enqueue(**{field: "2014-07-14"})
    other = enqueue()

    with refused_by(constraint), connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_job SET {field} = '2014-07-14' WHERE id = %s", [other.pk])
