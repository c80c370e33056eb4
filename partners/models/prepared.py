"""A query for whoever reads, put together once for every shape of scope and filled with each reader's own values.

Of a page with ten queries Django spends more time on putting them together than the database on answering. What a
scope looks like depends on how many partners somebody acts for and what these inherited, not on which.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from weakref import WeakSet

from django.db.models import QuerySet
from django.utils import timezone

from integration_hub.core.prepared import Statement, as_key, standing_in
from partners.domain.scope import Scope
from partners.models.user import User

# How many shapes a process keeps of one query.
KEPT = 64
# Ids that no row has: they stand for the reader's and are found again in the values of the statement.
_FIRST = 2**100
_every: "WeakSet[PreparedFor]" = WeakSet()


class PreparedFor:
    """A query of a reader that is asked again and again; to be made by `prepared_for`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self._written: dict[object, Statement] = {}
        _every.add(self)

    def __call__(self, user: User, **values: Any) -> list[Any]:
        """The rows, as the query itself would give them. One query."""
        if not isinstance(user, User) or user.scope is None:
            return list(self.build(user, **values))
        # A scope holds the day, so it is put together anew each day.
        key = (_shape(user.scope), timezone.localdate())
        written = self._written.get(key)
        if written is None:
            if len(self._written) >= KEPT:
                self._written.clear()
            written = self._written[key] = self._write(user.scope)
        return written.rows(_values_of(user.pk, user.scope) | values)

    def _write(self, scope: Scope) -> Statement:
        reader = User(pk=UUID(int=_FIRST), is_active=True)
        reader.loaded_scope = _standing_for(scope)
        values = standing_in(self.build)
        names = {value: name for name, value in _values_of(reader.pk, reader.loaded_scope).items()}
        names |= {as_key(value): name for name, value in values.items()}
        return Statement(self.build(reader, **values), names, of=self.build)


def prepared_for(build: Callable[..., QuerySet[Any, Any]]) -> PreparedFor:
    """Keep the query that `build(user, **values)` makes.

    Neither the values nor anything of the user but their id and scope may decide what it looks like. The annotations
    of its keyword arguments say what may stand in for them, as in integration_hub.core.prepared.
    """
    return PreparedFor(build)


def forget() -> None:
    """Put every query together anew: for tests that change what a scope is."""
    for query in _every:
        query._written.clear()


def _values_of(pk: UUID, scope: Scope) -> dict[Any, Any]:
    """Every value of a reader by its place in the scope."""
    groups = list(scope.predecessors()) if scope.inherited else []
    found: dict[Any, Any] = {"reader": pk}
    found |= {("partner", place): UUID(partner) for place, partner in enumerate(scope.partners)}
    for number, (area, predecessors) in enumerate(groups):
        if area is not None:
            found["area", number] = UUID(area)
        found |= {("before", number, place): UUID(each) for place, each in enumerate(predecessors)}
    return found


def _shape(scope: Scope) -> tuple[Any, ...]:
    groups = list(scope.predecessors()) if scope.inherited else []
    return (len(scope.partners), scope.left, *((area is None, len(each)) for area, each in groups))


def _standing_for(scope: Scope) -> Scope:
    """A scope of the same shape with ids of nobody, in the same order."""
    numbers = iter(range(_FIRST + 1, _FIRST + 10_000))
    fresh = lambda: str(UUID(int=next(numbers)))  # noqa: E731
    inherited: list[tuple[str, str | None]] = []
    for area, predecessors in scope.predecessors() if scope.inherited else ():
        where = fresh() if area is not None else None
        inherited += [(fresh(), where) for _ in predecessors]
    return Scope(partners=tuple(fresh() for _ in scope.partners), inherited=tuple(inherited), left=scope.left)
