"""The status of a return follows from its events alone."""

from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain.status import FROZEN, Event, EventKind, ReturnStatus, standing
from bcf_metrics.domain.status import SIGNED_OFF as WHOLLY_SIGNED

PARTIES = ("council", "ccg")
OPENED = Event(EventKind.OPENED, "council")
CHANGED = Event(EventKind.CHANGED, "council")


def sent(version: int) -> Event:
    return Event(EventKind.SENT_FOR_SIGN_OFF, "council", version)


def signed(partner: str, version: int) -> Event:
    return Event(EventKind.SIGNED, partner, version)


def sent_back(version: int) -> Event:
    return Event(EventKind.SENT_BACK, "ccg", version)


def test_standing_of_an_opened_return_is_not_started() -> None:
    assert standing([OPENED], parties=PARTIES).status is ReturnStatus.NOT_STARTED


def test_standing_after_an_answer_is_in_progress() -> None:
    assert standing([OPENED, CHANGED], parties=PARTIES).status is ReturnStatus.IN_PROGRESS


def test_standing_with_one_of_two_signatures_still_waits() -> None:
    found = standing([OPENED, CHANGED, sent(1), signed("ccg", 1)], parties=PARTIES)

    assert found.status is ReturnStatus.WITH_SIGNATORIES
    assert found.signed_by == {"ccg"}
    assert found.is_frozen


def test_standing_with_every_signature_is_signed() -> None:
    found = standing([OPENED, sent(1), signed("ccg", 1), signed("council", 1)], parties=PARTIES)

    assert found.status is ReturnStatus.SIGNED
    assert found.version == 1


def test_standing_sent_back_loses_its_signatures() -> None:
    found = standing([OPENED, sent(1), signed("ccg", 1), signed("council", 1), sent_back(1)], parties=PARTIES)

    assert found.status is ReturnStatus.SENT_BACK
    assert found.signed_by == frozenset()
    assert not found.is_frozen


def test_standing_counts_no_signature_of_an_earlier_version_or_of_no_party() -> None:
    again = [OPENED, sent(1), signed("ccg", 1), sent_back(1), CHANGED, sent(2)]

    found = standing([*again, signed("ccg", 1), signed("hackney", 2), signed("council", 2)], parties=PARTIES)

    assert found.status is ReturnStatus.WITH_SIGNATORIES
    assert found.signed_by == {"council"}


def test_standing_without_parties_is_never_signed() -> None:
    assert standing([sent(1), signed("ccg", 1)], parties=()).status is ReturnStatus.WITH_SIGNATORIES


BY = st.sampled_from([*PARTIES, "hackney", ""])
# Only what is sent for sign-off always has a version.
EVENTS = st.lists(
    st.builds(Event, kind=st.sampled_from(list(EventKind)), partner=BY, version=st.sampled_from([None, 1, 2]))
    | st.builds(Event, kind=st.just(EventKind.SIGNED), partner=st.sampled_from(PARTIES), version=st.just(1))
    | st.builds(sent, st.sampled_from([1, 2])),
    max_size=12,
).filter(lambda events: all(event.version for event in events if event.kind == EventKind.SENT_FOR_SIGN_OFF))


@given(EVENTS)
def test_standing_signed_only_by_exactly_the_parties_of_the_version_last_sent(events: list[Event]) -> None:
    found = standing(events, parties=PARTIES)
    versions = [event.version for event in events if event.kind == EventKind.SENT_FOR_SIGN_OFF]

    everybody = found.signed_by == set(PARTIES)
    # While a signed version is amended, its signatures stand until the next version is sent.
    assert (found.status in WHOLLY_SIGNED) == (everybody and found.amends is None)
    assert found.version == (versions[-1] if versions else None)
    assert found.status not in FROZEN or versions
    assert not found.signed_by or found.is_frozen != (found.amends is not None)


@given(EVENTS)
def test_standing_after_a_change_never_differs_while_frozen(events: list[Event]) -> None:
    before = standing(events, parties=PARTIES)
    after = standing([*events, CHANGED], parties=PARTIES)

    assert after == before if before.is_frozen else after.status is ReturnStatus.IN_PROGRESS


