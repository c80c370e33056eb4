"""What lets people move money: decisions of boards and delegations, and what a row names that needs one of them."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from governance.domain.authority import Matter
from governance.models.board import Board, released_while_on_board
from governance.models.meeting import Meeting
from integration_hub.core.constraints import both_or_neither, in_order, not_negative, one_of
from integration_hub.core.history import tracked
from partners.domain.capacities import Capacity, capacity_words
from partners.domain.roles import Role
from partners.models import Organisation, Owned, OwnedQuerySet, User, Ways, either, known, own_or_released

MATTERS = [matter.value for matter in Matter]


def has_matters(*, name: str) -> CheckConstraint:
    """At least one matter, and each of the list."""
    return CheckConstraint(
        condition=Q(matters__contained_by=MATTERS) & Q(matters__len__gt=0) & Q(matters__len__isnull=False), name=name
    )


def frozen(*columns: str) -> list[pgtrigger.Trigger]:
    """Triggers: the columns never change, an end is written once, and the row stays. A correction is a new row."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return [
        pgtrigger.Protect(name="frozen", operation=pgtrigger.Update, condition=pgtrigger.Condition(changed)),
        pgtrigger.Protect(
            name="ends_once",
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(
                "OLD.ended_on IS NOT NULL AND (OLD.ended_on, OLD.ended_reason, OLD.ended_by_name)"
                " IS DISTINCT FROM (NEW.ended_on, NEW.ended_reason, NEW.ended_by_name)"
            ),
        ),
        pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
    ]


class Ending(models.Model):
    """From which day a decision is rescinded or a delegation revoked, with the reason and who recorded it."""

    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=500, null=True)
    ended_by_name = models.CharField(max_length=200, null=True)

    class Meta:
        abstract = True


