"""Where a return stands: a function of what happened to it, in order, and of the partners who have to sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReturnStatus(StrEnum):
    """The values are those of the model's column, which is written with each event."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WITH_SIGNATORIES = "with_signatories"
    SIGNED = "signed"
    SENT_BACK = "sent_back"


class EventKind(StrEnum):
    """What can happen to a return."""

    OPENED = "opened"
    CHANGED = "changed"
    SENT_FOR_SIGN_OFF = "sent_for_sign_off"
    SIGNED = "signed"
    SENT_BACK = "sent_back"


# While a return is in one of these, neither it nor the figures that it reports can change.
FROZEN = frozenset({ReturnStatus.WITH_SIGNATORIES, ReturnStatus.SIGNED})


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
    """The status, the version that it is about, and who has signed that version."""

    status: ReturnStatus
    version: int | None
    signed_by: frozenset[str]

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
    before = predecessors or {}
    needed = frozenset(parties)
    counted = needed.union(before, *before.values())
    status = ReturnStatus.NOT_STARTED
    version: int | None = None
    signed: frozenset[str] = frozenset()
    for event in events:
        frozen = status in FROZEN
        if event.kind == EventKind.CHANGED and not frozen:
            status = ReturnStatus.IN_PROGRESS
        elif event.kind == EventKind.SENT_FOR_SIGN_OFF:
            status, version, signed = ReturnStatus.WITH_SIGNATORIES, event.version, frozenset()
        elif event.kind == EventKind.SENT_BACK and frozen:
            status, signed = ReturnStatus.SENT_BACK, frozenset()
        elif event.kind == EventKind.SIGNED and frozen and event.version == version and event.partner in counted:
            signed |= {event.partner}
            done = all(is_signed_for(party, signed, before) for party in needed)
            status = ReturnStatus.SIGNED if done else status
    return Standing(status, version, signed)
