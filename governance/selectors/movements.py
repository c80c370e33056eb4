"""Rows that move money and need an authority, whichever app keeps them: each app registers its own in ready()."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Abs

from governance.domain.authority import Matter
from governance.models import Decision, Delegation
from integration_hub.core.dates import long_date
from integration_hub.core.money import NIL
from integration_hub.core.quarters import FinancialYear
from partners.models import User


@dataclass(frozen=True)
class MovementKind:
    """One model of rows that move money (a subclass of governance.models.Authorised, with `visible_to`).

    `amount` and `on` are paths of lookups to the pounds that move (None where it moves none by itself) and to the day
    on which the authority was used; `fund` to the fund's id. `counts` picks the rows that have moved money: drafts and
    refused ones have not. `words` says what a row is, `address` gives its page or its fund's.
    """

    slug: str
    noun: str
    matter: Matter
    model: type[models.Model]
    on: str
    fund: str
    words: Callable[[Any], str]
    address: Callable[[Any], str]
    amount: str | None = "amount"
    counts: Q = field(default_factory=Q)
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Movement:
    """A row as a list shows it: what, when, how many pounds (None where it has no amount), and where to read more.

    `why` says, in a list of those without authority, what is wrong with it.
    """

    noun: str
    matter: str
    words: str
    on: date
    amount: Decimal | None
    fund: Any
    url: str
    why: str = ""


_kinds: dict[str, MovementKind] = {}


def register(kind: MovementKind) -> MovementKind:
    """Registering one twice changes nothing."""
    return _kinds.setdefault(kind.slug, kind)


def kinds() -> Iterator[MovementKind]:
    return iter(list(_kinds.values()))


def used(authority: Decision | Delegation, on: date) -> Decimal:
    """Pounds moved so far under an authority, whichever way: in the day's financial year for a delegation, ever for a
    decision. One query for each kind. For services, which hold the authority's row.
    """
    year = FinancialYear.containing(on)
    found = NIL
    for kind in kinds():
        if kind.amount is None:
            continue
        if isinstance(authority, Decision):
            named = Q(decision=authority)
        else:
            named = Q(delegation=authority, **{f"{kind.on}__range": (year.starts_on, year.ends_on)})
        rows = kind.model._default_manager.filter(kind.counts, named)
        found += rows.aggregate(movement_sum=Sum(Abs(F(kind.amount))))["movement_sum"] or NIL
    return found


def without_authority(user: User, *, funds: Collection[Any] | None = None) -> list[Movement]:
    """Every movement that the person may read and that nothing allows, newest first; of some funds, or of all.

    It names no authority, or one that was ended afterwards with effect from that day or an earlier one; a delegation
    ends with the decision that it rests on.
    """
    found = []
    for kind in kinds():
        ends = ("decision__ended_on", "delegation__ended_on", "delegation__granted_by__ended_on")
        ended = Q(*((f"{end}__lte", F(kind.on)) for end in ends), _connector=Q.OR)
        rows = _visible(kind, user).filter(kind.counts, Q(decision=None, delegation=None) | ended)
        if funds is not None:
            rows = rows.filter(**{f"{kind.fund}__in": list(funds)})
        named = _annotated(kind, rows).select_related(*kind.related, "decision__board", "delegation__granted_by")
        found += [replace(_movement(kind, row), why=_why(row)) for row in named]
    return sorted(found, key=lambda movement: (movement.on, movement.words), reverse=True)


def allowed_by(authority: Decision | Delegation, user: User) -> list[Movement]:
    """The movements that name an authority, as far as the person may read them, newest first."""
    named = {"decision": authority} if isinstance(authority, Decision) else {"delegation": authority}
    found = [
        _movement(kind, row)
        for kind in kinds()
        for row in _annotated(kind, _visible(kind, user).filter(kind.counts, **named))
    ]
    return sorted(found, key=lambda movement: (movement.on, movement.words), reverse=True)


def _why(row: Any) -> str:
    named: Decision | Delegation | None = row.decision or row.delegation
    if named is None:
        return "Names no decision or delegation"
    rests_on = named.granted_by if isinstance(named, Delegation) else None
    ends = [(each.ended_on, each) for each in (named, rests_on) if each is not None and each.ended_on is not None]
    ended_on, ended = min(ends, key=lambda end: end[0])
    told = str(named) if ended is named else f"{named} rests on {ended}, which"
    return f"{told} allows nothing from {long_date(ended_on)}: {ended.ended_reason}"


def _visible(kind: MovementKind, user: User) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = kind.model._default_manager.all().visible_to(user)  # type: ignore[attr-defined]  # each has it
    return rows


def _annotated(kind: MovementKind, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    # Names that no model has for a field of its own.
    shown = rows.select_related(*kind.related) if kind.related else rows
    return shown.annotate(
        movement_on=F(kind.on),
        movement_fund=F(kind.fund),
        movement_amount=F(kind.amount)
        if kind.amount
        else models.Value(None, models.DecimalField(max_digits=14, decimal_places=2)),
    )


def _movement(kind: MovementKind, row: Any) -> Movement:
    return Movement(
        noun=kind.noun,
        matter=kind.matter.words,
        words=kind.words(row),
        on=row.movement_on,
        amount=row.movement_amount,
        fund=row.movement_fund,
        url=kind.address(row),
    )
