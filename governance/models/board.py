import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Now
from django.utils import timezone

from governance.domain.succession import PARTY
from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked
from partners.models import Area, Organisation, SuccessionMove, User, Ways, either
from partners.models.inheritance import inherited_by, partners_of
from partners.models.known import NOTHING, may_have_left

if TYPE_CHECKING:
    from datetime import date

KINDS = {
    "hwb": "Health and Wellbeing Board",
    "joint_committee": "Joint committee",
    "integration_board": "Integration board",
    "partnership_board": "Partnership board",
    "executive": "Executive",
    "provider_board": "Provider board",
    "provider_alliance": "Provider alliance",
    "workstream": "Workstream",
    "enabler_workstream": "Enabler workstream",
    "locality_committee": "Locality committee",
    "working_group": "Working group",
    "steering_group": "Steering group",
    "scrutiny": "Scrutiny committee",
    "council_committee": "Council committee",
    "full_council": "Full council",
    "cabinet": "Cabinet",
}
STATUSES = {
    "proposed": "Proposed",
    "shadow": "Shadow",
    "formal": "Formal",
    "ending": "Proposed to end",
    "dissolved": "Dissolved",
}


class SeatQuerySet(models.QuerySet["Seat"]):
    def held_by(self, user: User, on: "date | None" = None) -> "SeatQuerySet":
        """The seats that an active person sits in on a day (today unless given)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.lens is not None:
            # A seat is the person's own, no partner's: whoever looks through one partner's eyes has none.
            return self.none() if user.lens.board is None else self._held(user, on).filter(board=user.lens.board)
        return self._held(user, on)

    def _held(self, user: User, on: "date | None") -> "SeatQuerySet":
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, person=user)


class BoardQuerySet(models.QuerySet["Board"]):
    def sat_on_by(self, user: User) -> "BoardQuerySet":
        """The boards that the person sits on today."""
        return self.filter(pk__in=Seat.objects.held_by(user).values("board"))

    def ways(self, user: User) -> Ways:
        """In which ways a person may know of a board."""
        former = Q(Exists(places_left(user, "pk"))) if may_have_left(user) else NOTHING
        return self.lasting_ways(user) | {"former": former}

    def lasting_ways(self, user: User) -> Ways:
        """The same without those of a partner that left the board by a succession."""
        parties = BoardParty.objects.filter(organisation__in=partners_of(user))
        inherited = BoardParty.objects.filter(inherited_by(user, "organisation", area="board__area"))
        return {
            "party": Q(pk__in=parties.values("board")),
            "inherited": Q(pk__in=inherited.values("board")),
            "seat": Q(pk__in=Seat.objects.held_by(user).values("board")),
        }

    def visible_to(self, user: User) -> "BoardQuerySet":
        """The boards whose parties the person acts for, those they sit on, and those that a partner of theirs left."""
        return self.filter(either(self.ways(user)))

    def shared_now(self, user: User) -> "BoardQuerySet":
        """The same without those that a partner of the person left by a succession."""
        return self.filter(either(self.lasting_ways(user)))

    def with_day_of_leaving(self, user: User) -> "BoardQuerySet":
        """Each with `left_on`: since when no partner of the person belongs to it; None where one does, or a seat."""
        last = places_left(user, "pk").order_by("-succession__effective_on").values("succession__effective_on")[:1]
        return self.annotate(
            left_on=Case(
                When(either(self.lasting_ways(user)), then=None), default=Subquery(last), output_field=DateField()
            )
        )


def places_left(user: User, board: str) -> models.QuerySet[SuccessionMove]:
    """What was kept of the places that partners of the person had on the row's `board`, a path of lookups."""
    return SuccessionMove.objects.filter(
        kind=PARTY,
        predecessor__in=partners_of(user),
        # Ids are text there. Text is compared, because not each text is an id.
        key=Cast(OuterRef(board), models.CharField()),
    )


def released_while_on_board(user: User, board: str) -> Q:
    """Rows released while a partner of the person belonged to the row's `board`, before a succession ended that."""
    if not may_have_left(user):
        return NOTHING
    return Q(Exists(places_left(user, board).filter(succession__confirmed_at__gt=OuterRef("released_at"))))


@tracked()
class Board(models.Model):
    """A board, committee or group of the partners, as its papers name it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=12, default="formal")
    area = models.ForeignKey(Area, models.PROTECT, related_name="boards")
    since = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    parties = models.ManyToManyField(Organisation, through="BoardParty", related_name="boards")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="board_key_unique"),
            one_of("kind", list(KINDS), name="board_kind"),
            one_of("status", list(STATUSES), name="board_status"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]


@tracked()
class BoardParty(models.Model):
    """A partner that the board belongs to: its people may know of the board and read what is released to it."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="party_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="board_links")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "organisation"], name="board_party_unique")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.board}"


@tracked()
class BoardLink(models.Model):
    """A line of the structure: `child` accounts to `parent`, or its functions moved there. A graph, not a tree."""

    ACCOUNTABLE, FUNCTIONS_MOVED = "accountable_to", "functions_moved_to"

    parent = models.ForeignKey(Board, models.PROTECT, related_name="child_links")
    child = models.ForeignKey(Board, models.PROTECT, related_name="parent_links")
    kind = models.CharField(max_length=20, default=ACCOUNTABLE)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "child", "kind"], name="board_link_unique"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="board_link_not_to_itself"),
            one_of("kind", ["accountable_to", "functions_moved_to"], name="board_link_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.child}: {self.kind} {self.parent}"


@tracked()
class Seat(models.Model):
    """A person's place on a board, from a day to a day, with the body that appoints to it where that is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    board = models.ForeignKey(Board, models.PROTECT, related_name="seats")
    person = models.ForeignKey(User, models.PROTECT, related_name="seats")
    title = models.CharField(max_length=120)
    appointed_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="seats")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "person", "starts_on"], name="seat_unique"),
            in_order("starts_on", "ends_on", name="seat_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.board}"
