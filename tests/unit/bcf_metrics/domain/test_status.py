"""The status of a return follows from its events alone."""

from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain.status import FROZEN, Event, EventKind, ReturnStatus, standing

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


EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(list(EventKind)),
        partner=st.sampled_from([*PARTIES, "hackney", ""]),
        version=st.sampled_from([None, 1, 2]),
    ),
    max_size=12,
)


@given(EVENTS)
def test_standing_signed_only_by_exactly_the_parties_of_the_version_last_sent(events: list[Event]) -> None:
    found = standing(events, parties=PARTIES)
    versions = [event.version for event in events if event.kind == EventKind.SENT_FOR_SIGN_OFF]

    assert (found.status is ReturnStatus.SIGNED) == (found.signed_by == set(PARTIES))
    assert found.version == (versions[-1] if versions else None)
    assert found.status not in FROZEN or versions
    assert not found.signed_by or found.is_frozen


@given(EVENTS)
def test_standing_after_a_change_never_differs_while_frozen(events: list[Event]) -> None:
    before = standing(events, parties=PARTIES)
    after = standing([*events, CHANGED], parties=PARTIES)

    assert after == before if before.is_frozen else after.status is ReturnStatus.IN_PROGRESS