# Amendment, submission, ratification, acceptance, restatement.


SIGNED_OFF = [OPENED, sent(1), signed("ccg", 1), signed("council", 1)]


def status_after(*kinds: EventKind, version: int = 1) -> ReturnStatus:
    return standing([*SIGNED_OFF, *(Event(kind, "council", version) for kind in kinds)], parties=PARTIES).status


def test_ready_until_something_changes() -> None:
    ready = Event(EventKind.READY, "council")
    assert standing([OPENED, ready], parties=PARTIES).status is ReturnStatus.READY
    assert standing([OPENED, ready, CHANGED], parties=PARTIES).status is ReturnStatus.IN_PROGRESS
    assert standing([OPENED, sent(1), ready], parties=PARTIES).status is ReturnStatus.WITH_SIGNATORIES


def test_a_submitted_return_waits_for_the_board_and_is_accepted_only_after_it() -> None:
    submitted, ratified, accepted = EventKind.SUBMITTED, EventKind.RATIFIED, EventKind.ACCEPTED
    assert status_after(submitted) is ReturnStatus.NOT_YET_RATIFIED
    assert status_after(submitted, accepted) is ReturnStatus.NOT_YET_RATIFIED
    assert status_after(submitted, ratified) is ReturnStatus.SUBMITTED
    assert status_after(submitted, ratified, accepted) is ReturnStatus.ACCEPTED


def test_nothing_is_submitted_before_everybody_signed() -> None:
    events = [OPENED, sent(1), signed("ccg", 1), Event(EventKind.SUBMITTED, "council", 1)]
    assert standing(events, parties=PARTIES).status is ReturnStatus.WITH_SIGNATORIES


def test_what_is_submitted_a_second_time_is_resubmitted() -> None:
    first = [*SIGNED_OFF, Event(EventKind.SUBMITTED, "council", 1), sent_back(1), CHANGED]
    again = [*first, sent(2), signed("ccg", 2), signed("council", 2), Event(EventKind.SUBMITTED, "council", 2)]
    assert standing(first, parties=PARTIES).status is ReturnStatus.IN_PROGRESS
    assert standing(again, parties=PARTIES).status is ReturnStatus.NOT_YET_RATIFIED
    ratified = [*again, Event(EventKind.RATIFIED, "council", 2)]
    assert standing(ratified, parties=PARTIES).status is ReturnStatus.RESUBMITTED


def test_an_accepted_return_is_restated_and_neither_amended_nor_sent_back() -> None:
    accepted = (EventKind.SUBMITTED, EventKind.RATIFIED, EventKind.ACCEPTED)
    assert status_after(*accepted, EventKind.AMENDED) is ReturnStatus.ACCEPTED
    assert status_after(*accepted, EventKind.SENT_BACK) is ReturnStatus.ACCEPTED
    assert status_after(*accepted, EventKind.RESTATED) is ReturnStatus.IN_PROGRESS
    assert status_after(EventKind.RESTATED) is ReturnStatus.SIGNED


def test_an_amendment_keeps_the_version_whose_signatures_stand_until_the_next_is_sent() -> None:
    amended = [*SIGNED_OFF, Event(EventKind.AMENDED, "council", 1)]
    found = standing(amended, parties=PARTIES)
    assert (found.status, found.amends) == (ReturnStatus.IN_PROGRESS, 1)

    carried = [*amended, CHANGED, sent(2), Event(EventKind.CARRIED, "ccg", 2), Event(EventKind.FALLEN, "council", 2)]
    found = standing(carried, parties=PARTIES)
    assert (found.status, found.amends, found.signed_by) == (ReturnStatus.WITH_SIGNATORIES, None, {"ccg"})
    assert standing([*carried, signed("council", 2)], parties=PARTIES).status is ReturnStatus.SIGNED


def test_sending_back_leaves_no_signature_to_carry_over() -> None:
    assert standing([*SIGNED_OFF, sent_back(1)], parties=PARTIES).amends is None
