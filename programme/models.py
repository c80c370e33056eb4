"""Risks and next steps of a partnership's programme, as the quarterly report lists them."""

import uuid

from django.db import models
from django.db.models import Q

from governance.models import Board
from governance.models.board import released_while_on_board
from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked
from partners.models import Owned, OwnedQuerySet, User, Ways, either, known, own_or_released


def ways_of_board(user: User) -> Ways:
    """In which ways a person may know of what a partner entered for a board."""
    shared = own_or_released(user, area="board__area", shared_with=Q(board__in=known(user, Board.objects.shared_now)))
    return shared | {"former": Q(released_at__isnull=False) & released_while_on_board(user, "board")}


class RiskQuerySet(OwnedQuerySet["Risk"]):
    def ways(self, user: User) -> Ways:
        return ways_of_board(user)

    def visible_to(self, user: User) -> "RiskQuerySet":
        return self.filter(either(self.ways(user)))


@tracked()
class Risk(Owned):
    """A risk that the board's partners manage, with what they do about it."""

    STATUSES = ("open", "closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="risks")
    text = models.TextField()
    response = models.TextField(blank=True)
    held_by = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default="open")
    illustrative = models.BooleanField(default=False)
    at = models.DateField()

    objects = RiskQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", ["open", "closed"], name="risk_status"),
            models.CheckConstraint(condition=~Q(text=""), name="risk_has_text"),
        ]

    def __str__(self) -> str:
        return self.text


class NextStepQuerySet(OwnedQuerySet["NextStep"]):
    def ways(self, user: User) -> Ways:
        return ways_of_board(user)

    def visible_to(self, user: User) -> "NextStepQuerySet":
        return self.filter(either(self.ways(user)))


@tracked()
class NextStep(Owned):
    """Something that the board's partners will do next, with its date where one is set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="next_steps")
    text = models.TextField()
    held_by = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    illustrative = models.BooleanField(default=False)
    at = models.DateField()

    objects = NextStepQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="next_step_has_text")]

    def __str__(self) -> str:
        return self.text
