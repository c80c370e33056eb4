"""When an entry of the register may be made, moved or ended. Each refusal says what stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import date

from integration_hub.core.dates import long_date
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.registry import Holding
from partners.models import Area, Footprint, FootprintLink, Organisation, OrganisationArea
from partners.policies import Ended, NotYet, OutOfOrder

BY_SUCCESSION = "an operator, by a succession that says who takes what it holds"


class NameTaken(HubError):
    """Another entry has the name on some of the same days."""

    code = "name_taken"


class SameKind(HubError):
    """The organisation is of this kind already."""

    code = "same_kind"


class StillHolds(HubError):
    """An organisation ends only when nothing is left that somebody else would have to take."""

    code = "still_holds"


class ServesAlready(HubError):
    """The organisation serves the area on some of the same days."""

    code = "serves_already"


class ServiceHasEnded(HubError):
    """The last day on which an area is served is known already; it stays."""

    code = "service_ended"


class SamePlace(HubError):
    """The footprint lies there already."""

    code = "same_place"


class LiesElsewhereLater(HubError):
    """Something is known of the footprint's place after the day that was given."""

    code = "lies_elsewhere_later"


class NoSuchArea(HubError):
    """A code names no area of the register."""

    code = "no_such_area"
    http_status = 400


def check_seen(now: str, seen: str, *, what: str, field: str) -> None:
    """Raise ChangedMeanwhile where the entry is not as the form showed it."""
    if now != seen:
        raise ChangedMeanwhile(
            f"Somebody changed this while you read: the {what} is now “{now}”. Nothing was saved. "
            "Look at the entry again, then make your change.",
            field=field,
        )


def check_name_free(name: str, others: Iterable[Organisation | Footprint]) -> None:
    """Raise NameTaken where something of the register has the name on some of the same days."""
    for other in others:
        since = f" since {long_date(other.valid_from)}" if other.valid_from else ""
        until = f" until {long_date(other.valid_to)}" if other.valid_to else ""
        raise NameTaken(
            f"The register has {other} already ({other.kind_words.lower()}{since}{until}). "
            f"Correct that entry, or give a name that tells “{name}” apart from it.",
            field="name",
        )


def check_kind_differs(organisation: Organisation, kind: str) -> None:
    """Raise SameKind where nothing would change."""
    if organisation.kind == kind:
        raise SameKind(f"{organisation} is of this kind already. Nothing was changed.", field="kind")


def check_not_to_come(day: date, *, today: date, field: str) -> None:
    """Raise NotYet for a day to come."""
    if day > today:
        raise NotYet(f"{long_date(day)} is still to come. Enter this on that day or later.", field=field)


def check_goes_on(organisation: Organisation) -> None:
    """Raise Ended where an organisation's last day is known."""
    if organisation.valid_to is not None:
        raise Ended(f"{organisation} ended on {long_date(organisation.valid_to)}. That day stays.", field="ends_on")


def check_not_before(day: date, began: date | None, *, what: str, field: str = "ends_on") -> None:
    """Raise OutOfOrder for a last day before the first."""
    if began is not None and day < began:
        raise OutOfOrder(f"{what} began on {long_date(began)}. It cannot end before that.", field=field)


def check_holds_nothing(organisation: Organisation, holdings: Sequence[Holding], people: int) -> None:
    """Raise StillHolds, with how many of each, where something would be left without anybody."""
    found = []
    if holdings:
        found.append(f"{sum(holding.count for holding in holdings)} entries of agreements, funds, boards or others")
    if people:
        found.append(f"roles of {people} {'person' if people == 1 else 'people'}")
    if found:
        raise StillHolds(
            f"{organisation} still has {' and '.join(found)}. Prepare a succession, which says who takes them, or end "
            "them first.",
            who_can_lift=BY_SUCCESSION,
        )


def check_exists_from(organisation: Organisation, first: date | None, last: date | None) -> None:
    """Raise Ended or OutOfOrder unless the organisation exists on all of the days."""
    if organisation.valid_from is not None and (first is None or first < organisation.valid_from):
        raise OutOfOrder(
            f"{organisation} began on {long_date(organisation.valid_from)}. Give a day no earlier than that.",
            field="starts_on",
        )
    if organisation.valid_to is None:
        return
    if first is not None and first > organisation.valid_to:
        raise Ended(
            f"{organisation} ended on {long_date(organisation.valid_to)}. Give a day no later than that.",
            field="starts_on",
        )
    if last is None or last > organisation.valid_to:
        raise Ended(
            f"{organisation} ended on {long_date(organisation.valid_to)}. Give a last day no later than that.",
            field="ends_on",
        )


def check_serves_free(area: Area, taken: OrganisationArea | None) -> None:
    """Raise ServesAlready where the same area is served on some of the same days."""
    if taken is None:
        return
    since = f"since {long_date(taken.starts_on)}" if taken.starts_on else "since a day that is not known"
    until = f" until {long_date(taken.ends_on)}" if taken.ends_on else ""
    raise ServesAlready(
        f"{taken.organisation} serves {area} {since}{until}. End that first, or give other days.", field="area"
    )


def check_serving(link: OrganisationArea, day: date) -> None:
    """Raise ServiceHasEnded where the last day is known, and OutOfOrder for one before the first."""
    if link.ends_on is not None:
        raise ServiceHasEnded(f"{link} ended on {long_date(link.ends_on)}. That day stays.", field="ends_on")
    check_not_before(day, link.starts_on, what=f"{link}")


def check_footprint_on(footprint: Footprint, day: date | None, *, field: str = "starts_on") -> None:
    """Raise OutOfOrder or Ended unless there is the footprint on a day; None is as far back as is known."""
    if footprint.valid_from is not None and (day is None or day < footprint.valid_from):
        raise OutOfOrder(
            f"{footprint} began on {long_date(footprint.valid_from)}. Give a day no earlier than that.", field=field
        )
    if footprint.valid_to is not None and day is not None and day > footprint.valid_to:
        raise Ended(
            f"{footprint} ended on {long_date(footprint.valid_to)}. Give a day no later than that.", field=field
        )


def check_footprint_goes_on(footprint: Footprint) -> None:
    """Raise Ended where the last day of a footprint is known."""
    if footprint.valid_to is not None:
        raise Ended(f"{footprint} ended on {long_date(footprint.valid_to)}. That day stays.", field="ends_on")


def check_nothing_later(footprint: Footprint, later: FootprintLink | None, day: date, *, field: str) -> None:
    """Raise LiesElsewhereLater where a link of the footprint, upwards or downwards, begins on the day or after it."""
    if later is not None and later.starts_on is not None:
        raise LiesElsewhereLater(
            f"{later} from {long_date(later.starts_on)} on is entered already. Give a later day than that.", field=field
        )


def check_moves(footprint: Footprint, current: FootprintLink | None, parent: Footprint | None) -> None:
    """Raise SamePlace where the footprint would stay where it is."""
    if current is None and parent is None:
        raise SamePlace(f"{footprint} lies in no other on that day. Nothing was changed.", field="parent")
    if current is not None and parent is not None and current.parent_id == parent.pk:
        raise SamePlace(f"{footprint} lies in {parent} on that day already. Nothing was changed.", field="parent")


def check_areas_known(wanted: Sequence[str], known: Iterable[str]) -> None:
    """Raise NoSuchArea with the codes that name no area of the register."""
    missing = [code for code in wanted if code not in set(known)]
    if missing:
        raise NoSuchArea(
            f"No area has the ONS code {', '.join(missing)} today. Look the code up under Areas.", field="areas"
        )
