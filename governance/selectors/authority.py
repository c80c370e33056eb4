"""Decisions and delegations as people may read them, and which of them could allow a movement of money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404

from governance.domain.authority import Authority, Holder, Matter, Named, Standing
from governance.models import BoardParty, Decision, Delegation
from governance.models.authority import DecisionQuerySet, DelegationQuerySet
from governance.selectors import movements
from integration_hub.core.dates import long_date
from integration_hub.core.money import NIL, pounds
from partners.models import Membership, Organisation, User

CHOICES, NAMED = 200, 3
Rows = TypeVar("Rows", DecisionQuerySet, DelegationQuerySet)


@dataclass(frozen=True)
class AuthorityChoice:
    """One authority to choose in a form: `value` is what the form carries (governance.domain.authority.Named)."""

    value: str
    words: str
    hint: str


def decisions(user: User) -> DecisionQuerySet:
    """The decisions that a person may know of, newest first."""
    return Decision.objects.visible_to(user).select_related("board", "meeting", "owner").order_by("-made_on", "pk")


def delegations(user: User) -> DelegationQuerySet:
    """The delegations that a person may know of, newest first."""
    return (
        Delegation.objects.visible_to(user)
        .select_related("board", "owner", "granted_by", "to_organisation", "to_board")
        .order_by("-starts_on", "reference", "pk")
    )


def decision(user: User, pk: object) -> Decision:
    """One of them; Http404 for any other."""
    return get_object_or_404(decisions(user), pk=pk)


def delegation(user: User, pk: object) -> Delegation:
    """One of them; Http404 for any other."""
    return get_object_or_404(delegations(user), pk=pk)


def no_decisions() -> DecisionQuerySet:
    return Decision.objects.none()


def no_delegations() -> DelegationQuerySet:
    return Delegation.objects.none()


def authorities_for(
    user: User, *, matter: Matter, on: date, parties: Collection[Organisation]
) -> list[AuthorityChoice]:
    """What a form offers: the parties' delegations that the person holds, and decisions of their boards, in force on a
    day. Three queries.

    They are offered whatever the amount: the service says why one does not allow a movement, and refuses what is not
    offered.
    """
    given = _given(user, matter, on, parties).filter(_held_by(standings(user)))
    made = decisions(user).filter(_not_ended(on), _of_parties(parties), matters__contains=[matter], made_on__lte=on)
    found = [
        AuthorityChoice(
            str(Named(delegation=str(row.pk))),
            f"{row} by {row.owner}",
            f"Given to {row.holder_words}. {limit_words(row)}",
        )
        for row in given[:CHOICES]
    ]
    return found + [
        AuthorityChoice(str(Named(decision=str(row.pk))), f"{row} ({row.board})", decision_words(row))
        for row in made[:CHOICES]
    ]


def why_none(user: User, *, matter: Matter, on: date, parties: Collection[Organisation]) -> str:
    """Why a form offers nothing: who holds the delegations in force that the person does not. One query."""
    held = [f"{row} by {row.owner} is given to {row.holder_words}" for row in _given(user, matter, on, parties)[:NAMED]]
    if not held:
        return "No decision or delegation in force allows it yet."
    return f"Nothing in force lets you do this: {'; '.join(held)}. Ask one of them to do it."


def _given(user: User, matter: Matter, on: date, parties: Collection[Organisation]) -> DelegationQuerySet:
    """The delegations by the parties to somebody for a matter that hold on a day."""
    rows = delegations(user).filter(_not_ended(on), Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
    rows = rows.filter(Q(granted_by__isnull=True) | _not_ended(on, "granted_by__"))
    return rows.filter(matters__contains=[matter], owner__in=list(parties), to_board__isnull=True)


def _held_by(held: Collection[Standing]) -> Q:
    """Delegations to one of the roles or capacities: what governance.domain.authority.Holder.is_one_of says of one."""
    mine = Q(pk__isnull=True)
    for standing in held:
        to = Q(to_role=standing.role, to_capacity="")
        if standing.capacity:
            to |= Q(to_capacity=standing.capacity)
        mine |= to & Q(to_organisation=standing.organisation)
    return mine


def limit_words(row: Delegation) -> str:
    """The limits of a delegation: "Up to £50,000.00 for one movement, £200,000.00 in a financial year."."""
    parts = []
    if row.limit is not None:
        parts.append(f"{pounds(row.limit)} for one movement")
    if row.year_total is not None:
        parts.append(f"{pounds(row.year_total)} in a financial year")
    return f"Up to {', '.join(parts)}." if parts else "Without a limit."


def decision_words(row: Decision) -> str:
    """When a decision was made and how much it allows."""
    limit = "without a limit" if row.amount_limit is None else f"up to {pounds(row.amount_limit)} in all"
    return f"Made on {long_date(row.made_on)}, {limit}."


def state_words(row: Delegation, on: date) -> str:
    """Whether a delegation holds on a day, and until when: "In force until 31 March 2015", "Revoked from …"."""
    ended_on, because = _end(row)
    if ended_on is not None:
        return f"Revoked from {long_date(ended_on)}: {because}"
    if row.ends_on is not None and on > row.ends_on:
        return f"Lapsed after {long_date(row.ends_on)}"
    if on < row.starts_on:
        return f"Holds from {long_date(row.starts_on)}"
    return f"In force until {long_date(row.ends_on)}" if row.ends_on else "In force"


def in_state(rows: Rows, state: str, on: date) -> Rows:
    """Those that hold on a day ("in_force"), or those that hold no more ("ended")."""
    over = Q(ended_on__lte=on)
    if rows.model is Delegation:
        over |= Q(ends_on__lt=on) | Q(granted_by__ended_on__lte=on)
    # A comparison with an empty day is neither true nor false: asked by key, all others are in force.
    ended = rows.model._default_manager.filter(over).values("pk")
    return rows.filter(pk__in=ended) if state == "ended" else rows.exclude(pk__in=ended)


def standings(user: User) -> list[Standing]:
    """The roles that the person holds today, with their capacities. One query."""
    held = Membership.objects.today_of(user)
    return [Standing(str(row.organisation_id), row.role, row.capacity) for row in held]


def of_parties(row: Decision | Delegation, parties: Collection[Organisation]) -> bool:
    """Whether an authority is one of the parties' own: a delegation by one, or a decision of a board of one. A query
    for a decision.
    """
    keys = {organisation.pk for organisation in parties}
    if isinstance(row, Delegation):
        return row.owner_id in keys
    return BoardParty.objects.filter(board=row.board_id, organisation__in=keys).exists()


def as_authority(row: Decision | Delegation, *, on: date, used: Decimal = NIL) -> Authority:
    """The row as the check of governance.domain.authority takes it."""
    ended_on, because = _end(row)
    ending: dict[str, Any] = {"ended_on": ended_on, "ended_because": because, "used": used}
    matters = frozenset(row.matters)
    if isinstance(row, Decision):
        return Authority(
            name=str(row),
            matters=matters,
            decider=f"{row.board}, by another decision",
            starts_on=row.made_on,
            ended_words="rescinded",
            total=row.amount_limit,
            total_words="in all",
            **ending,
        )
    return Authority(
        name=f"{row} by {row.owner}",
        matters=matters,
        decider=f"{row.board}, by a decision, or whoever {row.owner} gives another delegation",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        limit=row.limit,
        total=row.year_total,
        holder=Holder(
            row.holder_words,
            organisation=str(row.to_organisation_id or ""),
            role=row.to_role,
            capacity=row.to_capacity,
            board=str(row.to_board_id or ""),
        ),
        **ending,
    )


def _not_ended(on: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": on})


def _end(row: Decision | Delegation) -> tuple[date | None, str]:
    """From which day it is taken back, and why. A delegation falls with the decision that it rests on."""
    ends = [(row.ended_on, row.ended_reason or "")] if row.ended_on else []
    if isinstance(row, Delegation) and row.granted_by is not None and row.granted_by.ended_on:
        ends.append((row.granted_by.ended_on, f"{row.granted_by} was rescinded: {row.granted_by.ended_reason}"))
    return min(ends, default=(None, ""))


def _of_parties(parties: Collection[Organisation]) -> Q:
    return Q(Exists(BoardParty.objects.filter(board=OuterRef("board"), organisation__in=list(parties))))


def used(row: Decision | Delegation, on: date) -> Decimal:
    """Pounds moved so far under an authority (governance.selectors.movements)."""
    return movements.used(row, on)