class DecisionQuerySet(OwnedQuerySet["Decision"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a decision: as of its board's other rows."""
        ways = own_or_released(user, area="board__area", shared_with=Q(board__in=known(user, Board.objects.shared_now)))
        return ways | {"former": Q(released_at__isnull=False) & released_while_on_board(user, "board")}

    def visible_to(self, user: User) -> "DecisionQuerySet":
        """The decisions that the person's partners recorded, and those of the boards that they may know of."""
        return self.filter(either(self.ways(user)))


@tracked()
class Decision(Owned, Ending):
    """What a board resolved on a day, and which movements of money it allows, up to how many pounds in all.

    It is never changed: what was wrong is rescinded, and recorded again. `source` (minutes, item) may be mended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="decisions")
    reference = models.CharField(max_length=60)
    made_on = models.DateField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    matters = ArrayField(models.CharField(max_length=40))
    amount_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    source = models.CharField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    recorded_by_name = models.CharField(max_length=200)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "reference"], name="decision_reference_unique"),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(title="") & ~Q(text=""), name="decision_says_what_was_resolved"
            ),
            has_matters(name="decision_matters"),
            not_negative("amount_limit", name="decision_limit_not_negative"),
            both_or_neither("ended_on", "ended_reason", name="decision_rescinded_has_reason"),
            both_or_neither("ended_on", "ended_by_name", name="decision_rescinded_by_somebody"),
            in_order("made_on", "ended_on", name="decision_in_order"),
        ]
        triggers = frozen(
            *("board_id", "meeting_id", "reference", "made_on", "title", "text", "matters", "amount_limit")
        )

    def __str__(self) -> str:
        return f"Decision {self.reference}: {self.title}"

    @property
    def status_words(self) -> str:
        return "Rescinded" if self.ended_on else "Recorded"

    @property
    def matters_words(self) -> list[str]:
        return [Matter(matter).words for matter in self.matters]


class DelegationQuerySet(OwnedQuerySet["Delegation"]):
    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a delegation: as of the rows of the board whose register holds it."""
        shared = Q(board__in=known(user, Board.objects.shared_now))
        ways = own_or_released(user, area="board__area", shared_with=shared)
        return ways | {"former": Q(released_at__isnull=False) & released_while_on_board(user, "board")}

    def visible_to(self, user: User) -> "DelegationQuerySet":
        """The delegations by the person's partners, and those in the registers of boards that they may know of."""
        return self.filter(either(self.ways(user)))


@tracked()
class Delegation(Owned, Ending):
    """What a partner lets a role, a capacity or a board decide about money, up to how many pounds, and until when.

    `owner` is the partner that delegates, `board` the one in whose register it stands, so that its other partners
    read it. It rests on a decision or on a text of the partner's own scheme of delegation. `year_total` holds for all
    movements of one financial year together. It is never changed: revoke it, and grant another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="delegations")
    reference = models.CharField(max_length=60)
    granted_by = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="delegations")
    # Where in the partner's own scheme of delegation it stands.
    scheme_text = models.CharField(max_length=300, blank=True)
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="delegations_held")
    to_role = models.CharField(max_length=20, blank=True)
    to_capacity = models.CharField(max_length=40, blank=True)
    to_board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="delegations_held")
    matters = ArrayField(models.CharField(max_length=40))
    limit = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    year_total = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    recorded_by_name = models.CharField(max_length=200)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "reference"], name="delegation_reference_unique"),
            models.CheckConstraint(condition=~Q(reference=""), name="delegation_has_reference"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=False) | ~Q(scheme_text=""), name="delegation_rests_on_something"
            ),
            models.CheckConstraint(
                condition=Q(to_board__isnull=False, to_organisation__isnull=True, to_role="", to_capacity="")
                | (
                    Q(to_board__isnull=True, to_organisation__isnull=False)
                    & (Q(to_role="") & ~Q(to_capacity="") | ~Q(to_role="") & Q(to_capacity=""))
                ),
                name="delegation_to_one",
            ),
            one_of("to_role", ["", *(role.value for role in Role)], name="delegation_role"),
            one_of("to_capacity", ["", *(capacity.value for capacity in Capacity)], name="delegation_capacity"),
            has_matters(name="delegation_matters"),
            # One from before the rule stays as it was granted, and can be revoked; its migration does not check it.
            models.CheckConstraint(
                condition=Q(ended_on__isnull=False)
                | (Q(limit__isnull=True) | Q(limit__gt=0))
                & (Q(year_total__isnull=True) | Q(year_total__gt=0))
                & (Q(limit__isnull=True) | Q(year_total__isnull=True) | Q(limit__lte=F("year_total"))),
                name="delegation_limits",
            ),
            in_order("starts_on", "ends_on", name="delegation_in_order"),
            both_or_neither("ended_on", "ended_reason", name="delegation_revoked_has_reason"),
            both_or_neither("ended_on", "ended_by_name", name="delegation_revoked_by_somebody"),
        ]
        triggers = frozen(
            *("board_id", "reference", "granted_by_id", "scheme_text", "to_organisation_id", "to_role", "to_capacity"),
            *("to_board_id", "matters", '"limit"', "year_total", "starts_on", "ends_on"),
        )

    def __str__(self) -> str:
        return f"Delegation {self.reference}"

    @property
    def holder_words(self) -> str:
        """Who holds it: "the Section 151 officer of Southwark Council"."""
        if self.to_board is not None:
            return str(self.to_board)
        return f"the {capacity_words(self.to_capacity) or Role(self.to_role).words} of {self.to_organisation}"

    @property
    def status_words(self) -> str:
        return "Revoked" if self.ended_on else "Granted"

    @property
    def matters_words(self) -> list[str]:
        return [Matter(matter).words for matter in self.matters]


class Authorised(models.Model):
    """What a row carries that moves money: the decision or the delegation that allows it; neither, and it is reported.

    Its Meta.constraints need `at_most_one_authority(name="<model>_one_authority")`, and its app registers it with
    governance.selectors.movements.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def authority(self) -> Decision | Delegation | None:
        return self.decision or self.delegation


def at_most_one_authority(*, name: str) -> CheckConstraint:
    """A row names a decision or a delegation, or neither; never both."""
    return CheckConstraint(condition=Q(decision__isnull=True) | Q(delegation__isnull=True), name=name)
