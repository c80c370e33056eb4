"""Where a return stands: a function of what happened to it, in order, and of the partners who have to sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReturnStatus(StrEnum):
    """The values are those of the model's column, which is written with each event."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    WITH_SIGNATORIES = "with_signatories"
    SIGNED = "signed"
    SUBMITTED = "submitted"
    NOT_YET_RATIFIED = "not_yet_ratified"
    SENT_BACK = "sent_back"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"


class EventKind(StrEnum):
    """What can happen to a return."""

    OPENED = "opened"
    CHANGED = "changed"
    READY = "ready"
    SENT_FOR_SIGN_OFF = "sent_for_sign_off"
    SIGNED = "signed"
    AMENDED = "amended"
    CARRIED = "signature_carried"
    FALLEN = "signature_fallen"
    SENT_BACK = "sent_back"
    SUBMITTED = "submitted"
    RATIFIED = "ratified"
    ACCEPTED = "accepted"
    RESTATED = "restated"
    # Something that the return or a section shows changed after it was said to be ready.
    READY_UNDONE = "ready_undone"
    # One section, named by its tab; a section sent back is named after the event of the whole return.
    SECTION_READY = "section_ready"
    SECTION_UNDONE = "section_undone"
    SECTION_BACK = "section_back"


# Submitted, whatever became of it since.
SUBMITTED = frozenset(
    {ReturnStatus.SUBMITTED, ReturnStatus.NOT_YET_RATIFIED, ReturnStatus.RESUBMITTED, ReturnStatus.ACCEPTED}
)
# Every signature is there.
SIGNED_OFF = SUBMITTED | {ReturnStatus.SIGNED}
# While a return is in one of these, neither it nor the figures that it reports can change.
FROZEN = SIGNED_OFF | {ReturnStatus.WITH_SIGNATORIES}


@dataclass(frozen=True)
class Event:
    """One thing that happened; `partner` signed `version`, or the version was sent or sent back.

    A signature's `partner` is its key (domain.signatories.key): the partner's id, with the capacity if one is named.
    """

    kind: str
    partner: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Standing:
    """The status, the version that it is about, and who has signed that version.

    `amends` is the version whose signatures stand until the next is sent, while an amendment is under way.
    """

    status: ReturnStatus
    version: int | None
    signed_by: frozenset[str]
    amends: int | None = None

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN


def is_signed_for(party: str, signed: frozenset[str], predecessors: Mapping[str, frozenset[str]]) -> bool:
    """Whether a party signed, or each partner that it succeeded as a party had signed before it ended."""
    if party in signed:
        return True
    before = predecessors.get(party, frozenset())
    return bool(before) and all(is_signed_for(former, signed, predecessors) for former in before)


def standing(
    events: Iterable[Event], *, parties: Iterable[str], predecessors: Mapping[str, frozenset[str]] | None = None
) -> Standing:
    """What follows from the events in their order; signed once each of the parties signed the version last sent.

    `parties` are the keys of the signatures that it needs, several for a partner that signs in several capacities.
    Signatures of a version that was sent back count for nothing, nor do those of partners who are no party; those of
    a party's `predecessors` count as is_signed_for says.
    """
    return _Walk(frozenset(parties), predecessors or {}).through(events)


class _Walk:
    """From one event to the next. What does not fit where the return stands changes nothing."""

    def __init__(self, needed: frozenset[str], before: Mapping[str, frozenset[str]]) -> None:
        self.needed, self.before = needed, before
        self.counted = needed.union(before, *before.values())
        self.status = ReturnStatus.NOT_STARTED
        self.version: int | None = None
        self.amends: int | None = None
        self.signed: frozenset[str] = frozenset()
        self.submissions = 0

    def through(self, events: Iterable[Event]) -> Standing:
        for event in events:
            self._prepare(event)
            self._sign(event)
            self._submit(event)
        return Standing(self.status, self.version, self.signed, self.amends)

    def _prepare(self, event: Event) -> None:
        if event.kind == EventKind.CHANGED and self.status not in FROZEN:
            self.status = ReturnStatus.IN_PROGRESS
        elif event.kind == EventKind.READY and self.status not in FROZEN:
            self.status = ReturnStatus.READY
        elif event.kind == EventKind.READY_UNDONE and self.status is ReturnStatus.READY:
            self.status = ReturnStatus.IN_PROGRESS
        elif event.kind == EventKind.SENT_FOR_SIGN_OFF:
            self.status, self.version = ReturnStatus.WITH_SIGNATORIES, event.version
            self.signed, self.amends = frozenset(), None

    def _sign(self, event: Event) -> None:
        open_ = self.status in FROZEN - SUBMITTED
        if event.kind in (EventKind.SIGNED, EventKind.CARRIED) and open_:
            if event.version == self.version and event.partner in self.counted:
                self.signed |= {event.partner}
                done = all(is_signed_for(party, self.signed, self.before) for party in self.needed)
                self.status = ReturnStatus.SIGNED if done else self.status
        elif event.kind == EventKind.SENT_BACK and self.status in FROZEN - {ReturnStatus.ACCEPTED}:
            self.status, self.signed = ReturnStatus.SENT_BACK, frozenset()
        elif event.kind == EventKind.AMENDED and self.status in FROZEN - {ReturnStatus.ACCEPTED}:
            self.status, self.amends = ReturnStatus.IN_PROGRESS, self.version

    def _submit(self, event: Event) -> None:
        waits = self.status is ReturnStatus.NOT_YET_RATIFIED
        if event.kind == EventKind.SUBMITTED and self.status is ReturnStatus.SIGNED:
            self.status, self.submissions = ReturnStatus.NOT_YET_RATIFIED, self.submissions + 1
        elif event.kind == EventKind.RATIFIED and waits:
            self.status = ReturnStatus.RESUBMITTED if self.submissions > 1 else ReturnStatus.SUBMITTED
        elif event.kind == EventKind.ACCEPTED and self.status in SUBMITTED and not waits:
            self.status = ReturnStatus.ACCEPTED
        elif event.kind == EventKind.RESTATED and self.status is ReturnStatus.ACCEPTED:
            self.status, self.amends = ReturnStatus.IN_PROGRESS, self.version
