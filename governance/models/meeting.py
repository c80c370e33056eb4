import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from governance.models.board import Board, places_left
from integration_hub.core.history import tracked
from partners.models import User, Ways, either, known
from partners.models.known import NOTHING, may_have_left


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a meeting: those of its board, as long as their partner belonged to it."""
        before = places_left(user, "board").filter(succession__effective_on__gt=OuterRef("held_on"))
        former = Q(Exists(before)) if may_have_left(user) else NOTHING
        return {"board": Q(board__in=known(user, Board.objects.shared_now)), "former": former}

    def visible_to(self, user: User) -> "MeetingQuerySet":
        """The meetings of the boards that the person may know of."""
        return self.filter(either(self.ways(user)))


@tracked()
class Meeting(models.Model):
    """A meeting of a board: the date, what the integration paper went there for, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    title = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "held_on"], name="meeting_unique")]

    def __str__(self) -> str:
        return f"{self.board}, {self.held_on:%-d %B %Y}"
