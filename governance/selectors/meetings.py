"""Meetings as the boards' people may read them."""

from governance.models import Meeting
from governance.models.meeting import MeetingQuerySet
from partners.models import User


def visible_to(user: User) -> MeetingQuerySet:
    """The meetings of the boards that a person may know of, newest first."""
    return Meeting.objects.visible_to(user).select_related("board").order_by("-held_on", "pk")


def none() -> MeetingQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Meeting.objects.none()
