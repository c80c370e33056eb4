"""A check that hangs or breaks does not hang or break whoever asks."""

import threading
import time

import pytest
import redis
from django.db import OperationalError

from integration_hub.core.health import Answers, Check

SILENT = {"part": "no answer"}


class Server:
    """Answers when it is let go, and counts how often it was asked."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = 0

    def ask(self) -> Answers:
        self.asked += 1
        self.let_go.wait(10)
        return {"part": "ok"}


def test_check_of_a_server_that_answers_says_so() -> None:
    check = Check(lambda: {"part": "ok"}, silent=SILENT)

    assert check.result(check.begin(), until=time.monotonic() + 5) == {"part": "ok"}


def test_check_of_a_server_that_hangs_says_silence_when_time_is_up() -> None:
    server = Server()
    check = Check(server.ask, silent=SILENT)

    answer = check.begin()
    silence = check.result(answer, until=time.monotonic())
    server.let_go.set()

    assert silence == SILENT
    assert answer.result(timeout=5) == {"part": "ok"}


def test_check_asked_again_while_the_server_hangs_starts_no_second_thread() -> None:
    server = Server()
    check = Check(server.ask, silent=SILENT)

    first, second = check.begin(), check.begin()
    server.let_go.set()

    assert first is second
    assert first.result(timeout=5) == {"part": "ok"}
    assert server.asked == 1


def test_check_asked_again_after_an_answer_asks_again() -> None:
    server = Server()
    server.let_go.set()
    check = Check(server.ask, silent=SILENT)

    check.begin().result(timeout=5)
    check.begin().result(timeout=5)

    assert server.asked == 2


@pytest.mark.parametrize("error", [OperationalError("away"), redis.ConnectionError("away"), OSError("away")])
def test_check_of_a_server_that_is_away_says_silence(error: Exception) -> None:
    def ask() -> Answers:
        raise error

    check = Check(ask, silent=SILENT)

    assert check.begin().result(timeout=5) == SILENT
