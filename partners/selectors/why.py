"""Why a person may see an object: which of their roles or seats lets them in, and by which rule.

The conditions are those of the object's own `visible_to`, asked of the person as a whole and then of each role and
seat by itself, so that an explanation and the access that it explains cannot differ. One query for the object,
however many roles; the roles of the person are loaded once a request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper

from integration_hub.core.registry import Providers
from partners.domain.viewing import Lens
from partners.models import Organisation, User
from partners.selectors import memberships
from partners.selectors.kinds import Kind
from partners.selectors.viewing import narrowed

# Beyond so many partners and seats only the whole is explained: one query must stay readable for the database.
AT_MOST = 30


@dataclass(frozen=True)
class Held:
    """A role or seat, with its days (both included; no end set: None)."""

    words: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Standpoint:
    """A partner that the person acts for with the roles held there, or a seat on a board."""

    lens: Lens
    name: str
    held: list[Held]

    @property
    def is_seat(self) -> bool:
        return self.lens.board is not None


@dataclass(frozen=True)
class Reason:
    """A rule that lets the person in, and the roles or seats through which it does."""

    rule: str
    through: list[Standpoint]


# Called with user; each returns further standpoints (the seats on boards).
standpoints: Providers[Callable[[User], list[Standpoint]]] = Providers()


def of_person(user: User) -> list[Standpoint]:
    """Every partner that the person acts for and every seat. Two queries, one where the roles are loaded already."""
    by_partner: dict[UUID, tuple[Organisation, list[Held]]] = {}
    for role in memberships.standing(user).roles:
        held = role.membership
        entry = by_partner.setdefault(held.organisation_id, (held.organisation, []))
        entry[1].append(Held(role.words, held.starts_on, held.ends_on))
    found = [Standpoint(Lens(organisation=pk), str(partner), roles) for pk, (partner, roles) in by_partner.items()]
    return found + [standpoint for provider in standpoints for standpoint in provider(user)]


def reasons(user: User, kind: Kind, pk: object) -> list[Reason]:
    """Each rule that lets the person see the object; none where they may not."""
    points = of_person(user)[:AT_MOST]
    conditions = {f"whole_{way}": q for way, q in kind.ways(user).items()}
    for number, point in enumerate(points):
        for way, q in kind.ways(narrowed(user, point.lens)).items():
            conditions[f"point_{number}_{way}"] = q
    wrapped = {name: ExpressionWrapper(q, output_field=BooleanField()) for name, q in conditions.items()}
    held = kind.model._default_manager.filter(pk=pk).values(**wrapped).first() or {}
    found: list[Reason] = []
    for way in kind.ways(user):
        if not held.get(f"whole_{way}"):
            continue
        through = [point for number, point in enumerate(points) if held.get(f"point_{number}_{way}")]
        seats = [point for point in through if point.is_seat]
        roles = [point for point in through if not point.is_seat]
        if roles or not seats:
            # Where none lets them in alone, several do together: a board by a seat, the fund by a role.
            found.append(Reason(kind.rules[way], roles or points))
        if seats:
            found.append(Reason(kind.rules.get(f"{way} by seat", kind.rules[way]), seats))
    return found
