"""Queries that are put together once in a process and planned once on a connection, for those that every page asks.

Django puts a query together anew each time it is asked and PostgreSQL plans it anew; for one with several subqueries
each costs more than its rows do. Both are kept here; the rows are still asked of the database each time.
"""

import copy
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from inspect import signature
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg2.extensions import AsIs

# How many statements a connection keeps planned; the one that was asked longest ago gives way.
KEPT = 200
_PLANNED = "_hub_planned"
# Ids that no row has, and that no scope of nobody has either.
_FIRST = 2**99
# So far from each other that what is worked out from one is never another: it stays as it was built, and is noticed.
_APART = 1000
# What PostgreSQL calls the values that stand in; it infers the type of any other from where it stands.
_TYPES: tuple[tuple[type, str], ...] = ((UUID, "uuid"), (datetime, "timestamptz"), (date, "date"), (int, "integer"))
_numbers = count(1)


class Prepared:
    """A query that is asked again and again with other values; to be made by `prepared`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build

    def __call__(self, **values: Any) -> list[Any]:
        """The rows, as the query itself would give them. One query."""
        return self._statement.rows(values)

    @cached_property
    def _statement(self) -> "Statement":
        values = standing_in(self.build)
        return Statement(self.build(**values), {as_key(value): name for name, value in values.items()}, of=self.build)


def prepared(build: Callable[..., QuerySet[Any, Any]]) -> Prepared:
    """Keep the query that `build` makes from its keyword arguments, whose values must not decide what it looks like.

    Their annotations say what may stand in for them: UUID, date, int, or a list of UUIDs behind `any_of`.
    """
    return Prepared(build)


def any_of(ids: list[UUID]) -> RawSQL:
    """A list of any length behind `__in`: its length would decide what the query looks like."""
    return RawSQL("SELECT unnest(%s::uuid[])", (ids,))  # values apart


def standing_in(build: Callable[..., Any]) -> dict[str, Any]:
    """A value for each keyword argument of a function that is found nowhere else in a query."""
    wanted = [each for each in signature(build).parameters.values() if each.kind is each.KEYWORD_ONLY]
    return {each.name: _stand_in(each.annotation, number) for number, each in enumerate(wanted)}


def _stand_in(kind: Any, number: int) -> Any:
    if kind is UUID:
        return UUID(int=_FIRST + number * _APART)
    if kind is date:
        return date(1, 1, 2) + timedelta(number * _APART)
    if kind is int:
        # The greatest that a smallint holds, or nearly.
        return 32767 - number * _APART
    if kind == list[UUID]:
        return [UUID(int=_FIRST - 1 - number * _APART)]
    raise TypeError(f"Nothing can stand in for {kind}.")


@dataclass(frozen=True)
class _Value:
    """A value of a statement: `name` says which one is filled in at each use, None that it is always the same."""

    name: Any
    value: Any
    is_text: bool = False

    def given(self, values: Mapping[Any, Any]) -> Any:
        found = values[self.name]
        return str(found) if self.is_text else found

    @property
    def type(self) -> str:
        if self.is_text:
            return "unknown"
        if isinstance(self.value, list):
            return f"{_type_of(self.value[0])}[]"
        return _type_of(self.value)


class Statement:
    """A queryset with its statement; `names` says which name each value that stands in has.

    Raises ValueError where an argument of `of` is not found in the query, or where a value of it hides one that stands
    in: it would be asked with that of nobody. For the same reason it raises ValueError for a query that reads others
    along (prefetch_related).
    """

    def __init__(self, rows: QuerySet[Any, Any], names: Mapping[Any, Any], *, of: Callable[..., Any]) -> None:
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError(f"{of.__qualname__} reads other rows along, which would be asked for nobody.")
        self._rows = rows
        self._compiler = rows.query.get_compiler(using=rows.db)
        self._sql, values = self._compiler.as_sql()
        texts = {str(stands): name for stands, name in names.items() if isinstance(stands, UUID)}
        self._values = [_place(value, names, texts) for value in values]
        self._filled = [value for value in self._values if value.name is not None]
        missing = signature(of).parameters.keys() & set(names.values()) - {value.name for value in self._filled}
        if missing:
            raise ValueError(f"The query leaves out {', '.join(sorted(missing))}.")
        words = re.sub(r"\W+", "_", f"{of.__module__}_{of.__qualname__}").lower()
        # PostgreSQL keeps 63 letters of a name, and its log tells a query by it.
        self._name = f"{words[-50:].strip('_')}_{next(_numbers)}"

    def rows(self, values: Mapping[Any, Any]) -> list[Any]:
        compiler: Any = copy.copy(self._compiler)
        compiler.connection = connections[compiler.using]
        self._plan(compiler.connection)
        given = tuple(value.given(values) for value in self._filled)
        asked = f"EXECUTE {self._name}({', '.join(['%s'] * len(given))})" if given else f"EXECUTE {self._name}"
        compiler.as_sql = lambda *_, **__: (asked, given)
        query: Any = copy.copy(self._rows.query)
        query.get_compiler = lambda *_, **__: compiler
        found: Any = self._rows.__class__(model=self._rows.model, using=self._rows.db)
        vars(found).update({name: value for name, value in vars(self._rows).items() if name != "_result_cache"})
        found._query = query
        return list(found)

    def _plan(self, connection: BaseDatabaseWrapper) -> None:
        """Tell the server the statement, once on each connection; it stays there until that is closed."""
        connection.ensure_connection()
        planned = _planned_on(connection)
        if self._name in planned:
            planned.move_to_end(self._name)
            return
        number = count(1)
        values = [value.value if value.name is None else AsIs(f"${next(number)}") for value in self._values]
        types = f" ({', '.join(value.type for value in self._filled)})" if self._filled else ""
        # Past Django's cursor: a page asks no query more because its connection is new.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self._name}{types} AS {self._sql}", values)
            planned[self._name] = True
            while len(planned) > KEPT:
                cursor.execute(f"DEALLOCATE {planned.popitem(last=False)[0]}")


def _planned_on(connection: BaseDatabaseWrapper) -> OrderedDict[str, bool]:
    """The names of what the connection has planned, the one asked longest ago first."""
    kept: tuple[Any, OrderedDict[str, bool]] | None = getattr(connection, _PLANNED, None)
    if kept is None or kept[0] is not connection.connection:
        kept = connection.connection, OrderedDict()
        setattr(connection, _PLANNED, kept)
    return kept[1]


def as_key(value: Any) -> Any:
    """The value as it can stand in a mapping."""
    return tuple(map(str, value)) if isinstance(value, list) else value


def _place(value: Any, names: Mapping[Any, Any], texts: Mapping[str, Any]) -> _Value:
    key = as_key(value)
    if isinstance(key, str | UUID | date | int | tuple) and not isinstance(key, bool) and key in names:
        return _Value(names[key], value)
    if isinstance(value, str):
        if value in texts:
            return _Value(texts[value], value, is_text=True)
        hides = any(text in value for text in texts)
    else:
        hides = not isinstance(value, int | float | UUID | date | None) and any(
            str(stands) in str(value) for stands in names
        )
    if hides:
        raise ValueError(f"A value of the query holds one that stands for another: {value!r}.")
    return _Value(None, value)


def _type_of(value: Any) -> str:
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "unknown")
