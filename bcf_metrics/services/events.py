"""The one writer of what happened to a return: the event, and the status that follows from all of them."""

from datetime import datetime

from bcf_metrics.domain.status import EventKind, standing
from bcf_metrics.models import ReturnEvent
from bcf_metrics.selectors.returns import Standing, event_of
from partners.models import Organisation, User


def write(
    held: Standing,
    kind: EventKind,
    *,
    by: User,
    at: datetime,
    partner: Organisation,
    version: int | None = None,
    reason: str = "",
    capacity_code: str = "",
    by_name: str = "",
    tab: str = "",
    sha256: str = "",
) -> None:
    """Add an event to a return whose row is held, and write its status with it.

    `partner` is whom it concerns; `by_name` says who did it where that is not somebody of that partner. `tab` is the
    section that it is about, `sha256` the fingerprint of what was said to be ready.
    """
    quarterly_return = held.quarterly_return
    event = ReturnEvent(
        quarterly_return=quarterly_return,
        number=len(held.events) + 1,
        kind=kind.value,
        at=at,
        by_name=by_name or by.acting_name(partner),
        organisation=partner,
        version=version,
        reason=reason,
        capacity_code=capacity_code,
        tab=tab,
        sha256=sha256,
    )
    event.save(force_insert=True)
    held.events.append(event)
    found = standing(
        [event_of(happened) for happened in held.events],
        parties=held.keys,
        predecessors=held.predecessors,
    )
    quarterly_return.status = found.status.value
    quarterly_return.save(update_fields=["status"])
