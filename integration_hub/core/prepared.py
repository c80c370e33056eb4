"""A query whose text is put together once in a process, for one that every request asks.

Django puts a query together anew each time; for one with several subqueries that costs more than its rows do.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Prepared:
    """A query that is asked again and again with other values.

    `build` makes it from keyword arguments, whose values must not decide what it looks like. `standing_in` names each
    of them with a value that is found nowhere else in the query.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **standing_in: Any) -> None:
        self._build = build
        self._standing_in = standing_in

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows as the database gives them."""
        text, filled = self._text
        with connection.cursor() as cursor:
            cursor.execute(text, [values[name] if name else value for name, value in filled])
            return cursor.fetchall()

    def objects(self, model: type[Row], **values: Any) -> Iterable[Row]:
        """The rows as objects; what is annotated stands in them as the database gives it."""
        text, filled = self._text
        return model._default_manager.raw(text, [values[name] if name else value for name, value in filled])

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
