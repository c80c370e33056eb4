"""What becomes of the sections of a return: a function of what happened, and of what they show now."""

from datetime import date

import pytest

from bcf_metrics.domain.sections import State, Told, default_due, ready_as, standing
from bcf_metrics.domain.status import Event, EventKind, ReturnStatus
from bcf_metrics.domain.status import standing as status_of

A, B = "a" * 64, "b" * 64
READY = Told("section_ready", "cover", A, by="Ann")
UNDONE = Told("section_undone", "cover", reason="An answer was changed.")
BACK = Told("section_back", "cover", reason="No date.")
SENT = Told("sent_for_sign_off")


@pytest.mark.parametrize(
    ("told", "now", "state"),
    [
        ([READY], {"cover": A}, State.READY),
        ([READY], {"cover": B}, State.UNDONE),
        ([READY], {}, State.UNDONE),
        ([READY], None, State.READY),
        ([READY, UNDONE], {"cover": A}, State.UNDONE),
        ([READY, BACK], {"cover": A}, State.BACK),
        ([BACK, READY], {"cover": A}, State.READY),
        ([READY, UNDONE, READY], {"cover": A}, State.READY),
        ([BACK, UNDONE], None, State.BACK),
        ([READY, SENT], {"cover": A}, State.READY),
        ([Told("section_ready", "metrics", A), READY, UNDONE], None, State.UNDONE),
    ],
)
def test_a_sections_state_follows_from_what_happened(told, now, state):
    assert standing(told, now=now)["cover"].state is state


def test_the_reason_stands_until_the_section_is_ready_or_the_return_is_sent_again():
    assert standing([BACK])["cover"].back == BACK
    assert standing([BACK, READY])["cover"].back is None
    assert standing([BACK, SENT]) == {}


def test_while_the_return_is_locked_its_sections_are_with_it():
    assert standing([READY], frozen=True)["cover"].state is State.SENT


def test_an_undoing_without_a_ready_says_nothing():
    assert standing([UNDONE]) == {}


def test_what_the_whole_return_was_marked_as():
    ready = Told("ready", sha256=A)
    assert ready_as([ready]) == A
    assert ready_as([ready, READY]) == A
    assert ready_as([ready, Told("changed")]) == ""


def test_a_section_is_due_seven_days_before_the_return():
    assert default_due(date(2025, 11, 28)) == date(2025, 11, 21)
    assert default_due(None) is None


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (["opened", "ready", "ready_undone"], ReturnStatus.IN_PROGRESS),
        (["opened", "ready_undone"], ReturnStatus.NOT_STARTED),
        (["opened", "ready", "section_undone"], ReturnStatus.READY),
        (["opened", "sent_for_sign_off", "ready_undone"], ReturnStatus.WITH_SIGNATORIES),
    ],
)
def test_ready_is_undone_for_the_whole_return(kinds, status):
    assert status_of([Event(EventKind(kind)) for kind in kinds], parties=["1"]).status is status
