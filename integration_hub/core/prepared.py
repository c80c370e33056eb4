"""A query whose text is put together once in a process, for one that every request asks.

Django puts a query together anew each time; for one with several subqueries that costs more than its rows do.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """A query over plain columns, asked again and again with other values.

    `build` makes it from keyword arguments, whose values must not decide what it looks like. `standing_in` names each
    of them with a value that is found nowhere else in the query.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **standing_in: Any) -> None:
        self._build = build
        self._standing_in = standing_in

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        text, filled = self._text
        with connection.cursor() as cursor:
            cursor.execute(text, [values[name] if name else value for name, value in filled])
            return cursor.fetchall()

    @cached_property
    def _text(self) -> tuple[str, list[tuple[str, Any]]]:
        """The statement, and each of its values by name; "" and the value itself for what is always the same."""
        text, parameters = self._build(**self._standing_in).query.sql_with_params()
        filled = [(self._name_of(value), value) for value in parameters]
        missing = self._standing_in.keys() - {name for name, _ in filled}
        if missing:
            raise ValueError(f"The query leaves out {', '.join(sorted(missing))}.")
        return text, filled

    def _name_of(self, value: Any) -> str:
        stands = (name for name, other in self._standing_in.items() if type(other) is type(value) and other == value)
        return next(stands, "")
